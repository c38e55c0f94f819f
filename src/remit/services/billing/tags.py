"""Tags on custom billing views. Source: AWS Billing API reference, TagResource."""

from typing import Any

import msgspec

from remit.directory.billing.facts import Unfit
from remit.directory.billing.views import BILLING_VIEWS, check_custom
from remit.request import Call
from remit.services.billing import shapes
from remit.services.billing.registry import operation
from remit.services.billing.view_access import own_view, visible_view
from remit.services.tags import TagRules, without
from remit.store import Transaction

_MOST = 200
_RULES = TagRules(
    most=_MOST,
    wrong=lambda text: Unfit("resourceTags", text),
    too_many=lambda _: Unfit("resourceTags", f"A billing view has at most {_MOST} tags."),
    is_repeatable=True,
)


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
    given = [{"Key": tag["key"], "Value": tag.get("value", "")} for tag in call.input["resourceTags"]]
    tags = _RULES.added(view.tags, given, view.id)
    tx.put(BILLING_VIEWS, msgspec.structs.replace(view, tags=tags))
    return {}


@operation("UntagResource")
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Take tags from a custom view; those that it does not have do not matter."""
    view = own_view(call, tx, call.input["resourceArn"])
    check_custom(view)
    tx.put(BILLING_VIEWS, msgspec.structs.replace(view, tags=without(view.tags, call.input["resourceTagKeys"])))
    return {}
