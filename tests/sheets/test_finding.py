"""Which cells of a sheet ask something: a row is a sheet."""

import pytest

from remit.sheets.finding import Column, asking, longest


def texts(*rows: str) -> dict[tuple[int, int], str]:
    """Return the texts of a sheet whose cells are separated by bars."""
    return {
        (row, column): cell.strip()
        for row, line in enumerate(rows, 1)
        for column, cell in enumerate(line.split("|"), 1)
        if cell.strip()
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["ID | Question | Answer", "1 | Who patches? | ", "2 | Explain backups | "], Column(1, 2, (2, 3))),
        (["Acme questionnaire", "", "Question ID | Question text", "Q1 | Who patches?"], Column(3, 2, (4,))),
        (["Control domain | Control ID | Control", "A | A.1 | Doors are locked"], Column(1, 3, (2,))),
        (["Control | Question", "Doors | Who locks?"], Column(1, 2, (2,))),
        (["Requirement | Query", "Doors | Who locks?"], Column(1, 2, (2,))),
        (["Question # | Questions", "1 | Who locks?"], Column(1, 2, (2,))),
        (["Question | Question", "Who locks? | Who else?"], Column(1, 1, (2,))),
        (["QUERIES", "Who locks?", "", "Doors"], Column(1, 1, (2, 4))),
        (["Who answers the question? | b", "Who locks? | c"], Column(None, 1, (1, 2))),  # not a heading: it asks
        (["Instructions | Who locks?", "More | Who patches?", "Ready? | no"], Column(None, 2, (1, 2))),
        (["Who locks? | Who patches?"], Column(None, 1, (1,))),
        (["Questions"], None),  # and nothing below
        (["We lock doors", "We patch hosts"], None),
        ([""], None),
    ],
)
def test_a_sheet_asks_in_one_column(rows: list[str], expected: Column | None) -> None:
    assert asking(texts(*rows)) == expected


def test_a_heading_stands_within_the_first_thirty_rows() -> None:
    at_30 = texts(*[""] * 29, "Question", "Doors")
    at_31 = texts(*[""] * 30, "Question", "Doors")

    assert asking(at_30) == Column(30, 1, (31,))
    assert asking(at_31) is None


@pytest.mark.parametrize(("length", "is_heading"), [(60, True), (61, False)])
def test_a_heading_is_short(length: int, is_heading: bool) -> None:  # noqa: FBT001
    heading = f"{'x' * (length - 9)} question"

    assert (asking(texts(heading, "Doors")) is not None) is is_heading


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["A.1 | State who locks the doors", "A.2 | State who patches the hosts"], Column(None, 2, (1, 2))),
        (["Area | Statement", "A.1 | State who locks the doors"], Column(None, 2, (2,))),  # a word alone asks nothing
        (["aaa bbb ccc | aaa bbb ccc"], Column(None, 1, (1,))),
        (["Yes | No"], None),
        (["Lock doors"], Column(None, 1, (1,))),
        ([""], None),
    ],
)
def test_else_the_column_with_the_longest_text_asks(rows: list[str], expected: Column | None) -> None:
    assert longest(texts(*rows)) == expected
