"""Purchase analyses and generated recommendations that somebody asked for, and what they came to.

Source: Cost Explorer API reference, StartCommitmentPurchaseAnalysis and
StartSavingsPlansPurchaseRecommendationGeneration.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from remit.directory.billing.facts import Full, Thing
from remit.ids import AccountId
from remit.store import Kind, Transaction

_A_DAY = timedelta(days=1)
ANALYSES_A_DAY, GENERATIONS_A_DAY = 20, 3


class PurchaseAnalysis(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An analysis.

    Attributes:
        configuration, details: as the API has them; no details for one that failed.
        error: why it failed, by the API's words; empty for one that did not.
    """

    id: str
    account: AccountId
    configuration: Mapping[str, Any]
    started_at: datetime
    details: Mapping[str, Any] | None = None
    error: str = ""


class Generation(msgspec.Struct, frozen=True, kw_only=True):
    """That recommendations for Savings Plans were made anew."""

    id: str
    account: AccountId
    started_at: datetime


PURCHASE_ANALYSES = Kind(
    "purchase-analysis", PurchaseAnalysis, groups={"account": lambda analysis: (analysis.account,)}
)
GENERATIONS = Kind("plan-generation", Generation, groups={"account": lambda made: (made.account,)})


def analyses_of(tx: Transaction, account: AccountId) -> list[PurchaseAnalysis]:
    """Return the analyses of *account*, the newest first."""
    found = tx.select(PURCHASE_ANALYSES, "account", account)
    return sorted(found, key=lambda analysis: (analysis.started_at, analysis.id), reverse=True)


def generations_of(tx: Transaction, account: AccountId) -> list[Generation]:
    """Return the generations of *account*, the newest first."""
    found = tx.select(GENERATIONS, "account", account)
    return sorted(found, key=lambda made: (made.started_at, made.id), reverse=True)


def check_rate(times: list[datetime], most: int, at: datetime) -> None:
    """Refuse one more than *most* within a day.

    Raises:
        Full: it would be.
    """
    if sum(at - time < _A_DAY for time in times) >= most:
        raise Full(Thing.ANALYSIS, most)
