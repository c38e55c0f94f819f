"""The checklist holds what it promises, and a mistake in a part of it is told."""

from collections import Counter
from pathlib import Path

import pytest

from remit.compliance.library.checklist import Item, ItemKind, as_markdown, checks_of, read_part
from remit.compliance.library.shelf import FOLDER
from remit.compliance.model import read_model
from remit.content_files import ContentMistake

MODEL = read_model()
PARTS = [read_part(file, MODEL.by_id) for file in sorted((FOLDER / "checklist").glob("*.yaml"))]
ITEMS = [item for part in PARTS for item in part.items]
ITEM = """part: 1
title: One
about: Something.
items:
  - id: CL-1.01
    question: Why?
    kind: check
    runs: [a.b]
    rows: [SR-I1]
    good: So.
    by_hand: Look.
"""


def test_there_are_120_items_in_nine_parts() -> None:
    kinds = Counter(item.kind for item in ITEMS)

    assert (len(PARTS), len(ITEMS)) == (9, 120)
    assert sum(item.runs_by_itself for item in ITEMS) >= 80
    assert kinds[ItemKind.PROOF] >= 15
    assert len(checks_of(PARTS)) >= 110


def test_every_check_answers_one_item() -> None:
    run = Counter(check for item in ITEMS for check in item.runs)

    assert [check for check, count in run.items() if count > 1] == []


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_what_an_item_runs_is_evidence_for_its_rows(item: Item) -> None:
    halves = [half for row in item.rows for half in MODEL.by_id[row].halves]

    for check in item.runs:
        assert any(half.checks((check,)) for half in halves), check


def test_every_half_that_a_check_can_show_has_an_item() -> None:
    known = tuple(checks_of(PARTS))

    assert [half.id for half in MODEL.halves.values() if not half.checks(known) and not half.attestations] == []


def test_the_paper_has_every_item_with_its_checks() -> None:
    text = as_markdown(PARTS)

    for item in ITEMS:
        assert f"### {item.id} {item.question}\n" in text
        assert all(f"{{{{evidence check={check}}}}}" in text for check in item.runs)


def read(tmp_path: Path, text: str) -> None:
    file = tmp_path / "part.yaml"
    file.write_text(text)
    read_part(file, {"SR-I1"})


def test_a_part_is_read(tmp_path: Path) -> None:
    read(tmp_path, ITEM)


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("CL-1.01", "CL-1.02", 5, "in the place of `CL-1.01`"),
        ("CL-1.01", "CL-2.01", 5, "in the place of `CL-1.01`"),
        ("SR-I1", "SR-I9", 5, "unknown row `SR-I9`"),
        ("kind: check", "kind: guess", 7, "Invalid enum value 'guess'"),
        ("kind: check", "kind: ask\n    valid_days: 3", 5, "runs 1 checks"),
        ("kind: check", "kind: evidence", 5, "valid_days None"),
        ("kind: check", "kind: proof\n    valid_days: 3", 5, "valid_days 3"),
        ("[a.b]", "[]", 5, "runs 0 checks"),
        ("[a.b]", "[A]", 8, "matching regex"),
        ("title: One", "title: ''", 2, "length >= 1"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    with pytest.raises(ContentMistake) as caught:
        read(tmp_path, ITEM.replace(old, new))

    assert caught.value.line == line
    assert what in caught.value.what
