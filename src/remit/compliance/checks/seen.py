"""What a check sees of a snapshot: only the reads that it names, and nothing in place of an answer that is not there.

INVARIANT: no method returns something empty because a read was denied, failed or left out. It raises `Unread`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeGuard, TypeVar, cast

from remit.compliance.checks.facts import Facts
from remit.compliance.checks.parameters import Parameters
from remit.compliance.snapshots import READS, Read, ReadKind, Scope, Status

_Made = TypeVar("_Made")


class Unread(Exception):
    """An answer that a judgement needs is not there. The message says which, and why."""


class Undeclared(Exception):
    """A check looks at a read that it does not name: our mistake."""


class Seen:
    """A view of what is known of one account.

    Args:
        names: of the reads that may be looked at.
    """

    def __init__(self, facts: Facts, names: frozenset[str]) -> None:
        self.facts = facts
        self.snapshot = facts.snapshot
        self._names = names
        self._answers = facts.snapshot.answers
        self._decoded = facts.decoded

    @property
    def parameters(self) -> Parameters:
        """What the owner of the account has laid down."""
        return self.facts.parameters

    @property
    def account(self) -> str:
        """Twelve digits."""
        return self.snapshot.header.account

    @property
    def now(self) -> datetime:
        """When the snapshot was taken."""
        return self.snapshot.header.taken_at

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that were asked."""
        return self.snapshot.header.regions_read

    @property
    def organization(self) -> "Seen":
        """What the organization's management account sees.

        Raises:
            Unread: there is no snapshot of it.
        """
        described = self.answer("organizations:DescribeOrganization")["Organization"]
        management = described["MasterAccountId"]
        if management == self.account:
            return self
        organization = self.facts.organization
        if organization is None or organization.header.account != management:
            message = f"no snapshot of the management account {management}"
            raise Unread(message)
        facts = replace(self.facts, snapshot=organization, organization=None, decoded=self.facts.organization_decoded)
        return Seen(facts, self._names)

    @property
    def is_in_organization(self) -> bool:
        """Whether the account belongs to an organization.

        Raises:
            Unread: it is not known.
        """
        return self.maybe("organizations:DescribeOrganization") is not None

    def answer(self, name: str, region: str = "", **params: str) -> Mapping[str, Any]:
        """Return what a read was answered.

        Args:
            name: `ec2:DescribeVolumes`.
            params: what the read was about; those that are always the same may stay out.

        Raises:
            Unread: there is no answer, or it says that there is none.
        """
        return self._there(name, region, params)

    def maybe(self, name: str, region: str = "", **params: str) -> Mapping[str, Any] | None:
        """Return as `answer`; None where the service said that there is none.

        Raises:
            Unread: there is no answer.
        """
        return self._value(name, region, params)

    def was_asked(self, name: str, region: str = "", **params: str) -> bool:
        """Whether a read is in the snapshot, answered or not: for what is only asked where somebody wants it."""
        return self._read(name, region, params) in self._answers

    def items(self, name: str, path: str, region: str = "", **params: str) -> Sequence[Any]:
        """Return the things in an answer; *path* as for `items`.

        Raises:
            Unread: there is no answer, or it does not have the form that *path* describes.
        """
        value = self._there(name, region, params)
        try:
            return tuple(items(value, path))
        except (KeyError, TypeError) as error:
            message = f"{name} was answered without {path}: {error}"
            raise Unread(message) from None

    def derived(self, name: str, make: Callable[["Seen"], _Made]) -> _Made:
        """Return what *make* makes of a snapshot, made once for each snapshot.

        Args:
            name: of what is made; the checks that use it name the same reads.

        Raises:
            Unread: it cannot be made.
        """
        held = self.facts.decoded.get(name)
        if held is None or held[0] is not self.snapshot or held[1] is not self.facts.organization:
            made: _Made | None = None
            # What was raised is not kept: it would hold on to everything that was going on when it was.
            why = ""
            try:
                made = make(self)
            except Unread as unread:
                why = str(unread)
            held = self.facts.decoded[name] = (self.snapshot, self.facts.organization, made, why)
        if held[3]:
            raise Unread(held[3])
        return cast("_Made", held[2])

    def _there(self, name: str, region: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        value = self._value(name, region, params)
        if value is None:
            read = self._read(name, region, params)
            message = f"{read} was answered {self._answers[read].code}"
            raise Unread(message)
        return value

    def _value(self, name: str, region: str, params: Mapping[str, str]) -> Mapping[str, Any] | None:
        read = self._read(name, region, params)
        answer = self._answers.get(read)
        if answer is None:
            message = f"{read} is not in the snapshot"
            raise Unread(message)
        if answer.status is _ANSWERED:
            value = self._decoded.get(answer.sha256)
            if value is None:
                value = self._decoded[answer.sha256] = answer.value()
            if not isinstance(value, dict):
                message = f"{read} was answered something that is no object"
                raise Unread(message)
            return cast("Mapping[str, Any]", value)
        match answer.status:
            case Status.ABSENT:
                return None
            case Status.DENIED:
                message = f"{read} was denied: {answer.code}"
            case _:
                message = f"{read} failed: {answer.code or 'no answer'}: {answer.message}"
        raise Unread(message)

    def _read(self, name: str, region: str, params: Mapping[str, str]) -> Read:
        if name not in self._names:
            raise Undeclared(name)
        return asked(name, region, params, self.snapshot.header.account)


# To look a member up in its class takes as long as to look up an answer, in Python 3.11.
_ANSWERED = Status.ANSWERED


# Names of which there is one read, about nothing that is always the same.
_PLAIN = {
    name: (kinds[0].service, kinds[0].operation)
    for name, kinds in READS.items()
    if len(kinds) == 1 and not kinds[0].fixed
    for name, kinds in READS.items()
    if len(kinds) == 1 and not kinds[0].fixed
}
_NAMES_ACCOUNT = frozenset(
    name
    for name, kinds in READS.items()
    for kind in kinds
    if any("{account}" in str(one) for one in kind.fixed.values())
)


def asked(name: str, region: str, params: Mapping[str, str], account: str) -> Read:
    """Return the read of *name* about *params*, with the parameters that are always the same."""
    about = tuple(params.items()) if len(params) < 2 else tuple(sorted(params.items()))  # noqa: PLR2004  # one has an order
    plain = _PLAIN.get(name)
    if plain is not None:
        return Read(*plain, region, about)
    # Only what names the account differs from one account to the next.
    return _asked(name, region, about, account if name in _NAMES_ACCOUNT else "")


@lru_cache(maxsize=4096)
def _asked(name: str, region: str, params: tuple[tuple[str, str], ...], account: str) -> Read:
    about = dict(params)
    kind = _kind(name, about)
    given = {key: fixed_text(value, account) for key, value in kind.fixed.items()} | about
    return Read(kind.service, kind.operation, region, tuple(sorted(given.items())))


def _kind(name: str, params: Mapping[str, str]) -> ReadKind:
    kinds = READS[name]
    if len(kinds) == 1:
        return kinds[0]
    return next(kind for kind in kinds if _is_meant(kind, params))


def _is_meant(kind: ReadKind, params: Mapping[str, str]) -> bool:
    follows = kind.follows
    asked = {*follows.params, *follows.keeps} if follows is not None else set[str]()
    return asked <= params.keys() <= asked | kind.fixed.keys() and all(
        params.get(key, value) in (value, fixed_text(value, "")) for key, value in kind.fixed.items()
    )


def fixed_text(value: object, account: str) -> str:
    """Return a parameter that is always the same as reads write it: a text, or JSON."""
    if isinstance(value, str):
        return value.format(account=account) if "{" in value else value
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def is_regional(name: str) -> bool:
    """Whether a read is made in each region."""
    return READS[name][0].scope is Scope.REGIONAL


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def items(value: Any, path: str) -> Sequence[Any]:
    """Walk into an answer.

    `Reservations[].Instances[]` gives each instance of each reservation, `Volumes` the same as `Volumes[]`, an empty
    path the value itself. A member with `?` behind it may be left out where there is nothing to list.

    Raises:
        KeyError: a member is not there.
        TypeError: something is no object, or no list.
    """
    things = [value]
    for step, name, may_be_left_out in _steps(path):
        found: list[Any] = []
        for one in things:
            held = one.get(name, []) if may_be_left_out else one[name]
            if not _is_list(held):
                message = f"{step} is no list"
                raise TypeError(message)
            found += held
        things = found
    return things


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[tuple[str, str, bool], ...]:
    """Return the steps of a path: each as it is written, the member's name, and whether it may be left out."""
    steps = path.split(".") if path else []
    names = [step.removesuffix("[]") for step in steps]
    return tuple((step, name.removesuffix("?"), name.endswith("?")) for step, name in zip(steps, names, strict=True))
