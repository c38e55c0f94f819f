"""Tags on invoice units and preferences of procurement portals. Source: Invoicing API reference, TagResource."""

from collections.abc import Mapping
from typing import Any

import msgspec

from remit.directory.billing.facts import Missing, Thing
from remit.directory.billing.invoice_units import INVOICE_UNITS
from remit.directory.billing.portal_preferences import PORTAL_PREFERENCES
from remit.request import Call
from remit.services.invoicing import shapes
from remit.services.invoicing.errors import quota, wrong_field
from remit.services.invoicing.registry import operation
from remit.services.tags import TagRules, shown_tags, without
from remit.store import Kind, Transaction

_MOST = 200
RULES = TagRules(
    most=_MOST,
    wrong=lambda text: wrong_field("ResourceTags", text),
    too_many=lambda _: quota(f"A resource has at most {_MOST} tags."),
)


def require_tagging(call: Call[Any], arn: str, tags: Mapping[str, str]) -> None:
    """Check, where something new is given tags, that the caller may tag it.

    Raises:
        AccessDenied: the policies do not allow it.

    Source: Service Authorization Reference, AWS Invoicing Service, "API operations": both operations that create
    something are authorised as `invoicing:TagResource` as well.
    """
    if tags:
        said: dict[str, Any] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
        call.require("invoicing:TagResource", arn, said | {"aws:TagKeys": tuple(tags)})


def _tagged(call: Call[Any], tx: Transaction) -> tuple[Kind[Any], Any]:
    arn: str = call.input["ResourceArn"]
    kind: Kind[Any] = INVOICE_UNITS if ":invoice-unit/" in arn else PORTAL_PREFERENCES
    found: Any = tx.get(kind, arn)
    gone = found is None or found.account != call.account or getattr(found, "deleted_at", None) is not None
    if gone:
        raise Missing(Thing.INVOICE_UNIT if kind is INVOICE_UNITS else Thing.PORTAL_PREFERENCE, arn)
    return kind, found


@operation("ListTagsForResource")
def list_tags_for_resource(call: Call[shapes.ListTagsForResourceRequest], tx: Transaction) -> dict[str, Any]:
    """List the tags of a unit or preference."""
    _, found = _tagged(call, tx)
    return {"ResourceTags": shown_tags(found.tags)}


@operation("TagResource")
def tag_resource(call: Call[shapes.TagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Give a unit or preference tags."""
    kind, found = _tagged(call, tx)
    tags = RULES.added(found.tags, call.input["ResourceTags"], found.id)
    tx.put(kind, msgspec.structs.replace(found, tags=tags))
    return {}


@operation("UntagResource")
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Take tags from a unit or preference; those that it does not have do not matter."""
    kind, found = _tagged(call, tx)
    tx.put(kind, msgspec.structs.replace(found, tags=without(found.tags, call.input["ResourceTagKeys"])))
    return {}
