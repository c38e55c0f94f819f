"""The case files of kind `context`: who asks and what is known of the request, and which keys policies see."""

from pathlib import Path

import pytest

from remit.cli.cases import BACKENDS, Case, read_cases, run
from remit.cli.cases.facts import FactUnknown, facts_of
from remit.policy import Principal, PrincipalKind

FOLDER = Path(__file__).parents[1] / "cases" / "policy"
CASES = [case for case in read_cases([FOLDER]) if case.kind == "context"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_policies_see_the_keys_that_the_case_says(case: Case) -> None:
    outcome = run(case, BACKENDS["reference"])

    assert outcome.has_passed, outcome.found


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"vpcx": "vpce-1"}, "unknown fact `vpcx`"),
        ({"aws:NoSuchKey": "x"}, "unknown fact `aws:NoSuchKey`"),
        ({"mfa": "perhaps"}, "Expected `bool | null`, got `str` - at `$.mfa`"),
        ({"now": "yesterday"}, "Invalid RFC3339 encoded datetime - at `$.at`"),
    ],
)
def test_a_fact_that_nobody_knows_is_no_silent_agreement(facts: dict[str, object], message: str) -> None:
    with pytest.raises(FactUnknown) as caught:
        facts_of(Principal(kind=PrincipalKind.ANONYMOUS), {}, facts)

    assert str(caught.value) == message
