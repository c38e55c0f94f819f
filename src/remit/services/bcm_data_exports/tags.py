"""Tags on exports. Source: Data Exports API reference, TagResource."""

from collections.abc import Iterable
from typing import Any

import msgspec

from remit.directory.billing.exports import DATA_EXPORTS, known_export
from remit.request import Call
from remit.services.bcm_data_exports import shapes
from remit.services.bcm_data_exports.errors import wrong
from remit.services.bcm_data_exports.pages import page
from remit.services.bcm_data_exports.registry import operation
from remit.store import Transaction

_TAGS_MAX = 200
_RESERVED = "aws:"


def given_tags(tags: Iterable[shapes.ResourceTag]) -> dict[str, str]:
    """Return tags by key.

    Raises:
        ServiceError: ValidationException, a key is AWS's own, or given twice.
    """
    found: dict[str, str] = {}
    for tag in tags:
        if tag["Key"] in found:
            raise wrong("ResourceTags", f"The tag key {tag['Key']} is given twice.")
        if tag["Key"].lower().startswith(_RESERVED):
            raise wrong("ResourceTags", "Tag keys must not begin with aws:.")
        found[tag["Key"]] = tag["Value"]
    return found


@operation("ListTagsForResource")
def list_tags_for_resource(call: Call[shapes.ListTagsForResourceRequest], tx: Transaction) -> dict[str, Any]:
    """List the tags of an export, by key."""
    export = known_export(tx, call.account, call.input["ResourceArn"])
    tags, following = page(call, tx, sorted(export.tags.items()), lambda tag: tag[0])
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in tags], **following}


@operation("TagResource")
def tag_resource(call: Call[shapes.TagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Give an export tags; those with a key that it has replace them."""
    export = known_export(tx, call.account, call.input["ResourceArn"])
    tags = {**export.tags, **given_tags(call.input["ResourceTags"])}
    if len(tags) > _TAGS_MAX:
        raise wrong("ResourceTags", f"An export has at most {_TAGS_MAX} tags.")
    tx.put(DATA_EXPORTS, msgspec.structs.replace(export, tags=tags))
    return {}


@operation("UntagResource")
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Take tags from an export; those that it does not have do not matter."""
    export = known_export(tx, call.account, call.input["ResourceArn"])
    gone = frozenset(call.input["ResourceTagKeys"])
    kept = {key: value for key, value in export.tags.items() if key not in gone}
    tx.put(DATA_EXPORTS, msgspec.structs.replace(export, tags=kept))
    return {}
