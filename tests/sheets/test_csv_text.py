"""Comma-separated values: questions found, answers put beside them, formulas disarmed."""

import pytest

from remit.sheets import Answer, Format, Place, SheetRefused, table
from remit.sheets.files import read, write

SIMPLE = b'ID,Question\r\n1,Who patches?\r\n2,"Who, if anybody, trains?"\r\n'
ANSWERED = Answer("We do.", "COMPLETED", ("SOC 2, page 3",))


def asked(content: bytes) -> list[tuple[int, int, str]]:
    found = read(content)
    assert found.format is Format.CSV
    assert {question.place.section for question in found.questions} == {""}
    return [(q.place.row, q.place.column, q.text) for q in found.questions]


@pytest.mark.parametrize(
    "content",
    [
        SIMPLE,
        SIMPLE.replace(b"\r\n", b"\n"),
        b"\xef\xbb\xbf" + SIMPLE,
        SIMPLE.replace(b",Q", b";Q").replace(b"1,", b"1;").replace(b"2,", b"2;"),
        SIMPLE.replace(b",Q", b"\tQ").replace(b"1,", b"1\t").replace(b"2,", b"2\t"),
        SIMPLE.rstrip(),
    ],
    ids=["crlf", "lf", "mark", "semicolons", "tabs", "no last line"],
)
def test_the_questions_of_a_file(content: bytes) -> None:
    assert asked(content) == [(2, 2, "Who patches?"), (3, 2, "Who, if anybody, trains?")]


def test_lines_of_text_are_questions_too() -> None:
    assert asked("Wer härtet die Server?\nWho patches?\nthanks\n".encode()) == [
        (1, 1, "Wer härtet die Server?"),
        (2, 1, "Who patches?"),
    ]
    assert asked(b"State how you lock doors\nState who patches hosts\nor\n") == [
        (1, 1, "State how you lock doors"),
        (2, 1, "State who patches hosts"),
    ]


def test_answers_stand_beside_their_questions() -> None:
    assert write(SIMPLE, {Place("", 3, 2): ANSWERED}) == (
        b"ID,Question,Response,Status,Citations\r\n1,Who patches?\r\n"
        b'2,"Who, if anybody, trains?",We do.,COMPLETED,"SOC 2, page 3"\r\n'
    )


def test_the_form_of_the_file_stays() -> None:
    content = b"\xef\xbb\xbfQuestion;Note;\nWho?;;\nWhy?;later;x\n"

    written = write(content, {Place("", 2, 1): Answer("We.", "COMPLETED"), Place("", 3, 1): Answer("So.", "FAILED")})

    assert written == (b"\xef\xbb\xbfQuestion;Note;;Response;Status\nWho?;;;We.;COMPLETED\nWhy?;later;x;So.;FAILED\n")
    assert asked(written) == asked(content)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1+1", "' =1+1"),
        ("\t=1", "'\t=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("-5", "-5"),
        ("+1.5%", "+1.5%"),
        ("-", "-"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_nothing_leaves_that_is_taken_for_a_formula(cell: str, written: str) -> None:
    assert table([[cell, "x"]]) == f"{written},x\r\n".encode()
    content = table([["Question"], ["Who?"]])
    answered = write(content, {Place("", 2, 1): Answer(cell, "x")}).decode().splitlines()[1]
    assert answered.startswith(f"Who?,{written}")


def test_formulas_of_the_file_are_disarmed_too() -> None:
    content = b'Question,Sum\nWho?,=1+1\n"=HYPERLINK(""http://x.example"")",\n'

    assert write(content, {}) == b'Question,Sum\nWho?,\'=1+1\n"\'=HYPERLINK(""http://x.example"")",\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (SIMPLE.decode().encode("utf-16"), "nor text in UTF-8"),
        ("Qüestion\nWho?\n".encode("latin-1"), "nor text in UTF-8"),
        (b"\x00\x01\x02", "nor text in UTF-8"),
        (b"%PDF-1.7\x00", "nor text in UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "an old or an encrypted workbook"),
        (b'Question\n"Who?', "not well-formed"),
        (b'Question\n"Who" we?', "not well-formed"),
        (b'Question\n"' + b"x" * 200_000 + b'"', "not well-formed"),
        (b"", "asks nothing"),
        (b"\n\n", "asks nothing"),
        (b"1,2,3\n4,5,6\n", "asks nothing"),
        (b"Question\n", "asks nothing"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(SheetRefused, match=message) as caught:
        read(content)
    assert not caught.value.is_hostile


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x\n" * 50_001, "50000 lines"),
        (b"\r" * 50_001, "50000 lines"),
        (b"," * 400_001, "too large"),
        (b"," * 1_001, "1000 columns"),
    ],
)
def test_a_file_of_giant_dimensions_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(SheetRefused, match=message) as caught:
        read(content)
    assert caught.value.is_hostile


def test_two_thousand_questions_and_no_more() -> None:
    assert len(read(b"Who?\n" * 2_000).questions) == 2_000
    with pytest.raises(SheetRefused, match="more than 2000 questions"):
        read(b"Who?\n" * 2_001)


def test_four_megabytes_and_no_more() -> None:
    most = b"Who?" + b" " * 123 + b"\n" + (b" " * 127 + b"\n") * 32_767
    assert len(most) == 4 * 1024**2

    assert asked(most) == [(1, 1, "Who?")]
    with pytest.raises(SheetRefused, match="larger than 4 MB"):
        read(most + b" ")


def test_a_file_that_is_no_workbook_is_one_sheet_whatever_it_is_called() -> None:
    assert read(SIMPLE, ["Security", "Privacy"]) == read(SIMPLE)
