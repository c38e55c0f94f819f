"""Tags of resources, where a list of them comes in and goes out: read, added, taken away, shown.

What a key may be is the same everywhere; how many tags there may be, whether one key may come twice, and how that is
refused, each service says in its module `tags`.
Source: AWS General Reference, "Tagging your AWS resources", naming limits; API references, TagResource.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

_RESERVED = "aws:"


class TagRules(msgspec.Struct, frozen=True, kw_only=True):
    """What tags a service takes, and in which words it refuses others.

    Attributes:
        most: how many a resource may have.
        wrong: makes the error of tags that cannot be, of a sentence.
        too_many: makes the error of more than *most*, of the name of the resource.
        is_repeatable: whether a key may be given twice; the last one counts then.
    """

    most: int
    wrong: Callable[[str], Exception]
    too_many: Callable[[str], Exception]
    is_repeatable: bool = False

    def read(self, tags: Iterable[Mapping[str, object]]) -> dict[str, str]:
        """Return the tags of an input by key.

        Raises:
            Exception: what *wrong* makes: a key is AWS's own, or is given twice.
        """
        pairs = [(str(tag["Key"]), str(tag["Value"])) for tag in tags]
        found = dict(pairs)
        if len(found) != len(pairs) and not self.is_repeatable:
            raise self.wrong("A tag key is given twice.")
        if any(key.lower().startswith(_RESERVED) for key in found):
            raise self.wrong("Tag keys must not begin with aws:.")
        return found

    def added(self, held: Mapping[str, str], tags: Iterable[Mapping[str, object]], name: str) -> dict[str, str]:
        """Return what a resource has once it is given tags; those with a key that it has replace them.

        Args:
            name: of the resource, for errors.

        Raises:
            Exception: what *wrong* makes, as `read` does; or what *too_many* makes.
        """
        found = {**held, **self.read(tags)}
        if len(found) > self.most:
            raise self.too_many(name)
        return found


def without(held: Mapping[str, str], keys: Iterable[str]) -> dict[str, str]:
    """Return tags without those of *keys*; keys that are not there do not matter."""
    gone = frozenset(keys)
    return {key: value for key, value in held.items() if key not in gone}


def shown_tags(held: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as answers have them, by key."""
    return [{"Key": key, "Value": value} for key, value in sorted(held.items())]
