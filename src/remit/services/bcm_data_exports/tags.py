"""Tags on exports. Source: Data Exports API reference, TagResource."""

from typing import Any

import msgspec

from remit.directory.billing.exports import DATA_EXPORTS, known_export
from remit.request import Call
from remit.services.bcm_data_exports import shapes
from remit.services.bcm_data_exports.errors import wrong
from remit.services.bcm_data_exports.pages import page
from remit.services.bcm_data_exports.registry import operation
from remit.services.tags import TagRules, shown_tags, without
from remit.store import Transaction

_MOST = 200
RULES = TagRules(
    most=_MOST,
    wrong=lambda text: wrong("ResourceTags", text),
    too_many=lambda _: wrong("ResourceTags", f"An export has at most {_MOST} tags."),
)


@operation("ListTagsForResource")
def list_tags_for_resource(call: Call[shapes.ListTagsForResourceRequest], tx: Transaction) -> dict[str, Any]:
    """List the tags of an export, by key."""
    export = known_export(tx, call.account, call.input["ResourceArn"])
    tags, following = page(call, tx, shown_tags(export.tags), lambda tag: tag["Key"])
    return {"ResourceTags": list(tags), **following}


@operation("TagResource")
def tag_resource(call: Call[shapes.TagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Give an export tags; those with a key that it has replace them."""
    export = known_export(tx, call.account, call.input["ResourceArn"])
    tags = RULES.added(export.tags, call.input["ResourceTags"], export.id)
    tx.put(DATA_EXPORTS, msgspec.structs.replace(export, tags=tags))
    return {}


@operation("UntagResource")
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Take tags from an export; those that it does not have do not matter."""
    export = known_export(tx, call.account, call.input["ResourceArn"])
    tx.put(DATA_EXPORTS, msgspec.structs.replace(export, tags=without(export.tags, call.input["ResourceTagKeys"])))
    return {}
