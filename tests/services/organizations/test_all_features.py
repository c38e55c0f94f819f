"""From consolidated billing to all features, as the accounts of an organization see it."""

from datetime import timedelta
from typing import Any

import pytest
from composed import ACCOUNT, Composed
from services.organizations.neighbours import OTHER, THIRD, grow_old, neighbour, session_in, set_quotas, user_of, why

TARGET = {"Id": OTHER, "Type": "ACCOUNT"}
ROLE = "AWSServiceRoleForOrganizations"
ONLY_ASKED = {"Effect": "Allow", "Action": "organizations:AcceptHandshake", "Resource": "*"}


@pytest.fixture
def api(remit: Composed) -> Any:
    client = remit.client("organizations")
    client.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    return client


@pytest.fixture
def root(remit: Composed, api: Any) -> Any:
    """Return the root user of an invited member."""
    made = neighbour(remit)
    sent = api.invite_account_to_organization(Target=TARGET)["Handshake"]
    remit.client("organizations", made).accept_handshake(HandshakeId=sent["Id"])
    return made


def _sent(client: Any, action: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.list_handshakes_for_account(Filter={"ActionType": action})["Handshakes"]
    return found


def _features(api: Any) -> str:
    return str(api.describe_organization()["Organization"]["FeatureSet"])


def test_invited_members_agree_and_the_management_account_finishes(remit: Composed, api: Any, root: Any) -> None:
    other = remit.client("organizations", root)
    attempt = api.enable_all_features()["Handshake"]
    organization = api.describe_organization()["Organization"]["Id"]
    assert attempt["Arn"].endswith(f":handshake/{organization}/enable_all_features/{attempt['Id']}")
    assert (attempt["State"], attempt["Parties"]) == ("REQUESTED", [{"Id": organization, "Type": "ORGANIZATION"}])
    assert attempt["ExpirationTimestamp"] - attempt["RequestedTimestamp"] == timedelta(days=90)
    assert _sent(api, "APPROVE_ALL_FEATURES") == []
    assert why(lambda: api.accept_handshake(HandshakeId=attempt["Id"]))[0] == "InvalidHandshakeTransitionException"

    (asked,) = _sent(other, "ENABLE_ALL_FEATURES")
    assert asked["Resources"][-1] == {"Type": "PARENT_HANDSHAKE", "Value": attempt["Id"]}
    other.accept_handshake(HandshakeId=asked["Id"])

    (last,) = _sent(api, "APPROVE_ALL_FEATURES")
    assert (last["State"], _features(api)) == ("OPEN", "CONSOLIDATED_BILLING")
    assert api.describe_handshake(HandshakeId=attempt["Id"])["Handshake"]["State"] == "OPEN"
    children = api.list_handshakes_for_organization(Filter={"ParentHandshakeId": attempt["Id"]})["Handshakes"]
    assert [one["Id"] for one in children] == [asked["Id"], last["Id"]]

    assert api.accept_handshake(HandshakeId=last["Id"])["Handshake"]["State"] == "ACCEPTED"

    assert _features(api) == "ALL"
    assert api.list_roots()["Roots"][0]["PolicyTypes"] == []
    for identity in (None, root):
        assert remit.client("iam", identity).get_role(RoleName=ROLE)["Role"]["RoleName"] == ROLE
    assert why(api.enable_all_features) == (
        "HandshakeConstraintViolationException",
        "ORGANIZATION_ALREADY_HAS_ALL_FEATURES",
    )


def test_without_invited_members_only_the_management_account_agrees(api: Any) -> None:
    attempt = api.enable_all_features()["Handshake"]

    assert [one["State"] for one in _sent(api, "APPROVE_ALL_FEATURES")] == ["OPEN"]
    assert api.accept_handshake(HandshakeId=attempt["Id"])["Handshake"]["State"] == "ACCEPTED"
    assert _features(api) == "ALL"


def test_an_attempt_stands_in_the_way_of_another_and_of_invitations(remit: Composed, api: Any, root: Any) -> None:
    waiting = api.invite_account_to_organization(Target={"Id": "a@example.com", "Type": "EMAIL"})["Handshake"]

    api.enable_all_features()

    assert api.describe_handshake(HandshakeId=waiting["Id"])["Handshake"]["State"] == "CANCELED"
    assert why(api.enable_all_features) == (
        "HandshakeConstraintViolationException",
        "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION",
    )
    target = {"Id": "b@example.com", "Type": "EMAIL"}
    assert why(lambda: api.invite_account_to_organization(Target=target)) == (
        "HandshakeConstraintViolationException",
        "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES",
    )
    assert remit.client("organizations", root).describe_organization()["Organization"]["MasterAccountId"] == ACCOUNT


def test_to_agree_takes_the_permission_to_make_the_role(remit: Composed, api: Any, root: Any) -> None:
    api.enable_all_features()
    (asked,) = _sent(remit.client("organizations", root), "ENABLE_ALL_FEATURES")
    user = user_of(remit, root, ONLY_ASKED)
    assert why(lambda: user.accept_handshake(HandshakeId=asked["Id"])) == (
        "AccessDeniedForDependencyException",
        "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE",
    )

    remit.client("iam", root).create_service_linked_role(AWSServiceName="organizations.amazonaws.com")

    assert user.accept_handshake(HandshakeId=asked["Id"])["Handshake"]["State"] == "ACCEPTED"


def test_a_created_member_adds_the_role_when_it_likes(remit: Composed, api: Any) -> None:
    status = api.create_account(Email="dev@example.com", AccountName="dev")["CreateAccountStatus"]
    api.enable_all_features()
    (last,) = _sent(api, "APPROVE_ALL_FEATURES")
    member = session_in(remit, status["AccountId"])
    inside = remit.client("organizations", member)
    (asked,) = _sent(inside, "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE")

    api.accept_handshake(HandshakeId=last["Id"])
    assert _features(api) == "ALL"
    inside.accept_handshake(HandshakeId=asked["Id"])

    assert remit.client("iam", member).get_role(RoleName=ROLE)["Role"]["RoleName"] == ROLE


def test_a_member_that_declined_must_go(remit: Composed, api: Any, root: Any) -> None:
    other = remit.client("organizations", root)
    api.enable_all_features()
    (asked,) = _sent(other, "ENABLE_ALL_FEATURES")
    assert other.decline_handshake(HandshakeId=asked["Id"])["Handshake"]["State"] == "DECLINED"
    assert _sent(api, "APPROVE_ALL_FEATURES") == []

    api.remove_account_from_organization(AccountId=OTHER)

    (last,) = _sent(api, "APPROVE_ALL_FEATURES")
    api.accept_handshake(HandshakeId=last["Id"])
    assert _features(api) == "ALL"


def test_or_it_is_asked_again(remit: Composed, api: Any, root: Any) -> None:
    other = remit.client("organizations", root)
    attempt = api.enable_all_features()["Handshake"]
    (asked,) = _sent(other, "ENABLE_ALL_FEATURES")
    other.decline_handshake(HandshakeId=asked["Id"])

    assert api.cancel_handshake(HandshakeId=attempt["Id"])["Handshake"]["State"] == "CANCELED"

    again = api.enable_all_features()["Handshake"]
    states = {one["Id"]: one["State"] for one in _sent(other, "ENABLE_ALL_FEATURES")}
    assert again["Id"] != attempt["Id"]
    assert sorted(states.values()) == ["DECLINED", "REQUESTED"]


def test_an_attempt_expires_with_its_parts(remit: Composed, api: Any, root: Any) -> None:
    other = remit.client("organizations", root)
    attempt = api.enable_all_features()["Handshake"]
    (asked,) = _sent(other, "ENABLE_ALL_FEATURES")

    for id_ in (attempt["Id"], asked["Id"]):
        grow_old(remit, id_, timedelta(days=90))

    assert [one["State"] for one in _sent(other, "ENABLE_ALL_FEATURES")] == ["EXPIRED"]
    assert why(lambda: other.accept_handshake(HandshakeId=asked["Id"]))[0] == "InvalidHandshakeTransitionException"
    api.enable_all_features()


def test_a_member_does_not_decide_for_the_organization(remit: Composed, api: Any, root: Any) -> None:
    other = remit.client("organizations", root)
    attempt = api.enable_all_features()["Handshake"]
    (asked,) = _sent(other, "ENABLE_ALL_FEATURES")
    other.accept_handshake(HandshakeId=asked["Id"])

    assert why(other.enable_all_features)[0] == "AccessDeniedException"
    for ask in (other.accept_handshake, other.decline_handshake, other.cancel_handshake):
        assert why(lambda asked=ask: asked(HandshakeId=attempt["Id"]))[0] == "AccessDeniedException"
    assert _features(api) == "CONSOLIDATED_BILLING"


def test_a_large_organization_is_moved_by_support(remit: Composed, api: Any) -> None:
    api.create_account(Email="dev@example.com", AccountName="dev")
    set_quotas(remit, ACCOUNT, {"AccountsToEnableAllFeatures": 1})

    assert why(api.enable_all_features) == (
        "ConstraintViolationException",
        "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED",
    )


def test_an_organization_that_is_alone_in_the_world(remit: Composed) -> None:
    third = remit.client("organizations", neighbour(remit, THIRD))

    assert why(third.enable_all_features)[0] == "AWSOrganizationsNotInUseException"
