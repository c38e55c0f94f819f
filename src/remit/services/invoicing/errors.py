"""The directory's facts in the words of AWS Invoicing.

The texts are ours (`docs/choices-billing.md`): AWS publishes the errors' shapes, not what they say.
Source: Invoicing API reference, the errors of each operation, `ValidationException`.
"""

from datetime import datetime
from typing import Any

from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Thing, Unfit
from remit.directory.billing.portal_preferences import note_wrong_code
from remit.directory.facts import DirectoryFact, QuotaExceeded
from remit.errors import ServiceError, ValidationError
from remit.store import Transaction

# Things that a unit names and that the organization does not have.
_REASONS = {Thing.ACCOUNT: "nonMemberPresent", Thing.INVOICE_RECEIVER: "accountMembershipError"}
_ARN = "arn:"


def in_words_of_invoicing(fact: DirectoryFact) -> ServiceError:  # noqa: PLR0911  # one for each fact
    """Say *fact* as AWS Invoicing does."""
    match fact:
        case Missing(thing=Thing.ACCOUNT | Thing.INVOICE_RECEIVER):
            text = f"The {fact.thing} {fact.name} is not in the organization of the caller's account."
            return validation(text, _REASONS[fact.thing])
        case Missing():
            return missing(fact.thing, fact.name)
        case Unfit():
            return wrong_field(fact.field, fact.reason)
        case Taken(thing=Thing.INVOICE_UNIT) | Hindered(thing=Thing.INVOICE_UNIT) | Full(thing=Thing.INVOICE_UNIT):
            return _of_unit(fact)
        case Taken():
            return _conflict(f"There is a {fact.thing} {fact.name} already.", fact.thing, fact.name)
        case Hindered():
            return _conflict(fact.reason, fact.thing, fact.name)
        case Full():
            return quota(f"At most {fact.limit} of {fact.thing} are allowed.")
        case QuotaExceeded():
            return ServiceError("ThrottlingException", "Too many codes were sent. Try again in half a minute.")
        case _:
            raise AssertionError(f"AWS Invoicing has no words for {fact!r}")


def _of_unit(fact: Taken | Hindered | Full) -> ServiceError:
    match fact:
        case Taken():
            return validation(f"An invoice unit is called {fact.name} already.", "duplicateInvoiceUnit")
        case Hindered():
            return validation(fact.reason, "mutualExclusionError")
        case Full():
            return validation(f"An account has at most {fact.limit} invoice units.", "maxInvoiceUnitsExceeded")


def missing(thing: Thing, name: str) -> ServiceError:
    """Say that there is no *thing* called *name*."""
    members = {"resourceName": name} if name.startswith(_ARN) else {}
    return ServiceError("ResourceNotFoundException", f"The {thing} {name} does not exist.", 400, members)


def quota(message: str) -> ServiceError:
    """Refuse one more than there may be."""
    return ServiceError("ServiceQuotaExceededException", message)


def _conflict(message: str, thing: Thing, name: str) -> ServiceError:
    return ServiceError("ConflictException", message, 400, {"resourceId": name, "resourceType": str(thing)})


def validation(message: str, reason: str, field: str = "") -> ServiceError:
    """Refuse an input for one of the model's reasons."""
    members: dict[str, Any] = {"reason": reason}
    if field:
        members["fieldList"] = [{"name": field, "message": message}]
    return ServiceError("ValidationException", message, 400, members)


def wrong_field(name: str, message: str) -> ServiceError:
    """Refuse the value of one member that the model allows."""
    return validation(message, "fieldValidationFailed", name)


def invalid(error: ValidationError) -> ServiceError:
    """Say which constraints of the model an input breaks."""
    fields = [{"name": place, "message": f"breaks the constraint on its {rule}"} for place, rule in error.broken]
    members: dict[str, Any] = {"reason": "invalidInput"} | ({"fieldList": fields} if fields else {})
    return ServiceError("ValidationException", error.message or "The input is invalid.", 400, members)


class PortalCodeWrong(ServiceError):
    """A code is not the one that was sent to validate a preference."""

    def __init__(self, arn: str) -> None:
        text = "The validation code is wrong or has expired."
        members = {"reason": "fieldValidationFailed", "fieldList": [{"name": "Code", "message": text}]}
        super().__init__("ValidationException", text, 400, members)
        self._arn = arn

    def count(self, tx: Transaction, at: datetime) -> None:
        """Count the guess, in a transaction of its own: that of the call was taken back."""
        del at
        note_wrong_code(tx, self._arn)
