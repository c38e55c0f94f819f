"""What if: actions asked of policies that are handed in, on behalf of somebody who need not exist.

Answered by the engine that answers requests. The context is what the question says, and what is known of the caller.
Source: `policy-evaluation` reference, part 9; `iam-sts` reference, "Policy simulator"; AWS's answers of September 2026
to the same questions, as others recorded them.
"""

from collections.abc import Mapping, Sequence

import msgspec

from remit.policy import (
    ContextValue,
    Decision,
    Document,
    Layer,
    Match,
    Policies,
    Policy,
    Position,
    Principal,
    Request,
    Resource,
    Verdict,
    position,
    spans,
)
from remit.policy.evaluate import Compiled
from remit.policy.language.keys_used import keys_used

# Statements of these layers are shown; of organizations' policies it is only told whether they allow.
_SHOWN = (Layer.IDENTITY, Layer.RESOURCE, Layer.BOUNDARY)
_GRANTING = (Layer.IDENTITY, Layer.RESOURCE)
_RANK = (Verdict.EXPLICIT_DENY, Verdict.IMPLICIT_DENY, Verdict.ALLOW)


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of: policies, a caller, and what is known of their request.

    Attributes:
        policies: each named as answers name it.
        given: keys that the question itself gives; what policies ask for beyond them is told to be missing.
        known: keys that are known of the caller; *given* ones lie over them.
        owner: account of resources whose ARN names none.
    """

    policies: Policies
    principal: Principal
    given: Mapping[str, ContextValue]
    known: Mapping[str, ContextValue]
    owner: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What one action on one resource, or on several, comes to.

    Attributes:
        matched: statements that decide.
        missing: keys that policies ask for and nobody gave, in the document's spelling; only where nothing allows.
        sides: what each type of policy says, of a resource of another account.
        by_organization, by_boundary: whether these allow; None where there is none.
    """

    verdict: Verdict
    matched: tuple[Match, ...]
    missing: tuple[str, ...]
    sides: Mapping[Layer, Verdict]
    by_organization: bool | None
    by_boundary: bool | None


class Simulator:
    """Asks the same setting again and again."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._compiled = Compiled(setting.policies)
        self._context = {**setting.known, **setting.given}
        self._missing = tuple(
            dict.fromkeys(
                key
                for policy in _considered(setting.policies)
                for key in keys_used(policy.document)
                if key.lower() not in setting.given
            )
        )

    def ask(self, action: str, arn: str, account: str) -> Answer:
        """Ask for one action on one resource; *account* is what its ARN says, and may be empty."""
        setting, policies = self._setting, self._setting.policies
        resource = Resource(arn=arn, account=account or setting.owner)
        request = Request(principal=setting.principal, action=action, resource=resource, context=self._context)
        decision = self._compiled.decide(request)
        by_organization = None if policies.scps is None else _allows(decision, Layer.SCP, policies)
        is_foreign = resource.account not in ("", setting.principal.account)
        return Answer(
            verdict=decision.verdict,
            matched=_deciding(decision),
            missing=self._missing if _tells_missing(decision) else (),
            sides=_sides(decision, policies) if is_foreign and by_organization is not False else {},
            by_organization=by_organization,
            by_boundary=None if policies.boundary is None else _allows(decision, Layer.BOUNDARY, policies),
        )


def _considered(policies: Policies) -> Sequence[Policy]:
    single = (policies.boundary, policies.resource)
    return (*policies.identity, *(policy for policy in single if policy is not None))


def _deciding(decision: Decision) -> tuple[Match, ...]:
    match decision.verdict:
        case Verdict.ALLOW:
            return _of_layers(decision.allows, _GRANTING)
        case Verdict.EXPLICIT_DENY:
            return _of_layers(decision.denies, _SHOWN)
        case Verdict.IMPLICIT_DENY:
            return ()


def _of_layers(matches: Sequence[Match], layers: Sequence[Layer]) -> tuple[Match, ...]:
    return tuple(match for layer in layers for match in matches if match.layer is layer)


def _tells_missing(decision: Decision) -> bool:
    return decision.verdict is Verdict.IMPLICIT_DENY and Layer.SCP not in decision.causes


def _allows(decision: Decision, layer: Layer, policies: Policies) -> bool:
    return _side(decision, layer, policies) is Verdict.ALLOW


def _side(decision: Decision, layer: Layer, policies: Policies) -> Verdict:
    """Say what the policies of one layer come to by themselves."""
    if any(match.layer is layer for match in decision.denies):
        return Verdict.EXPLICIT_DENY
    allowing = {id(match.policy) for match in decision.allows if match.layer is layer}
    levels = policies.scps if layer is Layer.SCP and policies.scps is not None else None
    if levels is not None:
        is_allowed = all(any(id(policy) in allowing for policy in level) for level in levels)
    else:
        is_allowed = bool(allowing)
    return Verdict.ALLOW if is_allowed else Verdict.IMPLICIT_DENY


def _sides(decision: Decision, policies: Policies) -> dict[Layer, Verdict]:
    layers = _SHOWN if policies.boundary is not None else _GRANTING
    return {layer: _side(decision, layer, policies) for layer in layers}


def together(answers: Sequence[Answer]) -> Answer:
    """Return what the same action on several resources comes to: the most restrictive of everything."""
    if len(answers) == 1:
        return answers[0]
    matched = {(id(match.policy), match.index): match for answer in answers for match in answer.matched}
    layers = {layer: None for answer in answers for layer in answer.sides}
    return Answer(
        verdict=_strictest([answer.verdict for answer in answers]),
        matched=tuple(matched.values()),
        missing=tuple(dict.fromkeys(key for answer in answers for key in answer.missing)),
        sides={
            layer: _strictest([answer.sides[layer] for answer in answers if layer in answer.sides]) for layer in layers
        },
        by_organization=_all([answer.by_organization for answer in answers]),
        by_boundary=_all([answer.by_boundary for answer in answers]),
    )


def _strictest(verdicts: Sequence[Verdict]) -> Verdict:
    return min(verdicts, key=_RANK.index)


def _all(found: Sequence[bool | None]) -> bool | None:
    return None if None in found else all(found)


def place(document: Document, index: int) -> tuple[Position, Position]:
    """Say where AWS's answers let the statement number *index* begin and end.

    It begins where the reader of the text stood before it: after the bracket of the list or the statement before, and
    after its own brace where `Statement` is no list. It ends after its closing brace.
    """
    found = spans(document)
    text, own = document.text, found[index].statement
    if index > 0:
        start = found[index - 1].statement.end
    else:
        before = len(text[: own.start].rstrip())
        start = before if text[before - 1 : before] == "[" else own.start + 1
    return position(text, start), position(text, own.end)
