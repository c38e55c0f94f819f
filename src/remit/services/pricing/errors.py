"""Errors of AWS Price List; the texts are ours. Source: Price List API reference, the errors of each operation."""

from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError, ValidationError


def in_words_of_pricing(fact: DirectoryFact) -> ServiceError:
    """Say *fact*: price lists are in files, so the directory has nothing to say of them."""
    raise AssertionError(f"AWS Price List has no words for {fact!r}")


def invalid(error: ValidationError) -> ServiceError:
    """Say that an input breaks constraints of the model."""
    return wrong(error.message or "The input is invalid.")


def wrong(message: str) -> ServiceError:
    """Refuse an input."""
    return ServiceError("InvalidParameterException", message)


def unknown_service(code: str) -> ServiceError:
    """Say that no price list is of a service."""
    return ServiceError("NotFoundException", f"There is no price list of the service {code}.")


def missing(message: str) -> ServiceError:
    """Say that there is no such price list."""
    return ServiceError("ResourceNotFoundException", message)
