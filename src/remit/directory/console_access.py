"""Who may sign in to the console, and from where: an account's sign-in policy, and whether it is in force.

The policy consists of statements that are made one by one. Each denies signing in to everybody who does not come from
where it says, before they are known and after; whom it excludes it leaves alone. No statement counts until console
authorization is enabled, for the account or for its organization.
Source: AWS Sign-In User Guide, "Controlling console access with resource-based policies and resource control policies".
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from remit.directory.facts import NotFound, Noun, Quota, limit
from remit.directory.organizations import organization_of
from remit.ids import AccountId
from remit.store import Kind, Transaction

BEFORE = ("signin:Authenticate",)
AFTER = ("signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token")
_ID_BYTES = 48

Conditions = Mapping[str, Mapping[str, Sequence[str]]]


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where people may come from; empty members say nothing.

    Attributes:
        vpces: VPC endpoints, of the sign-in service and of the console.
        region: of the VPC or of its endpoints.
        vpc_ip: addresses within the VPC.
        excluded: ARN of who may come from anywhere.
    """

    source_ip: str = ""
    vpc: str = ""
    vpces: tuple[str, ...] = ()
    vpc_ip: str = ""
    region: str = ""
    excluded: str = ""


class PermissionStatement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statement. *client_token* makes the same wish the same statement; empty for none."""

    id: str
    account: AccountId
    created_at: datetime
    place: Place
    client_token: str = ""

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The statements of policy that it stands for, each with a Deny."""
        return [
            *(_deny(self.account, BEFORE, conditions) for conditions in _conditions(self.place, "signin:PrincipalArn")),
            *(_deny(self.account, AFTER, conditions) for conditions in _conditions(self.place, "aws:PrincipalArn")),
        ]

    @property
    def conditions(self) -> Conditions:
        """What it asks for, as lists show it."""
        return _conditions(self.place, "signin:PrincipalArn")[0]


class ConsoleAuthorization(msgspec.Struct, frozen=True):
    """That sign-in policies are in force for *id*: an account, an organization or its root."""

    id: str
    account: AccountId


SIGNIN_STATEMENTS = Kind(
    "signin_statement",
    PermissionStatement,
    unique={"token": lambda statement: (statement.account, statement.client_token) if statement.client_token else None},
    groups={"account": lambda statement: (statement.account,)},
)
CONSOLE_AUTHORIZATIONS = Kind("console_authorization", ConsoleAuthorization)


def statements(tx: Transaction, account: AccountId) -> Sequence[PermissionStatement]:
    """Return the statements of *account*, the oldest first."""
    return sorted(tx.select(SIGNIN_STATEMENTS, "account", account), key=order_of)


def order_of(statement: PermissionStatement) -> str:
    """Return what lists of statements are sorted by."""
    return f"{statement.created_at.isoformat()} {statement.id}"


def create_statement(
    tx: Transaction, account: AccountId, place: Place, *, at: datetime, client_token: str
) -> PermissionStatement:
    """Make a statement.

    Raises:
        QuotaExceeded: there are as many as there may be.
    """
    limit(Quota.SIGNIN_STATEMENTS, len(tx.select(SIGNIN_STATEMENTS, "account", account)) + 1)
    id_ = base64.b64encode(secrets.token_bytes(_ID_BYTES)).decode()
    made = PermissionStatement(id=id_, account=account, created_at=at, place=place, client_token=client_token)
    tx.put(SIGNIN_STATEMENTS, made)
    return made


def delete_statement(tx: Transaction, account: AccountId, id_: str) -> None:
    """Delete a statement.

    Raises:
        NotFound: *account* has none of that id.
    """
    found = tx.get(SIGNIN_STATEMENTS, id_)
    if found is None or found.account != account:
        raise NotFound(Noun.SIGNIN_STATEMENT, id_)
    tx.delete(SIGNIN_STATEMENTS, found)


def signin_policy(tx: Transaction, account: AccountId) -> dict[str, Any]:
    """Return the policy of *account*, in force or not."""
    documents = [document for statement in statements(tx, account) for document in statement.documents]
    return {"Version": "2012-10-17", "Statement": documents}


def policy_in_force(tx: Transaction, account: AccountId) -> str | None:
    """Return the text of the policy of *account*, empty when it has no statements; None while it is not in force."""
    organization = organization_of(tx, account)
    targets = [account] if organization is None else [account, organization.id, organization.root]
    if all(tx.get(CONSOLE_AUTHORIZATIONS, target) is None for target in targets):
        return None
    policy = signin_policy(tx, account)
    return msgspec.json.encode(policy).decode() if policy["Statement"] else ""


def _deny(account: AccountId, actions: Sequence[str], conditions: Conditions) -> dict[str, Any]:
    own = {key: dict(values) for key, values in conditions.items()}
    own["StringEquals"] = {**own.get("StringEquals", {}), "aws:ResourceAccount": [account]}
    return {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": list(actions),
        "Resource": "*",
        "Condition": own,
    }


def _conditions(place: Place, principal_key: str) -> list[Conditions]:
    """Return the conditions of each statement to deny: not from the place; then from its VPC, but not as it says.

    A VPC's id means something within its region only, and an address within its VPC only: so each is asked of those
    who come from there.
    """
    spared: dict[str, dict[str, Sequence[str]]] = (
        {"ArnNotEquals": {principal_key: [place.excluded]}} if place.excluded else {}
    )
    away: dict[str, dict[str, Sequence[str]]] = dict(spared)
    inside: dict[str, Sequence[str]] = {}
    if place.vpc:
        inside["aws:SourceVpc"] = [place.vpc]
    if place.vpces:
        inside["aws:SourceVpce"] = place.vpces
    if inside:
        away["StringNotEquals"] = inside
    if place.source_ip:
        # Who comes through an endpoint has no such address: it is asked of the others.
        away["NotIpAddressIfExists" if inside else "NotIpAddress"] = {"aws:SourceIp": [place.source_ip]}
    found: list[Conditions] = [away]
    for key, value in inside.items():
        there: dict[str, dict[str, Sequence[str]]] = {**spared, "StringEquals": {key: value}}
        if place.region:
            found.append({**there, "StringNotEqualsIfExists": {"aws:RequestedRegion": [place.region]}})
        if place.vpc_ip:
            found.append({**there, "NotIpAddressIfExists": {"aws:VpcSourceIp": [place.vpc_ip]}})
    return found
