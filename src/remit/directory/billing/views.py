"""Billing views: parts of a bill that have a name, and that other accounts may be shown.

Each account has a primary view, of all it may see itself. Custom views belong to payers, are made of other views, and
leave out what their filter does not match; a resource policy says who else may use one.
Source: AWS Billing user guide, "Controlling cost management data access with Billing View"; API reference,
CreateBillingView and BillingViewHealthStatus; limits that AWS does not publish are ours (`docs/choices-billing.md`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from remit.directory.accounts import ACCOUNTS
from remit.directory.billing.facts import Full, Hindered, Missing, Thing, Unfit
from remit.directory.billing.payers import payer_of
from remit.ids import AccountId, new_uuid
from remit.store import Kind, Transaction

VIEWS_MAX = 100
SOURCES_MAX = 10
DEPTH_MAX = 5
_PRIMARY = "primary"
_ARN_PARTS = 6


class Reason(StrEnum):
    """Why a view is not healthy, by the API's words."""

    NOT_FOUND = "SOURCE_VIEW_NOT_FOUND"
    DENIED = "SOURCE_VIEW_ACCESS_DENIED"
    UNHEALTHY = "SOURCE_VIEW_UNHEALTHY"
    CYCLE = "CYCLIC_DEPENDENCY"
    DEPTH = "SOURCE_VIEW_DEPTH_EXCEEDED"
    AGGREGATE = "AGGREGATE_SOURCE"
    NOT_PAYER = "VIEW_OWNER_NOT_MANAGEMENT_ACCOUNT"


