"""What the trail holds of organizations: calls, and what the service notes itself."""

import json
from typing import Any

from services.organizations.conftest import World, refusal
from services.organizations.test_accounts import grow_old


def _events(world: World, name: str) -> list[dict[str, Any]]:
    found = world.remit.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}]
    )
    return [json.loads(event["CloudTrailEvent"]) for event in found["Events"]]


def test_an_account_that_is_made_leaves_three_records(world: World) -> None:
    account = world.account()

    (called,) = _events(world, "CreateAccount")
    assert called["eventType"] == "AwsApiCall"
    assert "dev@example.com" not in json.dumps(called)
    (made,) = _events(world, "CreateAccountResult")
    assert made["eventType"] == "AwsServiceEvent"
    assert made["userIdentity"] == {"accountId": world.remit.account, "invokedBy": "organizations.amazonaws.com"}
    status = made["serviceEventDetails"]["createAccountStatus"]
    assert (status["accountId"], status["state"], status["accountName"]) == (account, "SUCCEEDED", "****")
    joined = [event["serviceEventDetails"] for event in _events(world, "AccountJoinedOrganization")]
    assert [(one["accountId"], one["joinedMethod"]) for one in joined] == [
        (account, "CREATED"),
        (world.remit.account, "INVITED"),
    ]


def test_who_leaves_is_noted(world: World) -> None:
    removed, left, closed = (world.account(name) for name in ("removed", "left", "closed"))
    member = world.member(left)
    for account in (removed, left):
        grow_old(world, account, 4)
    world.api.remove_account_from_organization(AccountId=removed)
    member.leave_organization()
    world.api.close_account(AccountId=closed)
    assert len(_events(world, "CloseAccountResult")) == 1
    grow_old(world, closed, 90)
    world.api.list_accounts()

    departed = [event["serviceEventDetails"] for event in _events(world, "AccountDepartedOrganization")]
    assert {(one["accountId"], one["departureMethod"]) for one in departed} == {
        (removed, "REMOVED"),
        (left, "LEFT"),
        (closed, "CLEANED"),
    }


def test_a_refused_call_notes_nothing_of_the_service(world: World) -> None:
    member = world.member(world.account())
    before = len(_events(world, "AccountDepartedOrganization"))

    assert refusal(member.leave_organization) == ("ConstraintViolationException", "WAIT_PERIOD_ACTIVE")

    assert len(_events(world, "AccountDepartedOrganization")) == before
