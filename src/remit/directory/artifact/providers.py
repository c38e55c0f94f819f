"""Who hands out reports and agreements: the account that was founded with the store, and nobody else.

What it publishes, every account of the server reads.
"""

from remit.directory.accounts import first_account
from remit.directory.artifact.facts import NotTheProvider
from remit.ids import AccountId
from remit.store import Transaction


def check_provider(tx: Transaction, account: AccountId) -> None:
    """Let pass the account that hands things out.

    Raises:
        NotTheProvider: it is another one.
    """
    if first_account(tx).id != account:
        raise NotTheProvider(account)
