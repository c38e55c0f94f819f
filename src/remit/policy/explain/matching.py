"""Does a statement apply, and if not, in what does it fail?

Elements are asked in the order in which people read them: principal, action, resource, conditions. Two failures are one
too many to be near, so nothing is asked after the second.
Source: `policy-evaluation` reference, part 2 and part 3.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from remit.policy.explain.explanation import Miss
from remit.policy.language.document import (
    Condition,
    Document,
    Effect,
    Element,
    Principals,
    PrincipalType,
    Statement,
)
from remit.policy.language.layers import WITH_PRINCIPAL, Layer, Named
from remit.policy.language.operators import Family, Qualifier, TextOperand, TruthOperand, compares
from remit.policy.language.patterns import ARN_PARTS, ActionPattern, ResourcePattern
from remit.policy.language.principals import account_names, own_names, role_names
from remit.policy.language.request import ContextValue, Principal, PrincipalKind, Request
from remit.policy.language.variables import Template, has_variables, resolved
from remit.policy.language.wildcards import Glob, glob

_ACTIONS_KEPT = 4_096
_PATTERNS_KEPT = 4_096
_CALLERS_KEPT = 1_024
_MISSES_MAX = 1


class Candidate(msgspec.Struct, frozen=True):
    """A statement that names an action, or another of the same service.

    Attributes:
        action_miss: None if it names this one.
        is_everywhere: whether every resource fits.
        is_plain: whether every resource does, and there are no conditions.
        has_principal, has_resource: whether it has such an element.
        listed: the names in its `Principal` or `NotPrincipal`; None if that lists everybody.
        texts: for each condition the texts it compares with, if it compares nothing but whole texts.
    """

    index: int
    statement: Statement
    is_allow: bool
    action_miss: Miss | None
    is_everywhere: bool
    is_plain: bool
    has_principal: bool
    has_resource: bool
    listed: frozenset[str] | None
    texts: tuple[frozenset[str] | None, ...]

    def belongs(self, layer: Layer) -> bool:
        """Say whether the statement's elements have a meaning in *layer*."""
        return self.has_principal is (layer in WITH_PRINCIPAL) and (self.has_resource or layer is Layer.RESOURCE)


def misses(candidate: Candidate, layer: Layer, request: Request, names: "Names") -> tuple[Named | None, list[Miss]]:
    """Return how a statement names the caller, and what it fails in: nothing, one element, or the first two."""
    statement = candidate.statement
    named: Named | None = None
    found: list[Miss] = []
    if layer in WITH_PRINCIPAL:
        named = named_by(candidate, names)
        if named is None:
            found.append(_principal_miss(statement, request.principal))
    if candidate.action_miss is not None:
        found.append(candidate.action_miss)
    if not candidate.is_everywhere and len(found) <= _MISSES_MAX and not _fits_resource(statement, request):
        found.append(_resource_miss(statement, request))
    for place, condition in enumerate(statement.conditions):
        if len(found) > _MISSES_MAX:
            break
        texts, asked = candidate.texts[place], request.context.get(condition.key)
        if texts is not None and isinstance(asked, str):
            holds = (asked in texts) is not condition.operator.negated
        else:
            holds = condition_holds(condition, request.context)
        if not holds:
            found.append(_condition_miss(condition, place, request.context))
    return named, found


# -- action


@lru_cache(maxsize=_ACTIONS_KEPT)
def naming(document: Document, action: str) -> tuple[Candidate, ...]:
    """Return the statements of *document* that name *action*, or another action of its service.

    What is about other services is no near miss of anything.
    """
    return tuple(_naming(document, action))


