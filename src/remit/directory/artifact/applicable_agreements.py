"""Agreements that apply to an account: what it accepted itself, and what its organization has in force.

Apart from `customer_agreements.py`, which organizations know: they tell who joins and leaves while one is in force.
Source: `artifact` reference, section 6.
"""

from remit.directory.artifact.customer_agreements import CUSTOMER_AGREEMENTS, CustomerAgreement
from remit.directory.facts import NotFound, Noun
from remit.directory.organizations import organization_of
from remit.ids import AccountId
from remit.store import Transaction


def agreements_of_organization(tx: Transaction, account: AccountId) -> list[CustomerAgreement]:
    """Return what is in force for the organization that *account* is a member of, accepted by another account."""
    organization = organization_of(tx, account)
    if organization is None:
        return []
    found = tx.select(CUSTOMER_AGREEMENTS, "organization", organization.id)
    return [one for one in found if one.is_active and one.account != account]


def known_customer_agreement(tx: Transaction, account: AccountId, id_: str) -> CustomerAgreement:
    """Find an agreement that *account* accepted, in whatever state, or that its organization has in force.

    Raises:
        NotFound: there is none for it.
    """
    found = tx.get(CUSTOMER_AGREEMENTS, id_)
    if found is None or (found.account != account and found not in agreements_of_organization(tx, account)):
        raise NotFound(Noun.CUSTOMER_AGREEMENT, id_)
    return found
