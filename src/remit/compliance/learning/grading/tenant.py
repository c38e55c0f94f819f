"""What grading looks at: the store as it is, the attempt, and what the learner has answered."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import msgspec

from remit.compliance.learning.attempts import Attempt
from remit.compliance.learning.labs import MANAGEMENT, Lab
from remit.directory.organizations.members import organization_of
from remit.directory.organizations.organization import Organization
from remit.ids import AccountId
from remit.store import Record, RecordQuery, Transaction

_AT_ONCE = 1_000
_FOREVER = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """The tenant of an attempt.

    Attributes:
        drawn: the learner's parameters.
        answers: what the learner has written; None where nothing could be read.
        folder: of the attempt's files.
        look_up: reads the trail.
    """

    tx: Transaction
    attempt: Attempt
    lab: Lab
    drawn: Mapping[str, Any]
    answers: Mapping[str, Any] | None
    folder: Path
    at: datetime
    look_up: Callable[[RecordQuery], list[Record]]

    def account(self, name: str) -> AccountId:
        """Return the id of an account that the lab names."""
        return AccountId(self.attempt.accounts[name])

    @property
    def organization(self) -> Organization | None:
        """The organization; None when the learner has deleted it."""
        return organization_of(self.tx, self.account(MANAGEMENT))

    def records(
        self, account: str, *, name: str = "", since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """Give the records of an account, newest first.

        Args:
            name: of the operation; every one if it is empty.
            since: when the attempt began by default.
            until: exclusive; for ever by default.
        """
        before: tuple[int, str] | None = None
        start = _milliseconds(since or self.attempt.started_at)
        while True:
            query = RecordQuery(
                account=self.account(account),
                start=start,
                end=_FOREVER if until is None else _milliseconds(until) - 1,
                limit=_AT_ONCE,
                column="name" if name else "",
                value=name,
                before=before,
            )
            found = self.look_up(query)
            for record in found:
                yield cast("dict[str, Any]", msgspec.json.decode(record.body))
            if len(found) < _AT_ONCE:
                return
            before = (found[-1].at, found[-1].event_id)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
