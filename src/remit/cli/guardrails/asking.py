"""The engine asked who may do what, each question once for all who are alike."""

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from remit.authz import Question, question_of
from remit.authz.imagined import OPEN, STRANGE_ACCOUNT
from remit.cli.guardrails.alike import person_key, place_key, resource_is_bound
from remit.cli.guardrails.people import Person
from remit.directory.accounts import Account
from remit.store import Transaction

_ACCOUNT = "${account}"

Context = Mapping[str, str | list[str]]


class What(msgspec.Struct, frozen=True):
    """What is asked of somebody.

    Attributes:
        resource: an ARN; `${account}` stands for the account that is asked about.
    """

    action: str
    resource: str = "*"


class Asker:
    """Asks the engine over one state of the store.

    Attributes:
        asked: how many questions there were.
        decided: how many of them the engine was asked.
    """

    def __init__(self, tx: Transaction, context: Context, *, at: datetime, each: bool = False) -> None:
        """Ask with the condition keys of *context*; *each* lets the engine decide every single question."""
        self._tx, self._context, self._at, self._each = tx, context, at, each
        self._is_bound = _ACCOUNT in str(context)
        self._answers: dict[Hashable, bool] = {}
        self._places: dict[str, Hashable] = {}
        self._people: dict[str, Hashable | None] = {}
        self.asked = self.decided = 0

    def is_allowed(self, account: Account, person: Person, what: What) -> bool:
        """Say whether *person* may do *what* in *account*."""
        self.asked += 1
        key = None if self._each else self._key(account, person, what)
        found = None if key is None else self._answers.get(key)
        if found is None:
            self.decided += 1
            found = self.question(account, person, what).is_allowed
            if key is not None:
                self._answers[key] = found
        return found

    def question(self, account: Account, person: Person, what: What) -> Question:
        """Return the question with all that led to its answer."""
        is_strange = person.caller.account == STRANGE_ACCOUNT
        context: dict[str, Any] = {
            key: [one.replace(_ACCOUNT, account.id) for one in value]
            if isinstance(value, list)
            else value.replace(_ACCOUNT, account.id)
            for key, value in self._context.items()
        }
        return question_of(
            self._tx,
            person.caller,
            what.action,
            what.resource.replace(_ACCOUNT, account.id),
            context,
            at=self._at,
            lent=person.lent,
            owner=account.id if is_strange else "",
            own=OPEN if is_strange else "",
        )

    def _key(self, account: Account, person: Person, what: What) -> Hashable:
        """Return the same for questions that have the same answer."""
        id_ = account.id
        if id_ not in self._places:
            self._places[id_] = place_key(self._tx, id_)
        who = self._person(person)
        place = id_ if who is None or self._is_bound or resource_is_bound(what.resource) else self._places[id_]
        return place, person.caller.entity_id if who is None else who, what

    def _person(self, person: Person) -> Hashable | None:
        if person.entity is None:
            return person_key(self._tx, person)
        id_ = person.entity.id
        if id_ not in self._people:
            self._people[id_] = person_key(self._tx, person)
        return self._people[id_]
