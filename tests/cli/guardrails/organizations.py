"""An organization for expectations and plans, in a store that nobody opened."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec

from remit.cli.guardrails.checking import Checking, Verdict
from remit.cli.guardrails.expectations import Expectation
from remit.directory import KINDS
from remit.directory.accounts import Account, create_account, known_account
from remit.directory.organizations import Organization
from remit.directory.organizations.descriptions import Description
from remit.directory.organizations.imports import put_organization
from remit.directory.roles import Role, create_role
from remit.directory.users import create_user
from remit.ids import AccountId
from remit.store import Keyring, Transaction
from remit.store.sealing import new_data_key
from remit.store.view import View

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
MAIN, SHOP, WEB, TEST = (AccountId(f"{digit}" * 12) for digit in (1, 2, 3, 4))
SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
STOP = "cloudtrail:StopLogging"
_MASTER = b"m" * 32


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def deny(action: str, **more: Any) -> dict[str, Any]:
    return document({"Effect": "Deny", "Action": action, "Resource": "*", **more})


KEEP_TRAIL = deny(
    "cloudtrail:StopLogging", Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Breakglass"}}
)
COMPANY: dict[str, Any] = {
    "policy_types": [SCP, RCP],
    "policies": [
        {"name": "keep-trail", "type": SCP, "content": KEEP_TRAIL},
        {"name": "only-ec2", "type": SCP, "content": document({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})},
        {
            "name": "ours",
            "type": RCP,
            "content": deny(
                "s3:*", Principal="*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-aaaaaaaaaa"}}
            ),
        },
    ],
    "id": "o-aaaaaaaaaa",
    "root": {
        "accounts": [{"id": MAIN}],
        "units": [
            {
                "name": "Prod",
                "policies": {SCP: ["FullAWSAccess", "keep-trail"], RCP: ["RCPFullAWSAccess", "ours"]},
                "accounts": [{"name": "shop", "id": SHOP, "email": "shop@example.com"}],
                "units": [{"name": "Web", "accounts": [{"name": "web", "id": WEB, "email": "web@example.com"}]}],
            },
            {
                "name": "Test",
                "policies": {SCP: ["only-ec2"]},
                "accounts": [{"name": "test", "id": TEST, "email": "test@example.com"}],
            },
            {"name": "Empty", "policies": {SCP: ["FullAWSAccess", "keep-trail"]}},
        ],
    },
}


class Company:
    """An organization in a store.

    Attributes:
        tx: changes it; never written.
    """

    def __init__(self, *parts: dict[str, Any]) -> None:
        self._view, self._keyring = View(KINDS), Keyring(_MASTER, [new_data_key(_MASTER)])
        self.tx = self.fresh()
        create_account(self.tx, MAIN, email="root@example.com", name="main", at=AT)
        self.put(COMPANY)
        for part in parts:
            self.put(part)

    def fresh(self) -> Transaction:
        """Give a transaction that takes back nothing but its own changes."""
        return Transaction(self._view, self._keyring, lambda _: [])

    def put(self, said: dict[str, Any]) -> Organization:
        description = msgspec.convert(said, Description)
        self.organization = put_organization(self.tx, description, self.account(MAIN), at=AT).organization
        return self.organization

    def account(self, id_: str) -> Account:
        return known_account(self.tx, AccountId(id_))

    def role(self, account: AccountId, name: str, *statements: dict[str, Any], **more: Any) -> Role:
        trust = json.dumps(document())
        role = create_role(self.tx, account, name, path=more.pop("path", "/"), trust=trust, at=AT, tags={})
        inline = {"p": json.dumps(document(*statements))} if statements else {}
        return self._put(role, inline=inline, **more)

    def user(self, account: AccountId, name: str, *statements: dict[str, Any]) -> None:
        user = create_user(self.tx, account, name, path="/", at=AT, tags={})
        self._put(user, inline={"p": json.dumps(document(*statements))} if statements else {})

    def _put(self, entity: Any, **members: Any) -> Any:
        from remit.directory import ROLES, USERS

        changed = msgspec.structs.replace(entity, **members)
        self.tx.put(ROLES if isinstance(entity, Role) else USERS, changed)
        return changed


def check(company: Company, *, each: bool = False, **said: Any) -> Verdict:
    """Hold one expectation against the organization; by default that nobody may stop the trail."""
    expectation = msgspec.convert({"action": STOP, "expect": "denied", **said}, Expectation)
    return Checking(company.tx, company.organization, at=AT, each=each).check(expectation)
