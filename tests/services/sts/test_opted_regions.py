"""Sessions and regions that accounts opt in to: whose account has to, and which tokens are good there."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import Composed

from remit.directory.regions import REGION_OPTS, Opted, OptStatus, RegionOpts
from remit.ids import AccountId, Secret
from remit.store import Transaction
from remit.testing import Identity

OTHER = "444455556666"
CAPE = "af-south-1"


def _enable(remit: Composed, account: str) -> None:
    """Enable the region long ago."""

    def change(tx: Transaction) -> None:
        opted = Opted(OptStatus.ENABLING, datetime(2026, 1, 1, tzinfo=UTC))
        tx.put(REGION_OPTS, RegionOpts(id=account, account=AccountId(account), regions={CAPE: opted}))

    remit.change(change)


def _error(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def _role(remit: Composed, root: Identity) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": remit.account}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = remit.client("iam", root).create_role(RoleName="Access", AssumeRolePolicyDocument=document)
    return str(made["Role"]["Arn"])


def test_both_accounts_have_to_have_enabled_the_region(
    remit: Composed, organize: Callable[..., str], join: Callable[[str], Identity]
) -> None:
    role = _role(remit, join(organize()))
    sts = remit.client("sts", region_name=CAPE)

    def assume() -> Any:
        return sts.assume_role(RoleArn=role, RoleSessionName="s1")

    assert _error(assume) == ("InvalidClientTokenId", "The security token included in the request is invalid")
    _enable(remit, remit.account)
    why = f"User: {remit.admin.arn} is not authorized to perform: sts:AssumeRole on resource: {role}"
    assert _error(assume) == ("AccessDenied", why)
    _enable(remit, OTHER)
    assert assume()["AssumedRoleUser"]["Arn"].endswith(":assumed-role/Access/s1")


def test_root_is_assumed_where_the_member_is_known(
    remit: Composed, organize: Callable[..., str], join: Callable[[str], Identity]
) -> None:
    join(organize(root_sessions=True))
    sts = remit.client("sts", region_name=CAPE)
    task = {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}
    _enable(remit, remit.account)

    assert _error(lambda: sts.assume_root(TargetPrincipal=OTHER, TaskPolicyArn=task))[0] == "AccessDenied"
    _enable(remit, OTHER)
    assert sts.assume_root(TargetPrincipal=OTHER, TaskPolicyArn=task)["Credentials"]


@pytest.mark.parametrize(
    ("endpoint", "version", "is_good"),
    [
        ("http://sts.amazonaws.com", "v1Token", False),
        ("http://sts.amazonaws.com", "v2Token", True),
        ("http://sts.us-east-1.amazonaws.com", "v1Token", True),
    ],
)
def test_the_global_endpoint_gives_tokens_of_the_preferred_version(
    remit: Composed, endpoint: str, version: str, *, is_good: bool
) -> None:
    _enable(remit, remit.account)
    remit.client("iam").set_security_token_service_preferences(GlobalEndpointTokenVersion=version)

    given = remit.client("sts", endpoint_url=endpoint).get_session_token()["Credentials"]

    session = Identity(
        remit.admin.arn,
        given["AccessKeyId"],
        Secret(given["SecretAccessKey"]),
        given["SessionToken"],
        remit.admin.endpoint,
    )
    assert remit.client("sts", session).get_caller_identity()["Account"] == remit.account
    there = remit.client("sts", session, region_name=CAPE)
    if is_good:
        assert there.get_caller_identity()["Account"] == remit.account
    else:
        assert _error(there.get_caller_identity)[0] == "InvalidClientTokenId"
