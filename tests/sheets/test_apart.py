"""Files are read in a process of its own, which has limits."""

import time
from functools import partial

import pytest
from sheets.workbooks import SIMPLE, archived, parts, sheet_of

from remit import confined
from remit.sheets import Answer, Place, SheetRefused, files, read, write

ANSWERS = {Place("Security", 2, 2): Answer("Yes.", "COMPLETED", ("SOC 2",))}
CSV = b"Who?\nWhy?\n"


def test_what_is_done_apart_is_what_is_done_here() -> None:
    assert read(SIMPLE, ["Security"]) == files.read(SIMPLE, ["Security"])
    assert write(SIMPLE, ANSWERS) == files.write(SIMPLE, ANSWERS)
    assert read(CSV) == files.read(CSV)
    assert write(CSV, {}) == files.write(CSV, {})


@pytest.mark.parametrize("hostile", [True, False])
def test_a_refusal_arrives_with_its_words(hostile: bool) -> None:  # noqa: FBT001
    content = archived({**parts(SIMPLE), "xl/vbaProject.bin": b"x"}) if hostile else b"PK"

    for call in (lambda: read(content), lambda: write(content, ANSWERS)):
        with pytest.raises(SheetRefused) as caught:
            call()
        assert caught.value.is_hostile is hostile
        assert caught.value.message == (
            "the workbook holds macros or controls" if hostile else "the workbook cannot be unpacked"
        )


def test_what_takes_too_much_is_refused_as_hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "run", partial(confined.run, seconds=0.001))

    with pytest.raises(SheetRefused, match="takes too much") as caught:
        read(SIMPLE)
    assert caught.value.is_hostile


def test_attributes_without_end_are_refused_within_the_limits() -> None:
    content = sheet_of(b"<row " + b" ".join(b'a%d="1"' % n for n in range(480_000)) + b"/>")
    began = time.monotonic()

    with pytest.raises(SheetRefused):
        read(content)

    assert time.monotonic() - began < 4