def _naming(document: Document, action: str) -> Iterator[Candidate]:
    service, colon, name = action.lower().partition(":")
    for index, statement in enumerate(document.statements):
        patterns = statement.actions or statement.not_actions
        about = [pattern for pattern in patterns if _is_about(pattern, service)]
        is_listed = any(
            pattern.is_everything or (bool(colon) and glob(pattern.segments[1]).matches(name)) for pattern in about
        )
        fits = is_listed is bool(statement.actions)
        if fits or about:
            element = Element.ACTION if statement.actions else Element.NOT_ACTION
            written = tuple([pattern.text for pattern in about])
            resources = statement.resources
            has_resource = bool(resources or statement.not_resources)
            is_everywhere = not has_resource or any(pattern.is_everything for pattern in resources)
            yield Candidate(
                index=index,
                statement=statement,
                is_allow=statement.effect is Effect.ALLOW,
                action_miss=None if fits else Miss(element, -1, (action,), written),
                is_everywhere=is_everywhere,
                is_plain=is_everywhere and not statement.conditions,
                has_principal=statement.principal is not None or statement.not_principal is not None,
                has_resource=has_resource,
                listed=_listed_in(statement.principal if statement.not_principal is None else statement.not_principal),
                texts=tuple([_texts(condition) for condition in statement.conditions]),
            )


def _is_about(pattern: ActionPattern, service: str) -> bool:
    if pattern.is_everything:
        return True
    written = pattern.segments[0] if pattern.segments else ()
    return written == (service,) or (bool(pattern.segments) and glob(written).matches(service))


# -- resource


def _fits_resource(statement: Statement, request: Request) -> bool:
    patterns = statement.resources or statement.not_resources
    if not patterns:
        return True
    is_listed = any(_is_resource(pattern, request.resource.arn, request.context) for pattern in patterns)
    return is_listed is bool(statement.resources)


def _is_resource(pattern: ResourcePattern, arn: str, context: Mapping[str, ContextValue]) -> bool:
    if pattern.is_everything:
        return True
    front, parts = _compiled(pattern)
    if not arn.startswith(front):
        return False
    found = arn.split(":", ARN_PARTS - 1)
    if len(found) < ARN_PARTS or not parts:
        return False
    for place, fixed, template in parts:
        if fixed is None:
            pieces = resolved(template, context)
            if pieces is None or not glob(pieces).matches(found[place]):
                return False
        elif not fixed.matches(found[place]):
            return False
    return True


_Part = tuple[int, Glob | None, Template]


@lru_cache(maxsize=_PATTERNS_KEPT)
def _compiled(pattern: ResourcePattern) -> tuple[str, tuple[_Part, ...]]:
    """Return the literal text that a pattern begins with, and the parts that it does not settle, ready to match."""
    front = ""
    parts: list[_Part] = []
    for place, segment in enumerate(pattern.segments):
        is_literal = all(isinstance(part, str) for part in segment) and place < ARN_PARTS - 1
        text = "".join([part for part in segment if isinstance(part, str)])
        if is_literal and not parts and ":" not in text:
            front += f"{text}:"
        else:
            parts.append((place, None if has_variables(segment) else glob(resolved(segment, {}) or ()), segment))
    return front, tuple(parts)


def _resource_miss(statement: Statement, request: Request) -> Miss:
    element = Element.RESOURCE if statement.resources else Element.NOT_RESOURCE
    written = tuple([pattern.text for pattern in statement.resources or statement.not_resources])
    return Miss(element, -1, (request.resource.arn,), written)


# -- principal


class Names(msgspec.Struct, frozen=True, gc=False):
    """The names that statements may use for one caller, by what they make of them; types are told apart by a prefix."""

    direct: frozenset[str]
    role: frozenset[str]
    account: frozenset[str]


