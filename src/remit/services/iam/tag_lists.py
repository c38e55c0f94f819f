"""Lists of tags in requests. Source: `iam-sts` reference, sections 4 (InvalidInput) and 7."""

from collections.abc import Iterable, Sequence

from remit.services.iam import shapes
from remit.services.iam.errors import invalid_input

_RESERVED = "aws:"


def new_tags(tags: Sequence[shapes.Tag], *, fold: bool) -> dict[str, str]:
    """Check the tags of a request and return them as a mapping, in their order.

    Args:
        fold: keys compare without case, as for users and roles; policies compare with case.

    Raises:
        ServiceError: InvalidInput, two keys are the same, or one begins with `aws:`.
    """
    result = {tag["Key"]: tag["Value"] for tag in tags}
    keys = {key.lower() for key in result} if fold else set(result)
    if len(keys) != len(tags):
        note = " Please note that Tag keys are case insensitive." if fold else ""
        raise invalid_input(f"Duplicate tag keys found.{note}")
    _refuse_reserved(result)
    return result


def _refuse_reserved(keys: Iterable[str]) -> None:
    if any(key.lower().startswith(_RESERVED) for key in keys):
        raise invalid_input("aws: prefixed tag key names are not allowed for external use.")
