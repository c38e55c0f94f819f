"""Policies of an organization: documents of one of fifteen types, made once and attached to many targets.

A target that nobody touched has what AWS attaches to everything: `FullAWSAccess` and `RCPFullAWSAccess`. It is not
written down anywhere, so that a type can be enabled for ten thousand accounts without changing one of them.
Source: `organizations` reference, 2.2, 3.5, 4.5 and 5.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from remit.directory.facts import AlreadyExists, Hindrance, InUse, NotFound, Noun, Quota, ReadOnly
from remit.directory.organizations.facts import Constraint, ConstraintBroken, TypeNotAvailable
from remit.directory.organizations.organization import FeatureSet, Organization
from remit.ids import AccountId, new_organization_policy_id
from remit.store import Kind, Transaction

AWS = AccountId("aws")


class PolicyType(StrEnum):
    """The types of policies, by the API's words."""

    SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
    RESOURCE_CONTROL = "RESOURCE_CONTROL_POLICY"
    TAG = "TAG_POLICY"
    BACKUP = "BACKUP_POLICY"
    AI_OPT_OUT = "AISERVICES_OPT_OUT_POLICY"
    CHATBOT = "CHATBOT_POLICY"
    DECLARATIVE_EC2 = "DECLARATIVE_POLICY_EC2"
    SECURITY_HUB = "SECURITYHUB_POLICY"
    SECURITY_HUB_CSPM = "SECURITYHUB_CSPM_POLICY"
    INSPECTOR = "INSPECTOR_POLICY"
    GUARDDUTY = "GUARDDUTY_POLICY"
    UPGRADE_ROLLOUT = "UPGRADE_ROLLOUT_POLICY"
    BEDROCK = "BEDROCK_POLICY"
    S3 = "S3_POLICY"
    NETWORK_SECURITY_DIRECTOR = "NETWORK_SECURITY_DIRECTOR_POLICY"


# They take part in authorization; all others are merged into an effective policy.
AUTHORIZATION = frozenset({PolicyType.SERVICE_CONTROL, PolicyType.RESOURCE_CONTROL})

_TYPES_OF_QUOTAS = {
    PolicyType.SERVICE_CONTROL: Quota.SERVICE_CONTROL_POLICIES,
    PolicyType.RESOURCE_CONTROL: Quota.RESOURCE_CONTROL_POLICIES,
}


class OrganizationPolicy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A policy.

    Attributes:
        id: `p-...`.
        account: the management account, or `aws` for AWS's own.
        organization: its id; empty for AWS's own.
        content: the document, byte for byte as it was given.
    """

    id: str
    account: AccountId
    organization: str
    type: PolicyType
    name: str
    description: str
    content: str
    created_at: datetime
    updated_at: datetime
    tags: Mapping[str, str] = {}
    partition: str = "aws"

    @property
    def arn(self) -> str:
        """The ARN, in the management account; AWS's own are in no organization."""
        within = f"{self.organization}/" if self.organization else ""
        return f"arn:{self.partition}:organizations::{self.account}:policy/{within}{self.type.lower()}/{self.id}"

    @property
    def is_aws_managed(self) -> bool:
        """Whether it is AWS's own, which nobody changes."""
        return self.account == AWS


ORGANIZATION_POLICIES = Kind(
    "organization_policy",
    OrganizationPolicy,
    unique={"name": lambda policy: (policy.organization, policy.type, policy.name)},
    groups={"type": lambda policy: ((policy.organization, policy.type),)},
    order=lambda policy: f"{policy.created_at}",
)

# When AWS announced each of the two.
_SINCE = {
    PolicyType.SERVICE_CONTROL: datetime(2017, 2, 27, tzinfo=UTC),
    PolicyType.RESOURCE_CONTROL: datetime(2024, 11, 13, tzinfo=UTC),
}


def _of_aws(type_: PolicyType, name: str, description: str, content: str) -> OrganizationPolicy:
    since = _SINCE[type_]
    return OrganizationPolicy(
        id=f"p-{name}",
        account=AWS,
        organization="",
        type=type_,
        name=name,
        description=description,
        content=content,
        created_at=since,
        updated_at=since,
    )


FULL_ACCESS = _of_aws(
    PolicyType.SERVICE_CONTROL,
    "FullAWSAccess",
    "Allows access to every operation",
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
)
RCP_FULL_ACCESS = _of_aws(
    PolicyType.RESOURCE_CONTROL,
    "RCPFullAWSAccess",
    "Allows access to every resource",
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
)
AWS_MANAGED = {policy.id: policy for policy in (FULL_ACCESS, RCP_FULL_ACCESS)}

# What is attached to a target of which nobody said anything else.
DEFAULTS: Mapping[PolicyType, tuple[str, ...]] = {policy.type: (policy.id,) for policy in AWS_MANAGED.values()}


