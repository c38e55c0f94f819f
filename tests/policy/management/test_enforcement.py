"""Which tags an account's tag policy refuses."""

from typing import Any

import pytest

from remit.policy.management import Breach, TagViolation, tag_policy_violations

ACCOUNT = "organizations:account"


def policy(**rule: Any) -> dict[str, Any]:
    return {"tags": {"costcenter": {"enforced_for": [ACCOUNT], **rule}}}


STRICT = policy(tag_key="CostCenter", tag_value=["100", "300*", "*@example.com", "a*z"])

FINE = [
    ({}, {"CostCenter": "anything"}),
    (STRICT, {}),
    (STRICT, {"Project": "anything"}),
    (STRICT, {"CostCenter": "100"}),
    (STRICT, {"CostCenter": "300"}),
    (STRICT, {"CostCenter": "3001"}),
    (STRICT, {"CostCenter": "me@example.com"}),
    (STRICT, {"CostCenter": "az"}),
    (STRICT, {"CostCenter": "abz"}),
    (policy(tag_key="CostCenter"), {"CostCenter": ""}),
    (policy(tag_value=["x"]), {"costcenter": "x"}),
    (policy(tag_value=["*"]), {"costcenter": ""}),
    ({"tags": {"costcenter": {"tag_key": "CostCenter", "tag_value": []}}}, {"COSTCENTER": "x"}),
]


@pytest.mark.parametrize(("effective", "tags"), FINE)
def test_a_tag_that_keeps_the_policy_is_allowed(effective: dict[str, Any], tags: dict[str, str]) -> None:
    assert tag_policy_violations(effective, ACCOUNT, tags) == ()


REFUSED = [
    (STRICT, "costcenter", "100", Breach.KEY_CASE),
    (STRICT, "COSTCENTER", "100", Breach.KEY_CASE),
    (STRICT, "CostCenter", "", Breach.VALUE),
    (STRICT, "CostCenter", "1000", Breach.VALUE),
    (STRICT, "CostCenter", "30", Breach.VALUE),
    (STRICT, "CostCenter", "me@Example.com", Breach.VALUE),
    (STRICT, "CostCenter", "a", Breach.VALUE),
    (policy(tag_key="CostCenter", tag_value=[]), "CostCenter", "", Breach.VALUE),
    (policy(tag_value=["x"]), "CostCenter", "x", Breach.KEY_CASE),
    (policy(tag_value=["aba*aba"]), "costcenter", "aba", Breach.VALUE),
]


@pytest.mark.parametrize(("effective", "key", "value", "breach"), REFUSED)
def test_a_tag_that_breaks_the_policy_is_refused(
    effective: dict[str, Any], key: str, value: str, breach: Breach
) -> None:
    (violation,) = tag_policy_violations(effective, ACCOUNT, {key: value})

    assert (violation.key, violation.value, violation.breach) == (key, value, breach)


def test_a_tag_can_break_both_rules() -> None:
    assert tag_policy_violations(STRICT, ACCOUNT, {"costcenter": "1"}) == (
        TagViolation("costcenter", "1", Breach.KEY_CASE, ("CostCenter",)),
        TagViolation("costcenter", "1", Breach.VALUE, ("100", "300*", "*@example.com", "a*z")),
    )


@pytest.mark.parametrize(
    ("named", "is_enforced"),
    [
        ("organizations:account", True),
        ("organizations:*", True),
        ("organizations:ALL_SUPPORTED", True),
        ("Organizations:Account", True),
        ("organizations:root", False),
        ("ec2:*", False),
        ("ec2:account", False),
    ],
)
def test_a_policy_is_enforced_for_the_types_it_names(named: str, is_enforced: bool) -> None:  # noqa: FBT001
    effective = {"tags": {"a": {"tag_value": [], "enforced_for": [named]}}}

    assert bool(tag_policy_violations(effective, ACCOUNT, {"a": "x"})) is is_enforced
