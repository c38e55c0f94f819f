"""Why: a decision in words, layer by layer, for a terminal.

Everything is read off the `Decision`; nothing is decided here.
"""

from collections.abc import Iterator

import msgspec

from remit.authz.authorize import Question
from remit.policy import Decision, Layer, Match, Policies, Policy, ResourceKind, position, spans

_NAMES = {
    Layer.SCP: "service control policy",
    Layer.RCP: "resource control policy",
    Layer.VPC_ENDPOINT: "VPC endpoint policy",
    Layer.RESOURCE: "resource policy",
    Layer.IDENTITY: "identity",
    Layer.BOUNDARY: "boundary",
    Layer.SESSION: "session policy",
}


class Line(msgspec.Struct, frozen=True):
    """What one layer says.

    Attributes:
        says: `denies`, `allows`, `is silent` or `-` where there is no such policy.
        where: the statement that decides, or what there is.
    """

    layer: str
    says: str
    where: str


def lines(question: Question, *, every_statement: bool = False) -> list[Line]:
    """Return what each layer that takes part says; with *every_statement*, a line for each statement that applies."""
    if question.decision is None:
        return [Line("policies", "unreadable", "a stored policy cannot be read, so nothing is allowed; see the log")]
    return [
        line
        for layer, policies in _taking_part(question.policies, question.request.resource.kind)
        for line in _lines(layer, policies, question.decision, every_statement=every_statement)
    ]


def _taking_part(policies: Policies, kind: ResourceKind) -> Iterator[tuple[Layer, tuple[Policy, ...]]]:
    for layer, levels in ((Layer.SCP, policies.scps), (Layer.RCP, policies.rcps)):
        if levels is not None:
            yield layer, tuple(policy for level in levels for policy in level)
    if policies.vpc_endpoint is not None:
        yield Layer.VPC_ENDPOINT, (policies.vpc_endpoint,)
    if policies.resource is not None or kind is not ResourceKind.ORDINARY:
        yield Layer.RESOURCE, () if policies.resource is None else (policies.resource,)
    yield Layer.IDENTITY, policies.identity
    yield Layer.BOUNDARY, () if policies.boundary is None else (policies.boundary,)
    if policies.session:
        yield Layer.SESSION, policies.session


def _lines(layer: Layer, policies: tuple[Policy, ...], decision: Decision, *, every_statement: bool) -> list[Line]:
    name = _NAMES[layer]
    denies = [match for match in decision.denies if match.layer is layer]
    allows = [match for match in decision.allows if match.layer is layer]
    if every_statement:
        found = [Line(name, "denies", _where(match)) for match in denies]
        found += [Line(name, "allows", _where(match)) for match in allows]
        if found:
            return found
    elif denies:
        return [Line(name, "denies", _where(denies[0]))]
    elif allows:
        return [Line(name, "allows", _where(allows[0]))]
    if not policies:
        return [Line(name, "-", "none")]
    return [Line(name, "is silent", f"no statement of {', '.join(policy.name for policy in policies[:3])} applies")]


def _where(match: Match) -> str:
    statement = f'statement "{match.statement.sid}"' if match.statement.sid else f"statement {match.index + 1}"
    document = match.policy.document
    line = position(document.text, spans(document)[match.index].statement.start).line
    return f"{match.policy.name}, {statement}" + (f" (line {line})" if line > 1 else "")


def text(question: Question, who: str, *, every_statement: bool = False) -> str:
    """Return the answer in a few lines: `no: user/bob may not ...`, and below it what each layer says."""
    request = question.request
    verb = "may" if question.is_allowed else "may not"
    said = lines(question, every_statement=every_statement)
    width = max(len(line.layer) for line in said)
    rows = [f"    {line.layer:<{width}}  {line.says:<9}  {line.where}" for line in said]
    head = f"{'yes' if question.is_allowed else 'no'}: {who} {verb} {request.action} on {request.resource.arn}"
    return "\n".join([head, *rows])
