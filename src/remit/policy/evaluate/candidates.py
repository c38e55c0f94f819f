"""The statements of one level that name an action, and quick ways to those that may apply to a request.

A few are asked one after the other. Of many, one is found by what its resources begin with, or by what its conditions
need: a policy of ten thousand statements for ten thousand buckets costs little more than one of ten.
"""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from remit.policy.evaluate.checks import Check, always, never
from remit.policy.evaluate.index import Head, Index
from remit.policy.evaluate.statements import CompiledStatement
from remit.policy.language.decision import Match
from remit.policy.language.layers import Named
from remit.policy.language.patterns import ARN_PARTS
from remit.policy.language.request import Request

# From so many statements on an index is worth its making.
INDEXED_FROM = 9


class Candidate(msgspec.Struct, frozen=True, eq=False):
    """A statement that applies if its check holds.

    Attributes:
        order: its place among all candidates of a decision.
        check: what is left to ask; None for nothing.
        named: how it names the caller, in layers where statements do.
    """

    order: int
    check: Check | None
    match: Match
    named: Named | None
    compiled: CompiledStatement


class _Indexes:
    """Ways to the candidates of a long list that may apply to a request."""

    __slots__ = ("_by_key", "_by_key_alone", "_by_resource", "_others")

    def __init__(self, entries: Iterable[Candidate]) -> None:
        self._others: list[Candidate] = []
        self._by_key_alone: dict[str, list[Candidate]] = {}
        by_resource: list[tuple[tuple[Head, ...], Candidate]] = []
        by_key: dict[str, list[tuple[tuple[Head, ...], Candidate]]] = {}
        for entry in entries:
            heads, need = entry.compiled.heads, entry.compiled.need
            if heads is not None:
                by_resource.append((heads, entry))
            elif need is None:
                self._others.append(entry)
            elif need.heads is None:
                self._by_key_alone.setdefault(need.key, []).append(entry)
            else:
                by_key.setdefault(need.key, []).append((need.heads, entry))
        self._by_resource = Index(by_resource) if by_resource else None
        self._by_key = [(key, Index(kept)) for key, kept in by_key.items()]

    def find(self, request: Request) -> Iterable[Candidate]:
        found = list(self._others)
        if self._by_resource is not None:
            found += self._by_resource.find(request.resource.arn.split(":", ARN_PARTS - 1)[-1])
        for key, index in self._by_key:
            value = request.context.get(key)
            if isinstance(value, str):
                found += index.find(value)
            else:
                for one in value or ():
                    found += index.find(one)
        for key, entries in self._by_key_alone.items():
            if request.context.get(key) is not None:
                found += entries
        return dict.fromkeys(found)


class Candidates:
    """Candidates of one level and one effect.

    Attributes:
        always: whether one of them applies to every request.
        settled: those that apply, if that is the same for every request; None if it is not.
    """

    __slots__ = ("_indexes", "always", "entries", "settled")

    def __init__(self, entries: Iterable[Candidate]) -> None:
        self.entries = tuple([entry for entry in entries if entry.check is not never])
        self.always = any(entry.check is None for entry in self.entries)
        is_settled = all(entry.check is None for entry in self.entries)
        self.settled = self.entries if is_settled else None
        self._indexes = _Indexes(self.entries) if len(self.entries) >= INDEXED_FROM else None

    def likely(self, request: Request) -> Iterable[Candidate]:
        """Return those that may apply to *request*, each once; none of the others does."""
        return self.entries if self._indexes is None else self._indexes.find(request)

    def any_applies(self, request: Request) -> bool:
        """Say whether one of them applies."""
        for entry in self.likely(request):
            check = entry.check
            if check is None or check(request):
                return True
        return False

    def applying(self, request: Request) -> Sequence[Candidate]:
        """Return those that apply, in their order."""
        if self.settled is not None:
            return self.settled
        found: list[Candidate] = []
        for entry in self.likely(request):
            check = entry.check
            if check is None or check(request):
                found.append(entry)
        if self._indexes is not None:
            found.sort(key=_order)
        return found

    def distinct(self) -> Collection[CompiledStatement]:
        """Return the statements, each once of those that apply to the same requests."""
        return {entry.compiled.sameness: entry.compiled for entry in self.entries}.values()

    def checks(self) -> tuple[Check, ...]:
        """Return checks of which one holds if one of them applies; only asked when none always does."""
        if self._indexes is not None and len(self.distinct()) >= INDEXED_FROM:
            return (self.any_applies,)
        return tuple([compiled.check for compiled in self.distinct() if compiled.check is not None])

    def steps(self) -> Iterable[tuple[Check, Check | None]]:
        """Return the same, each in two steps: a first check, and one that matters only if it holds."""
        if self.always:
            return [(always, None)]
        if self._indexes is not None and len(self.distinct()) >= INDEXED_FROM:
            return [(self.any_applies, None)]
        return [(compiled.first, compiled.others) for compiled in self.distinct() if compiled.first is not None]


def _order(entry: Candidate) -> int:
    return entry.order


_NONE = Candidates(())


def candidates(entries: Sequence[Candidate]) -> Candidates:
    """Return *entries* as candidates; most levels have none of one effect, and share them."""
    return Candidates(entries) if entries else _NONE
