"""Pages of HTML and text of every document: whole, without anything foreign, the same each time."""

from datetime import date
from itertools import pairwise

import pytest
from lxml import html

from remit.compliance.library import shelf
from remit.compliance.library.documents import Document, read_document
from remit.compliance.library.inlines import NOT_EVALUATED
from remit.compliance.library.plain import text
from remit.compliance.library.rendering import page

TODAY = date(2026, 11, 29)
SHELF = shelf(today=TODAY)
FRONT = """---
id: P1
title: "On <roots> & keys"
version: "2.3"
owner: Editors
reviewed_on: 2026-11-29
summary: What is below.
rows: [SR-I1]
checks: [iam.root.mfa]
sources:
  - {title: Guide <1>, publisher: AWS, dated: "2026"}
---
"""


def made(body: str) -> Document:
    return read_document("p.md", FRONT + body, today=TODAY, cells={"SR-I1"}, checks={"iam.root.mfa"})


@pytest.mark.parametrize("id_", list(SHELF.documents))
def test_a_page_stands_alone_and_its_links_lead_somewhere(id_: str) -> None:
    tree = html.fromstring(page(SHELF.documents[id_]))

    ids = [str(one) for one in tree.xpath("//@id")]
    assert len(ids) == len(set(ids))
    assert {str(one) for one in tree.xpath("//@href")} <= {f"#{one}" for one in ids}
    assert tree.xpath("//script|//img|//link|//*[@src]|//*[@style]") == []
    assert (tree.get("lang"), len(tree.xpath("//main")), len(tree.xpath("//h1"))) == ("en", 1, 1)
    assert len(tree.xpath("//th")) == len(tree.xpath("//th[@scope='col']"))


@pytest.mark.parametrize("id_", list(SHELF.documents))
def test_headings_of_a_page_leave_out_no_level(id_: str) -> None:
    levels = [int(str(one.tag)[1]) for one in html.fromstring(page(SHELF.documents[id_])).xpath("//h1|//h2|//h3|//h4")]

    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("id_", list(SHELF.documents))
def test_text_keeps_to_its_width_but_for_code(id_: str) -> None:
    lines = text(SHELF.documents[id_], width=72).splitlines()

    assert [line for line in lines if len(line) > 72 and not line.startswith("    ")] == []
    assert not any("{{" in line for line in lines)


def test_inlines_are_answered_on_the_page_and_in_the_text() -> None:
    document = made("One [1]: {{cell SR-I1}} and {{evidence check=iam.root.mfa}}.\n")

    written = page(document, lambda row: f"<MET> for {row}", lambda check: f"**PASS** of {check}")
    assert "<strong>SR-I1</strong>: &lt;MET&gt; for SR-I1" in written
    assert "**PASS** of iam.root.mfa" in written
    assert "SR-I1: <MET> for SR-I1" in text(document, lambda row: f"<MET> for {row}")
    assert NOT_EVALUATED in page(document)
    assert NOT_EVALUATED in text(document)


def test_what_a_document_says_is_escaped() -> None:
    written = page(made("One [1] <b>bold</b>.\n"))

    assert "<title>P1 On &lt;roots&gt; &amp; keys</title>" in written
    assert "&lt;b&gt;bold&lt;/b&gt;" in written
    assert "Guide &lt;1&gt;. AWS, 2026." in written


def test_a_citation_leads_to_its_source() -> None:
    tree = html.fromstring(page(made("One [1].\n\n## Source 1\n\n## Text\n\n## Text\n")))

    assert [one.text for one in tree.xpath("//main//a[@href='#source-1']")] == ["[1]"]
    assert tree.get_element_by_id("source-1").tag == "li"
    assert [one.text for one in tree.xpath("//nav//a")] == ["Source 1", "Text", "Text"]


def test_text_has_tables_lists_and_code_in_columns() -> None:
    table = "| a | long heading |\n| --- | --- |\n| `x` | y |\n"
    body = f"One [1].\n\n{table}\n3. three\n4. four\n   - five\n\n```\ncode\n```\n"

    written = text(made(body), width=30)

    assert "a    long heading\n---  ------------\n`x`  y\n" in written
    assert "3. three\n4. four\n   - five\n" in written
    assert "\n    code\n" in written


def test_a_wide_table_is_wrapped_within_its_columns() -> None:
    body = "One [1].\n\n| a | b |\n| --- | --- |\n| x | one two three four five six seven |\n"

    written = text(made(body), width=20)

    assert "x  one two three\n   four five six\n   seven\n" in written


def test_the_same_document_is_the_same_page() -> None:
    assert page(SHELF.documents["P4"]) == page(shelf(today=TODAY).documents["P4"])
