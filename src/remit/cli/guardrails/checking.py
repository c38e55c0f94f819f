"""Expectations held against what the engine answers."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from remit.authz import as_data, text
from remit.cli.guardrails.asking import Asker, What
from remit.cli.guardrails.expectations import STRANGERS, Expectation, context_texts, texts
from remit.cli.guardrails.levels import levels_said
from remit.cli.guardrails.people import Person, people_in, stranger
from remit.cli.guardrails.places import Places
from remit.directory.accounts import Account
from remit.directory.organizations import Organization
from remit.store import Transaction

# So many are explained of each expectation; the others are counted.
EXPLAINED_MAX = 20


class Surprise(msgspec.Struct, frozen=True):
    """Somebody who may what they should not, or may not what they should.

    Attributes:
        place: where the account is: `Root/Prod`.
        levels: which control policies made it so.
        why: the explanation, in lines; `data` is the same for programs.
    """

    account: str
    name: str
    place: str
    who: str
    action: str
    resource: str
    allowed: bool
    levels: list[str]
    why: str
    data: dict[str, Any]


class Verdict(msgspec.Struct):
    """What an expectation came to.

    Attributes:
        principals, accounts: how many were asked.
        questions: how many there were; `decided` of them the engine was asked, the others were alike.
        surprising: how many answers were not as expected.
        surprises: the first of them.
    """

    expectation: Expectation
    accounts: int = 0
    principals: int = 0
    questions: int = 0
    decided: int = 0
    surprising: int = 0
    surprises: list[Surprise] = []

    @property
    def has_passed(self) -> bool:
        """Whether everybody may as expected, and somebody was asked."""
        return self.surprising == 0 and self.questions > 0


class Checking:
    """Checks expectations of one organization.

    Attributes:
        verdicts: those that are done, in order; a check that is interrupted leaves what it found.
    """

    def __init__(self, tx: Transaction, organization: Organization, *, at: datetime, each: bool = False) -> None:
        self._tx, self._organization, self._at, self._each = tx, organization, at, each
        self.places = Places(tx, organization, at=at)
        self.verdicts: list[Verdict] = []

    def check(self, expectation: Expectation, advance: Callable[[], None] = lambda: None) -> Verdict:
        """Ask everybody who is meant.

        Args:
            advance: called after each account.
        """
        verdict = Verdict(expectation, surprises=[])
        asker = Asker(self._tx, context_texts(expectation.context), at=self._at, each=self._each)
        things = [
            What(action, resource) for action in texts(expectation.action) for resource in texts(expectation.resource)
        ]
        for account in self.places.accounts(texts(expectation.where)):
            people = self._people(expectation, account)
            verdict.accounts += 1 if people else 0
            verdict.principals += len(people)
            for person, what in _pairs(people, things):
                if asker.is_allowed(account, person, what) != (expectation.expect == "allowed"):
                    verdict.surprising += 1
                    if len(verdict.surprises) < EXPLAINED_MAX:
                        verdict.surprises.append(self._surprise(asker, account, person, what))
            advance()
        verdict.questions, verdict.decided = asker.asked, asker.decided
        self.verdicts.append(verdict)
        return verdict

    def _people(self, expectation: Expectation, account: Account) -> list[Person]:
        who = texts(expectation.who)
        partition = self._organization.partition
        if who == [STRANGERS]:
            return [stranger(partition)]
        return people_in(self._tx, account, who, texts(expectation.except_), ask=expectation.ask, partition=partition)

    def _surprise(self, asker: Asker, account: Account, person: Person, what: What) -> Surprise:
        question = asker.question(account, person, what)
        return Surprise(
            account=account.id,
            name=account.name,
            place=self.places.path(account),
            who=person.shown,
            action=what.action,
            resource=question.request.resource.arn,
            allowed=question.is_allowed,
            levels=levels_said(self._tx, question),
            why=text(question, person.shown),
            data=as_data(question, person.shown),
        )


def _pairs(people: Sequence[Person], things: Sequence[What]) -> Iterator[tuple[Person, What]]:
    for person in people:
        for what in things:
            yield person, what
