"""A document keeps the rules, or the mistake is told with its line."""

from datetime import date
from pathlib import Path

import pytest

from remit.compliance.library.documents import Document, read_document
from remit.content_files import ContentMistake, read_text

TODAY = date(2026, 11, 29)
CELLS = {"SR-I1", "SR-I1.c", "SR-S1", "SR-S1.a", "SR-S1.c"}
FRONT = """id: P1
title: On roots
version: "1.0"
owner: Editors
reviewed_on: 2026-11-29
summary: What is below.
rows: [SR-I1]
checks: [iam.root.mfa]
sources:
  - {title: Guide, publisher: AWS, dated: "2026"}
"""
BODY = """
A sentence [1]. {{cell SR-I1}}

## A heading

{{evidence check=iam.root.mfa}}
"""


def read(front: str = FRONT, body: str = BODY) -> Document:
    return read_document(
        "p.md", f"---\n{front}---\n{body}", today=TODAY, cells=CELLS, checks={"iam.root.mfa", "iam.root.keys"}
    )


def test_a_document_is_read_in_sections() -> None:
    document = read()

    assert (document.id, document.is_story, document.front.reviewed_on) == ("P1", False, TODAY)
    assert [(one.level, one.heading) for one in document.sections()] == [(1, "On roots"), (2, "A heading")]
    assert [one.text for one in document.sections()][1] == "{{evidence check=iam.root.mfa}}"


def test_what_stands_in_a_block_of_code_is_no_heading_inline_or_citation() -> None:
    document = read(body=BODY + "\n```\n# not one {{nonsense}} [9]\n```\n")

    assert [one.heading for one in document.sections()] == ["On roots", "A heading"]


MISTAKES = {
    "no front matter": ("text", None, 1, "no front matter"),
    "an unknown row": (FRONT.replace("[SR-I1]", "[SR-I1, SR-I8]"), BODY, 8, "unknown: `SR-I8`"),
    "a row twice": (FRONT.replace("[SR-I1]", "[SR-I1, SR-I1]"), BODY, 8, "`SR-I1` is there twice"),
    "an unknown check": (FRONT.replace("root.mfa", "root.x"), BODY, 9, "unknown: `iam.root.x`"),
    "the day after today": (FRONT.replace("11-29", "11-30"), BODY, 6, "which is after today"),
    "no date": (FRONT.replace("2026-11-29", "soon"), BODY, 6, "Invalid RFC3339 encoded date"),
    "a missing member": (FRONT.replace("owner: Editors\n", ""), BODY, 2, "missing required field `owner`"),
    "a member too many": (FRONT + "colour: red\n", BODY, 2, "unknown field `colour`"),
    "no YAML": (FRONT + "x: [\n", BODY, 12, "expected the node content"),
    "a member twice": (FRONT + "owner: Others\n", BODY, 2, "a key is there twice"),
    "a version without quotes": (FRONT.replace('"1.0"', "1.0"), BODY, 4, "Expected `str`"),
    "an unknown inline": (FRONT, BODY + "{{status SR-I1}}", 19, "unknown inline `status SR-I1`"),
    "an inline within code": (FRONT, BODY + "So `x` and `{{cell SR-I1}}`.", 19, "within code"),
    "an inline that does not end": (FRONT, BODY + "{{cell SR-I1", 19, "braces that are no inline"),
    "an inline of an unknown row": (FRONT, BODY + "{{cell SR-Q1}}", 19, "unknown row or half `SR-Q1`"),
    "an inline of an unknown half": (FRONT, BODY + "{{cell SR-I1.a}}", 19, "unknown row or half `SR-I1.a`"),
    "an inline of a row not listed": (FRONT, BODY + "{{cell SR-S1.c}}", 19, "`SR-S1` is not among"),
    "an inline of a check not listed": (FRONT, BODY + "{{evidence check=iam.root.keys}}", 19, "is not among"),
    "a citation of nothing": (FRONT, BODY + "So [2].", 19, "source [2] is cited and not there"),
    "a source that nothing cites": (FRONT, BODY.replace("[1]", ""), 1, "source [1], `Guide`, is not cited"),
    "a second title": (FRONT, BODY + "# Title", 19, "a heading of level 1"),
}


@pytest.mark.parametrize(("front", "body", "line", "what"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_told_with_file_line_and_remedy(front: str, body: str | None, line: int, what: str) -> None:
    text = front if body is None else f"---\n{front}---\n{body}"

    with pytest.raises(ContentMistake) as caught:
        read_document("p.md", text, today=TODAY, cells=CELLS, checks={"iam.root.mfa", "iam.root.keys"})

    assert (caught.value.file, caught.value.line) == ("p.md", line)
    assert what in caught.value.what
    assert str(caught.value) == f"p.md:{line}: {caught.value.what}; {caught.value.remedy}"


def test_front_matter_has_to_end() -> None:
    with pytest.raises(ContentMistake, match="does not end"):
        read_document("p.md", f"---\n{FRONT}", today=TODAY, cells=CELLS, checks=())


def test_a_file_of_another_editor_is_read_the_same(tmp_path: Path) -> None:
    text = f"---\n{FRONT}---\n{BODY}"
    plain, other = tmp_path / "plain.md", tmp_path / "other.md"
    plain.write_text(text)
    other.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert read_text(other) == read_text(plain) == text
