"""The directory's facts in the words of AWS Free Tier; the texts are ours.

Source: Free Tier API reference, the errors of each operation.
"""

from remit.directory.billing.facts import Missing
from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError, ValidationError


def in_words_of_free_tier(fact: DirectoryFact) -> ServiceError:
    """Say *fact* as AWS Free Tier does."""
    match fact:
        case Missing():
            return missing(f"The {fact.thing} {fact.name} does not exist.")
        case _:
            raise AssertionError(f"AWS Free Tier has no words for {fact!r}")


def missing(message: str) -> ServiceError:
    """Say that there is none."""
    return ServiceError("ResourceNotFoundException", message)


def invalid(message: str) -> ValidationError:
    """Refuse an input that the model allows."""
    return ValidationError(message)
