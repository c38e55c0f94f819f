"""Tags on cost categories, monitors and subscriptions.

Source: Cost Explorer API reference, TagResource, UntagResource and ListTagsForResource.
"""

from typing import Any

import msgspec

from remit.directory.billing.anomalies import ANOMALY_MONITORS, ANOMALY_SUBSCRIPTIONS
from remit.directory.billing.cost_categories import COST_CATEGORIES
from remit.errors import ServiceError
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.errors import invalid
from remit.services.ce.registry import operation
from remit.services.tags import TagRules, shown_tags, without
from remit.store import Kind, Transaction

_MOST = 50
_KINDS: tuple[Kind[Any], ...] = (COST_CATEGORIES, ANOMALY_MONITORS, ANOMALY_SUBSCRIPTIONS)
RULES = TagRules(
    most=_MOST,
    wrong=invalid,
    too_many=lambda name: ServiceError(
        "TooManyTagsException", f"Can only have {_MOST} tags on a resource.", 400, {"ResourceName": name}
    ),
)


def _tagged(call: Call[Any], tx: Transaction) -> tuple[Kind[Any], Any]:
    arn: str = call.input["ResourceArn"]
    for kind in _KINDS:
        found: Any = tx.get(kind, arn)
        if found is not None and found.account == call.account:
            return kind, found
    raise ServiceError("ResourceNotFoundException", f"Resource not found: {arn}", 400, {"ResourceName": arn})


@operation("ListTagsForResource")
def list_tags_for_resource(call: Call[shapes.ListTagsForResourceRequest], tx: Transaction) -> dict[str, Any]:
    """List the tags of a thing."""
    _, found = _tagged(call, tx)
    return {"ResourceTags": shown_tags(found.tags)}


@operation("TagResource")
def tag_resource(call: Call[shapes.TagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Give a thing tags."""
    kind, found = _tagged(call, tx)
    tags = RULES.added(found.tags, call.input["ResourceTags"], found.id)
    tx.put(kind, msgspec.structs.replace(found, tags=tags))
    return {}


@operation("UntagResource")
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Take tags from a thing; those that it does not have do not matter."""
    kind, found = _tagged(call, tx)
    tx.put(kind, msgspec.structs.replace(found, tags=without(found.tags, call.input["ResourceTagKeys"])))
    return {}
