"""What a month over columns cannot be."""


class Unsuited(Exception):
    """Something in the inputs needs the engine that goes piece by piece; the message says what."""
