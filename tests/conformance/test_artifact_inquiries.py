"""Compliance inquiries through an unchanged boto3, from a questionnaire to the file that is handed in."""

import csv
import io
import json
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from serving import BIN, CLEAN, Served, served
from sheets.workbooks import SIMPLE, archived, opened, parts, sheet_of, workbook

pytestmark = pytest.mark.conformance
Refused = Callable[..., dict[str, Any]]
PATCHES = "Who patches the guest operating system on EC2 instances?"
UNKNOWN = "Which antivirus vendor protects laptops?"
SAID = "The customer patches the guest operating system and the software on its EC2 instances. [1]"
SOURCE = "[1] Shared responsibility model SR-C5 remit:shared-responsibility-model#SR-C5"


def create(client: Any, content: bytes, **more: Any) -> str:
    asked = client.create_compliance_inquiry(
        name="Vendor review", inquiryContent={"fileContent": {"content": content, **more}}
    )
    id_: str = asked["complianceInquirySummary"]["id"]
    return id_


def status(client: Any, id_: str) -> tuple[str, str]:
    found = client.get_compliance_inquiry_metadata(complianceInquiryId=id_)["complianceInquiryDetail"]
    return found["status"], found["statusMessage"]


def exported(client: Any, id_: str, **more: Any) -> bytes:
    link = client.export_compliance_inquiry(complianceInquiryId=id_, **more)["documentPresignedUrl"]
    with urllib.request.urlopen(link) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        content: bytes = answer.read()
        return content


def test_a_questionnaire_comes_back_answered(server: Served) -> None:
    artifact = server.client("artifact")
    sheet = [["ID", "Question", None], ["A.1", PATCHES, "old note"], ["A.2", UNKNOWN]]
    id_ = create(artifact, workbook({"Security": sheet, "Notes": [["Thanks"]]}))

    answered = opened(exported(artifact, id_, includeCitations=True), "Security")

    assert [[cell.value for cell in row] for row in answered.iter_rows()] == [
        ["ID", "Question", None, "Response", "Status", "Citations"],
        ["A.1", PATCHES, "old note", SAID, "COMPLETED", SOURCE],
        ["A.2", UNKNOWN, None, None, "PROCESSING", None],
    ]
    bare = opened(exported(artifact, id_, queryIdentifiers=[1]), "Security")
    assert [[cell.value for cell in row][3:] for row in bare.iter_rows()] == [
        ["Response", "Status"],
        [SAID, "COMPLETED"],
        [None, None],
    ]


def test_a_question_in_text_is_exported_as_a_table(server: Served) -> None:
    artifact = server.client("artifact")
    asked = artifact.create_compliance_inquiry(name="x", inquiryContent={"query": PATCHES})
    id_ = asked["complianceInquirySummary"]["id"]

    rows = list(csv.reader(io.StringIO(exported(artifact, id_, includeCitations=True).decode())))

    assert rows == [["Question", "Response", "Status", "Citations"], [PATCHES, SAID, "COMPLETED", SOURCE]]


def test_a_csv_file_stays_one(server: Served) -> None:
    artifact = server.client("artifact")
    id_ = create(artifact, f"Question;Owner\n{PATCHES};=1+1\n".encode())

    assert exported(artifact, id_) == f"Question;Owner;Response;Status\n{PATCHES};'=1+1;{SAID};COMPLETED\n".encode()


def test_a_link_is_good_for_what_it_is(server: Served) -> None:
    artifact = server.client("artifact")
    id_ = create(artifact, SIMPLE)
    link: str = artifact.export_compliance_inquiry(complianceInquiryId=id_)["documentPresignedUrl"]

    for altered in (link.replace("Expires=1", "Expires=2"), link[:-3] + "AAA", link.replace(id_, id_[::-1])):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(altered)
        assert caught.value.code == 403
        caught.value.close()


@pytest.mark.parametrize(
    "content",
    [
        archived({**parts(SIMPLE), "xl/vbaProject.bin": b"x"}),
        archived({**parts(SIMPLE), "../../evil.xml": b"<x/>"}),
        archived({**parts(SIMPLE), "xl/media/image1.png": b"\0" * 30_000_000}),
        sheet_of(b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 200_000))),
        archived({**parts(SIMPLE), "xl/sharedStrings.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><sst/>'}),
    ],
    ids=["macros", "path names", "bomb", "rows", "entities"],
)
def test_a_hostile_workbook_fails_within_two_seconds(server: Served, content: bytes) -> None:
    artifact = server.client("artifact")
    began = time.monotonic()

    id_ = create(artifact, content)

    assert time.monotonic() - began < 5  # two for the file, and those that the machine takes
    assert status(artifact, id_) == ("FAILED", "Malware was detected on the file. Provide a new file and try again.")


def test_formulas_do_not_come_back(server: Served) -> None:
    artifact = server.client("artifact")
    sheet = [["Question", "Sum"], [PATCHES, "=1+1"], ['=HYPERLINK("http://x.example")', None]]
    id_ = create(artifact, workbook({"A": sheet}))

    content = exported(artifact, id_)

    assert not [name for name, part in parts(content).items() if b"<f>" in part]
    assert opened(content, "A")["B2"].value == "=1+1"
    assert opened(content, "A")["B2"].data_type == "s"


