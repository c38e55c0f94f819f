"""An organization put into the store as it is described: what is there already stays, and is said to be the same.

A thing is found by its id, then by its name, and made where there is none. An id of the description is kept where the
store can have it: no other thing has it, and a unit's fits the root.

    trusted services, types of policies -> policies -> units -> accounts -> what is attached to each -> delegation

With *exact*, what the description does not name goes: units, accounts, policies, attachments and tags.
Source: `organizations` reference, 2 and 3; page `organization-files` of the documentation.
"""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from remit.directory.accounts import Account, create_account
from remit.directory.facts import ORGANIZATION_QUOTAS
from remit.directory.organizations.attachments import disable_type, enable_type
from remit.directory.organizations.creations import free_account_id
from remit.directory.organizations.descriptions import Description, ResourcePolicyPart, Text, accounts_in, content_text
from remit.directory.organizations.members import known_member, organization_of
from remit.directory.organizations.organization import (
    ORGANIZATIONS,
    FeatureSet,
    Organization,
    create_organization,
)
from remit.directory.organizations.policies import PolicyType
from remit.directory.organizations.putting import Change, DescriptionRefused, Putting
from remit.directory.organizations.putting_policies import delete_other_policies, is_same, put_policy
from remit.directory.organizations.putting_tree import (
    PuttingTree,
    described_account,
    make_linked_role,
    remove_others,
)
from remit.directory.organizations.resource_policies import (
    RESOURCE_POLICIES,
    put_resource_policy,
    resource_policy_of,
)
from remit.directory.organizations.service_access import (
    check_access_for,
    deregister_administrator,
    disable_access,
    enable_access,
    register_administrator,
    trusted_services,
)
from remit.ids import account_id
from remit.store import Transaction

_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}", re.ASCII)
_ROOT = re.compile(r"r-[0-9a-z]{4,32}", re.ASCII)
_IAM = "iam.amazonaws.com"
# What changes call it.
RESOURCE_POLICY = "the resource policy"


class Imported(msgspec.Struct, frozen=True):
    """What an import came to.

    Attributes:
        joined, left: accounts that came and went.
    """

    organization: Organization
    changes: tuple[Change, ...]
    joined: tuple[Account, ...]
    left: tuple[Account, ...]


def put_organization(
    tx: Transaction,
    description: Description,
    management: Account,
    *,
    at: datetime,
    exact: bool = False,
    quotas: Mapping[str, int] | None = None,
) -> Imported:
    """Make of the organization of the account *management* what *description* says.

    The contents of its policies were found acceptable before.

    Args:
        exact: whether what the description does not name goes.
        quotas: what the organization begins with, if there is none yet.

    Raises:
        DescriptionRefused: something stands against it. What was changed until then has to be taken back.
    """
    before = organization_of(tx, management.id)
    organization = before or _created(tx, description, management, quotas or {}, at)
    putting = Putting(tx, organization, at=at, exact=exact)
    if before is None:
        putting.note("create", "the organization", f"managed by account {management.id}")
        putting.joined.append(known_member(tx, organization, management.id))
        if organization.feature_set is FeatureSet.ALL:
            make_linked_role(putting, management.id)
    _put_itself(putting, description)
    _put_services_and_types(putting, description)
    for policy in description.policies:
        put_policy(putting, policy)
    tree = PuttingTree(putting)
    tree.put(description.root)
    if exact:
        putting.kept.add(organization.account)
        _deregister_leaving(putting, description, tree)
        remove_others(putting)
        delete_other_policies(putting)
    _put_delegation(putting, description, tree)
    _put_root_access(putting, description)
    _put_resource_policy(putting, description)
    return Imported(putting.organization, tuple(putting.changes), tuple(putting.joined), tuple(putting.left))


def management_account(tx: Transaction, description: Description, *, at: datetime) -> Account | None:
    """Return the account that is to manage the organization, made if there is none; None if nothing says which.

    Raises:
        DescriptionRefused: there is none, and the description says too little of it to make it.
    """
    said = str(description.management_account)
    if not said:
        return None
    parts = [part for part in accounts_in(description.root) if said in (str(part.id), part.email, part.name)]
    for described in (said, *(part.id for part in parts), *(part.email for part in parts)):
        found = described_account(tx, None, described) if described else None
        if found is not None:
            return found
    if not parts:
        raise DescriptionRefused(f"no account `{said}`, and the description does not say how to make it")
    part = parts[0]
    if not part.email:
        raise DescriptionRefused(f"account `{part.shown}`: there is none, and to make one it needs its e-mail address")
    try:
        id_ = account_id(str(part.id)) if part.id else free_account_id(tx)
    except ValueError as error:
        raise DescriptionRefused(f"account `{part.shown}`: {error}") from None
    return create_account(tx, id_, email=part.email, name=part.name, at=at)


def _created(
    tx: Transaction, description: Description, management: Account, quotas: Mapping[str, int], at: datetime
) -> Organization:
    id_, root = description.id, description.root.id
    if id_ and _ORGANIZATION.fullmatch(id_) is None:
        raise DescriptionRefused(f"not an id of an organization: `{id_}`")
    if root and _ROOT.fullmatch(root) is None:
        raise DescriptionRefused(f"not an id of a root: `{root}`")
    is_free = tx.get(ORGANIZATIONS, id_) is None and tx.find(ORGANIZATIONS, "root", root) is None
    return create_organization(
        tx,
        management,
        at=at,
        feature_set=FeatureSet.ALL if isinstance(description.feature_set, UnsetType) else description.feature_set,
        quotas=quotas,
        id_=id_ if is_free else "",
        root=root if is_free else "",
    )


