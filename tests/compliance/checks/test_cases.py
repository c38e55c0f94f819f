from dataclasses import replace
from itertools import groupby

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


def denied(facts, part, read):
    """Return facts in which one read was denied."""
    snapshot = getattr(facts, part)
    answers = {**snapshot.answers, read: Answer(Status.DENIED, AT, code="AccessDenied")}
    return replace(facts, **{part: replace(snapshot, answers=answers)}, decoded={})


def with_one_read_denied(case):
    facts = case.facts()
    for part in ("snapshot", "organization"):
        held = getattr(facts, part)
        for read in held.answers if held is not None else ():
            yield f"{read}", denied(facts, part, read)


@pytest.mark.parametrize("case", FAILING, ids=named)
def test_denying_a_read_makes_no_failure_pass(case):
    check = CHECKS[case.check]

    for read, facts in with_one_read_denied(case):
        assert check.outcome(facts).verdict in {FAIL, UNKNOWN}, read


@pytest.mark.parametrize("case", PASSING, ids=named)
def test_denying_a_read_makes_no_pass_fail(case):
    check = CHECKS[case.check]

    for read, facts in with_one_read_denied(case):
        assert check.outcome(facts).verdict in {PASS, UNKNOWN, NA}, read


@pytest.mark.parametrize("id_", CHECKS)
def test_a_check_knows_nothing_of_an_empty_snapshot(id_):
    case = next((one for one in CASES if one.check == id_), None)
    if case is None:
        pytest.skip("has no case yet")

    outcome = CHECKS[id_].outcome(replace(case, answers={}, organization=None).facts())

    assert outcome.verdict == UNKNOWN, outcome.findings


def test_every_check_has_a_case_for_what_it_can_say():
    found = {
        id_: {case.verdict for case in cases}
        for id_, cases in groupby(sorted(CASES, key=lambda case: case.check), lambda case: case.check)
    }

    for id_, verdicts in found.items():
        assert {PASS, UNKNOWN} <= verdicts or UNKNOWN in verdicts, id_
    assert set(found) <= set(CHECKS)