@lru_cache(maxsize=_CALLERS_KEPT)
def names_of(principal: Principal) -> Names:
    """Return the names of *principal* (P1 to P4)."""
    direct = {f"{PrincipalType.AWS}={name}" for name in own_names(principal)}
    if principal.kind is PrincipalKind.SERVICE:
        direct |= {f"{PrincipalType.SERVICE}={name}" for name in principal.names}
    if principal.kind in (PrincipalKind.OIDC, PrincipalKind.SAML):
        direct.add(f"{PrincipalType.FEDERATED}={principal.provider}")
    account = {f"{PrincipalType.AWS}={name}" for name in account_names(principal)}
    if principal.canonical_id:
        account.add(f"{PrincipalType.CANONICAL_USER}={principal.canonical_id}")
    if principal.kind is PrincipalKind.ROOT:  # its account names it directly
        return Names(frozenset(direct | account), frozenset(), frozenset())
    role = {f"{PrincipalType.AWS}={name}" for name in role_names(principal)}
    return Names(frozenset(direct), frozenset(role), frozenset(account))


def named_by(candidate: Candidate, names: Names) -> Named | None:
    """Say how a statement names the caller; None if it does not mean them."""
    listed = _listed(candidate.listed, names)
    if candidate.statement.not_principal is None:
        return listed
    is_spared = listed is Named.DIRECT if not candidate.is_allow else listed is not None
    return None if is_spared else Named.DIRECT


def _listed(listed: frozenset[str] | None, names: Names) -> Named | None:
    if listed is None or not listed.isdisjoint(names.direct):
        return Named.DIRECT
    if not listed.isdisjoint(names.role):
        return Named.ROLE
    return None if listed.isdisjoint(names.account) else Named.ACCOUNT


def _listed_in(principals: Principals | None) -> frozenset[str] | None:
    """Return the names in a `Principal`, with their types; None if it lists everybody."""
    if principals is None:
        return frozenset()
    if principals.is_everyone or any(entry.is_everyone for entry in principals.entries):
        return None
    return frozenset([f"{entry.type}={entry.name}" for entry in principals.entries])


def _principal_miss(statement: Statement, principal: Principal) -> Miss:
    element = Element.PRINCIPAL if statement.not_principal is None else Element.NOT_PRINCIPAL
    principals = statement.principal if statement.not_principal is None else statement.not_principal
    asked = principal.arn or principal.provider or " ".join(principal.names) or str(principal.kind)
    if principals is None:
        return Miss(element, -1, (asked,), ())
    written = ("*",) if principals.is_everyone else tuple([entry.name for entry in principals.entries])
    return Miss(element, -1, (asked,), written)


# -- conditions


def condition_holds(condition: Condition, context: Mapping[str, ContextValue]) -> bool:
    """Answer one condition: the table of 3.3."""
    asked = context.get(condition.key, ())
    values = (asked,) if isinstance(asked, str) else asked
    operator, negated = condition.operator, condition.operator.negated
    if operator.family is Family.NULL:
        return any(isinstance(value, TruthOperand) and value.truth is (not values) for value in condition.values)
    if not values:
        is_vacuous = negated and condition.qualifier is Qualifier.NONE
        return condition.if_exists or condition.qualifier is Qualifier.ALL or is_vacuous
    fits = [any(compares(operator, value, operand, context) for operand in condition.values) for value in values]
    if condition.qualifier is Qualifier.ALL:
        return negated not in fits
    if condition.qualifier is Qualifier.ANY:
        return (not negated) in fits
    return (True in fits) is not negated


def _texts(condition: Condition) -> frozenset[str] | None:
    """Return the texts of a condition on whole texts without variables; None for any other."""
    if condition.operator.family is not Family.STRING:
        return None
    templates = [value.template for value in condition.values if isinstance(value, TextOperand)]
    if any(has_variables(template) for template in templates):
        return None
    return frozenset(["".join([part for part in template if isinstance(part, str)]) for template in templates])


def _condition_miss(condition: Condition, place: int, context: Mapping[str, ContextValue]) -> Miss:
    asked = context.get(condition.key, ())
    values = (asked,) if isinstance(asked, str) else tuple(asked)
    return Miss(Element.CONDITION, place, values, tuple([value.text for value in condition.values]))
