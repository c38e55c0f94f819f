"""Tags on cost categories, monitors and subscriptions.

Source: Cost Explorer API reference, TagResource, UntagResource and ListTagsForResource.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from remit.directory.billing.anomalies import ANOMALY_MONITORS, ANOMALY_SUBSCRIPTIONS
from remit.directory.billing.cost_categories import COST_CATEGORIES
from remit.errors import ServiceError
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.errors import invalid
from remit.services.ce.registry import operation
from remit.store import Kind, Transaction

_TAGS_MAX = 50
_RESERVED = "aws:"
_KINDS: tuple[Kind[Any], ...] = (COST_CATEGORIES, ANOMALY_MONITORS, ANOMALY_SUBSCRIPTIONS)


def given_tags(tags: Iterable[shapes.ResourceTag]) -> dict[str, str]:
    """Return the tags that a new thing is given.

    Raises:
        ServiceError: ValidationException, a key is AWS's own or there twice.
    """
    listed = [(tag["Key"], tag["Value"]) for tag in tags]
    found = dict(listed)
    if len(found) != len(listed):
        raise invalid("Tag keys must not be given twice.")
    if any(key.lower().startswith(_RESERVED) for key in found):
        raise invalid("Tag keys must not begin with aws:.")
    return found


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
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in sorted(found.tags.items())]}


@operation("TagResource")
def tag_resource(call: Call[shapes.TagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Give a thing tags."""
    kind, found = _tagged(call, tx)
    tags = {**found.tags, **given_tags(call.input["ResourceTags"])}
    if len(tags) > _TAGS_MAX:
        text = f"Can only have {_TAGS_MAX} tags on a resource."
        raise ServiceError("TooManyTagsException", text, 400, {"ResourceName": found.id})
    tx.put(kind, msgspec.structs.replace(found, tags=tags))
    return {}


@operation("UntagResource")
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Take tags from a thing; those that it does not have do not matter."""
    kind, found = _tagged(call, tx)
    gone = frozenset(call.input["ResourceTagKeys"])
    kept = {key: value for key, value in found.tags.items() if key not in gone}
    tx.put(kind, msgspec.structs.replace(found, tags=kept))
    return {}
