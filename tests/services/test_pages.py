"""Pages: each item once, whatever changes between two pages; and tokens that are good for one question."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.services.pages import TokenInvalid, cut
from remit.store import Keyring
from remit.store.sealing import new_data_key

_MASTER = b"m" * 32
TX: Any = SimpleNamespace(keyring=Keyring(_MASTER, [new_data_key(_MASTER)]))


def call(account: str = "111122223333", operation: str = "ListReports", **asked: Any) -> Any:
    return SimpleNamespace(account=account, operation=operation, input=asked)


def page(of: Any, items: list[str]) -> tuple[list[str], str | None]:
    found, token = cut(of, TX, items, str, ("nextToken", "maxResults"), 2)
    return list(found), token


@given(st.sets(st.text(min_size=1, max_size=5)), st.integers(1, 7))
def test_pages_hold_every_item_once(names: set[str], size: int) -> None:
    items, seen = sorted(names), []
    found, token = page(call(maxResults=size), items)
    seen += found
    while token is not None:
        assert len(found) == size
        found, token = page(call(maxResults=size, nextToken=token), items)
        seen += found

    assert seen == items


def test_what_comes_and_goes_between_two_pages_moves_nothing_else() -> None:
    _, token = page(call(), ["a", "c", "e", "g"])

    assert page(call(nextToken=token), ["b", "d", "e", "g"])[0] == ["d", "e"]


def test_a_token_is_good_for_its_question_only() -> None:
    _, token = page(call(series="SOC"), ["a", "b", "c"])
    assert token is not None

    assert page(call(series="SOC", nextToken=token), ["a", "b", "c"]) == (["c"], None)
    for other in (
        call(series="ISO", nextToken=token),
        call(nextToken=token),
        call(account="444455556666", series="SOC", nextToken=token),
        call(operation="ListAgreements", series="SOC", nextToken=token),
        call(series="SOC", nextToken=token[:-1]),
        call(series="SOC", nextToken=token + "="),
        call(series="SOC", nextToken=""),
        call(series="SOC", nextToken="ä"),
    ):
        with pytest.raises(TokenInvalid):
            page(other, ["a", "b", "c"])
