"""Criteria about what is there: users, groups, roles, policies, units, delegations, agreements."""

from remit.compliance.learning.grading.criteria import (
    AgreementInForce,
    Delegated,
    Gone,
    InUnit,
    Members,
    RootBare,
    There,
)
from remit.compliance.learning.grading.tenant import Tenant
from remit.compliance.learning.labs import MANAGEMENT
from remit.directory.access_keys import access_keys
from remit.directory.accounts import ACCOUNTS
from remit.directory.artifact.customer_agreements import own_agreements
from remit.directory.facts import NotFound
from remit.directory.groups import group, members
from remit.directory.login_profiles import LOGIN_PROFILES
from remit.directory.organizations.tree import units_above
from remit.directory.policies import POLICIES
from remit.directory.roles import role
from remit.directory.users import user
from remit.ids import AccountId
from remit.store import Transaction


def gone(tenant: Tenant, asked: Gone) -> str | None:
    """Say what is still there."""
    return _of(tenant, asked.account, asked.what, there=True, says="{} is still there")


def there(tenant: Tenant, asked: There) -> str | None:
    """Say what is missing."""
    return _of(tenant, asked.account, asked.what, there=False, says="{} is not there")


def _of(tenant: Tenant, account: str, what: list[str], *, there: bool, says: str) -> str | None:
    found = [one for one in what if is_there(tenant.tx, tenant.account(account), one) is there]
    return None if not found else "; ".join(says.format(one) for one in found)


def is_there(tx: Transaction, account: AccountId, what: str) -> bool:
    """Say whether `user/NAME`, `group/NAME`, `role/NAME` or `policy/NAME` is there, or a key: `key/user/NAME`."""
    kind, _, name = what.partition("/")
    try:
        match kind:
            case "key":
                return bool(access_keys(tx, user(tx, account, name.removeprefix("user/")).id))
            case "user":
                user(tx, account, name)
            case "group":
                group(tx, account, name)
            case "role":
                role(tx, account, name)
            case "policy":
                return tx.find(POLICIES, "name", (account, name.lower())) is not None
            case _:
                raise ValueError(f"not a kind of entity: `{what}`")
    except NotFound:
        return False
    return True


def group_members(tenant: Tenant, asked: Members) -> str | None:
    """Say who is missing in a group, and who is too much."""
    try:
        found = {one.name for one in members(tenant.tx, group(tenant.tx, tenant.account(asked.account), asked.group))}
    except NotFound:
        return f"group/{asked.group} is not there"
    wanted = set(asked.users)
    said = [f"{name} is not in {asked.group}" for name in sorted(wanted - found)]
    said += [f"{name} should not be in {asked.group}" for name in sorted(found - wanted)]
    return "; ".join(said) or None


def root_bare(tenant: Tenant, asked: RootBare) -> str | None:
    """Say what root users still have."""
    said: list[str] = []
    for name in asked.accounts:
        account = tenant.account(name)
        if access_keys(tenant.tx, account):
            said.append(f"the root user of {name} has an access key")
        profile = tenant.tx.get(LOGIN_PROFILES, account)
        if profile is not None and profile.sealed_hashes:
            said.append(f"the root user of {name} has a password")
    return "; ".join(said) or None


def in_unit(tenant: Tenant, asked: InUnit) -> str | None:
    """Say where an account is, if it is elsewhere."""
    account, organization = tenant.tx.get(ACCOUNTS, tenant.account(asked.account)), tenant.organization
    if account is None or organization is None or account.membership is None:
        return f"{asked.account} is in no organization"
    units = units_above(tenant.tx, organization, account.membership.parent)
    path = "/".join(unit.name for unit in units)
    return None if path == asked.unit else f"{asked.account} is in {path or 'the root'}"


def delegated(tenant: Tenant, asked: Delegated) -> str | None:
    """Say which services are administered by others than asked for."""
    organization = tenant.organization
    if organization is None:
        return "there is no organization any more"
    found = {service: set(accounts) for service, accounts in organization.delegated_administrators.items() if accounts}
    wanted = {service: {tenant.account(name) for name in names} for service, names in asked.services.items() if names}
    wrong = sorted(service for service in found.keys() | wanted.keys() if found.get(service) != wanted.get(service))
    return None if not wrong else f"{len(wrong)} of the delegations are not as they should be, {wrong[0]} among them"


def agreement(tenant: Tenant, asked: AgreementInForce) -> str | None:
    """Say what is wrong with the agreement of the organization."""
    del asked
    organization = tenant.organization
    found = own_agreements(tenant.tx, tenant.account(MANAGEMENT))
    if organization is None:
        return "there is no organization any more"
    if not found:
        return "no agreement is in force that the management account accepted"
    if not any(one.organization == organization.id for one in found):
        return "an agreement is in force for the management account alone: it binds no member"
    return None
