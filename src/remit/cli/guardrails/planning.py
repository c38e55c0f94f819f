"""What a change of an organization would change: the same people are asked the same before and after.

The change is made in a transaction that nobody writes, taken back, and made again.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from remit.authz import as_data
from remit.authz.belonging import belonging
from remit.cli.guardrails.alike import person_key, place_key, resource_is_bound
from remit.cli.guardrails.asking import Asker, Context, What
from remit.cli.guardrails.expectations import EVERYBODY
from remit.cli.guardrails.levels import levels_said
from remit.cli.guardrails.people import Person, people_in, stranger
from remit.cli.guardrails.things import THINGS_MAX, things_of
from remit.directory.accounts import ACCOUNTS, USABLE, Account
from remit.directory.organizations.imports import Imported
from remit.directory.organizations.putting import Change
from remit.policy import Document
from remit.store import Transaction

# Makes the change.
Make = Callable[[Transaction], Imported]


class Somebody(msgspec.Struct, frozen=True):
    """One whom a change means something."""

    account: str
    name: str
    who: str


class Effect(msgspec.Struct, frozen=True):
    """What some lose, or gain, all for the same reason.

    Attributes:
        gained: whether they may afterwards, and may not now.
        levels: which control policies deny it, after the change or, of what is gained, before.
        data: the explanation for the first of them, for programs.
    """

    action: str
    resource: str
    gained: bool
    people: list[Somebody]
    levels: list[str]
    data: dict[str, Any]


class Plan(msgspec.Struct):
    """What a change would change.

    Attributes:
        accounts: how many there are whose control policies or place would be others.
        asked: what was asked about; `left` things were too many.
    """

    organization: str
    changes: tuple[Change, ...]
    accounts: int
    asked: list[What]
    left: int
    effects: list[Effect]


class _Class(msgspec.Struct):
    """People who get the same answers, of whom the first is asked."""

    members: list[tuple[Account, Person]]

    @property
    def first(self) -> tuple[Account, Person]:
        return self.members[0]


class Planning:
    """Plans one change."""

    def __init__(
        self, tx: Transaction, make: Make, *, at: datetime, context: Context, actions: Sequence[str] = ()
    ) -> None:
        self._tx, self._make, self._at, self._context, self._actions = tx, make, at, context, actions
        self._partition = "aws"

    def plan(self) -> Plan:
        """Ask before and after.

        Raises:
            DirectoryFact: something stands against the change.
        """
        accounts = {one.id: one for one in self._tx.all(ACCOUNTS) if one.state in USABLE}
        before = {id_: self._state(account) for id_, account in accounts.items()}
        done = self._make(self._tx)
        after = {id_: self._state(account) for id_, account in accounts.items()}
        self._tx.rollback()
        self._partition = done.organization.partition
        affected = [account for id_, account in accounts.items() if before[id_] != after[id_]]
        things = self._things([before[one.id] for one in affected], [after[one.id] for one in affected])
        asked, left = things[:THINGS_MAX], max(0, len(things) - THINGS_MAX)
        classes = list(self._classes(affected, before, after))
        pairs = list(_split([(group, what) for group in classes for what in asked]))
        asker = self._asker()
        may = [asker.is_allowed(*group.first, what) for group, what in pairs]
        self._make(self._tx)
        asker = self._asker()
        effects: dict[Hashable, Effect] = {}
        gained: list[tuple[_Class, What]] = []
        for (group, what), was in zip(pairs, may, strict=True):
            now = asker.is_allowed(*group.first, what)
            if was and not now:
                self._note(effects, asker, group, what, gained=False)
            elif now and not was:
                gained.append((group, what))
        self._tx.rollback()
        asker = self._asker()
        for group, what in gained:
            self._note(effects, asker, group, what, gained=True)
        return Plan(done.organization.id, done.changes, len(affected), asked, left, list(effects.values()))

    def _asker(self) -> Asker:
        return Asker(self._tx, self._context, at=self._at, each=True)

    def _state(self, account: Account) -> tuple[Hashable, tuple[Document, ...]]:
        """Return what tells whether the control policies or the place of *account* are others, and the policies."""
        there = belonging(self._tx, account.id)
        if there is None:
            return None, ()
        levels = (*(there.scps or ()), *(there.rcps or ()))
        documents = tuple(policy.document for level in levels for policy in level)
        texts = tuple(
            None if side is None else tuple(tuple(policy.document.text for policy in level) for level in side)
            for side in (there.scps, there.rcps)
        )
        return (there.organization, there.is_management, texts, place_key(self._tx, account.id)), documents

    def _things(
        self, before: Sequence[tuple[Hashable, tuple[Document, ...]]], after: Sequence[tuple[Hashable, Any]]
    ) -> list[What]:
        changed: dict[str, Document] = {}
        every: dict[str, Document] = {}
        for (_, was), (_, now) in zip(before, after, strict=True):
            old, new = {one.text: one for one in was}, {one.text: one for one in now}
            every |= old | new
            changed |= {text: one for text, one in (old | new).items() if (text in old) != (text in new)}
        if before and not changed:  # moved among the same policies: whatever they say
            changed = every
        return things_of(changed.values(), every.values(), self._actions)

    def _classes(self, affected: Sequence[Account], before: Any, after: Any) -> Iterator[_Class]:
        found: dict[Hashable, _Class] = {}
        for account in affected:
            people = people_in(self._tx, account, [EVERYBODY], [], ask="both", partition=self._partition)
            for person in (*people, stranger(self._partition)):
                who = person_key(self._tx, person)
                entity = "" if person.entity is None else person.entity.id
                key = (before[account.id][0], after[account.id][0], who or entity)
                found.setdefault(key, _Class([])).members.append((account, person))
        yield from found.values()

    def _note(self, effects: dict[Hashable, Effect], asker: Asker, group: _Class, what: What, *, gained: bool) -> None:
        question = asker.question(*group.first, what)
        levels = levels_said(self._tx, question)
        key = (what, gained, tuple(levels))
        if key not in effects:
            data = as_data(question, group.first[1].shown)
            effects[key] = Effect(what.action, what.resource, gained, [], levels, data)
        effects[key].people.extend(
            Somebody(account.id, account.name, person.shown) for account, person in group.members
        )


def _split(pairs: Sequence[tuple[_Class, What]]) -> Iterator[tuple[_Class, What]]:
    """Ask each about a resource of which more may be known in one account than in another."""
    for group, what in pairs:
        if resource_is_bound(what.resource):
            yield from ((_Class([one]), what) for one in group.members)
        else:
            yield group, what
