"""Plans: what is left of a decision once the policies, the caller and the action are known.

Whatever does not depend on resource and context is settled when a plan is made: which layers bind, whom statements
name, what is always allowed. A plan asks the rest, in the order of 4.2: denies, guardrails, grants.
Source: `policy-evaluation` reference, part 4; the tables of `language.layers`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from remit.policy.evaluate.candidates import Candidate, Candidates, candidates
from remit.policy.evaluate.checks import Check
from remit.policy.evaluate.documents import compiled_document
from remit.policy.evaluate.principals import named_by
from remit.policy.language.decision import Decision, Match, Verdict
from remit.policy.language.layers import (
    GUARDRAILS,
    WAYS,
    WITH_PRINCIPAL,
    Layer,
    Named,
    Standing,
    Way,
    needs_session_policy,
)
from remit.policy.language.policies import Policies, Policy
from remit.policy.language.request import Principal, Request

# One of these checks must hold.
Need = tuple[Check, ...]


_ALLOW, _IMPLICIT = Verdict.ALLOW, Verdict.IMPLICIT_DENY


class Level(msgspec.Struct, frozen=True, eq=False):
    """The policies of one level of a layer, made ready for one caller and one action."""

    denies: Candidates
    allows: Candidates


class Plan:
    """A decision, made ready for one caller, one action and one standing.

    Attributes:
        denies: if both checks of one of these hold, the answer is an explicit deny.
        needs: each must hold; otherwise it is an implicit one.
        outcome: the answer when nothing denies and everything needed holds; None if `granted` must be asked.
    """

    __slots__ = ("_allows", "_denies", "_enough", "_grants", "_open_needs", "_ways", "denies", "needs", "outcome")

    def __init__(self, levels: Mapping[Layer, Sequence[Level]], ways: Sequence[Way]) -> None:
        self._ways = ways
        self._denies = [level.denies for found in levels.values() for level in found if level.denies.entries]
        self._allows = [(layer, level.allows) for layer, found in levels.items() for level in found]
        self._grants = [level.allows for level in levels.get(Layer.RESOURCE, ()) if level.allows.entries]
        self._enough = frozenset([named for way in ways if not way.layers for named in way.named])
        needed = [(way.named, _needs(levels, way.layers)) for way in ways]
        self._open_needs = [(named, needs) for named, needs in needed if needs is not None]
        self.denies = tuple(_deny_steps(self._denies))
        self.outcome: Verdict | None = None
        needs = _needs(levels, GUARDRAILS)
        # A way that needs no statement of a resource policy, if there is one and it can be gone.
        usual = [way_needs for named, way_needs in self._open_needs if not named]
        if needs is None or not (self._grants or usual):
            self.outcome, needs = Verdict.IMPLICIT_DENY, ()
        elif usual and (not self._grants or not usual[0]):
            self.outcome, needs = Verdict.ALLOW, needs + usual[0]
        self.needs: tuple[Need, ...] = needs

    def granted(self, request: Request) -> Verdict:
        """Ask the grants: for a request that nothing denies and no guardrail stops."""
        found: list[Named | None] = []
        for grants in self._grants:
            for entry in grants.likely(request):
                check = entry.check
                if check is None or check(request):
                    named = entry.named
                    if named in self._enough:
                        return _ALLOW
                    found.append(named)
        for names, needs in self._open_needs:
            if (not names or not names.isdisjoint(found)) and _all_hold(needs, request):
                return _ALLOW
        return _IMPLICIT

    def decide(self, request: Request) -> Decision:
        """Answer *request* and say what led to it."""
        allowing: list[Candidate] = []
        named: set[Named | None] = set()
        silent: set[Layer] = set()
        for layer, level in self._allows:
            settled = level.settled
            found = level.applying(request) if settled is None else settled
            if not found:
                silent.add(layer)
            elif layer is Layer.RESOURCE:
                named = {entry.named for entry in found}
            allowing += found
        allows = tuple([entry.match for entry in allowing])
        denies = [entry.match for level in self._denies for entry in level.applying(request)]
        if denies:
            causes = tuple(dict.fromkeys([match.layer for match in denies]))
            return Decision(verdict=Verdict.EXPLICIT_DENY, causes=causes, denies=tuple(denies), allows=allows)
        lacks = self._lacks(silent, named)
        if lacks:
            causes = tuple([layer for layer in Layer if layer in lacks])
            return Decision(verdict=Verdict.IMPLICIT_DENY, causes=causes, allows=allows)
        return Decision(verdict=Verdict.ALLOW, allows=allows)

    def _lacks(self, silent: set[Layer], named: set[Named | None]) -> set[Layer]:
        """Return the layers that lack an Allow they would need: *silent* are those of which a level has none."""
        lacks = silent.intersection(GUARDRAILS)
        open_ways = [way for way in self._ways if not way.named or way.named & named]
        if not open_ways:
            return lacks | {Layer.RESOURCE} | silent.intersection(self._ways[-1].layers)
        if all(not silent.isdisjoint(way.layers) for way in open_ways):
            lacks |= silent.intersection(open_ways[0].layers)
        return lacks


def _deny_steps(denies: Iterable[Candidates]) -> Iterator[tuple[Check, Check | None]]:
    distinct: set[tuple[Check, Check | None]] = set()
    for level in denies:
        for steps in level.steps():
            if steps not in distinct:
                distinct.add(steps)
                yield steps


def _all_hold(needs: Iterable[Need], request: Request) -> bool:
    return all(any(check(request) for check in need) for need in needs)


def _needs(levels: Mapping[Layer, Sequence[Level]], layers: Iterable[Layer]) -> tuple[Need, ...] | None:
    """Return what must hold for *layers* to allow, level by level; None if one of them never does."""
    needs: list[Need] = []
    for layer in layers:
        for level in levels.get(layer, ()):
            if level.allows.always:
                continue
            checks = level.allows.checks()
            if not checks:
                return None
            needs.append(checks)
    return tuple(needs)


def make_plan(policies: Policies, request: Request, bound: frozenset[Layer], standing: Standing) -> Plan:
    """Make the plan for requests like this one: of the same caller, action and standing."""
    action = request.action.lower()
    levels: dict[Layer, tuple[Level, ...]] = {}
    order = 0
    for layer, found in _levels(policies, needs_session=needs_session_policy(request)).items():
        if layer in bound:
            made: list[Level] = []
            for level in found:
                entries = list(_entries(layer, level, request.principal, action, order))
                order += len(entries)
                made.append(
                    Level(
                        denies=candidates([entry for entry in entries if entry.compiled.is_deny]),
                        allows=candidates([entry for entry in entries if not entry.compiled.is_deny]),
                    )
                )
            levels[layer] = tuple(made)
    return Plan(levels, WAYS[standing])


def _levels(policies: Policies, *, needs_session: bool) -> dict[Layer, tuple[tuple[Policy, ...], ...]]:
    """Return the policies of each layer that is there, by level; in the order of messages."""
    found: dict[Layer, tuple[tuple[Policy, ...], ...] | None] = {
        Layer.SCP: policies.scps,
        Layer.RCP: policies.rcps,
        Layer.VPC_ENDPOINT: _one(policies.vpc_endpoint),
        Layer.RESOURCE: _one(policies.resource),
        Layer.IDENTITY: (policies.identity,),
        Layer.BOUNDARY: _one(policies.boundary),
        Layer.SESSION: policies.session_levels(needed=needs_session),
    }
    return {layer: levels for layer, levels in found.items() if levels is not None}


def _one(policy: Policy | None) -> tuple[tuple[Policy, ...], ...] | None:
    return None if policy is None else ((policy,),)


def _entries(
    layer: Layer, level: Sequence[Policy], principal: Principal, action: str, order: int
) -> Iterator[Candidate]:
    for policy in level:
        for compiled in compiled_document(policy.document).naming(action):
            named: Named | None = None
            if layer in WITH_PRINCIPAL:
                named = named_by(compiled.statement, principal)
                if named is None:
                    continue
            if compiled.is_deny or compiled.belongs(layer):
                match = Match(layer=layer, policy=policy, index=compiled.index, statement=compiled.statement)
                yield Candidate(order, compiled.check, match, named, compiled)
                order += 1
