"""The tenant of twelve accounts as it should be: people in groups, rules, contacts, guards, roles.

What a fault of the seed is about is left out here, or made otherwise by `planting`.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from random import Random
from typing import Any

import msgspec

from remit.compliance.learning.attempts import Attempt
from remit.compliance.learning.labs import MANAGEMENT
from remit.directory.access_keys import create_access_key
from remit.directory.accounts import ACCOUNTS, known_account
from remit.directory.attachments import attach, policy_by_arn, put_inline
from remit.directory.aws_managed import ADMINISTRATOR_ACCESS
from remit.directory.contacts import AlternateContact, ContactType, put_alternate_contact
from remit.directory.groups import add_member, create_group, group
from remit.directory.login_profiles import create_login_profile
from remit.directory.mfa_devices import MFA_DEVICES, create_device, virtual_serial
from remit.directory.organizations.attachments import attach as attach_guard
from remit.directory.organizations.members import known_member, membership_of, organization_of
from remit.directory.organizations.organization import Organization
from remit.directory.organizations.policies import ORGANIZATION_POLICIES, PolicyType
from remit.directory.organizations.service_access import register_administrator
from remit.directory.password_policy import PASSWORD_POLICIES, PasswordPolicy
from remit.directory.passwords import hash_password
from remit.directory.principals import bind_principals
from remit.directory.roles import Role, create_role
from remit.directory.users import create_user, user
from remit.ids import AccountId, new_mfa_seed, new_secret_access_key
from remit.store import Transaction

MEMBERS = ("claims", "data", "lab", "ledger", "logs", "play", "portal", "security", "shop", "stock", "wiki")
SERVICES = ("config.amazonaws.com", "guardduty.amazonaws.com", "securityhub.amazonaws.com")
GUARD = "trail-guard"
GROUP = "readers"
_READ = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}
_LENGTH, _SHORT_LENGTH = 16, 8
_MANY = 0.6
_YOUNG_KEY_DAYS, _PASSWORD_DAYS, _USER_DAYS = 30, 20, 500


class Furnishing:
    """Puts things into the accounts of an attempt.

    Attributes:
        left_out: (fault, account, subject) of what is not to be as it should.
    """

    def __init__(self, tx: Transaction, attempt: Attempt, left_out: Collection[tuple[str, str, str]]) -> None:
        self.tx, self.attempt, self.at = tx, attempt, attempt.started_at
        self._left_out = {(fault, account) for fault, account, _ in left_out}
        self._subjects = {subject: fault for fault, _, subject in left_out}
        # One password for all, which nobody knows.
        self._hashed = hash_password(new_secret_access_key())

    def id(self, account: str) -> AccountId:
        """Return the id of an account."""
        return AccountId(self.attempt.accounts[account])

    @property
    def organization(self) -> Organization:
        """The organization as it is now."""
        found = organization_of(self.tx, self.id(MANAGEMENT))
        if found is None:
            raise LookupError(MANAGEMENT)
        return found

    def furnish(self, people: Mapping[str, Collection[str]]) -> None:
        """Furnish every account; *people* are the users of each."""
        for account in self.attempt.accounts:
            self._rules(account)
        for account in MEMBERS:
            self._people(account, people[account])
            self._roles(account)
            self._guard(account)
        for service in SERVICES:
            if service not in self._subjects:
                self.administer(service, "security")

    def administer(self, service: str, account: str) -> None:
        """Make an account the administrator of a service."""
        member = known_member(self.tx, self.organization, self.id(account))
        register_administrator(self.tx, self.organization, member, service, at=self.at)

    def key(self, account: str, name: str, days: int) -> None:
        """Give a user a key of that age; the account's id stands for the root user."""
        id_ = self.id(account)
        owner = id_ if name == id_ else user(self.tx, id_, name).id
        create_access_key(self.tx, id_, owner, at=self.at - timedelta(days=days))

    def role(self, account: str, name: str, document: str) -> Role:
        """Make a role with a trust policy."""
        bound = bind_principals(self.tx, document, "aws")
        return create_role(self.tx, self.id(account), name, path="/", trust=bound, at=self.at, tags={})

    def _rules(self, account: str) -> None:
        id_ = self.id(account)
        length = _SHORT_LENGTH if ("weak-passwords", account) in self._left_out else _LENGTH
        self.tx.put(PASSWORD_POLICIES, PasswordPolicy(id=id_, account=id_, length_min=length, reuse_prevention=24))
        if ("no-contact", account) not in self._left_out:
            desk = AlternateContact(name="Security desk", title="CISO", email="desk@lab.example", phone="+1 555 0100")
            put_alternate_contact(self.tx, id_, ContactType.SECURITY, desk)
        if ("no-owner", account) not in self._left_out:
            found = known_account(self.tx, id_)
            membership = msgspec.structs.replace(membership_of(found), tags={"Owner": f"team-{account}"})
            self.tx.put(ACCOUNTS, msgspec.structs.replace(found, membership=membership))

    def _people(self, account: str, people: Collection[str]) -> None:
        id_ = self.id(account)
        put_inline(self.tx, create_group(self.tx, id_, GROUP, path="/", at=self.at), "read", document(_READ))
        dice = Random(f"{self.attempt.seed} {account}")  # noqa: S311  # reproducible by design
        for name in people:
            made = create_user(self.tx, id_, name, path="/", at=self.at - timedelta(days=_USER_DAYS), tags={})
            add_member(self.tx, group(self.tx, id_, GROUP), made)
            fault = self._subjects.get(name, "")
            if dice.random() < _MANY or fault == "no-mfa":
                at = self.at - timedelta(days=_PASSWORD_DAYS)
                create_login_profile(self.tx, id_, made.id, name, self._hashed, at=at)
                if fault != "no-mfa":
                    self._device(id_, name, made.id)
            elif fault not in ("old-key", "two-keys"):
                self.key(account, name, _YOUNG_KEY_DAYS)

    def _device(self, account: AccountId, name: str, owner: str) -> None:
        """Give a user a device; nobody has it, so no code of it is ever right."""
        serial = virtual_serial("aws", account, "/", name)
        device = create_device(self.tx, account, serial, new_mfa_seed(), at=self.at)
        self.tx.put(MFA_DEVICES, msgspec.structs.replace(device, owner=owner, enabled_at=self.at))

    def _roles(self, account: str) -> None:
        build = self.role(account, "build", trust({"Service": "codebuild.amazonaws.com"}))
        put_inline(self.tx, build, "build", document(_READ))
        self.role(account, "security-review", trust({"AWS": f"arn:aws:iam::{self.id('security')}:root"}))
        repair = self.role(account, "repair", trust({"Service": "lambda.amazonaws.com"}))
        attach(self.tx, repair, policy_by_arn(self.tx, self.id(account), ADMINISTRATOR_ACCESS))

    def _guard(self, account: str) -> None:
        if ("unguarded", account) in self._left_out:
            return
        guards = self.tx.select(ORGANIZATION_POLICIES, "type", (self.organization.id, PolicyType.SERVICE_CONTROL))
        guard = next(one for one in guards if one.name == GUARD)
        attach_guard(self.tx, self.organization, guard, known_account(self.tx, self.id(account)))


def document(*statements: Mapping[str, Any]) -> str:
    """Return a policy document."""
    return msgspec.json.encode({"Version": "2012-10-17", "Statement": list(statements)}).decode()


def trust(principal: Any, action: str = "sts:AssumeRole", condition: Mapping[str, Any] | None = None) -> str:
    """Return a trust policy."""
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action}
    return document(statement | ({"Condition": condition} if condition else {}))
