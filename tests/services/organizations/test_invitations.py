"""Invitations: sent, answered, and what everybody gets to see of them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from composed import ACCOUNT, Composed
from services.organizations.neighbours import (
    OTHER,
    THIRD,
    events,
    grow_old,
    neighbour,
    session_in,
    set_quotas,
    user_of,
    why,
)

LIFE, KEPT = timedelta(days=15), timedelta(days=30)
TARGET = {"Id": OTHER, "Type": "ACCOUNT"}
ROLE = "AWSServiceRoleForOrganizations"


@pytest.fixture
def api(remit: Composed) -> Any:
    client = remit.client("organizations")
    client.create_organization()
    return client


def test_an_account_is_invited_and_joins(remit: Composed, api: Any) -> None:
    root = neighbour(remit)
    other = remit.client("organizations", root)
    organization = api.describe_organization()["Organization"]["Id"]

    sent = api.invite_account_to_organization(Target=TARGET, Notes="come", Tags=[{"Key": "team", "Value": "one"}])
    sent = sent["Handshake"]

    assert sent == api.describe_handshake(HandshakeId=sent["Id"])["Handshake"]
    assert sent == other.describe_handshake(HandshakeId=sent["Id"])["Handshake"]
    assert (sent["Action"], sent["State"]) == ("INVITE", "OPEN")
    assert sent["Arn"] == f"arn:aws:organizations::{ACCOUNT}:handshake/{organization}/invite/{sent['Id']}"
    assert sent["Parties"] == [{"Id": organization, "Type": "ORGANIZATION"}, TARGET]
    assert sent["ExpirationTimestamp"] - sent["RequestedTimestamp"] == LIFE
    assert [(one["Type"], one["Value"]) for one in sent["Resources"]] == [
        ("ORGANIZATION", organization),
        ("ACCOUNT", OTHER),
        ("NOTES", "come"),
    ]
    assert [one["Type"] for one in sent["Resources"][0]["Resources"]] == [
        "MASTER_EMAIL",
        "MASTER_NAME",
        "ORGANIZATION_FEATURE_SET",
    ]

    accepted = other.accept_handshake(HandshakeId=sent["Id"])["Handshake"]

    assert accepted == {**sent, "State": "ACCEPTED"}
    assert other.describe_organization()["Organization"]["Id"] == organization
    assert api.describe_account(AccountId=OTHER)["Account"]["JoinedMethod"] == "INVITED"
    assert api.list_tags_for_resource(ResourceId=OTHER)["Tags"] == [{"Key": "team", "Value": "one"}]
    assert remit.client("iam", root).get_role(RoleName=ROLE)["Role"]["RoleName"] == ROLE
    (joined,) = [one for one in events(remit, None, "AccountJoinedOrganization") if one["accountId"] == OTHER]
    assert joined["joinedMethod"] == "INVITED"


def test_the_default_access_role_is_not_made(remit: Composed, api: Any) -> None:
    root = neighbour(remit)
    sent = api.invite_account_to_organization(Target=TARGET)["Handshake"]
    remit.client("organizations", root).accept_handshake(HandshakeId=sent["Id"])

    assert [role["RoleName"] for role in remit.client("iam", root).list_roles()["Roles"]] == [ROLE]


def test_with_consolidated_billing_no_role_is_made(remit: Composed) -> None:
    api, root = remit.client("organizations"), neighbour(remit)
    api.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    sent = api.invite_account_to_organization(Target=TARGET)["Handshake"]

    remit.client("organizations", root).accept_handshake(HandshakeId=sent["Id"])

    assert remit.client("iam", root).list_roles()["Roles"] == []


def test_the_role_needs_permission_to_make_it(remit: Composed, api: Any) -> None:
    root = neighbour(remit)
    sent = api.invite_account_to_organization(Target=TARGET)["Handshake"]
    accept = {"Effect": "Allow", "Action": "organizations:AcceptHandshake", "Resource": sent["Arn"]}
    make = {"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*"}

    assert why(lambda: user_of(remit, root, accept).accept_handshake(HandshakeId=sent["Id"])) == (
        "AccessDeniedForDependencyException",
        "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE",
    )
    assert remit.client("iam", root).list_roles()["Roles"] == []
    user_of(remit, root, accept, make).accept_handshake(HandshakeId=sent["Id"])


def test_a_policy_names_a_handshake_by_the_arn_that_it_has(remit: Composed, api: Any) -> None:
    root = neighbour(remit)
    sent = api.invite_account_to_organization(Target=TARGET)["Handshake"]
    own = f"arn:aws:organizations::{OTHER}:handshake/*"
    may, may_not = (
        user_of(remit, root, {"Effect": "Allow", "Action": "organizations:DescribeHandshake", "Resource": resource})
        for resource in (sent["Arn"].replace("/invite/", "/*/"), own)
    )

    assert may.describe_handshake(HandshakeId=sent["Id"])["Handshake"] == sent
    assert why(lambda: may_not.describe_handshake(HandshakeId=sent["Id"])) == ("AccessDeniedException", "")


def test_an_account_is_invited_by_its_email(remit: Composed, api: Any) -> None:
    target = {"Id": f"Root-{OTHER}@Example.com", "Type": "EMAIL"}
    sent = api.invite_account_to_organization(Target=target)["Handshake"]
    assert sent["Parties"][1] == target
    assert sent["Resources"][1] == {"Type": "EMAIL", "Value": target["Id"]}

    other = remit.client("organizations", neighbour(remit))  # only now is there such an account

    assert other.list_handshakes_for_account()["Handshakes"] == [sent]
    assert other.accept_handshake(HandshakeId=sent["Id"])["Handshake"]["State"] == "ACCEPTED"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ({"Id": "o-abcdefghij", "Type": "ORGANIZATION"}, "INVALID_PARTY_TYPE_TARGET"),
        ({"Id": "nobody", "Type": "EMAIL"}, "INVALID_EMAIL_ADDRESS_TARGET"),
        ({"Id": "a@b.c", "Type": "EMAIL"}, "INVALID_EMAIL_ADDRESS_TARGET"),
        ({"Id": "12345678901", "Type": "ACCOUNT"}, "INVALID_PATTERN"),
        ({"Id": "555555555555", "Type": "ACCOUNT"}, "TARGET_NOT_SUPPORTED"),
        ({"Id": OTHER, "Type": "SOMEBODY"}, "INVALID_ENUM"),
    ],
)
def test_a_target_must_be_somebody(api: Any, target: dict[str, str], reason: str) -> None:
    assert why(lambda: api.invite_account_to_organization(Target=target)) == ("InvalidInputException", reason)


def test_notes_are_screened(remit: Composed, api: Any) -> None:
    neighbour(remit)

    asked = {"Target": TARGET, "Notes": "<script>"}

    assert why(lambda: api.invite_account_to_organization(**asked)) == ("InvalidInputException", "INVALID_PATTERN")


@pytest.mark.parametrize("target", [TARGET, {"Id": f"root-{OTHER}@example.com", "Type": "EMAIL"}])
def test_the_same_account_is_not_invited_twice(remit: Composed, api: Any, target: dict[str, str]) -> None:
    neighbour(remit)
    sent = api.invite_account_to_organization(Target=TARGET)["Handshake"]

    assert why(lambda: api.invite_account_to_organization(Target=target)) == ("DuplicateHandshakeException", "")

    api.cancel_handshake(HandshakeId=sent["Id"])
    api.invite_account_to_organization(Target=target)


def test_a_member_is_not_invited(api: Any) -> None:
    target = {"Id": ACCOUNT, "Type": "ACCOUNT"}

    assert why(lambda: api.invite_account_to_organization(Target=target)) == (
        "HandshakeConstraintViolationException",
        "ALREADY_IN_AN_ORGANIZATION",
    )


def test_only_the_management_account_invites(remit: Composed, api: Any) -> None:
    root = neighbour(remit)
    other = remit.client("organizations", root)
    target = {"Id": "new@example.com", "Type": "EMAIL"}
    assert why(lambda: other.invite_account_to_organization(Target=target))[0] == "AWSOrganizationsNotInUseException"
    sent = api.invite_account_to_organization(Target=TARGET)["Handshake"]
    other.accept_handshake(HandshakeId=sent["Id"])

    assert why(lambda: other.invite_account_to_organization(Target=target))[0] == "AccessDeniedException"
    assert why(other.list_handshakes_for_organization)[0] == "AccessDeniedException"


def test_open_invitations_count_against_the_quota_of_accounts(remit: Composed, api: Any) -> None:
    set_quotas(remit, ACCOUNT, {"AccountsPerOrganization": 2})
    api.invite_account_to_organization(Target={"Id": "a@example.com", "Type": "EMAIL"})
    full = ("ConstraintViolationException", "ACCOUNT_NUMBER_LIMIT_EXCEEDED")

    target = {"Id": "b@example.com", "Type": "EMAIL"}
    assert why(lambda: api.invite_account_to_organization(Target=target)) == full
    assert why(lambda: api.create_account(Email="b@example.com", AccountName="b")) == full


def test_an_invitation_cannot_be_accepted_without_room(remit: Composed, api: Any) -> None:
    other = remit.client("organizations", neighbour(remit))
    sent = api.invite_account_to_organization(Target=TARGET)["Handshake"]
    set_quotas(remit, ACCOUNT, {"AccountsPerOrganization": 1})

    assert why(lambda: other.accept_handshake(HandshakeId=sent["Id"])) == (
        "HandshakeConstraintViolationException",
        "ACCOUNT_NUMBER_LIMIT_EXCEEDED",
    )


def test_a_day_has_twenty_attempts(api: Any) -> None:
    for number in range(20):
        sent = api.invite_account_to_organization(Target={"Id": f"a{number}@example.com", "Type": "EMAIL"})
        api.cancel_handshake(HandshakeId=sent["Handshake"]["Id"])

    target = {"Id": "more@example.com", "Type": "EMAIL"}
    assert why(lambda: api.invite_account_to_organization(Target=target)) == (
        "HandshakeConstraintViolationException",
        "HANDSHAKE_RATE_LIMIT_EXCEEDED",
    )


@pytest.mark.parametrize(("answer", "state"), [("decline", "DECLINED"), ("cancel", "CANCELED"), ("accept", "ACCEPTED")])
def test_an_end_is_final(remit: Composed, api: Any, answer: str, state: str) -> None:
    other = remit.client("organizations", neighbour(remit))
    id_ = api.invite_account_to_organization(Target=TARGET)["Handshake"]["Id"]
    answers = {"decline": other.decline_handshake, "accept": other.accept_handshake, "cancel": api.cancel_handshake}

    assert answers[answer](HandshakeId=id_)["Handshake"]["State"] == state

    for name, other_answer in answers.items():
        again = "HandshakeAlreadyInStateException" if name == answer else "InvalidHandshakeTransitionException"
        assert why(lambda given=other_answer: given(HandshakeId=id_))[0] == again
    assert api.describe_handshake(HandshakeId=id_)["Handshake"]["State"] == state


def test_who_sent_it_does_not_answer_and_who_got_it_does_not_cancel(remit: Composed, api: Any) -> None:
    other = remit.client("organizations", neighbour(remit))
    id_ = api.invite_account_to_organization(Target=TARGET)["Handshake"]["Id"]

    for ask in (api.accept_handshake, api.decline_handshake, other.cancel_handshake):
        assert why(lambda asked=ask: asked(HandshakeId=id_))[0] == "AccessDeniedException"


def test_nobody_else_learns_of_it(remit: Composed, api: Any) -> None:
    neighbour(remit)
    third = remit.client("organizations", neighbour(remit, THIRD))
    id_ = api.invite_account_to_organization(Target=TARGET)["Handshake"]["Id"]

    for ask in (third.describe_handshake, third.accept_handshake, third.decline_handshake, third.cancel_handshake):
        assert why(lambda asked=ask: asked(HandshakeId=id_))[0] == "HandshakeNotFoundException"
    assert third.list_handshakes_for_account()["Handshakes"] == []


def test_a_plain_member_does_not_see_what_the_organization_sent(remit: Composed, api: Any) -> None:
    other = remit.client("organizations", neighbour(remit))
    sent = api.invite_account_to_organization(Target=TARGET)["Handshake"]
    other.accept_handshake(HandshakeId=sent["Id"])
    neighbour(remit, THIRD)
    id_ = api.invite_account_to_organization(Target={"Id": THIRD, "Type": "ACCOUNT"})["Handshake"]["Id"]

    assert why(lambda: other.describe_handshake(HandshakeId=id_))[0] == "AccessDeniedException"
    assert why(lambda: other.cancel_handshake(HandshakeId=id_))[0] == "AccessDeniedException"

    api.enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    api.register_delegated_administrator(AccountId=OTHER, ServicePrincipal="iam.amazonaws.com")
    assert other.describe_handshake(HandshakeId=id_)["Handshake"]["Id"] == id_
    assert why(lambda: other.cancel_handshake(HandshakeId=id_))[0] == "AccessDeniedException"


def test_to_describe_handshakes_can_be_delegated(remit: Composed, api: Any) -> None:
    other = remit.client("organizations", neighbour(remit))
    other.accept_handshake(HandshakeId=api.invite_account_to_organization(Target=TARGET)["Handshake"]["Id"])
    sent = api.invite_account_to_organization(Target={"Id": "a@example.com", "Type": "EMAIL"})["Handshake"]
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": OTHER},
        "Action": ["organizations:DescribeHandshake", "organizations:ListHandshakesForOrganization"],
        "Resource": "*",
    }

    api.put_resource_policy(Content=json.dumps({"Version": "2012-10-17", "Statement": statement}))

    assert other.describe_handshake(HandshakeId=sent["Id"])["Handshake"] == sent
    assert len(other.list_handshakes_for_organization()["Handshakes"]) == 2
    assert why(lambda: other.cancel_handshake(HandshakeId=sent["Id"]))[0] == "AccessDeniedException"


def test_time_ends_it_and_then_forgets_it(remit: Composed, api: Any) -> None:
    other = remit.client("organizations", neighbour(remit))
    id_ = api.invite_account_to_organization(Target=TARGET)["Handshake"]["Id"]

    grow_old(remit, id_, LIFE)
    assert other.describe_handshake(HandshakeId=id_)["Handshake"]["State"] == "EXPIRED"
    assert why(lambda: other.accept_handshake(HandshakeId=id_))[0] == "InvalidHandshakeTransitionException"
    assert why(lambda: api.cancel_handshake(HandshakeId=id_))[0] == "InvalidHandshakeTransitionException"
    assert len(api.list_handshakes_for_organization()["Handshakes"]) == 1

    grow_old(remit, id_, KEPT)
    for client in (other, api):
        assert why(lambda asked=client: asked.describe_handshake(HandshakeId=id_))[0] == "HandshakeNotFoundException"
    assert api.list_handshakes_for_organization()["Handshakes"] == []
    assert other.list_handshakes_for_account()["Handshakes"] == []


def _second_organization(remit: Composed) -> Any:
    second = remit.client("organizations", neighbour(remit, THIRD))
    second.create_organization()
    return second


def test_an_account_moves_from_one_organization_to_another(remit: Composed, api: Any) -> None:
    root = neighbour(remit)
    other = remit.client("organizations", root)
    other.accept_handshake(HandshakeId=api.invite_account_to_organization(Target=TARGET)["Handshake"]["Id"])
    second = _second_organization(remit)
    sent = second.invite_account_to_organization(Target=TARGET)["Handshake"]

    other.accept_handshake(HandshakeId=sent["Id"])

    assert {one["Id"] for one in second.list_accounts()["Accounts"]} == {THIRD, OTHER}
    assert {one["Id"] for one in api.list_accounts()["Accounts"]} == {ACCOUNT}
    (departed,) = events(remit, None, "AccountDepartedOrganization")
    assert (departed["accountId"], departed["departureMethod"]) == (OTHER, "LEFT")


def test_a_control_policy_against_leaving_is_one_against_moving(remit: Composed, api: Any) -> None:
    other = remit.client("organizations", neighbour(remit))
    other.accept_handshake(HandshakeId=api.invite_account_to_organization(Target=TARGET)["Handshake"]["Id"])
    statement = {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
    stay = json.dumps({"Version": "2012-10-17", "Statement": statement})
    made = api.create_policy(Content=stay, Description="", Name="stay", Type="SERVICE_CONTROL_POLICY")
    policy = made["Policy"]["PolicySummary"]["Id"]
    api.attach_policy(PolicyId=policy, TargetId=OTHER)
    sent = _second_organization(remit).invite_account_to_organization(Target=TARGET)["Handshake"]

    assert why(lambda: other.accept_handshake(HandshakeId=sent["Id"]))[0] == "AccessDeniedException"

    api.detach_policy(PolicyId=policy, TargetId=OTHER)
    other.accept_handshake(HandshakeId=sent["Id"])


def test_a_created_account_moves_after_four_days(remit: Composed, api: Any) -> None:
    status = api.create_account(Email="dev@example.com", AccountName="dev")["CreateAccountStatus"]
    target = {"Id": status["AccountId"], "Type": "ACCOUNT"}
    sent = _second_organization(remit).invite_account_to_organization(Target=target)["Handshake"]
    member = remit.client("organizations", session_in(remit, target["Id"]))

    assert why(lambda: member.accept_handshake(HandshakeId=sent["Id"])) == (
        "ConstraintViolationException",
        "WAIT_PERIOD_ACTIVE",
    )


def test_a_management_account_neither_sees_nor_accepts_invitations(remit: Composed, api: Any) -> None:
    second = _second_organization(remit)
    sent = api.invite_account_to_organization(Target={"Id": THIRD, "Type": "ACCOUNT"})["Handshake"]

    assert second.list_handshakes_for_account()["Handshakes"] == []
    assert why(lambda: second.accept_handshake(HandshakeId=sent["Id"]))[0] == "MasterCannotLeaveOrganizationException"

    second.delete_organization()
    assert second.list_handshakes_for_account()["Handshakes"] == [sent]
    second.accept_handshake(HandshakeId=sent["Id"])


def test_an_account_of_another_partition_does_not_join(remit: Composed, api: Any) -> None:
    root = neighbour(remit)
    sent = api.invite_account_to_organization(Target=TARGET)["Handshake"]
    other = remit.client("organizations", root, region_name="cn-northwest-1")

    assert why(lambda: other.accept_handshake(HandshakeId=sent["Id"])) == (
        "HandshakeConstraintViolationException",
        "ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD",
    )


def test_handshakes_come_in_pages_and_by_action(api: Any) -> None:
    ids = [
        api.invite_account_to_organization(Target={"Id": f"a{number}@example.com", "Type": "EMAIL"})["Handshake"]["Id"]
        for number in range(3)
    ]
    pages = api.get_paginator("list_handshakes_for_organization").paginate(PaginationConfig={"PageSize": 2})

    assert [one["Id"] for page in pages for one in page["Handshakes"]] == ids
    by_action = [
        api.list_handshakes_for_organization(Filter={"ActionType": action})["Handshakes"]
        for action in ("INVITE", "ENABLE_ALL_FEATURES")
    ]
    assert [len(found) for found in by_action] == [3, 0]
    both = {"ActionType": "INVITE", "ParentHandshakeId": ids[0]}
    for ask in (api.list_handshakes_for_organization, api.list_handshakes_for_account):
        assert why(lambda asked=ask: asked(Filter=both)) == ("InvalidInputException", "MAX_LIMIT_EXCEEDED_FILTER")


def test_the_trail_has_no_names(remit: Composed, api: Any) -> None:
    neighbour(remit)
    api.invite_account_to_organization(Target=TARGET, Notes="quiet")

    (event,) = remit.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "InviteAccountToOrganization"}]
    )["Events"]

    assert "quiet" not in event["CloudTrailEvent"]
    assert "@example.com" not in event["CloudTrailEvent"]
    assert datetime.now(UTC) - event["EventTime"] < timedelta(minutes=1)
