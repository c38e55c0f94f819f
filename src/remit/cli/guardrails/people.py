"""Who is asked: the root user, users and roles of an account, and principals who are imagined in it.

A pattern without wildcards that names nobody imagines who it names; one with wildcards, somebody whom it means.
Service-linked roles are asked only where a pattern names them: no control policy binds them, and nobody but the service
has them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from remit.authz.imagined import EVERYTHING, STRANGE_ACCOUNT, imagined
from remit.cli.guardrails.expectations import EVERYBODY
from remit.directory.accounts import Account
from remit.directory.callers import role_caller, root_caller, user_caller
from remit.directory.roles import ROLES, SERVICE_LINKED_PATH, Role
from remit.directory.users import USERS, User
from remit.policy import Policies
from remit.request import Caller
from remit.store import Transaction

_SESSION = "check"
_FILLED = "ImaginedAdministrator"
_ARN_PARTS = 6


class Person(msgspec.Struct, frozen=True):
    """Somebody who is asked.

    Attributes:
        name: `root`, `user/NAME` or `role/NAME`, with the path.
        entity: the user or role; None for the root user and for who is imagined.
        lent: what an imagined one may do; None for who is there.
    """

    name: str
    caller: Caller
    entity: User | Role | None = None
    lent: Policies | None = None

    @property
    def shown(self) -> str:
        """What messages call them."""
        return f"an imagined {self.name}" if self.lent is not None else self.name


def people_in(
    tx: Transaction, account: Account, who: Sequence[str], except_: Sequence[str], *, ask: str, partition: str
) -> list[Person]:
    """Return who is meant in *account*.

    Args:
        who, except_: patterns.
        ask: `existing`, `imagined` or `both`.
    """
    found: list[Person] = []
    if ask != "imagined":
        linked = any(SERVICE_LINKED_PATH in f"/{pattern}" for pattern in who)
        found += [one for one in _existing(tx, account, partition, linked=linked) if _is_one_of(one, account, who)]
    if ask != "existing":
        there = {one.name for one in found}
        found += [one for one in _imagined(account, who, partition) if one.name not in there or one.entity is None]
    return [one for one in found if not _is_one_of(one, account, except_)]


def stranger(partition: str) -> Person:
    """Return somebody of no account of the organization, who may do everything there."""
    caller = imagined(STRANGE_ACCOUNT, "role/Stranger", partition)
    return Person("role/Stranger of another organization", caller, lent=EVERYTHING)


def _existing(tx: Transaction, account: Account, partition: str, *, linked: bool) -> Iterator[Person]:
    yield Person("root", root_caller(account.id, partition))
    for user in sorted(tx.select(USERS, "account", account.id), key=lambda one: one.name):
        yield Person(f"user{user.path}{user.name}", user_caller(user), user)
    for role in sorted(tx.select(ROLES, "account", account.id), key=lambda one: one.name):
        if linked or not role.is_service_linked:
            yield Person(f"role{role.path}{role.name}", role_caller(role, _SESSION), role)


def _imagined(account: Account, who: Iterable[str], partition: str) -> Iterator[Person]:
    names: dict[str, None] = {}
    for pattern in who:
        if pattern in (EVERYBODY, "*"):
            names |= {f"role/{_FILLED}": None, f"user/{_FILLED}": None}
        elif pattern != "root":
            name = pattern.split(":", _ARN_PARTS - 1)[-1] if pattern.startswith("arn:") else pattern
            names[name.replace("*", _FILLED).replace("?", "x")] = None
    for name in names:
        try:
            caller = imagined(account.id, name, partition)
        except ValueError:
            continue
        person = Person(name, caller, lent=EVERYTHING)
        if _is_one_of(person, account, who):
            yield person


def _is_one_of(person: Person, account: Account, patterns: Iterable[str]) -> bool:
    kind, _, path = person.name.partition("/")
    short = f"{kind}/{path.rpartition('/')[2]}" if path else person.name
    arn = f"arn:{person.caller.partition}:iam::{account.id}:{person.name}"
    return any(
        pattern in (EVERYBODY, "*") or any(_glob(pattern).fullmatch(text) for text in (person.name, short, arn))
        for pattern in patterns
    )


@lru_cache(maxsize=256)
def _glob(pattern: str) -> "re.Pattern[str]":
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(one) or re.escape(one) for one in pattern), re.DOTALL)
