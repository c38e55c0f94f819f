"""`remit learn`, on the store of a data folder."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from composed import composed

from remit.cli import main
from remit.compliance.learning.attempts import Attempt, Attempts
from remit.compliance.learning.labs import labs

ADA = ("--learner", "ada@example.com")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    with composed(folder):
        pass
    monkeypatch.setenv("REMIT_DATA", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return folder


def said(capfd: pytest.CaptureFixture[str], *arguments: object, status: int = 0) -> str:
    capfd.readouterr()
    found = main(["learn", *map(str, arguments), *ADA])
    out, err = capfd.readouterr()
    assert found == status, (arguments, out, err)
    assert "Traceback" not in err
    return out + err


def passed(data: Path, course: str, name: str = "ada@example.com") -> None:
    attempts, at = Attempts(data, name), datetime.now(UTC)
    for lab in labs().values():
        if lab.course == course:
            attempts.note_passed(Attempt(learner=name, lab=lab.id, seed="ab" * 16, accounts={}, started_at=at), at)


def test_a_lab_is_listed_begun_checked_and_ended(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert "A2-6" in said(capfd, "list")

    begun = said(capfd, "start", "a2-6")

    folder = data / "learning" / "ada@example.com" / "A2-6"
    assert "Stop the escalation by PassRole" in begun
    assert f"AWS_CONFIG_FILE={folder / 'config'}" in begun
    assert said(capfd, "task", "A2-6") == begun
    assert "begun" in next(line for line in said(capfd, "list").splitlines() if "A2-6" in line)

    graded = said(capfd, "check", "A2-6", status=1)
    assert "FAIL  " in graded
    assert "may iam:PassRole on arn:aws:iam::" in graded
    assert "pass  The application can be deployed" in graded

    assert "Removed the organization of A2-6" in said(capfd, "end", "A2-6")
    assert not folder.exists()
    assert "has not begun A2-6" in said(capfd, "check", "A2-6", status=1)


def test_a_lab_is_not_begun_twice_unless_it_is_meant(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    said(capfd, "start", "A2-4")
    attempts = Attempts(data, "ada@example.com")
    first = attempts.attempt("A2-4")

    assert "A2-4 has begun" in said(capfd, "start", "A2-4", status=1)
    assert attempts.attempt("A2-4") == first
    said(capfd, "start", "A2-4", "--again")

    second = attempts.attempt("A2-4")
    assert first is not None
    assert second is not None
    assert second.seed != first.seed
    accounts = {one["account"] for one in json.loads(_accounts(capfd))}
    assert accounts.isdisjoint(first.accounts.values())
    assert accounts >= set(second.accounts.values())


def _accounts(capfd: pytest.CaptureFixture[str]) -> str:
    capfd.readouterr()
    assert main(["account", "list", "--json"]) == 0
    return capfd.readouterr().out


def test_hints_come_one_by_one_and_end(capfd: pytest.CaptureFixture[str]) -> None:
    said(capfd, "start", "A2-4")

    hints = [said(capfd, "hint", "A2-4") for _ in range(3)]

    assert len(set(hints)) == 3
    assert hints[2] == "There are no more hints.\n"


def test_answers_are_read_from_the_folder_or_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    said(capfd, "start", "A3-5")
    answers = tmp_path / "mine.yaml"
    answers.write_text("stranger: '123'\n")

    assert "`stranger` is not answered" in said(capfd, "check", "A3-5", status=1)
    assert "`stranger` is not `123`" in said(capfd, "check", "A3-5", "--answers", answers, status=1)


@pytest.mark.parametrize("text", ["[1, 2]", "a: [", "just words", "\x00"])
def test_answers_that_are_none_are_refused(text: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    said(capfd, "start", "A3-5")
    answers = tmp_path / "mine.yaml"
    answers.write_text(text)

    assert "mine.yaml" in said(capfd, "check", "A3-5", "--answers", answers, status=1)


def test_programs_get_json(capfd: pytest.CaptureFixture[str]) -> None:
    begun = json.loads(said(capfd, "start", "A2-4", "--json"))
    assert set(begun["accounts"]) == {"management", "workload"}

    graded = json.loads(said(capfd, "check", "A2-4", "--json", status=1))

    assert graded["passed"] is False
    assert {one["met"] for one in graded["criteria"]} == {True, False}
    assert len(json.loads(said(capfd, "list", "--json"))) == 25
    assert json.loads(said(capfd, "end", "A2-4", "--json"))["removed"] > 10


def test_the_exam_begins_and_tells_its_time(capfd: pytest.CaptureFixture[str]) -> None:
    assert "Practical exam" in said(capfd, "exam")

    assert "minutes are left" in said(capfd, "exam")
    assert 118 <= json.loads(said(capfd, "exam", "--json"))["minutes_left"] <= 120


@pytest.mark.parametrize("command", ["start", "task", "check", "hint", "end"])
def test_a_lab_that_there_is_not_is_told(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert "no lab `A9-9`; `remit learn list` lists them" in said(capfd, command, "A9-9", status=1)


def test_a_learner_whose_name_leads_elsewhere_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "start", "A2-4", "--learner", "../../etc"]) == 1

    assert "not a learner's name: `../../etc`" in capfd.readouterr().err


def test_a_certificate_is_issued_verified_and_revoked(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert "not passed yet: A2-1" in said(capfd, "certificate", "A2", status=1)
    passed(data, "A2")
    issued = json.loads(said(capfd, "certificate", "a2", "--json"))

    def verify(*arguments: object) -> tuple[int, str]:
        capfd.readouterr()
        status = main(["learn", "verify", issued["file"], *map(str, arguments)])
        return status, capfd.readouterr().out

    status, out = verify()
    assert (status, "ada@example.com has passed A2" in out) == (0, True)
    assert json.loads(verify("--json")[1])["course"] == "A2"
    stranger = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    assert verify("--key", stranger)[0] == 1
    assert verify("--key", issued["certificate"]["issuer"]["id"])[0] == 0
    assert verify("--key", "nonsense")[0] == 1

    identity = issued["certificate"]["id"]
    assert main(["learn", "revoke", identity, "--reason", "a test"]) == 0
    status, out = verify()
    assert (status, "it was revoked" in out) == (1, True)
    assert main(["learn", "revoke", identity, "--reason", "again"]) == 1


def test_a_certificate_away_from_its_status_list_does_not_count(
    data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    passed(data, "A3")
    issued = Path(json.loads(said(capfd, "certificate", "A3", "--json"))["file"])
    alone = tmp_path / "alone.json"
    alone.write_bytes(issued.read_bytes())

    assert main(["learn", "verify", str(alone)]) == 1
    assert main(["learn", "verify", str(alone), "--status", str(issued.with_name("status.json"))]) == 0
