"""Client tokens: what was answered to a call that may come again.

Source: AWS Billing API reference, `clientToken` of SplitCredit and TransferCredit.
"""

from datetime import datetime

import msgspec

from remit.ids import AccountId
from remit.store import Kind, Transaction


class UsedToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token that was used.

    Attributes:
        digest: of what came with it.
        answer: JSON.
    """

    id: str
    account: AccountId
    digest: str
    answer: str
    used_at: datetime


BILLING_TOKENS = Kind("billing-token", UsedToken)


def repeated(tx: Transaction, account: AccountId, token: str) -> UsedToken | None:
    """Return the use of a token; None if it is new."""
    return tx.get(BILLING_TOKENS, f"{account}:{token}")


def used_token(tx: Transaction, account: AccountId, token: str, digest: str, answer: str, *, at: datetime) -> None:
    """Keep what was answered to a token."""
    kept = UsedToken(id=f"{account}:{token}", account=account, digest=digest, answer=answer, used_at=at)
    tx.put(BILLING_TOKENS, kept)
