"""One e-mail, as a file: to whom, with what in it, and whole or not at all."""

import email
import resource
import stat
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from directory.conftest import AT, OWN

from remit.directory.artifact.letters import ArtifactEvent
from remit.directory.notifications import Notification
from remit.endpoint.mail_drop import drop
from remit.endpoint.webhook import Untold

REPORT = {"reportId": "report-1", "reportVersion": "2", "reportName": "SOC 2", "periodEnd": "2026-12-31T00:00:00+00:00"}
MEMBER = {"agreementName": "BAA", "version": "3", "memberAccountId": "444455556666"}
ONE = Notification(
    id="REPORT_VERSION_PUBLISHED:report-1:2:2:111122223333",
    account=OWN,
    event=ArtifactEvent.REPORT_VERSION_PUBLISHED,
    subject="report-1:2",
    details=REPORT,
    created_at=AT,
    owed={},
)
TO = ("root@example.com", "ops@example.com")


def read(path: Path) -> EmailMessage:
    return cast("EmailMessage", email.message_from_bytes(path.read_bytes(), policy=default))


def changed(**changes: Any) -> Notification:
    return msgspec.structs.replace(ONE, **changes)


def test_an_email_is_a_file_that_nobody_else_reads(tmp_path: Path) -> None:
    path = drop(tmp_path / "made" / "mail", ONE, TO)

    found = read(path)
    assert found["To"] == "root@example.com, ops@example.com"
    assert found["Subject"] == "SOC 2: version 2 is published"
    assert found["Date"].datetime == AT
    assert "reportId: report-1\r\n" in found.get_content()
    assert f"For account {OWN}" in found.get_content()
    assert path.name.startswith("20261124T120000Z-")
    assert path.suffix == ".eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("event", "details", "subject"),
    [
        ("REPORT_VERSION_PUBLISHED", REPORT, "SOC 2: version 2 is published"),
        ("REPORT_PERIOD_ENDING", REPORT, "SOC 2: the period of version 2 ends on 2026-12-31"),
        ("AGREEMENT_REVISED", MEMBER, "BAA: version 3 is on offer"),
        ("AGREEMENT_TERMINATED", MEMBER, "BAA: terminated by the provider"),
        ("MEMBER_JOINED", MEMBER, "BAA: covers account 444455556666, which joined"),
        ("MEMBER_LEFT", MEMBER, "BAA: no longer covers account 444455556666, which left"),
    ],
)
def test_the_subject_says_what_happened(tmp_path: Path, event: str, details: dict[str, str], subject: str) -> None:
    path = drop(tmp_path, changed(event=ArtifactEvent(event), details=details), TO)

    assert read(path)["Subject"] == subject


def test_the_same_is_one_file_however_often_it_is_written(tmp_path: Path) -> None:
    first = drop(tmp_path, ONE, TO)
    before = first.read_bytes()

    assert drop(tmp_path, ONE, ("other@example.com",)) == first
    assert [path.name for path in tmp_path.iterdir()] == [first.name]
    assert first.read_bytes() == before


@pytest.mark.parametrize(
    "name", ["SOC\r\nBcc: evil@example.com", "SOC\n\nbody", "S\0OC", "{reportId.__class__}", "ö" * 300]
)
def test_a_name_is_no_header(tmp_path: Path, name: str) -> None:
    found = read(drop(tmp_path, changed(details={**REPORT, "reportName": name}), TO))

    assert set(found.keys()) == {
        "From", "To", "Date", "Subject", "Message-ID", "Auto-Submitted",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    shown = " ".join(name.replace("\0", " ").split())
    assert found["Subject"] == f"{shown}: version 2 is published"


@pytest.mark.parametrize(
    "address", ["", "nobody", "@", "a@", "a@b\r\nBcc: c@d", "a@b, c@d", "a b@c", "<a@b>", "a@b\0", '"']
)
def test_what_is_no_address_gets_nothing(tmp_path: Path, address: str) -> None:
    path = drop(tmp_path, ONE, (address, "root@example.com"))
    assert read(path)["To"] == "root@example.com"

    with pytest.raises(Untold, match="no e-mail address"):
        drop(tmp_path, changed(id="another"), (address,))
    assert list(tmp_path.iterdir()) == [path]


def test_an_address_beyond_ascii_is_one(tmp_path: Path) -> None:
    path = drop(tmp_path, ONE, ("jürgen@example.com",))

    assert "To: jürgen@example.com\r\n".encode() in path.read_bytes()


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))  # Python ignores the signal that comes with it
    try:
        with pytest.raises(Untold, match="cannot write an e-mail into"):
            drop(tmp_path, ONE, TO)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []

    assert drop(tmp_path, ONE, TO).exists()


def test_a_folder_that_is_none_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")

    with pytest.raises(Untold, match="cannot write an e-mail into"):
        drop(tmp_path / "mail", ONE, TO)
