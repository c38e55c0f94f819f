"""Billing views: made, shown, listed, changed, removed.

Source: AWS Billing API reference, CreateBillingView and the operations beside it.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from remit.clock import whole_second
from remit.directory.billing import views as directory
from remit.directory.billing.cost_categories import month_of, months_before
from remit.directory.billing.facts import Thing
from remit.directory.billing.payers import payers_over_time
from remit.directory.billing.views import BILLING_VIEWS, BillingView
from remit.request import Call
from remit.services.billing import shapes
from remit.services.billing.errors import missing, unhealthy, wrong_field
from remit.services.billing.pages import page
from remit.services.billing.registry import operation
from remit.services.billing.view_access import allows_sharing, check_filter, own_view, seen_views, visible_view
from remit.store import Transaction

_CUSTOM, _PRIMARY = "CUSTOM", "PRIMARY"
# What a view may not have when it is made or changed.
_HINDRANCES = frozenset(directory.Reason) - {directory.Reason.UNHEALTHY}


@operation("CreateBillingView")
def create_billing_view(
    call: Call[shapes.CreateBillingViewRequest], tx: Transaction
) -> shapes.CreateBillingViewResponse:
    """Make a custom view of other views, with a filter."""
    asked = call.input
    check_filter(asked.get("dataFilterExpression"))
    token = asked.get("clientToken", "")
    said = {name: value for name, value in asked.items() if name != "clientToken"}
    digest = sha256(msgspec.json.encode(said, order="sorted")).hexdigest()
    filter_: Any = asked.get("dataFilterExpression")
    view = directory.create_view(
        tx,
        call.account,
        name=asked["name"],
        description=asked.get("description", ""),
        sources=asked["sourceViews"],
        filter_=_kept(filter_),
        tags={tag["key"]: tag.get("value", "") for tag in asked.get("resourceTags", ())},
        token=(token, digest if token else ""),
        at=call.at,
        partition=call.partition,
    )
    check_sources(tx, view)
    return {"arn": view.id, "createdAt": whole_second(view.created_at)}


def check_sources(tx: Transaction, view: BillingView) -> None:
    """Refuse a view that could not be healthy.

    Raises:
        ServiceError: a source is not there, or cannot be one.
    """
    reasons = [reason for reason in directory.health(tx, view, allows_sharing) if reason in _HINDRANCES]
    if not reasons:
        return
    if directory.Reason.NOT_FOUND in reasons:
        absent = next(arn for arn in view.sources if directory.find_view(tx, arn) is None)
        raise missing(Thing.BILLING_VIEW, absent)
    raise unhealthy(f"The source views cannot be used: {', '.join(reasons)}.")


def _kept(expression: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a filter as it is stored: times as text."""
    if expression is None:
        return None
    kept: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(expression))
    return kept


@operation("GetBillingView")
def get_billing_view(call: Call[shapes.GetBillingViewRequest], tx: Transaction) -> dict[str, Any]:
    """Show a view."""
    view = visible_view(call, tx, call.input["arn"])
    shown: dict[str, Any] = {
        **_element(tx, view),
        "createdAt": whole_second(view.created_at),
        "updatedAt": whole_second(view.updated_at),
        "viewDefinitionLastUpdatedAt": whole_second(view.defined_at),
        "derivedViewCount": tx.count(BILLING_VIEWS, "source", view.id),
        "sourceViewCount": len(view.sources),
    }
    if view.filter is not None:
        shown["dataFilterExpression"] = shown_filter(view.filter)
    return {"billingView": shown}


