"""The library is whole, and what does not fit together is told."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from remit.compliance.library import ContentMistake, shelf
from remit.compliance.library.shelf import FOLDER

TODAY = date(2026, 11, 29)
WHOLE = shelf(today=TODAY)


def copied(folder: Path) -> Path:
    shutil.copytree(FOLDER, folder / "library", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder / "library"


def _same_id(folder: Path) -> None:
    paper = folder / "papers" / "P3-auditing-checklist.md"
    (folder / "papers" / "copy.md").write_text(paper.read_text())


def _no_part_four(folder: Path) -> None:
    (folder / "checklist" / "4-access.yaml").unlink()


def _a_story_among_papers(folder: Path) -> None:
    paper = folder / "papers" / "P3-auditing-checklist.md"
    paper.write_text(paper.read_text().replace("id: P3", "id: S3"))


def _no_text(folder: Path) -> None:
    (folder / "papers" / "P3-auditing-checklist.md").write_bytes(b"---\n\xff")


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (_same_id, "`P3` is the id of .* as well"),
        (_no_part_four, "parts 1, 2, 3, 5, 6, 7, 8, 9"),
        (_a_story_among_papers, "`S3` among the papers"),
        (_no_text, "not UTF-8 at byte 4"),
    ],
)
def test_a_library_that_is_not_whole_is_refused(tmp_path: Path, harm: Callable[[Path], None], what: str) -> None:
    folder = copied(tmp_path)
    harm(folder)

    with pytest.raises(ContentMistake, match=what):
        shelf(folder, today=TODAY)


def test_documents_are_in_the_order_of_their_numbers() -> None:
    ids = list(WHOLE.documents)

    assert ids == sorted(ids, key=lambda one: (one[0], int(one[1:])))


def test_the_checklist_paper_names_every_check() -> None:
    paper = WHOLE.documents["P3"]

    assert len(paper.front.checks) >= 110
    assert all(f"check={check}}}}}" in paper.body for check in paper.front.checks)
