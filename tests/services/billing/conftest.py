"""A family, and a fresh store for each test."""

from families import family, remit, signed_then

__all__ = ["family", "remit", "signed_then"]