def shown_filter(expression: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored filter with its times as times."""
    shown = dict(expression)
    if "timeRange" in shown:
        shown["timeRange"] = {name: datetime.fromisoformat(text) for name, text in shown["timeRange"].items()}
    return shown


def _element(tx: Transaction, view: BillingView) -> dict[str, Any]:
    reasons = directory.health(tx, view, allows_sharing)
    health: dict[str, Any] = {"statusCode": "UNHEALTHY" if reasons else "HEALTHY"}
    if reasons:
        health["statusReasons"] = [str(reason) for reason in reasons]
    shown = {
        "arn": view.id,
        "name": view.name,
        "description": view.description or None,
        "billingViewType": _PRIMARY if view.is_primary else _CUSTOM,
        "ownerAccountId": view.account,
        "sourceAccountId": view.sources[0].split(":")[4] if len(view.sources) == 1 else None,
        "healthStatus": health,
    }
    return {name: value for name, value in shown.items() if value is not None}


@operation("ListBillingViews")
def list_billing_views(call: Call[shapes.ListBillingViewsRequest], tx: Transaction) -> dict[str, Any]:
    """List the views that the account has, and those that others share with it."""
    asked = call.input
    between = asked.get("activeTimeRange")
    if between is not None:
        first, last = between["activeAfterInclusive"], between["activeBeforeInclusive"]
        if last < first or month_of(first) != month_of(last):
            raise wrong_field("activeTimeRange", "The time range must be within one calendar month.")
    arns, types = asked.get("arns"), asked.get("billingViewTypes")
    starts = [search["searchValue"] for search in asked.get("names", ())]
    owner, source = asked.get("ownerAccountId"), asked.get("sourceAccountId")
    found = [
        element
        for view in seen_views(call, tx)
        if (element := _element(tx, view))
        and (not arns or view.id in arns)
        and (not types or element["billingViewType"] in types)
        and all(view.name.startswith(start) for start in starts)
        and owner in (None, view.account)
        and (source is None or source in [arn.split(":")[4] for arn in view.sources])
    ]
    views, following = page(call, tx, sorted(found, key=_arn), _arn)
    return {"billingViews": views, **following}


def _arn(element: dict[str, Any]) -> str:
    arn: str = element["arn"]
    return arn


@operation("UpdateBillingView")
def update_billing_view(
    call: Call[shapes.UpdateBillingViewRequest], tx: Transaction
) -> shapes.UpdateBillingViewResponse:
    """Give a custom view another name, description or filter."""
    asked: Any = call.input
    view = own_view(call, tx, asked["arn"])
    directory.check_custom(view)
    check_filter(asked.get("dataFilterExpression"))
    given: dict[str, Any] = {name: asked[name] for name in ("name", "description") if name in asked}
    if "dataFilterExpression" in asked:
        given |= {"filter": _kept(asked["dataFilterExpression"]), "defined_at": call.at}
    tx.put(BILLING_VIEWS, msgspec.structs.replace(view, **given, updated_at=call.at))
    return {"arn": view.id, "updatedAt": whole_second(call.at)}


@operation("DeleteBillingView")
def delete_billing_view(
    call: Call[shapes.DeleteBillingViewRequest], tx: Transaction
) -> shapes.DeleteBillingViewResponse:
    """Remove a custom view; one that is not there is no error, as the model has none for it."""
    arn = call.input["arn"]
    view = tx.get(BILLING_VIEWS, arn) or directory.find_view(tx, arn)
    if view is not None and view.account == call.account:
        directory.delete_view(tx, view, force=call.input.get("force", False))
    return {"arn": arn}


@operation("ListBillingViewSegments")
def list_billing_view_segments(call: Call[shapes.ListBillingViewSegmentsRequest], tx: Transaction) -> dict[str, Any]:
    """Show who paid during a time: for a primary view one part for each payer."""
    asked = call.input
    view = visible_view(call, tx, asked.get("arn") or directory.primary_arn(call.account, call.partition))
    if not view.is_primary:
        raise wrong_field("arn", "Only a primary billing view has segments.")
    between = asked.get("timeRange", {})
    start = between.get("beginDateInclusive", month_of(call.at))
    end = between.get("endDateExclusive", months_before(start, -1))
    if end <= start:
        raise wrong_field("timeRange", "The end of the time range must be after its begin.")
    items: list[dict[str, Any]] = []
    for since, until, payer in _paid_within(tx, view, start, end):
        segment: dict[str, Any] = {
            "domain": "BILLABLE",
            "timeRange": {"beginDateInclusive": since, "endDateExclusive": until},
        }
        if payer != view.account:
            segment["managementAccountId"] = payer
        items.append(segment)
    found, following = page(call, tx, items, lambda item: item["timeRange"]["beginDateInclusive"].isoformat())
    return {"items": found, **following}


def _paid_within(
    tx: Transaction, view: BillingView, start: datetime, end: datetime
) -> list[tuple[datetime, datetime, str]]:
    """Return from when until when who paid for the owner of a view, cut to the time that is asked for."""
    return [
        (max(paid.since or start, start), min(paid.until or end, end), paid.payer)
        for paid in payers_over_time(tx, view.account)
        if (paid.since is None or paid.since < end) and (paid.until is None or paid.until > start)
    ]
