"""An inquiry is processed: questions read and answered, answers written into the file."""

import csv
import io

import pytest
from directory.artifact.library import LIBRARY
from directory.artifact.questions import ANSWERED
from sheets.workbooks import SIMPLE, archived, opened, parts

from remit import sheets
from remit.confined import Crashed
from remit.directory.artifact.inquiries import InquiryMessage
from remit.directory.artifact.processing import Processed, exported, format_of, process_file, process_text
from remit.directory.artifact.queries import QueryMessage, QueryStatus, decoded, encoded
from remit.directory.artifact.reviews import Version
from remit.sheets import Format, Place

CSV = b"Question\r\nWho patches the hypervisor?\r\nWho is the chief executive officer?\r\n???\r\n"


def processed(content: bytes) -> Processed:
    return process_file(content, [], lambda: LIBRARY)


def test_each_question_becomes_a_query() -> None:
    queries = processed(CSV).queries

    assert [(one.identifier, one.place, one.status, one.message) for one in queries] == [
        (1, Place("", 2, 1), QueryStatus.COMPLETED, QueryMessage.COMPLETED),
        (2, Place("", 3, 1), QueryStatus.PROCESSING, QueryMessage.FOR_A_PERSON),
        (3, Place("", 4, 1), QueryStatus.FAILED, QueryMessage.UNSUPPORTED),
    ]
    assert [one.is_for_a_person for one in queries] == [False, True, False]
    assert queries[0].citations[0].label == "Shared responsibility model SR-A5"
    assert (queries[1].response, queries[1].citations) == ("", ())
    assert decoded(encoded(queries)) == queries


def test_a_text_is_one_query() -> None:
    (query,) = process_text(ANSWERED[0][0], LIBRARY).queries

    assert (query.identifier, query.place, query.status) == (1, None, QueryStatus.COMPLETED)


@pytest.mark.parametrize(("length", "status"), [(2_048, QueryStatus.PROCESSING), (2_049, QueryStatus.FAILED)])
def test_a_question_is_as_long_as_the_model_allows(length: int, status: QueryStatus) -> None:
    (query,) = process_text("x" * length, LIBRARY).queries

    assert (query.status, len(query.text)) == (status, 2_048)


def test_a_hostile_file_fails_and_nothing_is_looked_up() -> None:
    content = archived({**parts(SIMPLE), "xl/vbaProject.bin": b"x"})

    def never() -> None:
        raise AssertionError

    assert process_file(content, [], never) == Processed(failed=InquiryMessage.MALWARE)  # type: ignore[arg-type]


def test_a_file_that_cannot_be_read_is_refused() -> None:
    assert processed(b"Question\n") == Processed(refused="the file asks nothing")


def test_a_reader_that_crashes_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise Crashed("signal 11")

    monkeypatch.setattr(sheets, "read", crash)

    assert processed(CSV) == Processed(failed=InquiryMessage.ERROR)


def test_a_file_is_exported_with_its_answers(at: Version) -> None:
    queries = processed(SIMPLE).queries

    sheet = opened(exported(queries, {2: (at,)}, SIMPLE, with_citations=True), "Security")

    rows = [[cell.value for cell in row][2:] for row in sheet.iter_rows()]
    assert rows[0] == ["Response", "Status", "Citations"]
    assert rows[1][1:] == ["COMPLETED", "[1] Shared responsibility model SR-A5 remit:shared-responsibility-model#SR-A5"]
    assert rows[2] == ["Ana does.", "COMPLETED", None]
    assert format_of(SIMPLE) is Format.XLSX


@pytest.mark.parametrize("with_citations", [True, False])
def test_a_text_is_exported_as_a_table(with_citations: bool) -> None:  # noqa: FBT001
    queries = process_text("=Who patches the hypervisor?", LIBRARY).queries

    rows = list(csv.reader(io.StringIO(exported(queries, {}, None, with_citations=with_citations).decode())))

    assert [len(row) for row in rows] == [4 if with_citations else 3] * 2
    assert rows[1][0] == "'=Who patches the hypervisor?"
    assert format_of(None) is Format.CSV


@pytest.fixture
def at() -> Version:
    from directory.conftest import AT

    return Version("Ana does.", AT)
