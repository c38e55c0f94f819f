"""Tags on compliance inquiries, the only things of Artifact that have any.

Keys compare with case; those that begin with `aws:` are AWS's own.
Source: `artifact` model, TagResource; `artifact` reference, section 2.
"""

from collections.abc import Mapping

import msgspec

from remit.directory.artifact.inquiries import INQUIRIES, Inquiry, known_inquiry
from remit.directory.facts import NotFound, Noun
from remit.ids import AccountId
from remit.request import Call
from remit.services.artifact import shapes
from remit.services.artifact.errors import wrong_field
from remit.services.artifact.registry import operation
from remit.store import Transaction

_TAGS_MAX = 50


@operation("TagResource")
def tag_resource(call: Call[shapes.TagResourceRequest], tx: Transaction) -> None:
    """Give tags to an inquiry; a key that it has gets the new value.

    Raises:
        NotFound: the account has no inquiry of this ARN.
        ServiceError: ValidationException, a key is AWS's own, or there would be more than 50.
    """
    inquiry = _tagged(tx, call.account, call.input["resourceArn"])
    tags = {**inquiry.tags, **checked_tags(call.input["tags"])}
    if len(tags) > _TAGS_MAX:
        raise wrong_field("tags", f"A compliance inquiry can have {_TAGS_MAX} tags.")
    tx.put(INQUIRIES, msgspec.structs.replace(inquiry, tags=tags))


@operation("UntagResource")
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction) -> None:
    """Take tags away from an inquiry; keys that are not there do not matter.

    Raises:
        NotFound: the account has no inquiry of this ARN.
    """
    inquiry = _tagged(tx, call.account, call.input["resourceArn"])
    gone = set(call.input["tagKeys"])
    tags = {key: value for key, value in inquiry.tags.items() if key not in gone}
    tx.put(INQUIRIES, msgspec.structs.replace(inquiry, tags=tags))


@operation("ListTagsForResource")
def list_tags_for_resource(
    call: Call[shapes.ListTagsForResourceRequest], tx: Transaction
) -> shapes.ListTagsForResourceResponse:
    """List the tags of an inquiry.

    Raises:
        NotFound: the account has no inquiry of this ARN.
    """
    return {"tags": dict(_tagged(tx, call.account, call.input["resourceArn"]).tags)}


def checked_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return tags that a caller may give.

    Raises:
        ServiceError: ValidationException, a key is AWS's own.
    """
    if any(key.lower().startswith("aws:") for key in tags):
        raise wrong_field("tags", "Keys of tags that begin with aws: are reserved.")
    return dict(tags)


def _tagged(tx: Transaction, account: AccountId, arn: str) -> Inquiry:
    try:
        inquiry = known_inquiry(tx, account, arn.rpartition("/")[2])
    except NotFound:
        raise NotFound(Noun.COMPLIANCE_INQUIRY, arn) from None
    if inquiry.arn != arn:
        raise NotFound(Noun.COMPLIANCE_INQUIRY, arn)
    return inquiry
