import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.policy.evaluate.index import Head, Index

TEXTS = st.text("ab", max_size=24)
HEADS = st.lists(st.builds(Head, TEXTS, st.booleans()), min_size=1, max_size=3).map(tuple)


@given(st.lists(HEADS, max_size=30), TEXTS)
def test_whatever_fits_is_found(kept: list[tuple[Head, ...]], text: str) -> None:
    index = Index((heads, number) for number, heads in enumerate(kept))

    fitting = {
        number
        for number, heads in enumerate(kept)
        if any(head.text == text if head.is_whole else text.startswith(head.text) for head in heads)
    }
    assert fitting <= set(index.find(text))


@pytest.mark.parametrize("is_whole", [True, False])
def test_of_many_heads_only_those_that_fit_are_found(*, is_whole: bool) -> None:
    index = Index(((Head(f"bucket-{number:05}/", is_whole),), number) for number in range(10_000))

    assert index.find("bucket-00077/") == [77]
    assert index.find("other") == []


def test_heads_of_many_lengths_are_found_by_few() -> None:
    index = Index(((Head("x" * length + "y", is_whole=False),), length) for length in range(1, 500))

    assert 300 in index.find("x" * 300 + "y...")
    assert len(index._by_start) <= 8
