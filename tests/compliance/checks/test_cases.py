from dataclasses import replace

import pytest
from check_cases import FAIL, NA, PASS, UNKNOWN, read_cases
from snapshots import AT

from remit.compliance.checks import CHECKS
from remit.compliance.snapshots import Answer, Status

CASES = read_cases()
FAILING = [case for case in CASES if case.verdict == FAIL]
PASSING = [case for case in CASES if case.verdict == PASS]


def named(case):
    return f"{case.check} {case.verdict}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_check_judges_as_the_case_says(case):
    outcome = CHECKS[case.check].outcome(case.facts())

    assert outcome.verdict == case.verdict, outcome.findings
    assert any(case.says in finding.reason for finding in outcome.findings if finding.verdict == case.verdict), (
        outcome.findings
    )


def without(facts, part, read):
    """Return facts in which one read was denied, and facts in which it was never made."""
    snapshot = getattr(facts, part)
    denied = {**snapshot.answers, read: Answer(Status.DENIED, AT, code="AccessDenied")}
    left_out = {other: answer for other, answer in snapshot.answers.items() if other != read}
    for answers in (denied, left_out):
        yield replace(facts, **{part: replace(snapshot, answers=answers)}, decoded={})


def with_one_read_denied(case):
    facts = case.facts()
    for part in ("snapshot", "organization"):
        held = getattr(facts, part)
        for read in held.answers if held is not None else ():
            for changed in without(facts, part, read):
                yield f"{read}", changed


@pytest.mark.parametrize("case", FAILING, ids=named)
def test_denying_a_read_makes_no_failure_pass(case):
    check = CHECKS[case.check]

    for read, facts in with_one_read_denied(case):
        assert check.outcome(facts).verdict in {FAIL, UNKNOWN}, read


@pytest.mark.parametrize("case", PASSING, ids=named)
def test_denying_a_read_makes_no_pass_fail(case):
    check = CHECKS[case.check]

    for read, facts in with_one_read_denied(case):
        outcome = check.outcome(facts)
        # What resource control policies forbid is found where they are not known; the finding says so.
        hedged = all("unless a resource control" in one.reason for one in outcome.findings if one.verdict == FAIL)
        assert hedged or outcome.verdict in {PASS, UNKNOWN, NA}, read


@pytest.mark.parametrize("id_", CHECKS)
def test_a_check_knows_nothing_of_an_empty_snapshot(id_):
    case = next(one for one in CASES if one.check == id_)

    outcome = CHECKS[id_].outcome(replace(case, answers={}, organization=None).facts())

    assert outcome.verdict == UNKNOWN, outcome.findings


# What is about an account or a region as a whole, which is always there.
NEVER_NA = {
    "acc.contacts",
    "acc.contacts.security",
    "bak.plan",
    "enc.ebs.default",
    "iam.priv.analyzer",
    "iam.priv.support",
    "iam.pw.policy",
    "iam.root.hardware",
    "iam.root.keys",
    "iam.root.mfa",
    "iam.root.use",
    "log.config",
    "log.detect",
    "log.filters",
    "log.trail",
    "org.billing.anomaly",
    "org.billing.budget",
    "org.billing.payer",
    "patch.vuln",
    "s3.block.account",
}
# What the provider attests to: without a report nothing is known, which is no failure.
OF_REPORTS = {
    f"rep.{what}"
    for what in (
        "datacentre",
        "hardware",
        "hypervisor",
        "infrastructure",
        "network",
        "physical",
        "staff",
        "time",
        "virtualization",
    )
}


@pytest.mark.parametrize("id_", CHECKS)
def test_every_check_has_a_case_for_what_it_can_say(id_):
    said = {case.verdict for case in CASES if case.check == id_}
    never = {NA} if id_ in NEVER_NA else {FAIL, NA} if id_ in OF_REPORTS else {FAIL} if id_ == "rep.services" else set()

    assert said == {PASS, FAIL, UNKNOWN, NA} - never


def test_every_case_is_of_a_check():
    assert {case.check for case in CASES} <= set(CHECKS)
