"""G2, G4, G8, and that nothing makes the reader fail or take long."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.policy.language.source import DEPTH_MAX, Array, DocumentMalformed, Node, Object, Scalar, Text, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(max_codepoint=0x2FF, exclude_categories=["Cc"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('ab"\\é', max_size=3), inner, max_size=4),
    max_leaves=12,
)


def plain(node: Node) -> Any:
    match node:
        case Text():
            return node.value
        case Scalar():
            return json.loads(node.value)
        case Array():
            return [plain(item) for item in node.items]
        case Object():
            return {key.value: plain(value) for key, value in node.members}


def nodes(node: Node) -> list[Node]:
    children: list[Node] = []
    if isinstance(node, Array):
        children = list(node.items)
    elif isinstance(node, Object):
        children = [value for _, value in node.members] + [key for key, _ in node.members]
    return [node, *[found for child in children for found in nodes(child)]]


@given(value=JSON, indented=st.booleans())
def test_what_json_writes_is_read(value: Any, *, indented: bool) -> None:
    text = json.dumps(value, indent=2 if indented else None)

    assert plain(read(text)) == value


@given(JSON)
def test_every_value_stands_where_its_positions_say(value: Any) -> None:
    text = json.dumps(value, indent=1)

    for node in nodes(read(text)):
        assert json.loads(text[node.start : node.end]) == plain(node)


@given(st.text('{}[]",:\\ut0123af\n trueflsn', max_size=30))
def test_what_is_no_json_is_refused_at_a_place_in_the_text(text: str) -> None:
    error = None
    try:
        node = read(text)
    except DocumentMalformed as malformed:
        error = malformed

    if error is None:
        assert plain(node) == json.loads(text)
    else:
        assert 0 <= error.offset <= len(text)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        ("  ", 2),
        ("{", 1),
        ("[1,]", 3),
        ('{"a":1,}', 7),
        ('{"a" 1}', 5),
        ("{a:1}", 1),
        ('{"a":1} x', 8),
        ('"a', 0),
        ('"a\n"', 0),
        ('"\\x"', 0),
        ('"\\u12"', 0),
        ('"\\u0000"', 0),
        ('"\\u001f"', 0),
        ('"\\b"', 0),
        ('"\\ud800"', 0),
        ('"\\udc00\\ud800"', 0),
        ("NaN", 0),
        ("-Infinity", 0),
        ("01", 1),
        ("+1", 0),
        ("'a'", 0),
        ("\ufeff{}", 0),
        ('"\x00"', 1),
        ('"中"', 1),
        ("\x0b1", 0),
        ('{"a":1,"a":1}', 7),
        ('{"a":1,"\\u0061":1}', 7),
    ],
)
def test_a_text_that_is_no_json_or_not_for_policies(text: str, offset: int) -> None:
    with pytest.raises(DocumentMalformed) as raised:
        read(text)

    assert raised.value.offset == offset


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"\\n\\t\\r\\/\\"\\\\"', '\n\t\r/"\\'),
        ('"\\u4e2d"', "中"),
        ('"\\ud83d\\ude00"', "😀"),
        ('"ÿ"', "ÿ"),
        ('"\x7f"', "\x7f"),
    ],
)
def test_escapes_that_stand_for_characters(text: str, value: str) -> None:
    assert plain(read(text)) == value


@pytest.mark.parametrize("text", ["10", "10.0", "-1e3", "true", "false", "null"])
def test_a_scalar_keeps_its_text(text: str) -> None:
    node = read(text)

    assert isinstance(node, Scalar)
    assert node.value == text


def test_nesting_has_a_bound() -> None:
    assert isinstance(read("[" * (DEPTH_MAX + 1) + "]" * (DEPTH_MAX + 1)), Array)
    with pytest.raises(DocumentMalformed, match="nested too deeply"):
        read("[" * (DEPTH_MAX + 2) + "]" * (DEPTH_MAX + 2))
    with pytest.raises(DocumentMalformed, match="nested too deeply"):
        read("[" * 100_000)


@pytest.mark.parametrize(
    "text", ['"' + "\\" * 131_071, '"' + "a" * 131_071, " " * 131_072, "[" + "1," * 65_000, "-" * 131_072]
)
def test_hostile_texts_are_refused_in_no_time(text: str) -> None:
    with pytest.raises(DocumentMalformed):
        read(text)
