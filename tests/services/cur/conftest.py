"""A family with a bill of March."""

from delivering import family, folder, remit, signed_then, standing

__all__ = ["family", "folder", "remit", "signed_then", "standing"]
