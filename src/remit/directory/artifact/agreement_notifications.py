"""Who is told of what becomes of agreements: those for whom they are in force, as far as they asked to be told.

Source: `artifact` reference, section 8.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from remit.directory.accounts import ACCOUNTS
from remit.directory.artifact.agreements import Agreement
from remit.directory.artifact.customer_agreements import (
    CUSTOMER_AGREEMENTS,
    CustomerAgreement,
    agreements_in_force,
)
from remit.directory.artifact.letters import ArtifactEvent
from remit.directory.artifact.settings import is_subscribed, subscribed_accounts
from remit.directory.notifications import tell
from remit.ids import AccountId
from remit.store import Transaction


def announce_revision(tx: Transaction, revised: Agreement, at: datetime) -> None:
    """Tell those for whom an earlier version of *revised* is in force that there is a new one."""
    details = {"agreementId": revised.id, "agreementName": revised.name, "version": str(revised.version)}
    to = _bound(tx, agreements_in_force(tx, revised.id))
    tell(tx, ArtifactEvent.AGREEMENT_REVISED, to, revised.id, details, at, occasion=str(revised.version))


def announce_termination(tx: Transaction, ended: Iterable[CustomerAgreement], at: datetime) -> None:
    """Tell those for whom agreements were in force that the provider *ended* them."""
    for one in ended:
        tell(tx, ArtifactEvent.AGREEMENT_TERMINATED, _bound(tx, [one]), one.id, _said(one), at)


def announce_joined(tx: Transaction, organization: str, member: AccountId, at: datetime) -> None:
    """Tell the management account, and the member, that agreements of the organization cover the member now."""
    _announce_member(tx, ArtifactEvent.MEMBER_JOINED, organization, member, at)


def announce_left(tx: Transaction, organization: str, member: AccountId, at: datetime) -> None:
    """Tell the management account, and the member, that agreements of the organization cover the member no longer."""
    _announce_member(tx, ArtifactEvent.MEMBER_LEFT, organization, member, at)


def _announce_member(tx: Transaction, event: ArtifactEvent, organization: str, member: AccountId, at: datetime) -> None:
    for one in tx.select(CUSTOMER_AGREEMENTS, "organization", organization):
        if one.is_active:
            to = [account for account in (one.account, member) if is_subscribed(tx, account)]
            details = {**_said(one), "memberAccountId": member, "organizationId": organization}
            tell(tx, event, to, member, details, at, occasion=f"{one.id}:{at.isoformat()}")


def _bound(tx: Transaction, agreements: Iterable[CustomerAgreement]) -> list[AccountId]:
    """Return the accounts that *agreements* bind and that asked to be told, by id.

    Whoever asked is looked at, not whoever is bound: an organization may have thousands of members.
    """
    accounts, organizations = set[AccountId](), set[str]()
    for one in agreements:
        if one.organization:
            organizations.add(one.organization)
        else:
            accounts.add(one.account)
    if not accounts and not organizations:
        return []
    return sorted(
        account
        for account in subscribed_accounts(tx)
        if account in accounts or _organization_of(tx, account) in organizations
    )


def _organization_of(tx: Transaction, account: AccountId) -> str:
    found = tx.get(ACCOUNTS, account)
    return "" if found is None else found.organization


def _said(one: CustomerAgreement) -> Mapping[str, str]:
    return {
        "agreementId": one.agreement,
        "agreementName": one.name,
        "version": str(one.version),
        "customerAgreementId": one.id,
    }
