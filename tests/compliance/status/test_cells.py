from datetime import timedelta

import pytest
from snapshots import ACCOUNT, AT

from remit.compliance.checks import Finding, Verdict
from remit.compliance.model import Half, Needs, Party
from remit.compliance.status import Exemption, Item, Status
from remit.compliance.status.cells import cell, worst

DAY = timedelta(days=1)
HALF = Half(id="SR-Z1.c", party=Party.CUSTOMER, statement="S", evidence=["x.*"], needs=Needs.ALL, fresh_days=7)
ATTESTED = Half(
    id="SR-Z1.c", party=Party.CUSTOMER, statement="S", evidence=["x.*", "attestation:z"], needs=Needs.ALL, fresh_days=7
)
EITHER = Half(
    id="SR-Z1.c", party=Party.CUSTOMER, statement="S", evidence=["x.*", "attestation:z"], needs=Needs.ANY, fresh_days=7
)
AWS = Half(id="SR-Z1.a", party=Party.AWS, statement="S", evidence=["x.*"], needs=Needs.ALL, fresh_days=7)


def item(name="x.a", *verdicts, whole=True, seen=AT, until=AT + DAY):
    findings = tuple(
        Finding(name, f"arn:{number}", "", Verdict(verdict), "R") for number, verdict in enumerate(verdicts)
    )
    found = {finding.verdict for finding in findings}
    verdict = next((one for one in (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS) if one in found), Verdict.NA)
    return Item(name, verdict, "arn:0 R", len(findings), len(findings), whole, seen, until, findings)


def attested(until=AT + DAY):
    return Item("attestation:z", Verdict.PASS, "who: what", 1, 1, True, AT, until)


def exemption(*subjects, half="SR-Z1.c", accounts=(ACCOUNT,), until=AT + DAY, since=AT, approver="boss"):
    return Exemption(
        half=half,
        accounts=accounts,
        reason="a migration",
        asked_by="dev",
        approver=approver,
        approved_at=since,
        expires_at=until,
        subjects=subjects,
    )


PASS, FAIL = item("x.a", "PASS"), item("x.b", "PASS", "FAIL")
UNKNOWN, NA = item("x.c", "UNKNOWN"), item("x.d", "NA")


@pytest.mark.parametrize(
    ("half", "items", "exceptions", "status"),
    [
        (HALF, [PASS], [], "MET"),
        (AWS, [PASS], [], "INHERITED"),
        (HALF, [PASS, NA], [], "MET"),
        (HALF, [NA], [], "NOT_APPLICABLE"),
        (HALF, [], [], "UNKNOWN"),
        (HALF, [PASS, FAIL], [], "NOT_MET"),
        (HALF, [PASS, UNKNOWN], [], "UNKNOWN"),
        (HALF, [UNKNOWN, FAIL], [], "NOT_MET"),
        (HALF, [PASS, item("x.e", "PASS", whole=False)], [], "PARTIAL"),
        (HALF, [item("x.e", "NA", whole=False)], [], "PARTIAL"),
        (HALF, [FAIL, item("x.e", "PASS", whole=False)], [], "NOT_MET"),
        (HALF, [PASS, item("x.e", "PASS", seen=AT - 2 * DAY, until=AT)], [], "UNKNOWN"),
        (HALF, [item("x.e", "FAIL", seen=AT - 2 * DAY, until=AT)], [], "UNKNOWN"),
        (HALF, [item("x.e", "PASS", seen=AT + DAY, until=AT + 2 * DAY)], [], "UNKNOWN"),
        (ATTESTED, [PASS], [], "UNKNOWN"),
        (ATTESTED, [PASS, attested()], [], "MET"),
        (ATTESTED, [PASS, attested(until=AT)], [], "UNKNOWN"),
        (ATTESTED, [FAIL, attested()], [], "NOT_MET"),
        (EITHER, [PASS], [], "MET"),
        (EITHER, [NA, attested()], [], "MET"),
        (EITHER, [NA], [], "UNKNOWN"),
        (EITHER, [UNKNOWN, attested()], [], "UNKNOWN"),
        (EITHER, [FAIL, attested()], [], "NOT_MET"),
        (HALF, [FAIL], [exemption()], "EXCEPTED"),
        (HALF, [PASS], [exemption()], "EXCEPTED"),
        (HALF, [FAIL], [exemption(accounts=("*",))], "EXCEPTED"),
        (HALF, [FAIL], [exemption(until=AT)], "NOT_MET"),
        (HALF, [FAIL], [exemption(since=AT + DAY, until=AT + 2 * DAY)], "NOT_MET"),
        (HALF, [FAIL], [exemption(half="SR-Z2.c")], "NOT_MET"),
        (HALF, [FAIL], [exemption(accounts=("9" * 12,))], "NOT_MET"),
        (HALF, [FAIL], [exemption(approver="dev")], "NOT_MET"),
        (HALF, [FAIL], [exemption(approver="")], "NOT_MET"),
        (HALF, [FAIL], [exemption("arn:1")], "EXCEPTED"),
        (HALF, [FAIL], [exemption("arn:*")], "EXCEPTED"),
        (HALF, [FAIL], [exemption("arn:0")], "NOT_MET"),
        (HALF, [PASS], [exemption("arn:1")], "MET"),
        (HALF, [FAIL, UNKNOWN], [exemption("arn:1")], "UNKNOWN"),
        (HALF, [item("x.b", "FAIL", "UNKNOWN")], [exemption("arn:0")], "UNKNOWN"),
    ],
)
def test_what_evidence_comes_to(half, items, exceptions, status):
    assert cell(half, ACCOUNT, items, exceptions, AT, applies=True).status == status


@pytest.mark.parametrize(("applies", "status"), [(True, "MET"), (None, "MET"), (False, "NOT_APPLICABLE")])
def test_a_half_of_which_it_is_not_known_whether_it_applies_applies(applies, status):
    assert cell(HALF, ACCOUNT, [PASS], [], AT, applies=applies).status == status


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([PASS, FAIL], "x.b: arn:1 R"),
        ([UNKNOWN], "x.c: arn:0 R"),
        ([PASS], "1 of 1 items of evidence pass"),
        ([item("x.e", "PASS", seen=AT - DAY, until=AT)], "x.e: STALE: seen at 2026-11-28T12:00:00Z"),
        ([item("x.e", "PASS", "PASS", whole=False)], "x.e: not everything was looked at, 2 of 2 inspected"),
    ],
)
def test_a_cell_says_why(items, said):
    assert said in cell(HALF, ACCOUNT, items, [], AT, applies=True).reason


def test_the_worst_counts_and_what_does_not_apply_is_left_out():
    order = [Status.NOT_MET, Status.UNKNOWN, Status.PARTIAL, Status.EXCEPTED, Status.MET]

    for number, status in enumerate(order):
        assert worst([Status.NOT_APPLICABLE, *order[number:]]) is status
    assert worst([Status.NOT_APPLICABLE]) is Status.NOT_APPLICABLE
    assert worst([Status.INHERITED, Status.EXCEPTED]) is Status.EXCEPTED
