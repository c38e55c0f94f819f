"""Tags on IAM's entities: an ordered mapping from key to value.

Keys of users and roles compare without case and the latest spelling wins; keys of policies compare with case.
Source: `iam-sts` reference, sections 5 and 7 (recorded).
"""

from collections.abc import Iterable, Mapping

from remit.directory.facts import Quota, limit


def tagged(held: Mapping[str, str], new: Mapping[str, str], *, fold: bool) -> dict[str, str]:
    """Return *held* with *new* over it; with *fold*, keys that differ only by case are one key.

    Raises:
        QuotaExceeded: more than 50 in all.
    """
    result = untagged(held, new, fold=fold) if fold else dict(held)
    result.update(new)
    limit(Quota.TAGS, len(result))
    return result


def untagged(held: Mapping[str, str], keys: Iterable[str], *, fold: bool) -> dict[str, str]:
    """Return *held* without *keys*; keys that are not there do not matter."""
    if not fold:
        gone = set(keys)
        return {key: value for key, value in held.items() if key not in gone}
    gone = {key.lower() for key in keys}
    return {key: value for key, value in held.items() if key.lower() not in gone}
