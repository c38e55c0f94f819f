"""Every operation of AWS Free Tier: it succeeds, answers errors of its model, and is refused by policy."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bills import MEMBER, NOW, PAYER, Family
from botocore import xform_name
from botocore.exceptions import ClientError
from composed import composed

from remit.authz.operations import operations
from remit.clock import FixedClock
from remit.directory.billing.access import set_billing_access
from remit.wire.models import load

MODEL = load("freetier").operations
INVALID, MISSING = "ValidationException", "ResourceNotFoundException"
ACTIVITY = {"activityId": "a" * 32}
# An input of each operation, and error -> an input that it answers. No activity is there to be shown.
ROWS: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]] = {
    "GetAccountActivity": (ACTIVITY, {MISSING: ACTIVITY, INVALID: {"activityId": "a-" * 16}}),
    "GetAccountPlanState": ({}, {}),
    "GetFreeTierUsage": ({}, {INVALID: {"nextToken": "x"}}),
    "ListAccountActivities": ({}, {INVALID: {"nextToken": "x"}}),
    "UpgradeAccountPlan": ({"accountPlanType": "PAID"}, {INVALID: {"accountPlanType": "FREE"}}),
}
_SHOWN = [name for name in ROWS if name != "GetAccountActivity"]


def asked(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = getattr(client, xform_name(name))(**given)
    return answer


def refused(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        asked(client, name, given)
    answer: dict[str, Any] = caught.value.response["Error"]
    return answer


def test_every_operation_has_a_row() -> None:
    assert set(ROWS) == set(MODEL)


@pytest.mark.parametrize("name", _SHOWN)
def test_it_succeeds_and_is_in_the_trail(family: Family, name: str) -> None:
    answer = asked(family.client("freetier"), name, ROWS[name][0])
    family.remit.flush()

    wanted = [{"AttributeKey": "EventName", "AttributeValue": name}]
    (event,) = family.client("cloudtrail").lookup_events(LookupAttributes=wanted)["Events"]
    record = json.loads(event["CloudTrailEvent"])
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert (record["eventSource"], record["userIdentity"]["arn"]) == ("freetier.amazonaws.com", family.admin.arn)


@pytest.mark.parametrize(("name", "error"), [(name, error) for name, row in ROWS.items() for error in row[1]])
def test_each_error(family: Family, name: str, error: str) -> None:
    answer = refused(family.client("freetier"), name, ROWS[name][1][error])

    assert answer["Code"] == error
    assert error in {one.shape for one in MODEL[name].errors}
    assert answer["Message"]


@pytest.mark.parametrize("name", ROWS)
def test_a_policy_that_allows_everything_else_refuses_it(family: Family, name: str) -> None:
    action = operations()["freetier"][name].action
    ana = family.remit.user("ana", {"Effect": "Allow", "NotAction": action, "Resource": "*"})

    answer = refused(family.client("freetier", ana), name, ROWS[name][0])

    assert answer["Code"] == "AccessDeniedException"
    assert f"is not authorized to perform: {action}" in answer["Message"]


@pytest.mark.parametrize("name", ROWS)
def test_until_the_root_user_allows_it_no_policy_does(tmp_path: Path, name: str) -> None:
    with composed(tmp_path, FixedClock(NOW)) as remit:
        Family(remit)
        remit.change(lambda tx: set_billing_access(tx, PAYER, is_open=False))

        answer = refused(remit.client("freetier"), name, ROWS[name][0])

    assert answer["Code"] == "AccessDeniedException"


def test_accounts_are_on_the_paid_plan(family: Family) -> None:
    paid = {"accountId": PAYER, "accountPlanType": "PAID", "accountPlanStatus": "ACTIVE"}
    client = family.client("freetier")

    upgraded = client.upgrade_account_plan(accountPlanType="PAID")
    state = client.get_account_plan_state()

    assert {name: upgraded[name] for name in paid} == {name: state[name] for name in paid} == paid
    assert state["accountPlanRemainingCredits"] == {"amount": 0.0, "unit": "USD"}
    assert "accountPlanExpirationDate" not in state


def test_what_is_left_of_credits_is_the_accounts_own(family: Family) -> None:
    family.credit("500")
    family.credit("20.5", MEMBER)

    own, member = (
        family.client("freetier", who).get_account_plan_state()["accountPlanRemainingCredits"]["amount"]
        for who in (family.admin, family.member)
    )

    assert (own, member) == (500.0, 20.5)


@pytest.mark.parametrize("statuses", [["NOT_STARTED"], ["COMPLETED", "EXPIRING"]])
def test_there_are_no_activities(family: Family, statuses: list[str]) -> None:
    found = family.client("freetier").list_account_activities(filterActivityStatuses=statuses, languageCode="de-DE")

    assert found["activities"] == []
    assert "nextToken" not in found
