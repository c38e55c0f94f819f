"""What policies mean: the definition, written to be read beside part 4 of the `policy-evaluation` reference.

It takes its time and never answers a request: `evaluate` does, and must answer the same.

Closed by default: no policy allows nothing, what matches nothing never allows, and a Deny in a place where its elements
have no meaning applies.
"""

from collections.abc import Iterable, Mapping

from remit.policy.language.decision import Decision, Match, Verdict
from remit.policy.language.document import Condition, Effect, PrincipalEntry, Principals, PrincipalType, Statement
from remit.policy.language.layers import (
    GUARDRAILS,
    WAYS,
    WITH_PRINCIPAL,
    Layer,
    Named,
    binding,
    needs_no_permission,
    needs_session_policy,
    standing,
)
from remit.policy.language.operators import Family, Qualifier, TruthOperand, compares
from remit.policy.language.patterns import ARN_PARTS, ActionPattern, ResourcePattern
from remit.policy.language.policies import Policies, Policy
from remit.policy.language.principals import account_names, own_names, role_names
from remit.policy.language.request import ContextValue, Principal, PrincipalKind, Request
from remit.policy.language.variables import resolved
from remit.policy.language.wildcards import glob

Level = tuple[Policy, ...]
Context = Mapping[str, ContextValue]


def decide(policies: Policies, request: Request) -> Decision:
    """Answer *request* (4.2)."""
    if needs_no_permission(request):  # E6
        return Decision(verdict=Verdict.ALLOW)

    layers = _layers_that_take_part(policies, request)
    matches = {layer: [_matches(layer, level, request) for level in levels] for layer, levels in layers.items()}
    applying = [match for layer in matches for level in matches[layer] for match in level]
    denies = tuple(match for match in applying if match.statement.effect is Effect.DENY)
    allows = tuple(match for match in applying if match.statement.effect is Effect.ALLOW)

    # Step 1: a deny in any policy wins (D1).
    if denies:
        denying = _in_order(match.layer for match in denies)
        return Decision(verdict=Verdict.EXPLICIT_DENY, causes=denying, denies=denies, allows=allows)

    def lacking(needed: Iterable[Layer]) -> set[Layer]:
        """Return which of *needed* do not allow: each level must, and one policy of it is enough (D3, D4)."""
        return {
            layer
            for layer in needed
            if not all(
                any(match.statement.effect is Effect.ALLOW for match in level) for level in matches.get(layer, [])
            )
        }

    # Guardrails.
    lacks = lacking(GUARDRAILS)

    # Grants: one way is enough. Who has none is told what the first that was open to them lacks, or the usual one.
    named = {_named_by(match.statement, request.principal) for match in allows if match.layer is Layer.RESOURCE}
    ways = WAYS[standing(request.principal, request.resource)]
    open_ways = [way for way in ways if not way.named or way.named & named]
    if not open_ways:
        lacks |= {Layer.RESOURCE} | lacking(ways[-1].layers)
    elif all(lacking(way.layers) for way in open_ways):
        lacks |= lacking(open_ways[0].layers)

    if lacks:
        return Decision(verdict=Verdict.IMPLICIT_DENY, causes=_in_order(lacks), allows=allows)
    return Decision(verdict=Verdict.ALLOW, allows=allows)


