"""Accounts in AWS GovCloud (US): each belongs to a standard account, which stands for it in everything about money.

Source: AWS GovCloud (US) User Guide, "Standard account linking"; Account Management API reference,
GetGovCloudAccountInformation.
"""

import msgspec

from remit.directory.facts import NotFound, Noun
from remit.ids import AccountId
from remit.store import Kind, Transaction


class GovCloudLink(msgspec.Struct, frozen=True, kw_only=True):
    """Which account in GovCloud a standard account is linked to; its id is the standard account's."""

    id: str
    account: AccountId
    govcloud: AccountId


GOVCLOUD_LINKS = Kind("govcloud_link", GovCloudLink, unique={"govcloud": lambda link: link.govcloud})


def link_govcloud(tx: Transaction, standard: AccountId, govcloud: AccountId) -> None:
    """Link the account *govcloud* to the account *standard*."""
    tx.put(GOVCLOUD_LINKS, GovCloudLink(id=standard, account=standard, govcloud=govcloud))


def govcloud_account(tx: Transaction, standard: AccountId) -> AccountId:
    """Return the account in GovCloud that is linked to *standard*.

    Raises:
        NotFound: none is.
    """
    found = tx.get(GOVCLOUD_LINKS, standard)
    if found is None:
        raise NotFound(Noun.GOVCLOUD_ACCOUNT, standard)
    return found.govcloud
