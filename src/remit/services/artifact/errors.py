"""The directory's facts in the words of Artifact.

The texts are ours (`docs/choices-artifact.md`): AWS publishes the errors' shapes, not what they say.
Source: `artifact` reference, section 2, "Errors".
"""

import math
from collections.abc import Mapping
from typing import Any

from remit.directory.artifact.facts import NotTheProvider, Outdated, OutOfOrder, TokenRefused
from remit.directory.facts import DirectoryFact, NotFound, Noun, QuotaExceeded
from remit.errors import AccessDenied, Rule, ServiceError, ValidationError

# What the members `resourceType` of errors call things.
_TYPES = {
    Noun.REPORT: "report",
    Noun.TERM: "term",
    Noun.AGREEMENT: "agreement",
    Noun.CUSTOMER_AGREEMENT: "customer-agreement",
    Noun.COMPLIANCE_INQUIRY: "compliance-inquiry",
    Noun.COMPLIANCE_QUERY: "compliance-inquiry-query",
}
_RULES = {
    Rule.REQUIRED: "must not be null",
    Rule.PATTERN: "does not match the pattern of its type",
    Rule.ENUM: "is none of the values of its type",
    Rule.MAX_LENGTH: "is longer than allowed",
    Rule.MIN_LENGTH: "is shorter than allowed",
    Rule.MAX_VALUE: "is larger than allowed",
    Rule.MIN_VALUE: "is smaller than allowed",
}
_SERVICE_CODE = "artifact"


def in_words_of_artifact(fact: DirectoryFact) -> ServiceError:
    """Say *fact* as Artifact does."""
    match fact:
        case NotFound():
            members = _resource(fact.noun, fact.name)
            return ServiceError(
                "ResourceNotFoundException", f"The {fact.noun} {fact.name} does not exist.", 404, members
            )
        case Outdated():
            text = (
                f"The {fact.noun} {fact.name} was changed meanwhile: its sequence number is {fact.current}. "
                "Read it again, and repeat the change with that number."
            )
            return ServiceError("ConflictException", text, 409, _resource(fact.noun, fact.name))
        case OutOfOrder():
            return conflict(fact.noun, fact.name, fact.reason)
        case TokenRefused():
            return validation("The token is invalid or has expired. Request a new one.", "invalidToken")
        case NotTheProvider():
            return AccessDenied("Only the account that runs this server can publish reports and agreements.")
        case QuotaExceeded():
            text = f"You have reached the quota of {fact.limit} for {fact.quota}."
            members = {"serviceCode": _SERVICE_CODE, "quotaCode": str(fact.quota), **_resource(Noun.REPORT, fact.name)}
            return ServiceError("ServiceQuotaExceededException", text, 402, members)
        case _:
            raise AssertionError(f"Artifact has no words for {fact!r}")


def conflict(noun: Noun, name: str, message: str) -> ServiceError:
    """Refuse what cannot be done as things are."""
    return ServiceError("ConflictException", message, 409, _resource(noun, name))


def validation(message: str, reason: str, fields: Mapping[str, str] | None = None) -> ServiceError:
    """Refuse an input.

    Args:
        reason: one of the model's.
        fields: member -> what is wrong with it.
    """
    members: dict[str, Any] = {"reason": reason}
    if fields:
        members["fieldList"] = [{"name": name, "message": text} for name, text in fields.items()]
    return ServiceError("ValidationException", message, 400, members)


def wrong_field(name: str, message: str) -> ServiceError:
    """Refuse the value of one member that the model allows."""
    return validation(message, "fieldValidationFailed", {name: message})


def invalid(error: ValidationError) -> ServiceError:
    """Say which constraints of the model an input breaks."""
    fields = {place: _RULES[rule] for place, rule in error.broken}
    return validation(error.message or "The input is invalid.", "fieldValidationFailed", fields)


def throttled(seconds: float) -> ServiceError:
    """Say that there were too many calls, and after how many *seconds* to come again."""
    members = {"serviceCode": _SERVICE_CODE, "retryAfterSeconds": math.ceil(seconds)}
    return ServiceError("ThrottlingException", "Rate exceeded", 429, members)


def _resource(noun: Noun, name: str) -> dict[str, str]:
    return {"resourceId": name, "resourceType": _TYPES[noun]}
