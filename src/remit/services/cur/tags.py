"""Tags on report definitions. Source: Cost and Usage Report API reference, TagResource."""

from collections.abc import Iterable
from typing import Any

import msgspec

from remit.directory.billing.exports import COST_REPORTS, known_report
from remit.request import Call
from remit.services.cur import shapes
from remit.services.cur.errors import wrong
from remit.services.cur.registry import operation
from remit.store import Transaction

_TAGS_MAX = 50
_RESERVED = "aws:"


def given_tags(tags: Iterable[shapes.Tag]) -> dict[str, str]:
    """Return tags by key.

    Raises:
        ServiceError: ValidationException, a key is AWS's own, or there are too many.
    """
    return _few({tag["Key"]: tag["Value"] for tag in tags})


def _few(tags: dict[str, str]) -> dict[str, str]:
    if any(key.lower().startswith(_RESERVED) for key in tags):
        raise wrong("Tag keys must not begin with aws:.")
    if len(tags) > _TAGS_MAX:
        raise wrong(f"A report has at most {_TAGS_MAX} tags.")
    return tags


@operation("ListTagsForResource")
def list_tags_for_resource(call: Call[shapes.ListTagsForResourceRequest], tx: Transaction) -> dict[str, Any]:
    """List the tags of a report, by key."""
    report = known_report(tx, call.account, call.input["ReportName"])
    return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(report.tags.items())]}


@operation("TagResource")
def tag_resource(call: Call[shapes.TagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Give a report tags; those with a key that it has replace them."""
    report = known_report(tx, call.account, call.input["ReportName"])
    tags = _few({**report.tags, **given_tags(call.input["Tags"])})
    tx.put(COST_REPORTS, msgspec.structs.replace(report, tags=tags))
    return {}


@operation("UntagResource")
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Take tags from a report; those that it does not have do not matter."""
    report = known_report(tx, call.account, call.input["ReportName"])
    gone = frozenset(call.input["TagKeys"])
    kept = {key: value for key, value in report.tags.items() if key not in gone}
    tx.put(COST_REPORTS, msgspec.structs.replace(report, tags=kept))
    return {}
