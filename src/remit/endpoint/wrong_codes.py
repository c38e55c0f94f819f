"""Wrong codes, of MFA devices and sent ones, counted so that guessing takes years.

They are noted after the answer, in a transaction of their own that nobody waits for: the refused one was taken back.
"""

import asyncio
from datetime import datetime

from remit.services.account.errors import OneTimeCodeWrong
from remit.services.invoicing.errors import PortalCodeWrong
from remit.services.sts.mfa import MfaCodeWrong
from remit.store import Answer, Database, StoreError, Transaction


class WrongCodes:
    """Notes wrong codes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, error: MfaCodeWrong | OneTimeCodeWrong | PortalCodeWrong, at: datetime) -> None:
        """Note that a call was refused for a wrong code."""

        def work(tx: Transaction) -> Answer[None]:
            error.count(tx, at)
            return Answer(None)

        try:
            result = self._database.execute(work)
        except StoreError:
            return
        if isinstance(result, asyncio.Future):
            result.add_done_callback(_forget)


def _forget(future: "asyncio.Future[None]") -> None:
    # The failed commit is in the log already, and the caller has its answer.
    future.exception()
