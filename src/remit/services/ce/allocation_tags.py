"""Cost allocation tags: which there are, which are active, and that they count for earlier months.

Source: Cost Explorer API reference, ListCostAllocationTags, UpdateCostAllocationTagsStatus,
StartCostAllocationTagBackfill and ListCostAllocationTagBackfillHistory.
"""

from datetime import datetime
from typing import Any

from remit.billing.analysis.fragments import TRUE
from remit.billing.analysis.questions import Bucket, tag_uses
from remit.billing.months import begin_of, month_after
from remit.directory.billing import allocation_tags as directory
from remit.directory.billing.allocation_tags import AWS_PREFIX, Backfill
from remit.directory.billing.facts import Full
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.asking import slowly
from remit.services.ce.category_definitions import instant, payer_only, zoned
from remit.services.ce.pages import page
from remit.services.ce.registry import operation
from remit.services.ce.scope import own_scope
from remit.store import Transaction

_PAGE = 100
_ACTIVE, _INACTIVE = "Active", "Inactive"
_AWS, _USER = "AWSGenerated", "UserDefined"


def _uses(call: Call[Any], tx: Transaction) -> dict[str, datetime]:
    """Return the keys that lines of the payer have, and when the last of them began."""
    (part,) = own_scope(call, tx).parts

    def work() -> dict[str, datetime]:
        months = list(call.bills.months(part.payer))
        if not months:
            return {}
        time = Bucket(begin_of(months[0]), begin_of(month_after(months[-1])))
        return tag_uses(call.bills, part, time, TRUE)

    return slowly(call, "tags", work)


@operation("ListCostAllocationTags")
def list_cost_allocation_tags(call: Call[shapes.ListCostAllocationTagsRequest], tx: Transaction) -> dict[str, Any]:
    """List the keys of tags that lines have, active or not."""
    payer = payer_only(call, tx)
    asked = call.input
    uses = _uses(call, tx)
    held = {tag.key: tag for tag in directory.allocation_tags(tx, payer)}
    found: list[dict[str, Any]] = []
    for key in sorted(uses.keys() | held.keys()):
        tag = held.get(key)
        shown: dict[str, Any] = {
            "TagKey": key,
            "Type": _AWS if key.startswith(AWS_PREFIX) else _USER,
            "Status": _ACTIVE if tag is not None and tag.active_since is not None else _INACTIVE,
        }
        if tag is not None:
            shown["LastUpdatedDate"] = zoned(tag.updated_at)
        if key in uses:
            shown["LastUsedDate"] = zoned(uses[key])
        found.append(shown)
    keys = asked.get("TagKeys")
    kept = [
        one
        for one in found
        if asked.get("Status") in (None, one["Status"])
        and asked.get("Type") in (None, one["Type"])
        and (not keys or one["TagKey"] in keys)
    ]
    shown_, following = page(call, tx, kept, member="NextToken", most=_PAGE)
    return {"CostAllocationTags": list(shown_), **following}


@operation("UpdateCostAllocationTagsStatus")
def update_cost_allocation_tags_status(
    call: Call[shapes.UpdateCostAllocationTagsStatusRequest], tx: Transaction
) -> dict[str, Any]:
    """Turn keys on and off; what cannot be is said for each key, and the others are done."""
    payer = payer_only(call, tx)
    uses = _uses(call, tx)
    known = uses.keys() | {tag.key for tag in directory.allocation_tags(tx, payer)}
    errors: list[dict[str, str]] = []
    for entry in call.input["CostAllocationTagsStatus"]:
        key = entry["TagKey"]
        if key not in known:
            text = "Tag key not found: no line of a bill has it."
            errors.append({"TagKey": key, "Code": "TagKeyNotFound", "Message": text})
            continue
        try:
            directory.set_active(tx, payer, key, is_active=entry["Status"] == _ACTIVE, at=call.at)
        except Full as full:
            text = f"No more than {full.limit} tag keys can be active."
            errors.append({"TagKey": key, "Code": "LimitExceeded", "Message": text})
    return {"Errors": errors}


@operation("StartCostAllocationTagBackfill")
def start_cost_allocation_tag_backfill(
    call: Call[shapes.StartCostAllocationTagBackfillRequest], tx: Transaction
) -> dict[str, Any]:
    """Let the tags that are active count for earlier months as well."""
    payer = payer_only(call, tx)
    start = instant(call.input["BackfillFrom"], "BackfillFrom")
    return {"BackfillRequest": _shown(directory.backfill(tx, payer, start, at=call.at))}


@operation("ListCostAllocationTagBackfillHistory")
def list_cost_allocation_tag_backfill_history(
    call: Call[shapes.ListCostAllocationTagBackfillHistoryRequest], tx: Transaction
) -> dict[str, Any]:
    """List the backfills, the newest first."""
    found = directory.backfills(tx, payer_only(call, tx))
    shown, following = page(call, tx, found, member="NextToken", most=_PAGE)
    return {"BackfillRequests": [_shown(made) for made in shown], **following}


def _shown(made: Backfill) -> dict[str, Any]:
    # It is done when it is asked for: tags are read when somebody asks for them.
    at = zoned(made.requested_at)
    return {
        "BackfillFrom": zoned(made.starts_at),
        "RequestedAt": at,
        "CompletedAt": at,
        "LastUpdatedAt": at,
        "BackfillStatus": "SUCCEEDED",
    }
