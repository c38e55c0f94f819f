"""What was used of free offers in the current month.

Source: Free Tier API reference, GetFreeTierUsage; `docs/choices-billing.md`.
"""

from typing import Any

from remit.billing.analysis.free_tier import FreeUse, free_uses
from remit.billing.analysis.scopes import scope_of_view
from remit.billing.analysis.service_names import WHOLE_SERVICE_NAMES
from remit.billing.engine.inputs import FreeOffer
from remit.billing.money import text
from remit.billing.scenarios.times import ScenarioMistake
from remit.directory.billing.views import known_view, primary_arn
from remit.errors import ServiceFailure
from remit.request import Call
from remit.services.freetier import shapes
from remit.services.freetier.filters import matching
from remit.services.freetier.pages import page
from remit.services.freetier.registry import operation
from remit.services.ledgers import of_ledgers
from remit.store import Transaction

_YEAR_DAYS = 365


@operation("GetFreeTierUsage")
def get_free_tier_usage(call: Call[shapes.GetFreeTierUsageRequest], tx: Transaction) -> dict[str, Any]:
    """Show what was used of each offer: by all that the account pays for, or by a member itself."""
    expression: Any = call.input.get("filter")
    is_wanted = matching(expression) if expression is not None else None
    scope = scope_of_view(tx, known_view(tx, primary_arn(call.account, call.partition)))

    def work() -> list[FreeUse]:
        return [use for part in scope.parts for use in free_uses(call.bills, part, call.at)]

    try:
        uses = of_ledgers(call, "free tier", work)
    except ScenarioMistake as error:
        raise ServiceFailure(str(error)) from error
    every = [(use.offer.offer_id, _shown(use)) for use in uses]
    kept = [one for one in every if is_wanted is None or is_wanted(one[1])]
    found, following = page(call, tx, kept, lambda one: one[0])
    return {"freeTierUsages": [shown for _, shown in found], **following}


def _shown(use: FreeUse) -> dict[str, Any]:
    offer = use.offer
    types = ",".join(offer.usage_types)
    unit = f" {use.unit}" if use.unit else ""
    return {
        "service": WHOLE_SERVICE_NAMES.get(offer.service, offer.service),
        "operation": "",
        "usageType": types,
        "region": "global",
        "actualUsageAmount": float(use.actual),
        "forecastedUsageAmount": use.forecast,
        "limit": float(offer.quantity),
        "unit": use.unit,
        "description": f"{text(offer.quantity)}{unit} of {types} free each month, once for all accounts of the payer",
        "freeTierType": _type(offer),
    }


def _type(offer: FreeOffer) -> str:
    """Return what kind of offer it is, by how long it is in force."""
    if offer.until is None:
        return "Always Free"
    is_year = offer.since is not None and (offer.until - offer.since).days >= _YEAR_DAYS
    return "12 Months Free" if is_year else "Free Trial"
