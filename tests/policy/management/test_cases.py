"""The case files of organizations, run as `remit org test` runs them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from remit.cli.cases.organization import (
    EffectiveCase,
    OrganizationCase,
    read_organization_cases,
    run_organization_case,
)
from remit.policy.management import ManagementPolicyType, acceptance_failure

FOLDER = Path(__file__).parents[2] / "cases" / "organizations"
CASES = [case for _, case in read_organization_cases([FOLDER])]
MANAGEMENT = [case for case in CASES if isinstance(case, EffectiveCase)]


def case_id(case: OrganizationCase) -> str:
    return case.id


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_an_organization_comes_to_what_the_case_says(case: OrganizationCase) -> None:
    outcome = run_organization_case(case)

    assert outcome.has_passed, outcome


def test_the_cases_know_every_type_of_management_policy() -> None:
    assert {case.policy_type for case in MANAGEMENT} == set(ManagementPolicyType)


def policies(case: EffectiveCase) -> Iterator[dict[str, Any]]:
    for level in case.levels_root_first:
        yield from level.policies


@pytest.mark.parametrize("case", MANAGEMENT, ids=case_id)
def test_every_policy_of_a_case_is_one_that_is_stored(case: EffectiveCase) -> None:
    import json

    failures = [acceptance_failure(json.dumps(policy), case.policy_type) for policy in policies(case)]

    assert [failure for failure in failures if failure] == []
