"""GetFederationToken: what somebody may do whom a user, or root, lends permissions to."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import Composed

from remit.directory.access_keys import create_access_key
from remit.ids import AccountId, Secret
from remit.testing import Identity

ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def policy(*actions: str, **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def refusal(call: Callable[[], Any]) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call()
    error: dict[str, Any] = caught.value.response["Error"]
    return error


def federated(remit: Composed, lender: Identity | None = None, **asked: Any) -> tuple[Identity, dict[str, Any]]:
    answer = remit.client("sts", lender).get_federation_token(Name="ann", **asked)
    credentials = answer["Credentials"]
    identity = Identity(
        answer["FederatedUser"]["Arn"],
        credentials["AccessKeyId"],
        Secret(credentials["SecretAccessKey"]),
        credentials["SessionToken"],
        remit.admin.endpoint,
    )
    return identity, answer


def root(remit: Composed) -> Identity:
    def make(tx: Any) -> Identity:
        account = AccountId(remit.account)
        key, secret = create_access_key(tx, account, account, at=datetime.now(UTC))
        return Identity(f"arn:aws:iam::{account}:root", key.id, secret, None, remit.admin.endpoint)

    made: Identity = remit.change(make)
    return made


def test_a_federated_user_has_a_name(remit: Composed) -> None:
    ann, answer = federated(remit)

    assert answer["FederatedUser"]["FederatedUserId"] == f"{remit.account}:ann"
    assert ann.arn == f"arn:aws:sts::{remit.account}:federated-user/ann"
    assert answer["PackedPolicySize"] == 0
    said = remit.client("sts", ann).get_caller_identity()
    assert (said["Arn"], said["UserId"]) == (ann.arn, f"{remit.account}:ann")
    left = answer["Credentials"]["Expiration"] - datetime.now(UTC)
    assert timedelta(seconds=43_190) < left <= timedelta(seconds=43_200)


def test_neither_iam_nor_sts_is_theirs(remit: Composed) -> None:
    ann, _ = federated(remit, Policy=policy("*"))

    assert refusal(remit.client("iam", ann).list_users)["Code"] == "InvalidClientTokenId"
    assert refusal(remit.client("sts", ann).get_session_token)["Message"] == (
        "Cannot call GetSessionToken with session credentials"
    )
    again = refusal(lambda: remit.client("sts", ann).get_federation_token(Name="bob"))
    assert again["Message"] == "Cannot call GetFederationToken with session credentials"


@pytest.mark.parametrize(
    ("held", "passed", "allowed"),
    [
        ([ANYTHING], policy("cloudtrail:LookupEvents"), True),
        ([ANYTHING], policy("s3:*"), False),
        ([ANYTHING], None, False),
        ([{**ANYTHING, "Action": "sts:*"}], policy("*"), False),
    ],
)
def test_the_session_may_do_what_both_allow(
    remit: Composed, held: list[dict[str, Any]], passed: str | None, *, allowed: bool
) -> None:
    lender = remit.user("lender", *held)
    ann, _ = federated(remit, lender, **({} if passed is None else {"Policy": passed}))
    look_up = remit.client("cloudtrail", ann).lookup_events

    if allowed:
        look_up()
    else:
        assert refusal(look_up)["Code"] == "AccessDeniedException"


def test_root_lends_what_the_policy_says_for_an_hour(remit: Composed) -> None:
    ann, answer = federated(remit, root(remit), Policy=policy("cloudtrail:LookupEvents"), DurationSeconds=7200)
    bob, _ = federated(remit, root(remit), Policy=policy("s3:*"))

    assert answer["Credentials"]["Expiration"] - datetime.now(UTC) <= timedelta(hours=1)
    remit.client("cloudtrail", ann).lookup_events()
    assert refusal(remit.client("cloudtrail", bob).lookup_events)["Code"] == "AccessDeniedException"


def test_tags_need_a_permission_and_count_in_conditions(remit: Composed) -> None:
    own = f"arn:aws:sts::{remit.account}:federated-user/ann"
    lending = {"Effect": "Allow", "Action": "sts:GetFederationToken", "Resource": own}
    looking = {
        "Effect": "Allow",
        "Action": "cloudtrail:LookupEvents",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}},
    }
    lender = remit.user("lender", lending, looking)
    tagger = remit.user("tagger", lending, looking, {"Effect": "Allow", "Action": "sts:TagSession", "Resource": "*"})
    tags = [{"Key": "team", "Value": "red"}]

    assert "sts:TagSession" in refusal(lambda: federated(remit, lender, Tags=tags))["Message"]
    red, _ = federated(remit, tagger, Tags=tags, Policy=policy("*"))
    plain, _ = federated(remit, tagger, Policy=policy("*"))
    remit.client("cloudtrail", red).lookup_events()
    assert refusal(remit.client("cloudtrail", plain).lookup_events)["Code"] == "AccessDeniedException"


def test_who_may_not_lend(remit: Composed) -> None:
    nobody = remit.user("nobody")

    message = refusal(lambda: federated(remit, nobody))["Message"]
    assert message.startswith(
        f"User: {nobody.arn} is not authorized to perform: sts:GetFederationToken on resource: "
        f"arn:aws:sts::{remit.account}:federated-user/ann because no identity-based policy allows"
    )
    assert refusal(lambda: federated(remit, Policy="{"))["Code"] == "MalformedPolicyDocument"
    assert refusal(lambda: federated(remit, DurationSeconds=129_601))["Code"] == "ValidationError"


def test_the_lender_is_in_the_trail_of_the_session(remit: Composed) -> None:
    ann, _ = federated(remit, Policy=policy("cloudtrail:LookupEvents"))
    remit.client("cloudtrail", ann).lookup_events()
    found = remit.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "Username", "AttributeValue": "ann"}]
    )

    (identity,) = [json.loads(event["CloudTrailEvent"])["userIdentity"] for event in found["Events"]]
    assert identity["type"] == "FederatedUser"
    assert identity["principalId"] == f"{remit.account}:ann"
    assert identity["sessionContext"]["sessionIssuer"]["type"] == "IAMUser"
    assert identity["sessionContext"]["sessionIssuer"]["userName"] == "admin"
