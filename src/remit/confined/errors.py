"""How a reader says no, and how a confined run can end badly."""


class Refusal(Exception):
    """What a reader raises, in the child, on input that it does not take.

    Attributes:
        message: what is wrong with the input, for whoever handed it in.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ConfinedError(Exception):
    """A confined run that gave no answer."""


class Refused(ConfinedError):
    """The reader refused the input.

    Attributes:
        message: the reader's own words.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TookTooLong(ConfinedError):
    """The reader had not ended in time, and was killed."""


class TookTooMuch(ConfinedError):
    """The reader asked for more memory than it was given."""


class Crashed(ConfinedError):
    """The reader ended in a way that it does not know of: an error of its own, a signal, an answer cut off."""
