"""Inlines are answered in prose, and nothing of an answer is read as Markdown or HTML."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from remit.compliance.library.inlines import NOT_EVALUATED, Kind, asked, prose_lines, replaced


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_each_kind_is_answered_by_its_function() -> None:
    text = replaced(
        "A {{cell SR-S1.c}} b {{evidence check=iam.root.mfa}}.", lambda row: f"row {row}", lambda check: f"of {check}"
    )

    assert text == r"A \[**SR\-S1\.c**: row SR\-S1\.c\] b \[**iam\.root\.mfa**: of iam\.root\.mfa\]."


def test_without_a_scope_an_inline_says_so() -> None:
    assert NOT_EVALUATED.replace(":", r"\:") in replaced("{{cell SR-I1}}")


def test_code_is_left_alone() -> None:
    text = "```\n{{cell SR-I1}}\n```\n~~~~\n{{cell SR-I1}}\n~~~\n{{cell SR-I1}}\n~~~~"

    assert replaced(text, lambda _: "answered") == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cell SR-I1", Kind.CELL),
        ("cell SR-I1.a", Kind.CELL),
        ("cell SR-I1.b", None),
        ("cell  SR-I1", None),
        ("evidence check=iam.root.mfa", Kind.EVIDENCE),
        ("evidence check=root", None),
        ("evidence iam.root.mfa", None),
        ("", None),
    ],
)
def test_what_an_inline_may_say(text: str, kind: Kind | None) -> None:
    found = asked(text)

    assert (found and found[0]) is kind


@given(st.text())
def test_an_answer_is_shown_as_it_is(answer: str) -> None:
    shown = _Text()
    shown.feed(MarkdownIt("commonmark", {"html": False}).render(replaced("{{cell SR-I1}}", lambda _: answer)))

    assert shown.tags == {"p", "strong"}
    expected = " ".join(answer.replace("\0", "\ufffd").split())
    assert shown.text.strip() == f"[SR-I1: {expected}]"


@given(st.lists(st.sampled_from(["```", "````", "~~~", "text", "``` x", "    ```"])))
def test_lines_are_given_as_they_are(lines: list[str]) -> None:
    text = "\n".join(lines)

    assert "\n".join(line for _, line, _ in prose_lines(text)) == text
