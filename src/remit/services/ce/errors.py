"""The directory's facts in the words of Cost Explorer.

Texts of invalid filters, times and tokens are AWS's where tools quote them; the others are ours
(`docs/choices-billing.md`).
Source: Cost Explorer API reference, the errors of each operation.
"""

from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Thing, Unfit
from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError, ValidationError

_MISSING = {
    Thing.COST_CATEGORY: "ResourceNotFoundException",
    Thing.BILLING_VIEW: "ResourceNotFoundException",
    Thing.ANOMALY_MONITOR: "UnknownMonitorException",
    Thing.ANOMALY_SUBSCRIPTION: "UnknownSubscriptionException",
}


def in_words_of_cost_explorer(fact: DirectoryFact) -> ServiceError:  # noqa: PLR0911  # one for each fact
    """Say *fact* as Cost Explorer does."""
    match fact:
        case Missing():
            return missing(fact.thing, fact.name)
        case Unfit():
            return invalid(f"{fact.field}: {fact.reason}")
        case Taken():
            return invalid(f"Failed to create {fact.thing}: {fact.name} already exists.")
        case Hindered(thing=Thing.BACKFILL):
            return ServiceError("BackfillLimitExceededException", fact.reason)
        case Hindered():
            return invalid(fact.reason)
        case Full(thing=Thing.COST_CATEGORY):
            text = f"Failed to create Cost Category: the quota of {fact.limit} cost categories is reached."
            return ServiceError("ServiceQuotaExceededException", text)
        case Full():
            return ServiceError("LimitExceededException", f"Limit exceeded: at most {fact.limit} of {fact.thing}.")
        case _:
            raise AssertionError(f"Cost Explorer has no words for {fact!r}")


def missing(thing: Thing, name: str) -> ServiceError:
    """Say that there is no *thing* called *name*."""
    code = _MISSING.get(thing)
    if code is None:
        return invalid(f"The {thing} {name} does not exist.")
    members = {"ResourceName": name} if thing is Thing.COST_CATEGORY else {}
    return ServiceError(code, f"No {thing} found: {name}", 400, members)


def invalid(message: str) -> ValidationError:
    """Refuse an input that the model allows."""
    return ValidationError(message)


def unavailable(message: str = "") -> ServiceError:
    """Say that there is nothing to answer from."""
    text = (
        "Data is not available. Please try to adjust the time period. If just enabled Cost Explorer, data might not be "
        "ingested yet"
    )
    return ServiceError("DataUnavailableException", message or text)
