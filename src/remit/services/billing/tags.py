"""Tags on custom billing views. Source: AWS Billing API reference, TagResource."""

from typing import Any

import msgspec

from remit.directory.billing.facts import Unfit
from remit.directory.billing.views import BILLING_VIEWS, check_custom
from remit.request import Call
from remit.services.billing import shapes
from remit.services.billing.registry import operation
from remit.services.billing.view_access import own_view, visible_view
from remit.store import Transaction

_TAGS_MAX = 200
_RESERVED = "aws:"


@operation("ListTagsForResource")
def list_tags(call: Call[shapes.ListTagsForResourceRequest], tx: Transaction) -> shapes.ListTagsForResourceResponse:
    """List the tags of a view."""
    view = visible_view(call, tx, call.input["resourceArn"])
    return {"resourceTags": [{"key": key, "value": value} for key, value in sorted(view.tags.items())]}


@operation("TagResource")
def tag_resource(call: Call[shapes.TagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Give a custom view tags."""
    view = own_view(call, tx, call.input["resourceArn"])
    check_custom(view)
    given = {tag["key"]: tag.get("value", "") for tag in call.input["resourceTags"]}
    if any(key.lower().startswith(_RESERVED) for key in given):
        raise Unfit("resourceTags", "Tag keys must not begin with aws:.")
    tags = {**view.tags, **given}
    if len(tags) > _TAGS_MAX:
        raise Unfit("resourceTags", f"A billing view has at most {_TAGS_MAX} tags.")
    tx.put(BILLING_VIEWS, msgspec.structs.replace(view, tags=tags))
    return {}


@operation("UntagResource")
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Take tags from a custom view; those that it does not have do not matter."""
    view = own_view(call, tx, call.input["resourceArn"])
    check_custom(view)
    gone = frozenset(call.input["resourceTagKeys"])
    kept = {key: value for key, value in view.tags.items() if key not in gone}
    tx.put(BILLING_VIEWS, msgspec.structs.replace(view, tags=kept))
    return {}
