"""When keys and roles were last used, kept to a quarter of an hour, as AWS does.

It is noted after the answer, in a transaction of its own that nobody waits for: a read stays a read, also on a full
disk.
Source: `iam-sts` reference, sections 6 and 11.
"""

import asyncio
from datetime import datetime, timedelta

import msgspec

from remit.directory import ACCESS_KEYS, ROLES
from remit.request import Caller, CallerKind
from remit.store import Answer, Database, StoreError, Transaction

_EVERY = timedelta(minutes=15)
_NOTED_MAX = 100_000


class LastUsed:
    """Notes uses of keys and roles."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[str, datetime] = {}

    def note(self, caller: Caller, service: str, region: str, at: datetime) -> None:
        """Note that *caller* used *service* in *region*, unless that was noted within the last quarter of an hour."""
        is_role = caller.kind is CallerKind.ROLE_SESSION
        id_ = caller.entity_id if is_role else caller.access_key_id
        noted = self._noted.get(id_)
        if noted is not None and at - noted < _EVERY:
            return
        if len(self._noted) >= _NOTED_MAX:
            self._noted.clear()
        self._noted[id_] = at
        if not is_role and caller.session is not None:
            return

        def work(tx: Transaction) -> Answer[None]:
            if is_role:
                role = tx.get(ROLES, id_)
                if role is not None and (role.last_used_at is None or at - role.last_used_at >= _EVERY):
                    tx.put(ROLES, msgspec.structs.replace(role, last_used_at=at, last_used_region=region))
                return Answer(None)
            key = tx.get(ACCESS_KEYS, id_)
            if key is not None and (key.last_used_at is None or at - key.last_used_at >= _EVERY):
                used = msgspec.structs.replace(key, last_used_at=at, last_used_region=region, last_used_service=service)
                tx.put(ACCESS_KEYS, used)
            return Answer(None)

        try:
            result = self._database.execute(work)
        except StoreError:
            return
        if isinstance(result, asyncio.Future):
            result.add_done_callback(_forget)


def _forget(future: "asyncio.Future[None]") -> None:
    # A use that could not be stored is noted again in a quarter of an hour; the failed commit is in the log already.
    future.exception()
