"""How a refused request was evaluated: one check for each policy type, of control policies one for each level.

A statement without Sid is called by its place in the document, `Statement[3]`, counted from 0; no Sid has brackets.
Source: `console` reference, 5.7; IAM Toolbox API reference, Check; `policy-evaluation` reference, 4.2.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from remit.authz import Question
from remit.authz.condition_keys import spelled
from remit.policy import Decision, Layer, Policies, Policy, Request, Verdict
from remit.policy.explain import Finding, Says, explain
from remit.policy.language.document import Effect
from remit.policy.language.layers import binding, needs_session_policy
from remit.services.iam_toolbox import shapes
from remit.services.iam_toolbox.sources import TYPES, Source, is_foreign, own_side, sources

_CHECKS = {
    Layer.RCP: "RESOURCE_CONTROL_POLICY",
    Layer.SCP: "SERVICE_CONTROL_POLICY",
    Layer.VPC_ENDPOINT: "VPC_ENDPOINT",
    Layer.RESOURCE: "RESOURCE",
    Layer.IDENTITY: "PRINCIPAL",
    Layer.BOUNDARY: "PERMISSIONS_BOUNDARY",
    Layer.SESSION: "SESSION",
}
_OF_ORGANIZATIONS = frozenset({Layer.SCP, Layer.RCP})
_EFFECTS = {
    Verdict.ALLOW: "ALLOW",
    Verdict.IMPLICIT_DENY: "IMPLICIT_DENY",
    Verdict.EXPLICIT_DENY: "EXPLICIT_DENY",
}
_STATEMENT_EFFECTS = {Effect.ALLOW: "ALLOW", Effect.DENY: "DENY"}

Levels = Sequence[Sequence[Policy]]


def details(question: Question) -> shapes.GetRequestAuthorizationDetailsOutput:
    """Tell what was asked, and what came of it."""
    question = own_side(question)
    every = sources(question)
    return {
        "requestContext": {
            spelled(key): value if isinstance(value, str) else list(value)
            for key, value in sorted(question.request.context.items())
        },
        "policies": list(_listed(every)),
        "evaluations": [_evaluation(question, {id(source.policy): source.uri for source in every})],
    }


def _listed(every: Iterable[Source]) -> Iterator[shapes.PolicyInfo]:
    """Describe each policy, once for each type that it was there as, with all that it is attached to."""
    found: dict[tuple[Layer, str], list[Source]] = {}
    for source in every:
        found.setdefault((source.layer, source.uri), []).append(source)
    for (layer, uri), same in found.items():
        places = dict.fromkeys(source.attached_to for source in same if source.attached_to)
        yield {
            "type": TYPES[layer],
            "inline": not same[0].policy.arn,
            "uri": uri,
            "attachedTo": [{"arn": place} for place in places],
        }


def _evaluation(question: Question, uris: Mapping[int, str]) -> shapes.Evaluation:
    request, policies = question.request, question.policies
    resource = request.resource.arn
    found: shapes.Evaluation = {
        "action": request.action,
        "resource": "" if resource == "*" else resource,
        "evaluatedEffect": _EFFECTS[Verdict.IMPLICIT_DENY],
    }
    if question.decision is None:  # a policy could not be read, and nothing was evaluated
        return found
    explanation = explain(policies, request)
    decision = explanation.decision
    lacking = frozenset(decision.causes)
    if decision.verdict is Verdict.EXPLICIT_DENY:
        lacking = frozenset(explain(_without_denies(policies), request).decision.causes)
    findings = {found.layer: found for found in explanation.layers}
    found["evaluatedEffect"] = _EFFECTS[decision.verdict]
    found["checks"] = [
        _check(layer, level, findings[layer].applying, lacking, uris)
        for layer, levels in _levels(policies, request, decision, lacking).items()
        if findings[layer].says is not Says.EXEMPT
        for level in levels
    ]
    found["matchedPolicies"] = _matched((finding for layer in _CHECKS for finding in findings[layer].applying), uris)
    return found


def _levels(
    policies: Policies, request: Request, decision: Decision, lacking: Collection[Layer]
) -> Mapping[Layer, Levels]:
    """Return the levels of each layer that had a say, each with its policies, in the order of checks."""
    needs_resource = Layer.RESOURCE in lacking
    if is_foreign(request):
        # Whether the other account allowed it follows only if everything on this side did.
        needs_resource = decision.causes == (Layer.RESOURCE,)
    return {
        Layer.RCP: policies.rcps or (),
        Layer.SCP: policies.scps or (),
        Layer.VPC_ENDPOINT: _one(policies.vpc_endpoint),
        Layer.RESOURCE: _one(policies.resource) or (((),) if needs_resource else ()),
        Layer.IDENTITY: (policies.identity,) if Layer.IDENTITY in binding(request) else (),
        Layer.BOUNDARY: _one(policies.boundary),
        Layer.SESSION: policies.session_levels(needed=needs_session_policy(request) and Layer.SESSION in lacking) or (),
    }


def _one(policy: Policy | None) -> Levels:
    return () if policy is None else ((policy,),)


def _check(
    layer: Layer,
    level: Sequence[Policy],
    applying: Iterable[Finding],
    lacking: Collection[Layer],
    uris: Mapping[int, str],
) -> shapes.Check:
    there = {id(policy) for policy in level}
    findings = [finding for finding in applying if id(finding.policy) in there]
    effects = {finding.statement.effect for finding in findings}
    if Effect.DENY in effects:
        effect = _EFFECTS[Verdict.EXPLICIT_DENY]
    elif Effect.ALLOW in effects:
        effect = _EFFECTS[Verdict.ALLOW]
    else:
        effect = _EFFECTS[Verdict.IMPLICIT_DENY] if layer in lacking else "NO_IMPACT"
    check: shapes.Check = {
        "checkType": _CHECKS[layer],
        "evaluatedEffect": effect,
        "relevantPolicyTypes": [TYPES[layer]],
        "matchedPolicies": _matched(findings, uris),
    }
    if layer in _OF_ORGANIZATIONS and level and level[0].attached_to:
        check["targetArn"] = level[0].attached_to
    return check


def _matched(findings: Iterable[Finding], uris: Mapping[int, str]) -> list[shapes.MatchedPolicy]:
    statements: dict[str, dict[int, shapes.MatchedStatement]] = {}
    for finding in findings:
        of_policy = statements.setdefault(uris[id(finding.policy)], {})
        of_policy[finding.index] = {
            "sid": finding.statement.sid or f"Statement[{finding.index}]",
            "evaluatedEffect": _STATEMENT_EFFECTS[finding.statement.effect],
        }
    return [
        {"uri": uri, "matchedStatements": [of_policy[index] for index in sorted(of_policy)]}
        for uri, of_policy in statements.items()
    ]


def _without_denies(policies: Policies) -> Policies:
    """Return the policies with their Allow statements only: what lacks an Allow does so whatever denies."""

    def one(policy: Policy) -> Policy:
        document = policy.document
        allows = tuple([statement for statement in document.statements if statement.effect is Effect.ALLOW])
        return msgspec.structs.replace(policy, document=msgspec.structs.replace(document, statements=allows))

    def maybe(policy: Policy | None) -> Policy | None:
        return None if policy is None else one(policy)

    def levels(found: tuple[tuple[Policy, ...], ...] | None) -> tuple[tuple[Policy, ...], ...] | None:
        return None if found is None else tuple(tuple(map(one, level)) for level in found)

    return Policies(
        identity=tuple(map(one, policies.identity)),
        boundary=maybe(policies.boundary),
        session=tuple(map(one, policies.session)),
        scopes=levels(policies.scopes) or (),
        resource=maybe(policies.resource),
        scps=levels(policies.scps),
        rcps=levels(policies.rcps),
        vpc_endpoint=maybe(policies.vpc_endpoint),
    )
