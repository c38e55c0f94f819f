"""The directory's facts in the words of AWS Billing.

The texts are ours (`docs/choices-billing.md`): AWS publishes the errors' shapes, not what they say.
Source: AWS Billing API reference, the errors of each operation.
"""

from collections.abc import Mapping
from typing import Any

from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Thing, Unfit
from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError, ValidationError

_SERVICE_CODE = "billing"


def in_words_of_billing(fact: DirectoryFact) -> ServiceError:
    """Say *fact* as AWS Billing does."""
    match fact:
        case Missing():
            return missing(fact.thing, fact.name)
        case Unfit():
            return wrong_field(fact.field, fact.reason)
        case Hindered():
            return ServiceError("ConflictException", fact.reason, 400, _resource(fact.thing, fact.name))
        case Taken():
            text = f"The {fact.thing} {fact.name} exists already."
            return ServiceError("ConflictException", text, 400, _resource(fact.thing, fact.name))
        case Full():
            text = f"You have reached the quota of {fact.limit} for each {fact.thing}."
            members = {**_resource(fact.thing, "*"), "serviceCode": _SERVICE_CODE, "quotaCode": str(fact.thing)}
            return ServiceError("ServiceQuotaExceededException", text, 400, members)
        case _:
            raise AssertionError(f"AWS Billing has no words for {fact!r}")


def missing(thing: Thing, name: str) -> ServiceError:
    """Say that there is no *thing* called *name*."""
    return ServiceError("ResourceNotFoundException", f"The {thing} {name} does not exist.", 400, _resource(thing, name))


def unhealthy(message: str) -> ServiceError:
    """Refuse to use a view that is not healthy."""
    return ServiceError("BillingViewHealthStatusException", message)


def validation(message: str, reason: str, fields: Mapping[str, str] | None = None) -> ServiceError:
    """Refuse an input.

    Args:
        reason: one of the model's.
        fields: member -> what is wrong with it.
    """
    members: dict[str, Any] = {"reason": reason}
    if fields:
        members["fieldList"] = [{"name": name[:100], "message": text} for name, text in fields.items()]
    return ServiceError("ValidationException", message, 400, members)


def wrong_field(name: str, message: str) -> ServiceError:
    """Refuse the value of one member that the model allows."""
    return validation(message, "fieldValidationFailed", {name: message})


def invalid(error: ValidationError) -> ServiceError:
    """Say which constraints of the model an input breaks."""
    fields = {place: f"breaks the constraint on its {rule}" for place, rule in error.broken}
    return validation(error.message or "The input is invalid.", "fieldValidationFailed", fields)


def _resource(thing: Thing, name: str) -> dict[str, str]:
    return {"resourceId": name, "resourceType": str(thing)}
