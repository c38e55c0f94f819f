"""Tags, as services that have lists of them read, add, take away and show them."""

import pytest

from remit.services.tags import TagRules, shown_tags, without


class Wrong(Exception):
    """A tag that cannot be."""


class TooMany(Exception):
    """More tags than there may be."""


RULES = TagRules(most=2, wrong=Wrong, too_many=TooMany)


def tags(*keys: str, value: str = "v") -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key in keys]


@pytest.mark.parametrize("key", ["aws:team", "AWS:team", "aWs:"])
def test_keys_of_aws_are_refused(key: str) -> None:
    with pytest.raises(Wrong, match="aws:"):
        RULES.read(tags(key))


@pytest.mark.parametrize("key", ["aws", "awsome", "team:aws:"])
def test_keys_that_only_look_like_them_are_taken(key: str) -> None:
    assert RULES.read(tags(key)) == {key: "v"}


def test_a_key_twice_is_refused_unless_a_service_takes_the_last() -> None:
    given = [*tags("a"), *tags("a", value="w")]

    with pytest.raises(Wrong, match="twice"):
        RULES.read(given)
    taking = TagRules(most=2, wrong=Wrong, too_many=TooMany, is_repeatable=True)
    assert taking.read(given) == {"a": "w"}


def test_as_many_as_there_may_be_and_one_more() -> None:
    assert RULES.added({"a": "old"}, tags("a", "b"), "arn") == {"a": "v", "b": "v"}

    with pytest.raises(TooMany, match="arn"):
        RULES.added({"a": "old"}, tags("b", "c"), "arn")


def test_what_is_not_there_is_taken_away_without_a_word() -> None:
    assert without({"a": "1", "b": "2"}, ["b", "c"]) == {"a": "1"}


def test_tags_are_shown_by_key() -> None:
    assert shown_tags({"b": "2", "a": "1"}) == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
