"""`remit compliance library`: list, show, search, tenant."""

import json
from pathlib import Path
from typing import Any

import pytest

from remit.cli import main
from remit.compliance.library import ContentMistake


def said(capsys: Any, *arguments: str, status: int = 0) -> str:
    assert main(["compliance", "library", *arguments]) == status
    captured = capsys.readouterr()
    return str(captured.out if status == 0 else captured.err)


def test_the_list_names_every_document(capsys: Any) -> None:
    listed = json.loads(said(capsys, "list", "--json"))

    assert [one["id"] for one in listed] == [f"P{n}" for n in range(1, 13)] + [f"S{n}" for n in range(1, 13)]
    assert said(capsys, "list").count("\n") == len(listed) + 1


def test_a_document_is_shown_as_text_as_json_and_as_a_page(capsys: Any, tmp_path: Path) -> None:
    file = tmp_path / "p1.html"

    assert said(capsys, "show", "p1").startswith("Paper P1, version 1.0\nAnswers to key compliance questions\n")
    assert json.loads(said(capsys, "show", "P1", "--json"))["reviewed_on"] == "2026-11-29"
    assert said(capsys, "show", "P1", "--html", str(file)) == f"wrote {file}\n"
    assert file.read_text().startswith("<!DOCTYPE html>")


def test_a_search_gives_excerpts_with_citations(capsys: Any) -> None:
    (hit,) = json.loads(said(capsys, "search", "adverse", "disclaimer", "--limit", "1", "--json"))

    assert (hit["citation"]["id"], hit["citation"]["version"]) == ("P5", "1.0")
    assert said(capsys, "search", "adverse", "disclaimer").startswith(
        "P5 1.0, Reading a SOC 2 report, “Section 1: the opinion”\n  "
    )


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("show", "P99"), 2, "no document `P99`"),
        (("tenant", "P1"), 2, "`P1` is a paper"),
        (("tenant", "nobody"), 2, "no document `nobody`"),
        (("search", "qqqqzzzz"), 1, "nothing found for `qqqqzzzz`"),
        (("show", "P1", "--html", "/nowhere/p1.html"), 3, "cannot write /nowhere/p1.html"),
    ],
)
def test_what_cannot_be_done_is_said(capsys: Any, arguments: tuple[str, ...], status: int, message: str) -> None:
    assert message in said(capsys, *arguments, status=status)


def test_a_mistake_in_the_library_is_told_and_not_a_stack_trace(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> Any:
        raise ContentMistake("p.md", 7, "`SR-Q1` is no row", "name a row")

    monkeypatch.setattr("remit.cli.compliance_library.shelf", broken)

    assert "p.md:7: `SR-Q1` is no row; name a row" in said(capsys, "list", status=3)


@pytest.mark.parametrize("name", ["document", "checklist"])
def test_the_forms_of_content_files_have_a_schema(capsys: Any, name: str) -> None:
    assert main(["schema", name, "--json"]) == 0

    assert "$defs" in json.loads(capsys.readouterr().out)
