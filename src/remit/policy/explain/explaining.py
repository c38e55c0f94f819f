"""Explains one decision: the same tables as the other backends, but nothing is left out and near misses are kept."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import msgspec

from remit.policy.explain.explanation import Change, Explanation, Finding, LayerFindings, Says
from remit.policy.explain.matching import Names, misses, names_of, naming
from remit.policy.language.decision import Decision, Match, Verdict
from remit.policy.language.document import Element, Statement
from remit.policy.language.layers import (
    GUARDRAILS,
    WAYS,
    WITH_PRINCIPAL,
    Layer,
    Named,
    Way,
    binding,
    needs_no_permission,
    needs_session_policy,
    standing,
)
from remit.policy.language.policies import Policies, Policy
from remit.policy.language.request import Request

_GUARDRAILS = frozenset(GUARDRAILS)
_LAYERS = tuple(Layer)
# These are there for every caller, with as many policies as there are.
_COUNTED = frozenset({Layer.IDENTITY, Layer.SESSION})
_NOTHING = {layer: LayerFindings(layer, Says.NONE, 0) for layer in Layer}

Levels = tuple[tuple[Policy, ...], ...]


class _Level(msgspec.Struct, gc=False):
    """One level of a layer, and what was found in it."""

    layer: Layer
    allows: list[Finding]
    denies: list[Finding]
    near_allows: list[Finding]
    near_denies: list[Finding]
    place: str = ""


def explain(policies: Policies, request: Request) -> Explanation:
    """Answer *request*, and tell why and what would change it."""
    if needs_no_permission(request):
        return Explanation(decision=Decision(verdict=Verdict.ALLOW), layers=(), changes=())
    there = _there(policies, needs_session=needs_session_policy(request))
    bound, names = binding(request), names_of(request.principal)
    levels = {
        layer: [_level(layer, level, request, names) for level in found]
        for layer, found in there.items()
        if layer in bound
    }
    judge = _Judge(levels, WAYS[standing(request.principal, request.resource)])
    return Explanation(
        decision=judge.decision(),
        layers=tuple([_layer_findings(layer, there.get(layer), levels.get(layer)) for layer in _LAYERS]),
        changes=tuple(judge.changes()),
    )


def _there(policies: Policies, *, needs_session: bool) -> dict[Layer, Levels]:
    def one(policy: Policy | None) -> Levels | None:
        return None if policy is None else ((policy,),)

    levels: dict[Layer, Levels | None] = {
        Layer.SCP: policies.scps,
        Layer.RCP: policies.rcps,
        Layer.VPC_ENDPOINT: one(policies.vpc_endpoint),
        Layer.RESOURCE: one(policies.resource),
        Layer.IDENTITY: (policies.identity,),
        Layer.BOUNDARY: one(policies.boundary),
        Layer.SESSION: policies.session_levels(needed=needs_session),
    }
    return {layer: found for layer, found in levels.items() if found is not None}


def _level(layer: Layer, level: Sequence[Policy], request: Request, names: Names) -> _Level:
    found = _Level(layer, [], [], [], [], level[0].attached_to if level else "")
    names_callers = layer in WITH_PRINCIPAL
    for policy in level:
        for candidate in naming(policy.document, request.action):
            is_allow, named, miss = candidate.is_allow, None, candidate.action_miss
            if is_allow and not candidate.belongs(layer):
                continue
            if names_callers or not candidate.is_plain:
                named, failed = misses(candidate, layer, request, names)
                if len(failed) > 1:
                    continue
                miss = failed[0] if failed else None
            finding = Finding(layer, policy, candidate.index, miss, named)
            if miss is None:
                (found.allows if is_allow else found.denies).append(finding)
            else:
                (found.near_allows if is_allow else found.near_denies).append(finding)
    return found


def _layer_findings(layer: Layer, there: Levels | None, levels: list[_Level] | None) -> LayerFindings:
    if there is None:
        return _NOTHING[layer]
    count = len(there[0]) if len(there) == 1 else sum([len(level) for level in there])
    if not count and layer in _COUNTED:
        return _NOTHING[layer]
    if levels is None:
        return LayerFindings(layer, Says.EXEMPT, count)
    if len(levels) == 1:
        whole, allows = levels[0], bool(levels[0].allows)
    else:
        whole, allows = _merged(layer, levels), all(level.allows for level in levels)
    otherwise = Says.ALLOWS if allows or layer is Layer.RCP else Says.SILENT
    says = Says.DENIES if whole.denies else otherwise
    applying = (*whole.denies, *whole.allows)
    near = (*whole.near_denies, *whole.near_allows)
    lacking = () if allows else tuple([level.place for level in levels if level.place and not level.allows])
    return LayerFindings(layer, says, count, applying, near, lacking if layer is Layer.SCP else ())


def _merged(layer: Layer, levels: Iterable[_Level]) -> _Level:
    whole = _Level(layer, [], [], [], [])
    for level in levels:
        whole.allows += level.allows
        whole.denies += level.denies
        whole.near_allows += level.near_allows
        whole.near_denies += level.near_denies
    return whole


class _Judge:
    """Combines what was found into an answer (4.2), and tries what it would be if one thing were different."""

    def __init__(self, levels: dict[Layer, list[_Level]], ways: tuple[Way, ...]) -> None:
        self._levels = levels
        self._ways = ways
        self._every = [level for found in levels.values() for level in found]
        self._denies = [finding for level in self._every for finding in level.denies]
        self._silent = frozenset([level.layer for level in self._every if not level.allows])
        self._named = _names(levels.get(Layer.RESOURCE, ()))
        self._lacking = self._lacks(self._silent, self._named)

    def decision(self) -> Decision:
        denies = tuple([_match(finding) for finding in self._denies])
        allows = tuple([_match(finding) for level in self._every for finding in level.allows])
        causes = {match.layer for match in denies} or self._lacking
        verdict = Verdict.EXPLICIT_DENY if denies else Verdict.IMPLICIT_DENY if causes else Verdict.ALLOW
        ordered = tuple([layer for layer in _LAYERS if layer in causes]) if causes else ()
        return Decision(verdict=verdict, causes=ordered, denies=denies, allows=allows)

    def _lacks(self, silent: frozenset[Layer], named: frozenset[Named | None]) -> frozenset[Layer]:
        lacks = silent & _GUARDRAILS
        open_ways = [way for way in self._ways if not way.named or not way.named.isdisjoint(named)]
        if not open_ways:
            return lacks | {Layer.RESOURCE} | silent.intersection(self._ways[-1].layers)
        lacking = [silent.intersection(way.layers) for way in open_ways]
        return lacks | lacking[0] if all(lacking) else lacks

    def changes(self) -> Iterator[Change]:
        """Give the changes of one element that turn the answer."""
        if self._denies:
            return self._without_a_deny()
        if self._lacking:
            return self._with_one_more_allow()
        return chain(self._with_one_more_deny(), self._without_an_allow())

    def _without_a_deny(self) -> Iterator[Change]:
        if len(self._denies) == 1:
            verdict = Verdict.IMPLICIT_DENY if self._lacking else Verdict.ALLOW
            yield Change(self._denies[0], _what_could_change(self._denies[0].statement), verdict)

    def _with_one_more_allow(self) -> Iterator[Change]:
        for level in self._every:
            rest = [other for other in self._levels[level.layer] if other is not level]
            silent = self._silent if any(not other.allows for other in rest) else self._silent - {level.layer}
            for finding in level.near_allows:
                named = self._named
                if level.layer is Layer.RESOURCE:
                    # Whoever is not named yet would be by their own name.
                    named = named | {finding.named or Named.DIRECT}
                if finding.miss is not None and not self._lacks(silent, named):
                    yield Change(finding, finding.miss.element, Verdict.ALLOW)

    def _with_one_more_deny(self) -> Iterator[Change]:
        for level in self._every:
            for finding in level.near_denies:
                if finding.miss is not None:
                    yield Change(finding, finding.miss.element, Verdict.EXPLICIT_DENY)

    def _without_an_allow(self) -> Iterator[Change]:
        for level in self._every:
            if level.layer is Layer.RESOURCE:
                yield from self._without_a_grant(level)
            elif len(level.allows) == 1 and self._is_needed(level.layer):
                yield _gone(level.allows[0])

    def _is_needed(self, layer: Layer) -> bool:
        return layer in _GUARDRAILS or bool(self._lacks(self._silent | {layer}, self._named))

    def _without_a_grant(self, level: _Level) -> Iterator[Change]:
        for finding in level.allows:
            named = frozenset([other.named for other in level.allows if other is not finding])
            if named != self._named and self._lacks(self._silent, named):
                yield _gone(finding)


def _names(levels: Iterable[_Level]) -> frozenset[Named | None]:
    return frozenset([finding.named for level in levels for finding in level.allows])


def _gone(finding: Finding) -> Change:
    return Change(finding, _what_could_change(finding.statement), Verdict.IMPLICIT_DENY)


def _what_could_change(statement: Statement) -> Element:
    if statement.conditions:
        return Element.CONDITION
    return Element.ACTION if statement.actions else Element.NOT_ACTION


def _match(finding: Finding) -> Match:
    return Match(layer=finding.layer, policy=finding.policy, index=finding.index, statement=finding.statement)