def _in_order(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    found = set(layers)
    return tuple(layer for layer in Layer if layer in found)


def _layers_that_take_part(policies: Policies, request: Request) -> dict[Layer, tuple[Level, ...]]:
    """Return the policies of each layer that is there and binds the caller, by level (4.1)."""
    needs_session = needs_session_policy(request)
    levels: dict[Layer, tuple[Level, ...] | None] = {
        Layer.SCP: policies.scps,
        Layer.RCP: policies.rcps,
        Layer.VPC_ENDPOINT: None if policies.vpc_endpoint is None else ((policies.vpc_endpoint,),),
        Layer.RESOURCE: None if policies.resource is None else ((policies.resource,),),
        Layer.IDENTITY: (policies.identity,),
        Layer.BOUNDARY: None if policies.boundary is None else ((policies.boundary,),),
        Layer.SESSION: policies.session_levels(needed=needs_session),
    }
    bound = binding(request)
    return {layer: found for layer, found in levels.items() if layer in bound and found is not None}


# -- does a statement apply? part 2


def _matches(layer: Layer, level: Level, request: Request) -> list[Match]:
    return [
        Match(layer=layer, policy=policy, index=index, statement=statement)
        for policy in level
        for index, statement in enumerate(policy.document.statements)
        if _applies(statement, layer, request)
    ]


def _applies(statement: Statement, layer: Layer, request: Request) -> bool:
    if not _belongs(statement, layer) and statement.effect is Effect.ALLOW:
        return False
    return (
        (layer not in WITH_PRINCIPAL or _named_by(statement, request.principal) is not None)
        and _action_matches(statement, request.action)
        and _resource_matches(statement, request.resource.arn, request.context)
        and all(_condition_holds(condition, request.context) for condition in statement.conditions)
    )


def _belongs(statement: Statement, layer: Layer) -> bool:
    """Say whether the statement's elements have a meaning in *layer*; those of a document of the wrong type do not."""
    has_principal = statement.principal is not None or statement.not_principal is not None
    has_resource = bool(statement.resources or statement.not_resources)
    return has_principal == (layer in WITH_PRINCIPAL) and (has_resource or layer is Layer.RESOURCE)


# -- action: 2.1


def _action_matches(statement: Statement, action: str) -> bool:
    if statement.actions:
        return any(_is_action(pattern, action) for pattern in statement.actions)
    return not any(_is_action(pattern, action) for pattern in statement.not_actions)  # A6


def _is_action(pattern: ActionPattern, action: str) -> bool:
    if pattern.is_everything:
        return True
    segments = action.lower().split(":", 1)  # A2, A5
    return len(segments) == len(pattern.segments) and all(
        glob(written).matches(segment) for written, segment in zip(pattern.segments, segments, strict=True)
    )


# -- resource: 2.2


def _resource_matches(statement: Statement, arn: str, context: Context) -> bool:
    if statement.not_resources:
        return not any(_is_resource(pattern, arn, context) for pattern in statement.not_resources)  # R8, T5
    # A trust policy has no Resource: it stands for its role (K4).
    return not statement.resources or any(_is_resource(pattern, arn, context) for pattern in statement.resources)


def _is_resource(pattern: ResourcePattern, arn: str, context: Context) -> bool:
    if pattern.is_everything:  # R5
        return True
    parts = arn.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS or not pattern.segments:  # R2, R6
        return False
    for written, part in zip(pattern.segments, parts, strict=True):  # R3
        pieces = resolved(written, context)
        if pieces is None or not glob(pieces).matches(part):  # T5
            return False
    return True


# -- principal: 2.3


def _named_by(statement: Statement, principal: Principal) -> Named | None:
    """Say how the statement names the caller; None if it does not mean them."""
    if statement.not_principal is not None:
        listed = _best(statement.not_principal, principal)
        # P13, P14: a Deny spares only who is listed by their own name, an Allow leaves out who is listed in any way.
        is_spared = listed is Named.DIRECT if statement.effect is Effect.DENY else listed is not None
        return None if is_spared else Named.DIRECT
    return None if statement.principal is None else _best(statement.principal, principal)  # P11


def _best(principals: Principals, principal: Principal) -> Named | None:
    if principals.is_everyone or any(entry.is_everyone for entry in principals.entries):  # P1, P10
        return Named.DIRECT
    found = {_named_as(entry, principal) for entry in principals.entries}
    return next((named for named in Named if named in found), None)  # P8


def _named_as(entry: PrincipalEntry, principal: Principal) -> Named | None:
    """Say how one entry names the caller. Names are compared as they are: a `*` in one is no wildcard (P5)."""
    match entry.type:
        case PrincipalType.SERVICE:  # P9
            is_named = principal.kind is PrincipalKind.SERVICE and entry.name in principal.names
            return Named.DIRECT if is_named else None
        case PrincipalType.FEDERATED:  # P12
            is_named = principal.kind in (PrincipalKind.OIDC, PrincipalKind.SAML) and entry.name == principal.provider
            return Named.DIRECT if is_named else None
        case PrincipalType.CANONICAL_USER:
            is_account = bool(principal.canonical_id) and entry.name == principal.canonical_id
        case PrincipalType.AWS:
            if entry.name in own_names(principal):  # P1
                return Named.DIRECT
            if entry.name in role_names(principal):  # P2, P3
                return Named.ROLE
            is_account = entry.name in account_names(principal)
    if not is_account:
        return None
    return Named.DIRECT if principal.kind is PrincipalKind.ROOT else Named.ACCOUNT  # P1, P4


# -- conditions: part 3


def _condition_holds(condition: Condition, context: Context) -> bool:
    asked = context.get(condition.key, ())
    values = (asked,) if isinstance(asked, str) else asked
    if condition.operator.family is Family.NULL:
        is_missing = not values
        return any(isinstance(value, TruthOperand) and value.truth is is_missing for value in condition.values)
    negated = condition.operator.negated
    if not values:  # the left column of 3.3
        if condition.if_exists or condition.qualifier is Qualifier.ALL:
            return True
        return negated and condition.qualifier is Qualifier.NONE
    fits = [
        any(compares(condition.operator, value, operand, context) for operand in condition.values) for value in values
    ]
    match condition.qualifier:
        case Qualifier.ALL:
            return all(fit is not negated for fit in fits)
        case Qualifier.ANY:
            return any(fit is not negated for fit in fits)
        case Qualifier.NONE:
            return any(fits) is not negated  # C16
