"""Accounts beside the one that a new Remit begins with, which stand alone until something happens to them."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError
from composed import Composed

from remit.clock import SystemClock
from remit.directory import HANDSHAKES, ORGANIZATIONS
from remit.directory.access_keys import create_access_key
from remit.directory.accounts import create_account
from remit.directory.organizations import organization_of
from remit.ids import AccountId, Secret
from remit.store import Transaction
from remit.testing import Identity

OTHER, THIRD = "444455556666", "777788889999"


def neighbour(remit: Composed, id_: str = OTHER, email: str = "") -> Identity:
    """Make an account; return its root user."""

    def change(tx: Transaction) -> Identity:
        at, account = SystemClock().now(), AccountId(id_)
        create_account(tx, account, email=email or f"root-{id_}@example.com", name="other", at=at)
        key, secret = create_access_key(tx, account, account, at=at)
        return Identity(f"arn:aws:iam::{id_}:root", key.id, secret, None, remit.admin.endpoint)

    made: Identity = remit.change(change)
    return made


def session_in(remit: Composed, account: str) -> Identity:
    """Return a session in a member account that the organization created."""
    arn = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    keys = remit.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    secret, token = Secret(keys["SecretAccessKey"]), keys["SessionToken"]
    return Identity("", keys["AccessKeyId"], secret, token, remit.admin.endpoint)


def user_of(remit: Composed, root: Identity, *statements: Mapping[str, Any]) -> Any:
    """Return a client of Organizations for a new user with these permissions in the account of *root*."""
    iam = remit.client("iam", root)
    name = f"user{len(iam.list_users()['Users'])}"
    iam.create_user(UserName=name)
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_user_policy(UserName=name, PolicyName="test", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    made = Identity("", key["AccessKeyId"], Secret(key["SecretAccessKey"]), None, remit.admin.endpoint)
    return remit.client("organizations", made)


def grow_old(remit: Composed, id_: str, by: timedelta) -> None:
    """Make a handshake older, as if the clock had gone on."""

    def change(tx: Transaction) -> None:
        found = tx.get(HANDSHAKES, id_)
        assert found is not None
        tx.put(HANDSHAKES, msgspec.structs.replace(found, expires_at=found.expires_at - by))

    remit.change(change)


def set_quotas(remit: Composed, account: str, quotas: Mapping[str, int]) -> None:
    """Give the organization of an account other quotas."""

    def change(tx: Transaction) -> None:
        found = organization_of(tx, AccountId(account))
        assert found is not None
        tx.put(ORGANIZATIONS, msgspec.structs.replace(found, quotas=quotas))

    remit.change(change)


def events(remit: Composed, identity: Identity | None, name: str) -> list[dict[str, Any]]:
    """Return the details of what Organizations noted in an account's trail, the newest first."""
    found = remit.client("cloudtrail", identity).lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}]
    )
    return [json.loads(event["CloudTrailEvent"])["serviceEventDetails"] for event in found["Events"]]


def why(call: Callable[[], Any]) -> tuple[str, str]:
    """Return the code of a refusal, and its reason; empty for none."""
    with pytest.raises(ClientError) as caught:
        call()
    response: Any = caught.value.response
    return response["Error"]["Code"], response.get("Reason", "")
