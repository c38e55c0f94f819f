"""The search for a request that would be allowed.

1. Of the callers, actions and resources of the question it takes one of each kind that the policies tell apart.
2. Which statements mean them it learns from the policy engine, by asking about the same policies without conditions:
   what not even those allow, no request of that kind is allowed.
3. For each condition key of those statements it finds the values that have to be tried, and asks the engine about
   every combination of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from random import Random

from remit.compliance.checks.proofs.contexts import choices
from remit.compliance.checks.proofs.question import Answer, Caller, Exhausted, Found, Question, Sampled, Target
from remit.compliance.checks.proofs.stripped import Stripped, has_resource_variables, keys, statements
from remit.compliance.checks.proofs.texts import Form, arn_form, form, witnesses
from remit.compliance.checks.proofs.values import settle
from remit.policy import ContextValue, Policies, Request, Resource, Statement, Verdict
from remit.policy.evaluate import Compiled
from remit.policy.language.document import Effect
from remit.policy.language.wildcards import glob, pieces

# Requests that are tried for one question; of more combinations, some.
REQUESTS_MAX = 20_000
_SAMPLES_MAX = 2_000

_Values = Sequence[ContextValue | None]


class Ready:
    """Policies that take part in every request that is asked about, made ready once for many questions.

    Attributes:
        names: condition keys that they ask for, in lower case -> as they spell them.
        whole: the policies as they are.
        bare: without conditions.
        upper: without conditions and denials: what these do not allow, nothing does.
    """

    def __init__(self, policies: Policies) -> None:
        self.statements = tuple(statements(policies))
        self.names = keys(self.statements)
        self.stripped = Stripped(policies, Effect.ALLOW, Effect.DENY)
        self.whole = Compiled(policies)
        self.bare = Compiled(self.stripped.policies)
        self.upper = Compiled(Stripped(policies, Effect.ALLOW).policies)


def find(policies: Policies | Ready, question: Question, *, requests_max: int = REQUESTS_MAX) -> Answer:
    """Look for a request that is allowed.

    Args:
        policies: that take part in every request that is asked about.
    """
    return _Search(policies if isinstance(policies, Ready) else Ready(policies), question, requests_max).answer()


@dataclass(frozen=True, slots=True)
class _Kind:
    """Requests that differ by their context only.

    Attributes:
        known: the condition keys that have the same value in all of them.
    """

    caller: Caller
    target: Target
    action: str
    resource: Resource
    known: Mapping[str, ContextValue]

    def request(self, context: Mapping[str, ContextValue]) -> Request:
        return Request(
            principal=self.caller.principal,
            action=self.action,
            resource=self.resource,
            context={**self.known, **context},
        )


class _Search:
    """One search."""

    def __init__(self, ready: Ready, question: Question, requests_max: int) -> None:
        self._question = question
        self._left = self._most = requests_max
        self._statements = ready.statements
        self._names = ready.names
        self._whole, self._bare, self._upper = ready.whole, ready.bare, ready.upper
        self._stripped = ready.stripped
        self._fixed_forms: tuple[Form, ...] | None = None
        # Why nobody can say that everything was tried, in the order in which it was noticed.
        self._gaps: dict[str, None] = {}

    def answer(self) -> Answer:
        seen: set[tuple[object, ...]] = set()
        for kind in self._kinds():
            request = kind.request({})
            decision = self._bare.decide(request)
            # Where nothing denies, conditions can but take away; where something does, the rest has to be asked.
            if decision.verdict is Verdict.IMPLICIT_DENY or (
                decision.denies and self._upper.verdict(request) is not Verdict.ALLOW
            ):
                continue
            meant = [self._stripped.written(match.statement) for match in (*decision.denies, *decision.allows)]
            place = kind.resource.arn if any(map(has_resource_variables, meant)) else ""
            same = (id(kind.caller), id(kind.target), frozenset(map(id, meant)), place)
            if same in seen:
                continue
            seen.add(same)
            found = self._found(kind, meant)
            if found is not None:
                return found
        tried = self._most - self._left
        return Sampled(tried, "; ".join(self._gaps)) if self._gaps else Exhausted(tried)

    # -- (1) callers, actions, resources

    def _kinds(self) -> Iterator[_Kind]:
        for target in self._question.targets:
            actions = self._actions(target)
            for caller in self._question.callers:
                known = self._known(caller, target)
                for arn in self._resources(target, known):
                    resource = Resource(arn=arn, account=target.account, kind=target.kind)
                    for action in actions:
                        yield _Kind(caller, target, action, resource, known)

    def _known(self, caller: Caller, target: Target) -> dict[str, ContextValue]:
        """Return the keys that have one value in all these requests."""
        found: dict[str, ContextValue] = {}
        for key in self._names:
            domain = self._question.domain(key, caller, target)
            if domain.values is not None and len(domain.values) == 1 and not domain.may_be_absent:
                found[key] = domain.values[0]
        return found

    def _actions(self, target: Target) -> list[str]:
        """Return one action of each kind that the policies tell apart."""
        patterns = {
            one.text.lower(): one
            for statement in self._statements
            for one in (*statement.actions, *statement.not_actions)
        }
        globs = [tuple(map(glob, one.segments)) for one in patterns.values() if one.segments]
        kinds: dict[tuple[bool, ...], str] = {}
        for action in target.actions:
            service, _, name = action.lower().partition(":")
            kinds.setdefault(tuple([one.matches(service) and two.matches(name) for one, two in globs]), action)
        return list(kinds.values())

    def _resources(self, target: Target, known: Mapping[str, ContextValue]) -> list[str]:
        """Return one resource of each kind that the policies tell apart."""
        found: dict[str, None] = {}
        for like in target.resources:
            if like == "*" or not ("*" in like or "?" in like):
                found[like] = None
                continue
            texts, is_complete = witnesses(self._forms(known), (form(pieces(like)),))
            found |= dict.fromkeys(texts)
            if not is_complete:
                self._gaps["there are too many patterns of resources"] = None
        return list(found)

    def _forms(self, known: Mapping[str, ContextValue]) -> tuple[Form, ...]:
        """Return the patterns of resources, variables put in as far as they are *known*."""
        if self._fixed_forms is not None:
            return self._fixed_forms
        forms = {
            arn_form([settle(segment, known)[0] for segment in pattern.segments]): None
            for statement in self._statements
            for pattern in (*statement.resources, *statement.not_resources)
            if pattern.segments
        }
        if not any(map(has_resource_variables, self._statements)):
            self._fixed_forms = tuple(forms)
        return tuple(forms)

    # -- (3) contexts

    def _found(self, kind: _Kind, meant: Sequence[Statement]) -> Found | None:
        names = keys(meant)
        domains = {key: self._question.domain(key, kind.caller, kind.target) for key in names if key not in kind.known}
        chosen = choices(meant, domains, kind.known, kind.resource.arn)
        for key in chosen.inexact:
            self._gaps[f"what {names[key]} is compared with cannot be told apart exactly"] = None
        for values in self._combinations(list(chosen.values.values())):
            self._left -= 1
            context = {key: value for key, value in zip(chosen.values, values, strict=True) if value is not None}
            request = kind.request(context)
            if self._whole.verdict(request) is Verdict.ALLOW:
                shown = {names[key]: request.context.get(key) for key in names}
                return Found(request, kind.caller, _words(kind, shown))
        return None

    def _combinations(self, values: Sequence[_Values]) -> Iterator[_Values]:
        size = prod(map(len, values))
        if size <= self._left:
            return product(*values)
        self._gaps[f"there are {size:,} combinations of condition keys"] = None
        return islice(_draws(values), min(self._left, _SAMPLES_MAX))


def _draws(values: Sequence[_Values]) -> Iterator[_Values]:
    """Draw combinations, the same ones each time."""
    dice = Random(0)  # noqa: S311  # samples, not keys
    while True:
        yield tuple([dice.choice(one) for one in values])


def _words(kind: _Kind, shown: Mapping[str, ContextValue | None]) -> str:
    told = [f"{name} {_text(value)}" if value is not None else f"no {name}" for name, value in shown.items()]
    circumstances = f", with {' and '.join(told)}" if told else ""
    return f"{kind.caller.words} may {kind.action} on {kind.resource.arn}{circumstances}"


def _text(value: ContextValue) -> str:
    return value if isinstance(value, str) else "[" + ", ".join(value) + "]"
