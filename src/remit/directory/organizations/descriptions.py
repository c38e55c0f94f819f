"""An organization described: what `remit org export` writes, and `remit org import` and `remit org plan` read.

A description may be a part. What a member says is the whole of its thing, so tags that are there are all the tags;
a member that is not there leaves its thing as it is. Lists of units, accounts and policies name some of many: what they
do not name stays, too.

Ids are kept so that a thing can be told from another of its name, and so that policies that name them stay right.
Source: `organizations` reference, 2; `organization-files` page of the documentation.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from remit.directory.accounts import ACCOUNTS, Account, AccountState
from remit.directory.organizations.attachments import Target, attached_to
from remit.directory.organizations.members import membership_of
from remit.directory.organizations.organization import FeatureSet, Organization
from remit.directory.organizations.policies import (
    DEFAULTS,
    ORGANIZATION_POLICIES,
    OrganizationPolicy,
    PolicyType,
    known_policy,
)
from remit.directory.organizations.resource_policies import resource_policy_of
from remit.directory.organizations.units import UNITS
from remit.store import Transaction

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
# An account id without quotes is a number in YAML.
Text = str | int
Tags = dict[str, Text]
Attached = dict[PolicyType, list[str]]
# A document as it was written, or as the object that it is.
Content = str | dict[str, Any]


class _Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What every part of a description is."""


class AccountPart(_Part, frozen=True, kw_only=True):
    """An account where it is in the tree; found by its id, then its e-mail address, then its name."""

    name: str = ""
    id: Text = ""
    email: str = ""
    tags: Tags | UnsetType = UNSET
    policies: Attached | UnsetType = UNSET

    @property
    def shown(self) -> str:
        """What messages call it."""
        return self.name or str(self.id) or self.email


class UnitPart(_Part, frozen=True, kw_only=True):
    """A unit, with what is in it; found by its id, then its name."""

    name: Name
    id: str = ""
    tags: Tags | UnsetType = UNSET
    policies: Attached | UnsetType = UNSET
    accounts: list[AccountPart] = []
    units: list["UnitPart"] = []


class RootPart(_Part, frozen=True, kw_only=True):
    """The root."""

    id: str = ""
    tags: Tags | UnsetType = UNSET
    policies: Attached | UnsetType = UNSET
    accounts: list[AccountPart] = []
    units: list[UnitPart] = []


class PolicyPart(_Part, frozen=True, kw_only=True):
    """A policy; found by its id, then its name."""

    name: Name
    type: PolicyType
    id: str = ""
    description: Annotated[str, msgspec.Meta(max_length=512)] | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    content: Content | UnsetType = UNSET


class ResourcePolicyPart(_Part, frozen=True, kw_only=True):
    """The resource policy."""

    content: Content
    tags: Tags | UnsetType = UNSET


class Description(_Part, frozen=True, kw_only=True):
    """An organization, or a part of it.

    Attributes:
        management_account: its id, e-mail address or name.
        policy_types: those that are enabled, in the order they were enabled.
        delegated_administrators: principal of a service -> accounts by id, e-mail address or name.
        resource_policy: None for none.
    """

    id: str = ""
    management_account: Text = ""
    feature_set: FeatureSet | UnsetType = UNSET
    quotas: dict[str, int] | UnsetType = UNSET
    policy_types: list[PolicyType] | UnsetType = UNSET
    trusted_services: list[str] | UnsetType = UNSET
    delegated_administrators: dict[str, list[Text]] | UnsetType = UNSET
    root_credentials_management: bool | UnsetType = UNSET
    root_sessions: bool | UnsetType = UNSET
    policies: list[PolicyPart] = []
    root: RootPart = RootPart()
    resource_policy: ResourcePolicyPart | UnsetType | None = UNSET


def content_text(content: Content) -> str:
    """Return the document as it is stored: an object on one line, a text as it is."""
    if isinstance(content, str):
        return content
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)


def content_part(text: str) -> Content:
    """Return a stored document as an object, or as its text where the object would not give it back byte for byte."""
    try:
        read: Any = json.loads(text)
    except ValueError:
        return text
    return read if isinstance(read, dict) and content_text(read) == text else text  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def accounts_in(part: RootPart | UnitPart) -> Iterator[AccountPart]:
    """Give the accounts at and below a part of the tree."""
    yield from part.accounts
    for unit in part.units:
        yield from accounts_in(unit)


# -- made of what there is


def describe(tx: Transaction, organization: Organization) -> Description:
    """Describe the whole organization, the same way each time. Closed accounts, which are about to go, are left out."""
    resource_policy = resource_policy_of(tx, organization)
    described = None
    if resource_policy is not None:
        described = ResourcePolicyPart(content=content_part(resource_policy.content), tags=_tags(resource_policy.tags))
    return Description(
        id=organization.id,
        management_account=organization.account,
        feature_set=organization.feature_set,
        quotas=dict(sorted(organization.quotas.items())),
        policy_types=[PolicyType(type_) for type_ in organization.policy_types],
        trusted_services=sorted(organization.trusted_services),
        delegated_administrators={
            service: sorted(accounts)
            for service, accounts in sorted(organization.delegated_administrators.items())
            if accounts
        },
        root_credentials_management=organization.root_credentials_management,
        root_sessions=organization.root_sessions,
        policies=[_policy(policy) for type_ in PolicyType for policy in _policies_of(tx, organization, type_)],
        root=RootPart(id=organization.root, **_inside(tx, organization, organization, organization.root)),
        resource_policy=described,
    )


def _policies_of(tx: Transaction, organization: Organization, type_: PolicyType) -> list[OrganizationPolicy]:
    found = tx.select(ORGANIZATION_POLICIES, "type", (organization.id, type_))
    return sorted(found, key=lambda policy: policy.name)


def _policy(policy: OrganizationPolicy) -> PolicyPart:
    return PolicyPart(
        name=policy.name,
        type=policy.type,
        id=policy.id,
        description=policy.description,
        tags=_tags(policy.tags),
        content=content_part(policy.content),
    )


def _inside(tx: Transaction, organization: Organization, target: Target, id_: str) -> dict[str, Any]:
    units = sorted(tx.select(UNITS, "parent", id_), key=lambda unit: unit.name)
    accounts = [one for one in tx.select(ACCOUNTS, "parent", id_) if one.state is AccountState.ACTIVE]
    return {
        "tags": _tags(target.tags) if not isinstance(target, Account) else {},
        "policies": attachments_of(tx, organization, target),
        "accounts": [
            _account(tx, organization, account) for account in sorted(accounts, key=lambda one: (one.name, one.id))
        ],
        "units": [UnitPart(name=unit.name, id=unit.id, **_inside(tx, organization, unit, unit.id)) for unit in units],
    }


def _account(tx: Transaction, organization: Organization, account: Account) -> AccountPart:
    return AccountPart(
        name=account.name,
        id=account.id,
        email=account.email,
        tags=_tags(membership_of(account).tags),
        policies=attachments_of(tx, organization, account),
    )


def _tags(tags: Mapping[str, str]) -> Tags | UnsetType:
    return dict(sorted(tags.items())) or UNSET


def attachments_of(tx: Transaction, organization: Organization, target: Target) -> Attached | UnsetType:
    """Return the names of the policies that are attached to *target*, where they are not what everything has."""
    found: Attached = {}
    for type_ in organization.policy_types:
        ids = attached_to(target, PolicyType(type_))
        if ids != DEFAULTS.get(PolicyType(type_), ()):
            found[PolicyType(type_)] = [known_policy(tx, organization, id_).name for id_ in ids]
    return found or UNSET
