"""All budgets held against the bills, and what came of it told."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from remit.billing.analysis.bills import LedgerBills
from remit.billing.budgets.looking import Looked, look_at_all
from remit.cli.output import Failed, Say
from remit.endpoint.settings import Settings
from remit.store import Database


def looked_at(database: Database, settings: Settings) -> Looked:
    """Hold all budgets against the bills as they are now.

    Raises:
        StoreError: the store cannot be read or written.
    """
    bills = LedgerBills(settings.data)
    try:
        return look_at_all(database, bills, datetime.now(UTC))
    finally:
        bills.close()


def as_data(looked: Looked) -> Sequence[Mapping[str, Any]]:
    """Return the notifications that went to alarm, for programs."""
    return [
        {"account": budget.account, "budget": budget.name, "type": one.type, "threshold": one.threshold}
        for budget, one in looked.alarmed
    ]


def tell(looked: Looked) -> None:
    """Tell the notifications that went to alarm."""
    for budget, one in looked.alarmed:
        sign = "%" if one.threshold_type == "PERCENTAGE" else f" {budget.limit[1]}"
        Say.line(f"{budget.account} {budget.name}: {one.type.lower()} spend passed {one.threshold:g}{sign}.")


def refuse_untold(looked: Looked) -> None:
    """Fail if there is a budget of which nobody can tell what was spent.

    Raises:
        Failed: with the first of them.
    """
    for id_, reason in looked.untold.items():
        more = f" ({len(looked.untold) - 1} more)" if len(looked.untold) > 1 else ""
        raise Failed(f"nobody can tell what was spent of budget {id_}{more}: {reason}")
