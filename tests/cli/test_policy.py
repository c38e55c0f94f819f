"""`remit policy`: files checked, tested, timed and printed, without a server."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from remit.cli import main
from remit.cli.cases import BACKENDS, CasesUnreadable, read_cases
from remit.cli.cases.documents import check, guess
from remit.policy import PolicyType

CASES = Path(__file__).parents[1] / "cases" / "policy"
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
ANA = {"type": "user", "arn": "arn:aws:iam::111122223333:user/ana", "account": "111122223333", "id": "AIDAANA"}


def decide(id_: str = "d-1", decision: str = "allow", causes: list[str] | None = None, **more: Any) -> dict[str, Any]:
    request = {
        "principal": ANA,
        "action": "s3:GetObject",
        "resource": {"arn": "arn:aws:s3:::b/k", "account": "111122223333"},
        "context": {},
    }
    return {
        "id": id_,
        "kind": "decide",
        "title": "a title",
        "confidence": "documented",
        "request": request,
        "policies": {"identity": [ALLOW]},
        "expect": {"decision": decision, "causes": causes or []},
        **more,
    }


VALIDATE = {
    "id": "v-1",
    "kind": "validate",
    "confidence": "observed",
    "document_text": json.dumps(ALLOW),
    "policy_type": "identity",
    "expect": {"valid": True},
}
MESSAGE = {
    "id": "m-1",
    "kind": "message",
    "confidence": "documented",
    "principal_arn": ANA["arn"],
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::b/k",
    "cause": "identity",
    "explicit": False,
    "expect": {
        "message": f"User: {ANA['arn']} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k"
        " because no identity-based policy allows the s3:GetObject action"
    },
}
CONTEXT = {
    "id": "c-1",
    "kind": "context",
    "confidence": "ruling",
    "principal": ANA,
    "facts": {"source_ip": "203.0.113.7", "request_tags": {"a": "b"}},
    "expect": {"present": {"aws:username": "ana", "aws:TagKeys": ["a"]}, "absent": ["aws:SourceVpce"]},
}


def changed(case: dict[str, Any], **expect: Any) -> dict[str, Any]:
    return {**case, "id": f"{case['id']}-wrong", "expect": {**case["expect"], **expect}}


@pytest.fixture
def write(tmp_path: Path):
    def write_cases(*cases: dict[str, Any], name: str = "cases.json", **head: Any) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"format": 1, "group": "g", "cases": list(cases), **head}))
        return path

    return write_cases


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path, status: int = 0) -> str:
    assert main(["policy", *map(str, arguments)]) == status
    return capsys.readouterr().out


@pytest.mark.parametrize("command", ["test", "bench", "check", "fmt"])
def test_the_help_begins_with_an_example(capsys, command):
    found = said(capsys, command, "--help")

    assert found.startswith(f"Example: remit policy {command} ")
    assert "--json" in found


# -- test


def test_cases_of_every_kind_pass_and_are_counted_once(capsys, write):
    path = write(decide(), VALIDATE, MESSAGE, CONTEXT)

    assert said(capsys, "test", path).splitlines() == [
        "documented: 2 passed, 0 failed",
        "observed: 1 passed, 0 failed",
        "ruling: 1 passed, 0 failed",
        "4 passed, 0 failed",
    ]


@pytest.mark.parametrize(
    ("case", "lines"),
    [
        (
            decide("d-1-wrong", "explicit-deny", ["scp"]),
            ["FAILED d-1-wrong (reference): a title", "    expected  explicit-deny (scp)", "    found     allow"],
        ),
        (
            changed(VALIDATE, valid=False),
            ["FAILED v-1-wrong: ", "    expected  refused", "    found     accepted"],
        ),
        (changed(MESSAGE, message="no"), ["FAILED m-1-wrong: ", "    expected  no"]),
        (
            changed(CONTEXT, present={"aws:username": "bob"}, absent=["aws:SourceIp"]),
            ["    found     aws:username is 'ana', not 'bob'; aws:SourceIp is '203.0.113.7', not absent"],
        ),
        (
            changed(CONTEXT, present={"aws:TagKeys": ["a", "b"], "aws:SourceVpc": "vpc-1"}),
            ["    found     aws:TagKeys is ('a',), not ['a', 'b']; aws:SourceVpc is absent, not 'vpc-1'"],
        ),
    ],
)
def test_a_wrong_answer_fails_with_its_explanation(capsys, write, case, lines):
    found = said(capsys, "test", write(case, decide("right")), status=1)

    for line in lines:
        assert line in found.splitlines()
    assert found.splitlines()[-1] == "1 passed, 1 failed"


def test_a_wrong_decision_is_explained_layer_by_layer(capsys, write):
    found = said(capsys, "test", write(decide(decision="implicit-deny", causes=["identity"])), status=1)

    assert "\n    allow\n" in found
    assert re.search(r"^ +identity +allows", found, re.MULTILINE)
    assert found.count("FAILED") == len(BACKENDS)


def test_causes_must_be_exactly_those_of_the_case(capsys, write):
    nothing = decide(policies={}, decision="implicit-deny", causes=["identity"])
    too_many = decide("more", policies={}, decision="implicit-deny", causes=["identity", "scp"])

    assert said(capsys, "test", write(nothing, too_many), status=1).splitlines()[-1] == "1 passed, 1 failed"


@pytest.mark.parametrize("backend", list(BACKENDS))
def test_one_backend_may_be_asked_alone(capsys, write, backend):
    found = said(capsys, "test", write(decide(decision="implicit-deny")), "--backend", backend, status=1)

    assert [line for line in found.splitlines() if line.startswith("FAILED")] == [f"FAILED d-1 ({backend}): a title"]


def test_cases_of_one_confidence_may_be_run_alone(capsys, write):
    path = write(decide(), changed(VALIDATE, valid=False))

    assert said(capsys, "test", path, "--confidence", "documented") == "1 passed, 0 failed\n"
    assert said(capsys, "test", path, "--confidence", "observed", status=1).endswith("0 passed, 1 failed\n")


def test_programs_read_json(capsys, write):
    path = write(decide(), changed(VALIDATE, valid=False))

    found = json.loads(said(capsys, "test", path, "--json", status=1))

    assert (found["passed"], found["failed"]) == (1, 1)
    assert found["failures"] == [
        {
            "id": "v-1-wrong",
            "backend": "reference",
            "file": str(path),
            "title": "",
            "expected": "refused",
            "found": "accepted",
            "why": "",
        }
    ]


def test_a_report_has_a_test_for_each_case_and_backend(capsys, write, tmp_path):
    report = tmp_path / "report.xml"
    path = write(decide(), changed(VALIDATE, valid=False))

    said(capsys, "test", path, "--junit", report, status=1)

    (suite,) = ET.parse(report).getroot()  # noqa: S314  # our own report
    assert (suite.get("tests"), suite.get("failures")) == (str(len(BACKENDS) + 1), "1")
    failed = [test for test in suite if test.find("failure") is not None]
    assert [test.get("name") for test in failed] == ["v-1-wrong "]
    assert failed[0].find("failure").get("message") == "expected refused, found accepted"


def test_a_report_that_cannot_be_written_is_said(write, tmp_path, capsys):
    assert main(["policy", "test", str(write(decide())), "--junit", str(tmp_path / "none" / "r.xml")]) == 3
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("case", "found"),
    [
        (decide(policies={"identity": [{"Statement": []}]}), "a document cannot be read"),
        ({**decide(), "request": {}}, "the case cannot be read"),
        ({**CONTEXT, "facts": {"weather": "fine"}}, "the case cannot be read"),
        ({**decide(), "kind": "guess"}, "guess"),
    ],
)
def test_a_case_that_makes_no_sense_fails_and_stops_no_other(capsys, write, case, found):
    shown = said(capsys, "test", write(case, decide("right")), "--backend", "evaluate", status=1)

    assert f"    found     {found}" in shown.splitlines()
    assert shown.endswith("1 passed, 1 failed\n")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"cases": [{"id": "x"}]}', '{"cases": 1}', '{"format": 2, "cases": []}']
)
def test_a_file_without_cases_is_no_success(tmp_path, capsys, text):
    path = tmp_path / "cases.json"
    path.write_text(text)

    assert main(["policy", "test", str(path)]) == 3
    assert str(tmp_path) in capsys.readouterr().err
    assert main(["policy", "test", str(tmp_path / "none.json")]) == 2


def test_a_folder_is_searched_and_principals_are_no_cases(write, tmp_path):
    write(decide("one"))
    (tmp_path / "deeper").mkdir()
    write(decide("two"), name="deeper/more.json")
    (tmp_path / "principals.json").write_text("{}")

    assert [case.id for case in read_cases([tmp_path])] == ["one", "two"]


def test_the_short_form_is_written_out(write, tmp_path):
    known = {"ana": {"principal": ANA, "context": {"aws:username": "ana", "aws:userid": "AIDAANA"}}}
    (tmp_path / "principals.json").write_text(json.dumps(known))
    short = decide(request={"principal": "ana", "context": {"aws:userid": None, "my:Key": "x"}})

    (case,) = read_cases([write(short, format=2)])

    assert case.said["request"] == {
        "principal": ANA,
        "action": "s3:GetObject",
        "resource": {"arn": "arn:aws:s3:::ledger-archive/2026/q1.csv", "account": "111122223333"},
        "context": {"aws:username": "ana", "my:Key": "x"},
    }
    unknown = write(decide(request={"principal": "nobody"}), format=2)
    with pytest.raises(CasesUnreadable, match="'nobody'"):
        read_cases([unknown])


def test_every_case_of_the_project_passes(capsys):
    assert said(capsys, "test", CASES, "--backend", "evaluate").splitlines()[-1].endswith(" passed, 0 failed")


# -- bench


@pytest.fixture
def workload(tmp_path: Path):
    def write_workload(**more: Any) -> Path:
        asked = {"action": "s3:GetObject", "resource": {"arn": "arn:aws:s3:::b/k", "account": "111122223333"}}
        bucket = {**ALLOW, "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
        path = tmp_path / "workload.json"
        path.write_text(
            json.dumps(
                {
                    "format": 1,
                    "principal": ANA,
                    "identity": [{"name": "all", "document": ALLOW}],
                    "boundary": ALLOW,
                    "scps": [[ALLOW], [ALLOW]],
                    "resource_policies": {"b": bucket},
                    "requests": [
                        {**asked, "context": {}, "expect": "allow"},
                        {**asked, "context": {"my:Key": "x"}, "expect": "explicit-deny", "resource_policy": "b"},
                    ],
                    **more,
                }
            )
        )
        return path

    return write_workload


FIGURES = {
    "decisions_per_second",
    "p50_us",
    "p99_us",
    "p999_us",
    "wrong",
    "parse_us_per_statement",
    "compile_us_per_statement",
    "first_pass_us",
    "bytes_per_statement",
}


@pytest.mark.parametrize("backend", ["evaluate", "reference"])
def test_a_workload_gives_figures(capsys, workload, backend):
    found = json.loads(said(capsys, "bench", workload(), "--json", "--backend", backend))

    assert found.keys() == FIGURES
    assert found["wrong"] == 0
    assert found["decisions_per_second"] > 1_000
    assert 0 < found["p50_us"] <= found["p99_us"] <= found["p999_us"]
    assert found["first_pass_us"] > 0
    assert (found["bytes_per_statement"] > 0) is (found["compile_us_per_statement"] > 0) is (backend == "evaluate")


def test_people_read_figures_in_two_columns(capsys, workload):
    lines = said(capsys, "bench", workload()).splitlines()

    assert {line.split()[0] for line in lines} == FIGURES
    assert "wrong                     0" in lines


def test_a_wrong_answer_is_counted_and_is_no_success(capsys, workload):
    asked = {"action": "s3:GetObject", "resource": {"arn": "*"}, "context": {}, "expect": "implicit-deny"}

    assert json.loads(said(capsys, "bench", workload(requests=[asked]), "--json", status=1))["wrong"] == 1


@pytest.mark.parametrize(
    "more", [{"requests": []}, {"requests": [{}]}, {"principal": {}}, {"boundary": {"Statement": 1}}, {"identity": 1}]
)
def test_what_is_no_workload_is_said(capsys, workload, more):
    assert main(["policy", "bench", str(workload(**more))]) == 3
    assert "no workload" in capsys.readouterr().err


# -- check


BODY = '"Effect": "Allow", "Action": "s3:*", "Resource": "*"'


@pytest.mark.parametrize(
    ("text", "message", "line", "column", "because"),
    [
        ("", "Syntax errors in policy.", 1, 1, "a JSON value is missing"),
        ('{"Version": "2012-10-17",\n "Foo": 1}', "Syntax errors in policy.", 2, 2, "unknown element `Foo`"),
        (
            '{"Version": "2012-10-17",\n "Statement": {"Effect": "allow", "Action": "s3:*", "Resource": "*"}}',
            "The policy failed legacy parsing",
            2,
            26,
            "unknown effect `allow`",
        ),
        (
            '{"Version": "2012-10-17", "Statement": [\n {'
            + BODY
            + '},\n {"Effect": "Allow", "Action": "x", "Resource": "*"}]}',
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
            3,
            32,
            "",
        ),
        (
            '{"Version": "2012-10-17", "Statement": [\n {"Sid": "A", ' + BODY + '},\n {"Sid": "A", ' + BODY + "}]}",
            "Statement IDs (SID) in a single policy must be unique.",
            3,
            10,
            "",
        ),
        (
            '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*",\n "Resource": "b"}}',
            'Resource b must be in ARN format or "*".',
            2,
            14,
            "",
        ),
        (
            ' {"Statement": [{' + BODY + "}]}",
            "Policy document must be version 2012-10-17 or greater.",
            1,
            2,
            "",
        ),
    ],
)
def test_a_refused_document_says_where(text, message, line, column, because):
    found = check(text, PolicyType.MANAGED)

    assert found is not None
    assert (found.message, found.line, found.column, found.because) == (message, line, column, because)


@pytest.mark.parametrize(
    ("elements", "kind"),
    [
        ('"Resource": "*"', PolicyType.MANAGED),
        ('"Principal": "*", "Resource": "*"', PolicyType.RESOURCE),
        ('"NotPrincipal": {"AWS": "1"}, "Resource": "*"', PolicyType.RESOURCE),
        ('"Principal": {"Service": "ec2.amazonaws.com"}', PolicyType.TRUST),
    ],
)
def test_a_documents_type_is_read_off_it(elements, kind):
    assert guess('{"Statement": {"Effect": "Allow", "Action": "s3:*", ' + elements + "}}") is kind
    assert guess("no document") is PolicyType.MANAGED


def test_files_are_checked_one_by_one(capsys, tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(ALLOW))
    bad.write_text("{")

    assert said(capsys, "check", good) == "1 accepted, 0 refused\n"
    lines = said(capsys, "check", good, bad, status=1).splitlines()
    assert lines[0].startswith(f"{bad}:1:2: Syntax errors in policy. (")
    assert lines[1] == "1 accepted, 1 refused"
    assert [finding["file"] for finding in json.loads(said(capsys, "check", good, bad, "--json", status=1))] == [
        str(bad)
    ]
    assert said(capsys, "check", good, "--type", "rcp", status=1).endswith("0 accepted, 1 refused\n")


def test_a_file_that_is_no_text_is_said(capsys, tmp_path):
    path = tmp_path / "bad.json"
    path.write_bytes(b"\xff")

    assert main(["policy", "check", str(path)]) == 3
    assert capsys.readouterr().err == f"remit: {path} is not UTF-8\n"


# -- fmt


UNTIDY = '{"Statement":{"Action":["s3:*"],"Resource":"*","Effect":"Allow"},"Version":"2012-10-17"}'
TIDY = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "s3:*",
      "Resource": "*"
    }
  ]
}
"""


def test_a_policy_is_printed_in_one_form_and_then_stays(capsys, tmp_path):
    path = tmp_path / "p.json"
    path.write_text(UNTIDY)

    assert said(capsys, "fmt", path) == TIDY
    assert path.read_text() == UNTIDY
    assert said(capsys, "fmt", "--check", path, status=1) == f"{path} would change\n"
    assert json.loads(said(capsys, "fmt", "--json", path)) == [{"file": str(path), "changes": True, "text": TIDY}]
    assert said(capsys, "fmt", "--write", path) == f"{path} changed\n"
    assert path.read_text() == TIDY
    assert said(capsys, "fmt", "--write", path) == ""
    assert said(capsys, "fmt", "--check", path) == ""


def test_nothing_is_written_when_one_file_is_no_policy(capsys, tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(UNTIDY)
    bad.write_text("{")

    assert main(["policy", "fmt", "--write", str(good), str(bad)]) == 1
    assert good.read_text() == UNTIDY
    assert f"{bad}: no policy" in capsys.readouterr().err