def _put_itself(putting: Putting, description: Description) -> None:
    organization = putting.organization
    if description.feature_set not in (UNSET, organization.feature_set):
        raise DescriptionRefused(
            f"the organization has the features {organization.feature_set}, which no import changes"
        )
    if isinstance(description.quotas, UnsetType) or description.quotas == organization.quotas:
        return
    for name, value in description.quotas.items():
        check_quota(name, value)
    putting.note("change", "the organization", f"quotas: {_quotas(description.quotas)}")
    putting.tx.put(ORGANIZATIONS, msgspec.structs.replace(organization, quotas=description.quotas))


def check_quota(name: str, value: int) -> None:
    """Look whether an organization has a quota of that *name*, and whether it can be *value*.

    Raises:
        DescriptionRefused: it has not, or it cannot.
    """
    if name not in ORGANIZATION_QUOTAS:
        known = ", ".join(ORGANIZATION_QUOTAS)
        raise DescriptionRefused(f"organizations have no quota `{name}`; they have {known}")
    if value < 0:
        raise DescriptionRefused(f"{name} cannot be {value}")


def _quotas(quotas: Mapping[str, int]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(quotas.items())) or "none of its own"


def _put_services_and_types(putting: Putting, description: Description) -> None:
    """Disable first what goes: a service that a type needs cannot."""
    tx = putting.tx
    types, services = description.policy_types, description.trusted_services
    if not isinstance(types, UnsetType):
        for type_ in [type_ for type_ in putting.organization.policy_types if type_ not in types]:
            disable_type(tx, putting.organization, PolicyType(type_))
            putting.note("disable", type_)
    if not isinstance(services, UnsetType):
        _put_services(putting, services)
    for type_ in () if isinstance(types, UnsetType) else types:
        if type_ not in putting.organization.policy_types:
            with putting.about(f"{type_}"):
                check_access_for(putting.organization, type_)
                enable_type(tx, putting.organization, type_)
            putting.note("enable", type_)


def _put_services(putting: Putting, services: list[str]) -> None:
    for service in services:
        if service not in trusted_services():
            raise DescriptionRefused(f"no service that works with Organizations: `{service}`")
    for service in [one for one in putting.organization.trusted_services if one not in services]:
        with putting.about(service):
            disable_access(putting.tx, putting.organization, service)
        putting.note("disable", f"trusted access of {service}")
    for service in services:
        if service not in putting.organization.trusted_services:
            with putting.about(service):
                enable_access(putting.tx, putting.organization, service, at=putting.at)
            putting.note("enable", f"trusted access of {service}")


def _deregister_leaving(putting: Putting, description: Description, tree: PuttingTree) -> None:
    """Take services from administrators that are not to have them any more, so that their accounts may leave."""
    if isinstance(description.delegated_administrators, UnsetType):
        return
    for service, held in putting.organization.delegated_administrators.items():
        wanted = {_administrator(putting, tree, one) for one in description.delegated_administrators.get(service, [])}
        for id_ in sorted(set(held) - wanted):
            account = known_member(putting.tx, putting.organization, id_)
            deregister_administrator(putting.tx, putting.organization, account, service)
            putting.note("disable", f"administration of {service}", f"by account `{account.name}` ({id_})")


def _put_delegation(putting: Putting, description: Description, tree: PuttingTree) -> None:
    if isinstance(description.delegated_administrators, UnsetType):
        return
    _deregister_leaving(putting, description, tree)
    for service, described in description.delegated_administrators.items():
        for id_ in [_administrator(putting, tree, one) for one in described]:
            if id_ in putting.organization.delegated_administrators.get(service, {}):
                continue
            account = known_member(putting.tx, putting.organization, id_)
            with putting.about(f"account `{account.name}` as administrator of {service}"):
                register_administrator(putting.tx, putting.organization, account, service, at=putting.at)
            putting.note("enable", f"administration of {service}", f"by account `{account.name}` ({id_})")


def _administrator(putting: Putting, tree: PuttingTree, described: Text) -> str:
    id_ = tree.accounts.get(str(described))
    found = described_account(putting.tx, putting.organization, described) if id_ is None else None
    if id_ is None and (found is None or found.organization != putting.organization.id):
        raise DescriptionRefused(f"a delegated administrator is no account of the organization: `{described}`")
    return id_ or ("" if found is None else found.id)


def _put_root_access(putting: Putting, description: Description) -> None:
    for member in ("root_credentials_management", "root_sessions"):
        said: bool | UnsetType = getattr(description, member)
        if isinstance(said, UnsetType) or said == getattr(putting.organization, member):
            continue
        if said and _IAM not in putting.organization.trusted_services:
            raise DescriptionRefused(f"{member} needs the trusted access of {_IAM}")
        putting.tx.put(ORGANIZATIONS, msgspec.structs.replace(putting.organization, **{member: said}))
        putting.note("enable" if said else "disable", member)


def _put_resource_policy(putting: Putting, description: Description) -> None:
    described, held = description.resource_policy, resource_policy_of(putting.tx, putting.organization)
    thing = RESOURCE_POLICY
    if isinstance(described, UnsetType):
        return
    if not isinstance(described, ResourcePolicyPart):
        if held is not None:
            putting.tx.delete(RESOURCE_POLICIES, held)
            putting.note("delete", thing)
        return
    if held is None or not is_same(described.content, held.content):
        put = put_resource_policy(putting.tx, putting.organization, content_text(described.content), {})
        putting.note("create" if held is None else "change", thing, "" if held is None else "content")
        held = put
    putting.tags(held, thing, described.tags)