class BillingView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A view; *id* is its ARN.

    Attributes:
        sources: ARNs of the views it is made of; empty for a primary one.
        filter: as the API has it; None for everything.
        policy: its resource policy; empty for none.
        token: the client's, and the digest of what it came with.
    """

    id: str
    account: AccountId
    name: str
    created_at: datetime
    updated_at: datetime
    defined_at: datetime
    description: str = ""
    sources: tuple[str, ...] = ()
    filter: Mapping[str, Any] | None = None
    tags: Mapping[str, str] = {}
    policy: str = ""
    token: tuple[str, str] = ("", "")

    @property
    def is_primary(self) -> bool:
        """Whether it is the view that every account has."""
        return self.id.endswith(f"/{_PRIMARY}")


BILLING_VIEWS = Kind(
    "billing-view",
    BillingView,
    groups={"account": lambda view: (view.account,), "source": lambda view: view.sources},
    order=lambda view: view.id,
)
# Says whether the owner of a view may use another account's view.
MayUse = Callable[[AccountId, BillingView], bool]


def primary_arn(account: AccountId, partition: str = "aws") -> str:
    """Return the ARN of the primary view of *account*."""
    return f"arn:{partition}:billing::{account}:billingview/{_PRIMARY}"


def find_view(tx: Transaction, arn: str) -> BillingView | None:
    """Return the view with an ARN; None if there is none."""
    found = tx.get(BILLING_VIEWS, arn)
    if found is not None or not arn.endswith(f":billingview/{_PRIMARY}"):
        return found
    parts = arn.split(":")
    owner = tx.get(ACCOUNTS, parts[4]) if len(parts) == _ARN_PARTS else None
    if owner is None:
        return None
    since = owner.created_at
    return BillingView(
        id=arn, account=owner.id, name="Primary View", created_at=since, updated_at=since, defined_at=since
    )


def known_view(tx: Transaction, arn: str) -> BillingView:
    """Return the view with an ARN.

    Raises:
        Missing: there is none.
    """
    found = find_view(tx, arn)
    if found is None:
        raise Missing(Thing.BILLING_VIEW, arn)
    return found


def custom_views(tx: Transaction, account: AccountId) -> list[BillingView]:
    """Return the custom views of *account*, by ARN."""
    kept = [view for view in tx.select(BILLING_VIEWS, "account", account) if not view.is_primary]
    return sorted(kept, key=lambda view: view.id)


def create_view(
    tx: Transaction,
    account: AccountId,
    *,
    name: str,
    description: str,
    sources: Sequence[str],
    filter_: Mapping[str, Any] | None,
    tags: Mapping[str, str],
    token: tuple[str, str],
    at: datetime,
    partition: str,
) -> BillingView:
    """Make a custom view; the one that the same token made before, if it came with the same.

    Raises:
        Hindered: the token came with something else, or the account is not a payer.
        Full: the account has as many as it may.
        Unfit: a source is given twice.
    """
    if token[0]:
        for view in custom_views(tx, account):
            if view.token == token:
                return view
            if view.token[0] == token[0]:
                raise Hindered(Thing.BILLING_VIEW, view.id, "The client token was used with other parameters.")
    if payer_of(tx, account) != account:
        raise Hindered(Thing.BILLING_VIEW, name, "Only a management account can own custom billing views.")
    if len(custom_views(tx, account)) >= VIEWS_MAX:
        raise Full(Thing.BILLING_VIEW, VIEWS_MAX)
    _check_sources(sources)
    view = BillingView(
        id=f"arn:{partition}:billing::{account}:billingview/custom-{new_uuid()}",
        account=account,
        name=name,
        description=description,
        sources=tuple(sources),
        filter=filter_,
        tags=tags,
        token=token,
        created_at=at,
        updated_at=at,
        defined_at=at,
    )
    tx.put(BILLING_VIEWS, view)
    return view


def set_sources(tx: Transaction, view: BillingView, sources: Sequence[str], *, at: datetime) -> BillingView:
    """Make a custom view of other sources.

    Raises:
        Unfit: it is the primary one, or would have no source, a source twice, or too many.
    """
    check_custom(view)
    _check_sources(sources)
    changed = msgspec.structs.replace(view, sources=tuple(sources), updated_at=at, defined_at=at)
    tx.put(BILLING_VIEWS, changed)
    return changed


def delete_view(tx: Transaction, view: BillingView, *, force: bool) -> None:
    """Remove a custom view.

    Raises:
        Unfit: it is the primary one.
        Hindered: other views are made of it, and *force* is not set.
    """
    check_custom(view)
    if tx.count(BILLING_VIEWS, "source", view.id) and not force:
        raise Hindered(Thing.BILLING_VIEW, view.id, "Other billing views are made of this one.")
    tx.delete(BILLING_VIEWS, view)


def check_custom(view: BillingView) -> None:
    """Refuse to change the primary view.

    Raises:
        Unfit: it is that.
    """
    if view.is_primary:
        raise Unfit("arn", "The primary billing view cannot be changed.")


def _check_sources(sources: Sequence[str]) -> None:
    if len(set(sources)) != len(sources):
        raise Unfit("sourceViews", "A source view must not be given twice.")
    if not 1 <= len(sources) <= SOURCES_MAX:
        raise Unfit("sourceViews", f"A custom billing view has 1 to {SOURCES_MAX} source views.")


def health(tx: Transaction, view: BillingView, may_use: MayUse) -> list[Reason]:
    """Say what is wrong with a view; nothing for a healthy one."""
    return sorted(set(_reasons(tx, view, may_use, (view.id,))))


def _reasons(tx: Transaction, view: BillingView, may_use: MayUse, above: tuple[str, ...]) -> list[Reason]:
    if view.is_primary:
        return []
    found: list[Reason] = []
    if payer_of(tx, view.account) != view.account:
        found.append(Reason.NOT_PAYER)
    for arn in view.sources:
        source = find_view(tx, arn)
        if source is None:
            found.append(Reason.NOT_FOUND)
        elif arn in above:
            found.append(Reason.CYCLE)
        elif len(above) >= DEPTH_MAX and not source.is_primary:
            found.append(Reason.DEPTH)
        elif source.account != view.account and not may_use(view.account, source):
            found.append(Reason.DENIED)
        elif len(source.sources) > 1:
            found.append(Reason.AGGREGATE)
        elif below := _reasons(tx, source, may_use, (*above, arn)):
            found += [Reason.UNHEALTHY, *(reason for reason in below if reason in (Reason.CYCLE, Reason.DEPTH))]
    return found
