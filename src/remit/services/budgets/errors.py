"""The directory's facts in the words of AWS Budgets; the texts are ours.

Source: AWS Budgets API reference, the errors of each operation.
"""

from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Thing, Unfit
from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError, ValidationError


def in_words_of_budgets(fact: DirectoryFact) -> ServiceError:
    """Say *fact* as AWS Budgets does."""
    match fact:
        case Missing():
            return ServiceError("NotFoundException", f"Unable to find the {fact.thing} {fact.name}.")
        case Taken():
            text = f"Error creating {fact.thing}: {fact.name} - the {fact.thing} already exists."
            return ServiceError("DuplicateRecordException", text)
        case Full():
            return ServiceError("CreationLimitExceededException", f"At most {fact.limit} of {fact.thing} are allowed.")
        case Hindered(thing=Thing.BUDGET_ACTION):
            return ServiceError("ResourceLockedException", fact.reason)
        case Hindered():
            return wrong(fact.reason)
        case Unfit():
            return wrong(f"{fact.field}: {fact.reason}")
        case _:
            raise AssertionError(f"AWS Budgets has no words for {fact!r}")


def wrong(message: str) -> ServiceError:
    """Refuse an input that the model allows."""
    return ServiceError("InvalidParameterException", message)


def invalid(error: ValidationError) -> ServiceError:
    """Say that an input breaks constraints of the model."""
    return wrong(error.message or "The input is invalid.")
