"""Reset: everything goes but the first account, its bootstrap keys and the samples, as they were at founding.

For tests only.

The keys keep their ids and secrets, so that the clients of a test run go on.
"""

import asyncio
from collections.abc import Callable

import msgspec

from remit.directory import ACCESS_KEYS, ACCOUNTS, KINDS, USERS
from remit.directory.access_keys import AccessKey
from remit.directory.accounts import Account, first_account
from remit.directory.artifact.samples import put_samples
from remit.directory.aws_managed import ADMINISTRATOR_ACCESS
from remit.directory.users import User
from remit.endpoint.recorder import Recorder
from remit.store import Answer, Database, StoreError, Transaction, Work

# Told None, or why something could not be done.
Done = Callable[[str | None], None]


class _Bootstrap(msgspec.Struct):
    """What founding made."""

    account: Account
    keys: list[AccessKey]
    users: list[User]


class Resetter:
    """Empties a store. Made at the start, it remembers what founding made: a test may delete its own administrator."""

    def __init__(self, database: Database, recorder: Recorder, *, samples: bool) -> None:
        self._database = database
        self._recorder = recorder
        self._samples = samples
        self._bootstrap = database.run(lambda tx: Answer(_bootstrap(tx)))

    def reset(self, done: Done) -> None:
        """Empty the store, its trail included, and call *done* with None, or with why it could not be done."""
        self._recorder.write()  # what happened before the reset is forgotten with the rest
        self._do(self._work, done)

    def ready(self, done: Done) -> None:
        """Call *done* with None when the server should get requests, else with why not."""
        self._do(lambda _: Answer(None), done)

    def _do(self, work: Work[None], done: Done) -> None:
        try:
            result = self._database.execute(work)
        except StoreError as error:
            done(str(error))
            return
        if isinstance(result, asyncio.Future):
            result.add_done_callback(
                lambda future: done(None if future.exception() is None else str(future.exception()))
            )
        else:
            done(None)

    def _work(self, tx: Transaction) -> Answer[None]:
        for kind in KINDS:
            for entity in tx.all(kind):
                tx.delete(kind, entity)
        tx.put(ACCOUNTS, self._bootstrap.account)
        for user in self._bootstrap.users:
            tx.put(USERS, user)
        for key in self._bootstrap.keys:
            tx.put(ACCESS_KEYS, key)
        if self._samples:
            put_samples(tx, self._bootstrap.account.id)
        tx.forgets_trail = True
        return Answer(None)


def _bootstrap(tx: Transaction) -> _Bootstrap:
    account = first_account(tx)
    keys = [key for id_ in account.bootstrap_keys if (key := tx.get(ACCESS_KEYS, id_)) is not None]
    users = [user for key in keys if (user := tx.get(USERS, key.owner)) is not None]
    return _Bootstrap(
        msgspec.structs.replace(account, alias="", membership=None),
        [
            msgspec.structs.replace(
                key, active=True, changed_at=None, last_used_at=None, last_used_region="", last_used_service=""
            )
            for key in keys
        ],
        [
            User(
                id=user.id,
                account=user.account,
                name=user.name,
                path="/",
                created_at=user.created_at,
                attached=(ADMINISTRATOR_ACCESS,),
            )
            for user in users
        ],
    )
