"""Tags that mean something to checks: what data is, what has to be backed up, what is meant to be public."""

from collections.abc import Iterable, Mapping
from typing import Any

from remit.compliance.checks.seen import Seen

BUCKET_TAGS = "s3:GetBucketTagging"


def tags(listed: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return tags by their keys, of a list as most services have it."""
    return {tag["Key"]: tag.get("Value", "") for tag in listed}


def bucket_tags(seen: Seen, bucket: str) -> dict[str, str]:
    """Return the tags of a bucket; needs the read `BUCKET_TAGS`.

    Raises:
        Unread: they are not known.
    """
    answer = seen.maybe(BUCKET_TAGS, Bucket=bucket)
    return {} if answer is None else tags(answer["TagSet"])


def is_restricted(seen: Seen, tagged: Mapping[str, str]) -> bool:
    """Whether the tag DataClass says that data needs keys and records of its own."""
    return tagged.get("DataClass", "") in seen.parameters.restricted_classes


def is_public_on_purpose(tagged: Mapping[str, str]) -> bool:
    """Whether somebody said that a thing is meant to be reached from everywhere: `Exposure=public`."""
    return tagged.get("Exposure") == "public"


def must_be_backed_up(tagged: Mapping[str, str]) -> bool:
    """Whether somebody said that a thing has to be backed up: `Backup=required`."""
    return tagged.get("Backup") == "required"
