"""G2, G4, G8: the fast reader takes what the reader with positions takes, and reads the same."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import documents

from remit.policy import parse
from remit.policy.language.json_values import Number, Value, values
from remit.policy.language.source import Array, DocumentMalformed, Node, Object, Scalar, Text, read

FRAGMENTS = st.sampled_from(
    [*'{}[]",: \t\n', '"a"', '"b"', "\\", '\\"', "\\n", "\\b", "\\u0041", "\\u0000", "\\ud83d", "\\ude00", "\x00", "é",
     "中", "1", "-", "0", ".5", "e9", "true", "null", "NaN", "Infinity", "\ufeff"]
)  # fmt: skip  # a table of pieces


def plain(node: Node) -> Value:
    match node:
        case Text():
            return node.value
        case Scalar():
            return {"true": True, "false": False, "null": None}.get(node.value, Number(node.value))
        case Array():
            return [plain(item) for item in node.items]
        case Object():
            return {key.value: plain(value) for key, value in node.members}


def outcome(reader: Any, text: str) -> Any:
    try:
        return reader(text)
    except DocumentMalformed as error:
        return error.reason, error.offset


@given(st.lists(FRAGMENTS, max_size=12).map("".join))
def test_both_readers_take_and_refuse_the_same_texts(text: str) -> None:
    assert outcome(values, text) == outcome(lambda text: plain(read(text)), text)


@given(documents(principal=True), st.integers(0, 400), FRAGMENTS)
def test_both_readers_agree_on_a_document_with_a_piece_put_in(text: str, place: int, piece: str) -> None:
    broken = text[:place] + piece + text[place:]

    assert outcome(values, broken) == outcome(lambda text: plain(read(text)), broken)


@pytest.mark.parametrize("text", ["1", "1.50", "-1e3", "[1, 2]", "1" * 10_000])
def test_numbers_keep_their_text(text: str) -> None:
    found = values(text)

    assert json.dumps(found).replace('"', "") == text
    assert all(isinstance(item, Number) for item in (found if isinstance(found, list) else [found]))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 500 + "]" * 500])
def test_nesting_without_end_is_refused(text: str) -> None:
    with pytest.raises(DocumentMalformed, match="nested too deeply"):
        parse(text)