def test_other_calls_go_on_while_a_questionnaire_is_answered(server: Served) -> None:
    artifact = server.client("artifact")
    rows = [["Question"], *([f"Who patches the hypervisor of host {number} and when?"] for number in range(1_500))]
    content = workbook({"A": rows})
    thread = threading.Thread(target=create, args=(artifact, content))
    iam, slowest = server.client("iam"), 0.0

    thread.start()
    while thread.is_alive():
        began = time.monotonic()
        iam.list_users()
        slowest = max(slowest, time.monotonic() - began)
    thread.join()

    assert slowest < 1


def remit(*arguments: str, data: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [BIN / "remit", "artifact", *arguments, "--data", str(data)],
        env=CLEAN,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_person_answers_on_the_command_line(tmp_path: Path, refused: Refused) -> None:
    with served("--data", str(tmp_path)) as server:
        artifact = server.client("artifact")
        id_ = create(artifact, f"Question\n{PATCHES}\n{UNKNOWN}\n".encode())
        assert status(artifact, id_) == ("HUMAN_REVIEW", "Human review is in progress.")
        refused(
            lambda: artifact.put_compliance_inquiry_feedback(
                complianceInquiryId=id_, queryIdentifier=2, rating="THUMBS_UP"
            ),
            "ConflictException",
            409,
        )

        assert id_ in remit("inquiries", "list", data=tmp_path).stdout
        assert UNKNOWN in remit("inquiries", "show", id_, "--waiting", data=tmp_path).stdout
        done = remit("inquiries", "answer", id_, "2", "Ana Ito.", data=tmp_path)

        assert (done.returncode, done.stdout) == (0, "Answered. The inquiry is completed.\n"), done.stderr
        assert status(artifact, id_) == ("COMPLETED", "Compliance inquiry processing is complete.")
        query = artifact.list_compliance_inquiry_queries(complianceInquiryId=id_)["queries"][1]
        assert (query["response"], query["reviewType"]) == ("Ana Ito.", "HUMAN")
        assert b"Ana Ito." in exported(artifact, id_)
        assert artifact.put_compliance_inquiry_feedback(
            complianceInquiryId=id_, queryIdentifier=2, rating="THUMBS_UP", responseRevisionId=1
        )["submittedAt"]
        assert id_ not in remit("inquiries", "list", data=tmp_path).stdout
        assert id_ in remit("inquiries", "list", "--all", data=tmp_path).stdout
        for arguments in (("answer", id_, "3", "x"), ("answer", id_, "1", "<b>"), ("show", "compliance-inquiry-x")):
            assert remit("inquiries", *arguments, data=tmp_path).returncode == 1


def test_questions_are_asked_on_the_command_line(tmp_path: Path) -> None:
    data, sheet, answered = tmp_path / "data", tmp_path / "sheet.xlsx", tmp_path / "answered.xlsx"
    sheet.write_bytes(workbook({"One": [["Question"], [PATCHES], [UNKNOWN]], "Two": [["Question"], ["Who?"]]}))

    with served("--data", str(data)):
        one = remit("ask", PATCHES, data=data)
        assert one.returncode == 0, one.stderr
        assert one.stdout.splitlines()[:2] == [
            SAID,
            "  [1] Shared responsibility model SR-C5: remit:shared-responsibility-model#SR-C5",
        ]
        assert remit("ask", UNKNOWN, data=data).stdout.startswith("Query is pending human review.\n")

        many = json.loads(remit("ask", "--file", str(sheet), "--section", "One", "--json", data=data).stdout)
        assert [query["query"] for query in many["queries"]] == [PATCHES, UNKNOWN]
        told = remit("ask", "--file", str(sheet), data=data).stdout
        assert told.startswith("1 of 3 questions are answered. Human review is in progress.\nInquiry ")

        done = remit("export", many["inquiry"], "-o", str(answered), "--citations", data=data)
        assert done.returncode == 0, done.stderr
        assert opened(answered.read_bytes(), "One")["B2"].value == SAID
        assert remit("export", many["inquiry"], "-o", str(answered), data=data).returncode == 1  # it is there

        sheet.write_bytes(archived({**parts(SIMPLE), "xl/vbaProject.bin": b"x"}))
        hostile = remit("ask", "--file", str(sheet), data=data)
        assert (hostile.returncode, "Malware was detected" in hostile.stderr) == (1, True)
        sheet.write_bytes(b"Question\n")
        assert "The file asks nothing." in remit("ask", "--file", str(sheet), data=data).stderr
        for arguments in ((), (PATCHES, "--file", str(sheet))):
            assert remit("ask", *arguments, data=data).returncode == 2


def test_the_page_about_it_runs_as_it_is_printed(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "artifact-inquiries.md").read_text()
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    sheets = {"Security": [["Question"], [PATCHES]], "Privacy": [["Question"], [UNKNOWN]], "Other": [["Who?"]]}
    (tmp_path / "questionnaire.xlsx").write_bytes(workbook(sheets))
    monkeypatch.chdir(tmp_path)

    exec(code, {"boto3": SimpleNamespace(client=server.client)})  # noqa: S102  # our own page

    printed = capsys.readouterr().out
    assert f"{PATCHES} {SAID} ['Shared responsibility model SR-C5']" in printed
    assert f"{UNKNOWN} None []" in printed
    assert "Who?" not in printed
