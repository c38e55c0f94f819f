"""Services of AWS in an organization: trusted access, and the member accounts that administer a service.

Which services there are is data (`data/trusted_services.json`).
Source: `organizations` reference, 3.7 and 11.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources

import msgspec

from remit.directory.accounts import USABLE, Account
from remit.directory.facts import AlreadyExists, NotFound, Noun, Quota
from remit.directory.organizations.facts import Constraint, ConstraintBroken
from remit.directory.organizations.organization import ORGANIZATIONS, FeatureSet, Organization
from remit.ids import AccountId
from remit.store import Transaction


class TrustedService(msgspec.Struct, frozen=True):
    """A service that works with Organizations.

    Attributes:
        policy_types: that need it to have trusted access.
        administrators: how many accounts may administer it; 0 for as many as the quota allows.
    """

    service: str
    policy_types: tuple[str, ...] = ()
    administrators: int = 0


@cache
def trusted_services() -> dict[str, TrustedService]:
    """Return the services that work with Organizations, by their principal."""
    text = resources.files("remit.directory").joinpath("data/trusted_services.json").read_bytes()
    return {one.service: one for one in msgspec.json.decode(text, type=list[TrustedService])}


def check_access_for(organization: Organization, type_: str) -> None:
    """Look whether a service that enforces a type of policy has the trusted access that it needs.

    Raises:
        ConstraintBroken: it has not.
    """
    needed = [one.service for one in trusted_services().values() if type_ in one.policy_types]
    if needed and not set(needed) & set(organization.trusted_services):
        raise ConstraintBroken(Constraint.SERVICE_ACCESS_NOT_ENABLED)


def enable_access(tx: Transaction, organization: Organization, service: str, *, at: datetime) -> None:
    """Give *service* trusted access; one that has it keeps its date.

    Raises:
        ConstraintBroken: the organization has consolidated billing only.
    """
    if organization.feature_set is not FeatureSet.ALL:
        raise ConstraintBroken(Constraint.NOT_IN_ALL_FEATURES_MODE)
    if service not in organization.trusted_services:
        now = {**organization.trusted_services, service: at}
        tx.put(ORGANIZATIONS, msgspec.structs.replace(organization, trusted_services=now))


def disable_access(tx: Transaction, organization: Organization, service: str) -> None:
    """Take trusted access from *service*, and with it its delegated administrators.

    Raises:
        ConstraintBroken: a type of policy is enabled that needs it.
    """
    known = trusted_services().get(service)
    if known is not None and set(known.policy_types) & set(organization.policy_types):
        raise ConstraintBroken(Constraint.POLICY_TYPE_ENABLED_FOR_THIS_SERVICE)
    if service in organization.trusted_services:
        trusted = {name: since for name, since in organization.trusted_services.items() if name != service}
        named = {name: since for name, since in organization.delegated_administrators.items() if name != service}
        tx.put(
            ORGANIZATIONS,
            msgspec.structs.replace(organization, trusted_services=trusted, delegated_administrators=named),
        )


def register_administrator(
    tx: Transaction, organization: Organization, account: Account, service: str, *, at: datetime
) -> None:
    """Make a member account administer *service*.

    Raises:
        ConstraintBroken: it is the management account or suspended, the service has no trusted access, or as many
            administrators as it may have.
        AlreadyExists: it does already.
    """
    if organization.is_managed_by(account.id):
        raise ConstraintBroken(Constraint.CANNOT_REGISTER_MASTER)
    if account.state not in USABLE:
        raise ConstraintBroken(Constraint.CANNOT_REGISTER_SUSPENDED)
    if service not in organization.trusted_services:
        raise ConstraintBroken(Constraint.SERVICE_ACCESS_NOT_ENABLED)
    held = organization.delegated_administrators.get(service, {})
    if account.id in held:
        raise AlreadyExists(Noun.DELEGATED_ADMINISTRATOR, account.id)
    known = trusted_services().get(service)
    most = (0 if known is None else known.administrators) or organization.limit(Quota.DELEGATED_ADMINISTRATORS)
    if len(held) >= most:
        only = Constraint.DELEGATED_ADMINISTRATOR_EXISTS if most == 1 else Constraint.MAX_DELEGATED_ADMINISTRATORS
        raise ConstraintBroken(only)
    _put(tx, organization, service, {**held, account.id: at})


def deregister_administrator(tx: Transaction, organization: Organization, account: Account, service: str) -> None:
    """Let a member account no longer administer *service*.

    Raises:
        ConstraintBroken: it is the management account.
        NotFound: it does not.
    """
    if organization.is_managed_by(account.id):
        raise ConstraintBroken(Constraint.CANNOT_REGISTER_MASTER)
    held = organization.delegated_administrators.get(service, {})
    if account.id not in held:
        raise NotFound(Noun.DELEGATED_ADMINISTRATOR, account.id)
    _put(tx, organization, service, {id_: since for id_, since in held.items() if id_ != account.id})


def deregister_everywhere(tx: Transaction, organization: Organization, account: AccountId) -> None:
    """Let an account administer no service any more."""
    if organization.services_administered_by(account):
        every = organization.delegated_administrators.items()
        left = {service: {id_: at for id_, at in held.items() if id_ != account} for service, held in every}
        named = {service: held for service, held in left.items() if held}
        tx.put(ORGANIZATIONS, msgspec.structs.replace(organization, delegated_administrators=named))


def _put(tx: Transaction, organization: Organization, service: str, accounts: Mapping[AccountId, datetime]) -> None:
    now = {**organization.delegated_administrators, service: accounts}
    if not accounts:
        del now[service]
    tx.put(ORGANIZATIONS, msgspec.structs.replace(organization, delegated_administrators=now))
