"""Versions of reports: which of them readers see, and in which order steps may be taken."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from directory.conftest import AT, LATER, OWN
from hypothesis import given
from hypothesis import strategies as st

from remit.directory.artifact.facts import Outdated, OutOfOrder
from remit.directory.artifact.reports import (
    REPORT_VERSIONS,
    REPORTS,
    AcceptanceType,
    Description,
    PublishedState,
    ReportVersion,
    Upload,
    UploadState,
    add_version,
    change_version,
    create_report,
    delete_version,
    known_report,
    publish_version,
    readable_version,
    readable_versions,
    shown_reports,
    shown_version,
    unpublish_version,
    version_to_change,
    versions_there,
)
from remit.directory.artifact.settings import ARTIFACT_SETTINGS
from remit.directory.facts import LIMITS, NotFound, Quota, QuotaExceeded
from remit.store import Keyring, Transaction
from remit.store.view import View

SAYS = Description(
    name="SOC 2",
    description="",
    series="SOC",
    category="Certifications and Attestations",
    company_name="Ours",
    product_name="Cloud",
    acceptance=AcceptanceType.EXPLICIT,
    term="term-0000000000000000:1",
)
TAKEN = Upload(state=UploadState.COMPLETE, document="d" * 64, texts="t" * 64, pages=3)
NOT_TAKEN = Upload(state=UploadState.FAILED, message="not a PDF")


@pytest.fixture
def version(tx: Transaction) -> ReportVersion:
    return create_report(tx, OWN, SAYS, TAKEN, AT)


def again(tx: Transaction, version: ReportVersion) -> ReportVersion:
    """Return a version as it is now."""
    return next(one for one in versions_there(tx) if one.id == version.id)


def test_nobody_sees_a_report_before_it_is_published(tx: Transaction, version: ReportVersion) -> None:
    assert list(shown_reports(tx)) == []
    for number in (None, 1):
        with pytest.raises(NotFound):
            readable_version(tx, version.report, number)
    with pytest.raises(NotFound):
        readable_versions(tx, version.report)

    publish_version(tx, version, LATER)

    (report,) = shown_reports(tx)
    assert shown_version(tx, report).number == 1
    assert readable_version(tx, version.report, None).modified_at == LATER


def test_the_newest_published_version_is_shown(tx: Transaction, version: ReportVersion) -> None:
    publish_version(tx, version, AT)
    second = add_version(tx, known_report(tx, version.report), SAYS, TAKEN, AT)
    add_version(tx, known_report(tx, version.report), SAYS, NOT_TAKEN, AT)
    assert readable_version(tx, version.report, None).number == 1

    second = publish_version(tx, second, AT)
    assert readable_version(tx, version.report, None).number == 2
    assert [one.number for one in readable_versions(tx, version.report)] == [2, 1]

    unpublish_version(tx, second, AT)
    assert readable_version(tx, version.report, None).number == 1


STEPS: dict[str, Callable[[Transaction, ReportVersion], ReportVersion]] = {
    "publish": lambda tx, version: publish_version(tx, version, LATER),
    "unpublish": lambda tx, version: unpublish_version(tx, version, LATER),
    "delete": lambda tx, version: delete_version(tx, version, LATER),
    "describe": lambda tx, version: change_version(tx, version, SAYS, None, LATER),
    "upload": lambda tx, version: change_version(tx, version, SAYS, TAKEN, LATER),
}


@pytest.mark.parametrize(
    ("state", "allowed"),
    [("draft", {"publish", "delete", "describe", "upload"}), ("published", {"unpublish", "describe"})],
)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_follows_from_where_a_version_is(
    tx: Transaction, version: ReportVersion, state: str, allowed: set[str], step: str
) -> None:
    if state == "published":
        version = publish_version(tx, version, AT)

    if step in allowed:
        changed = STEPS[step](tx, version)
        assert (changed.sequence, changed.modified_at) == (version.sequence + 1, LATER)
    else:
        with pytest.raises(OutOfOrder):
            STEPS[step](tx, version)
        assert again(tx, version) == version


def test_a_file_that_was_not_taken_is_not_published(tx: Transaction) -> None:
    failed = create_report(tx, OWN, SAYS, NOT_TAKEN, AT)

    with pytest.raises(OutOfOrder, match="FAILED"):
        publish_version(tx, failed, AT)


def test_what_was_deleted_is_gone(tx: Transaction, version: ReportVersion) -> None:
    deleted = delete_version(tx, version, LATER)

    assert deleted.deleted_at == LATER
    assert list(versions_there(tx)) == []
    with pytest.raises(NotFound):
        version_to_change(tx, version.report, 1, deleted.sequence)


@pytest.mark.parametrize("sequence", [0, 2])
def test_a_change_is_made_of_the_newest_state(tx: Transaction, version: ReportVersion, sequence: int) -> None:
    assert version_to_change(tx, version.report, 1, 1) == version
    with pytest.raises(Outdated) as caught:
        version_to_change(tx, version.report, 1, sequence)
    assert caught.value.current == 1


def test_there_are_as_many_versions_as_there_may_be(
    tx: Transaction, version: ReportVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, Quota.REPORT_VERSIONS, 2)
    monkeypatch.setitem(LIMITS, Quota.REPORTS, 2)

    add_version(tx, known_report(tx, version.report), SAYS, TAKEN, AT)
    with pytest.raises(QuotaExceeded):
        add_version(tx, known_report(tx, version.report), SAYS, TAKEN, AT)
    create_report(tx, OWN, SAYS, TAKEN, AT)
    with pytest.raises(QuotaExceeded):
        create_report(tx, OWN, SAYS, TAKEN, AT)


@given(st.lists(st.tuples(st.sampled_from([*STEPS, "add", "add failed"]), st.integers(0, 5)), max_size=25))
def test_after_any_steps_what_is_shown_is_the_newest_that_can_be_read(
    keyring: Keyring, steps: list[tuple[str, int]]
) -> None:
    tx = Transaction(View([REPORTS, REPORT_VERSIONS, ARTIFACT_SETTINGS]), keyring, lambda _: [])
    report = create_report(tx, OWN, SAYS, TAKEN, AT).report
    at = AT
    for step, which in steps:
        at += timedelta(seconds=1)
        there = list(versions_there(tx))
        if step.startswith("add"):
            add_version(tx, known_report(tx, report), SAYS, NOT_TAKEN if "failed" in step else TAKEN, at)
        elif there:
            try:
                STEPS[step](tx, there[which % len(there)])
            except OutOfOrder:
                continue

        readable = [
            one.number
            for one in versions_there(tx)
            if one.state is PublishedState.PUBLISHED and one.upload.state is UploadState.COMPLETE
        ]
        assert known_report(tx, report).shown == max(readable, default=0)
        assert [one.id for one in shown_reports(tx)] == ([report] if readable else [])
