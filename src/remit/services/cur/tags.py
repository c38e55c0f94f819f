"""Tags on report definitions. Source: Cost and Usage Report API reference, TagResource."""

from typing import Any

import msgspec

from remit.directory.billing.exports import COST_REPORTS, known_report
from remit.request import Call
from remit.services.cur import shapes
from remit.services.cur.errors import wrong
from remit.services.cur.registry import operation
from remit.services.tags import TagRules, shown_tags, without
from remit.store import Transaction

_MOST = 50
RULES = TagRules(
    most=_MOST,
    wrong=wrong,
    too_many=lambda _: wrong(f"A report has at most {_MOST} tags."),
    is_repeatable=True,
)


@operation("ListTagsForResource")
def list_tags_for_resource(call: Call[shapes.ListTagsForResourceRequest], tx: Transaction) -> dict[str, Any]:
    """List the tags of a report, by key."""
    report = known_report(tx, call.account, call.input["ReportName"])
    return {"Tags": shown_tags(report.tags)}


@operation("TagResource")
def tag_resource(call: Call[shapes.TagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Give a report tags; those with a key that it has replace them."""
    report = known_report(tx, call.account, call.input["ReportName"])
    tags = RULES.added(report.tags, call.input["Tags"], report.name)
    tx.put(COST_REPORTS, msgspec.structs.replace(report, tags=tags))
    return {}


@operation("UntagResource")
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Take tags from a report; those that it does not have do not matter."""
    report = known_report(tx, call.account, call.input["ReportName"])
    tx.put(COST_REPORTS, msgspec.structs.replace(report, tags=without(report.tags, call.input["TagKeys"])))
    return {}