def attached(held: Mapping[str, tuple[str, ...]], type_: PolicyType) -> tuple[str, ...]:
    """Return the ids of the policies of a type that are attached to a target, oldest attachment first.

    Args:
        held: what the target says of it; only of interest while the type is enabled in the root.
    """
    found = held.get(type_)
    return DEFAULTS.get(type_, ()) if found is None else found


def find_policy(tx: Transaction, organization: Organization, id_: str) -> OrganizationPolicy | None:
    """Return the policy with an id, AWS's own among them; None if the organization has no such policy."""
    if id_ in AWS_MANAGED:
        return in_partition(AWS_MANAGED[id_], organization.partition)
    found = tx.get(ORGANIZATION_POLICIES, id_)
    return found if found is not None and found.organization == organization.id else None


def in_partition(policy: OrganizationPolicy, partition: str) -> OrganizationPolicy:
    """Return an AWS managed policy as *partition* knows it."""
    return policy if policy.partition == partition else msgspec.structs.replace(policy, partition=partition)


def known_policy(
    tx: Transaction, organization: Organization, id_: str, *, noun: Noun = Noun.ORGANIZATION_POLICY
) -> OrganizationPolicy:
    """Return the policy with an id.

    Args:
        noun: what messages call a missing one.

    Raises:
        NotFound: the organization has none.
    """
    found = find_policy(tx, organization, id_)
    if found is None:
        raise NotFound(noun, id_)
    return found


def create_policy(
    tx: Transaction,
    organization: Organization,
    type_: PolicyType,
    *,
    name: str,
    description: str,
    content: str,
    tags: Mapping[str, str],
    at: datetime,
    id_: str = "",
) -> OrganizationPolicy:
    """Make a policy that is attached to nothing; the content was found acceptable before.

    Args:
        id_: what it is to be known by; a new id by default.

    Raises:
        TypeNotAvailable: the organization has consolidated billing only.
        AlreadyExists: one of its type has the name.
        ConstraintBroken: there are as many of the type as there may be.
    """
    if organization.feature_set is not FeatureSet.ALL:
        raise TypeNotAvailable
    _check_name(tx, organization, type_, name, "")
    most = organization.limit(_TYPES_OF_QUOTAS.get(type_, Quota.MANAGEMENT_POLICIES))
    if tx.count(ORGANIZATION_POLICIES, "type", (organization.id, type_)) >= most:
        raise ConstraintBroken(Constraint.POLICY_NUMBER_LIMIT_EXCEEDED)
    created = OrganizationPolicy(
        id=id_ or new_organization_policy_id(),
        account=organization.account,
        organization=organization.id,
        type=type_,
        name=name,
        description=description,
        content=content,
        created_at=at,
        updated_at=at,
        tags=tags,
        partition=organization.partition,
    )
    tx.put(ORGANIZATION_POLICIES, created)
    return created


def update_policy(
    tx: Transaction,
    organization: Organization,
    policy: OrganizationPolicy,
    *,
    name: str | None,
    description: str | None,
    content: str | None,
    at: datetime,
) -> OrganizationPolicy:
    """Change what is not None; it counts for everything the policy is attached to.

    Raises:
        ReadOnly: the policy is AWS's own.
        AlreadyExists: another one of its type has the name.
    """
    if policy.is_aws_managed:
        raise ReadOnly(Noun.ORGANIZATION_POLICY, policy.id, "update")
    if name is not None:
        _check_name(tx, organization, policy.type, name, policy.id)
    changed = msgspec.structs.replace(
        policy,
        name=policy.name if name is None else name,
        description=policy.description if description is None else description,
        content=policy.content if content is None else content,
        updated_at=at,
    )
    tx.put(ORGANIZATION_POLICIES, changed)
    return changed


def _check_name(tx: Transaction, organization: Organization, type_: PolicyType, name: str, own: str) -> None:
    found = tx.find(ORGANIZATION_POLICIES, "name", (organization.id, type_, name))
    is_awss = any(policy.type is type_ and policy.name == name for policy in AWS_MANAGED.values())
    if is_awss or (found is not None and found.id != own):
        raise AlreadyExists(Noun.ORGANIZATION_POLICY, name)


def delete_policy(tx: Transaction, policy: OrganizationPolicy, *, is_attached: bool) -> None:
    """Remove a policy that is attached to nothing.

    Raises:
        ReadOnly: it is AWS's own.
        InUse: it is attached to something.
    """
    if policy.is_aws_managed:
        raise ReadOnly(Noun.ORGANIZATION_POLICY, policy.id, "delete")
    if is_attached:
        raise InUse(Noun.ORGANIZATION_POLICY, Hindrance.ATTACHMENTS)
    tx.delete(ORGANIZATION_POLICIES, policy)
