"""Plans of accounts, and activities that earn credits: of which there are none."""

import pytest
from bills import MEMBER, PAYER, Family


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
