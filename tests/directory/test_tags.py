"""Tags: keys of users and roles compare without case, the latest spelling wins; keys of policies with case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.directory.facts import LIMITS, Quota, QuotaExceeded
from remit.directory.tags import tagged, untagged

_tags = st.dictionaries(st.sampled_from(["a", "A", "b", "B", "c", "ß", "SS"]), st.sampled_from("xyz"), max_size=5)


@pytest.mark.parametrize(
    ("held", "new", "fold", "expected"),
    [
        ({}, {"a": "1"}, True, {"a": "1"}),
        ({"a": "1"}, {}, True, {"a": "1"}),
        ({"a": "1"}, {"b": "2"}, True, {"a": "1", "b": "2"}),
        ({"a": "1"}, {"a": "2"}, True, {"a": "2"}),
        ({"somekey": "1"}, {"Somekey": "2"}, True, {"Somekey": "2"}),  # recorded
        ({"somekey": "1"}, {"Somekey": "2"}, False, {"somekey": "1", "Somekey": "2"}),
        ({"a": "1"}, {"a": "2"}, False, {"a": "2"}),
        ({"a": "1"}, {"a": ""}, True, {"a": ""}),
    ],
)
def test_new_tags_lie_over_those_that_are_there(
    held: dict[str, str], new: dict[str, str], expected: dict[str, str], *, fold: bool
) -> None:
    before = dict(held)

    assert tagged(held, new, fold=fold) == expected
    assert held == before


@pytest.mark.parametrize(
    ("keys", "fold", "expected"),
    [
        (["a"], True, {"b": "2"}),
        (["A"], True, {"b": "2"}),
        (["A"], False, {"a": "1", "b": "2"}),
        (["a"], False, {"b": "2"}),
        (["none"], True, {"a": "1", "b": "2"}),
        ([], True, {"a": "1", "b": "2"}),
        (["b", "A", "a"], True, {}),
    ],
)
def test_keys_that_are_not_there_do_not_matter(keys: list[str], expected: dict[str, str], *, fold: bool) -> None:
    assert untagged({"a": "1", "b": "2"}, keys, fold=fold) == expected


@pytest.mark.parametrize("fold", [True, False])
def test_fifty_tags_and_no_more(*, fold: bool) -> None:
    held = {f"key-{number}": "v" for number in range(LIMITS[Quota.TAGS] - 1)}
    full = tagged(held, {"last": "v"}, fold=fold)

    assert len(full) == 50
    assert len(tagged(full, {"last": "changed"}, fold=fold)) == 50
    with pytest.raises(QuotaExceeded) as fact:
        tagged(full, {"one-more": "v"}, fold=fold)
    assert (fact.value.quota, fact.value.limit) == (Quota.TAGS, 50)


def test_another_spelling_is_no_further_tag_of_a_user() -> None:
    held = {f"key-{number}": "v" for number in range(50)}

    assert len(tagged(held, {"KEY-0": "v"}, fold=True)) == 50
    with pytest.raises(QuotaExceeded):
        tagged(held, {"KEY-0": "v"}, fold=False)


@given(held=_tags, new=_tags, fold=st.booleans())
def test_every_new_tag_is_there_as_given_and_every_other_one_stays(
    held: dict[str, str], new: dict[str, str], *, fold: bool
) -> None:
    result = tagged(held, new, fold=fold)

    covered = {key.lower() for key in new} if fold else set(new)
    assert {key: result[key] for key in new} == new
    assert {key: value for key, value in result.items() if key not in new} == {
        key: value for key, value in held.items() if (key.lower() if fold else key) not in covered and key not in new
    }
    assert untagged(result, new, fold=fold) == untagged(held, new, fold=fold)
