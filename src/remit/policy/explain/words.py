"""Explanations in words for a terminal, and as plain data for whoever shows them otherwise."""

from collections.abc import Iterator, Mapping
from typing import Any

from remit.policy.explain.explanation import Change, Explanation, Finding, LayerFindings, Says
from remit.policy.language.document import Effect, Element
from remit.policy.language.layers import Layer
from remit.policy.language.messages import reason
from remit.policy.language.request import Request

_NAMES: Mapping[Layer, str] = {
    Layer.SCP: "service control policy",
    Layer.RCP: "resource control policy",
    Layer.VPC_ENDPOINT: "VPC endpoint policy",
    Layer.RESOURCE: "resource policy",
    Layer.IDENTITY: "identity",
    Layer.BOUNDARY: "boundary",
    Layer.SESSION: "session policy",
}
_SHOWN_MAX = 3


def text(explanation: Explanation, request: Request, *, near: bool = True) -> str:
    """Return the answer in a few lines; *near* shows statements that one element keeps from applying."""
    decision = explanation.decision
    verdict = decision.verdict.replace("-", " ")
    why = reason(decision, request.action, request.resource.kind)
    lines = [f"{verdict}{', ' if why else ''}{why}"]
    for layer in explanation.layers:
        if layer.says is not Says.NONE or layer.layer in decision.causes:
            lines.append(f"  {_NAMES[layer.layer]:<24}{layer.says:<14}{_who_says(layer)}".rstrip())
            if near and layer.layer in decision.causes and not decision.denies:
                lines += [f"    nearly {_near(finding)}" for finding in _nearest(layer)]
    if explanation.changes:
        lines.append("one of these would turn it:")
        lines += [f"  {_change(change)}" for change in explanation.changes[:_SHOWN_MAX]]
        more = len(explanation.changes) - _SHOWN_MAX
        if more > 0:
            lines.append(f"  and {more} more")
    return "\n".join(lines)


def as_data(explanation: Explanation) -> dict[str, Any]:
    """Return the whole of it as JSON holds it."""
    decision = explanation.decision
    return {
        "decision": str(decision.verdict),
        "causes": [str(layer) for layer in decision.causes],
        "layers": [
            {
                "layer": str(layer.layer),
                "says": str(layer.says),
                "policies": layer.policies,
                "lacking": list(layer.lacking),
                "applying": [_finding_data(finding) for finding in layer.applying],
                "near": [_finding_data(finding) for finding in layer.near],
            }
            for layer in explanation.layers
        ],
        "changes": [
            {**_finding_data(change.finding), "element": str(change.element), "verdict": str(change.verdict)}
            for change in explanation.changes
        ],
    }


def _finding_data(finding: Finding) -> dict[str, Any]:
    statement, place = finding.statement, finding.position
    data: dict[str, Any] = {
        "layer": str(finding.layer),
        "policy": finding.policy.name,
        "arn": finding.policy.arn,
        "attached_to": finding.policy.attached_to,
        "statement": finding.index,
        "sid": statement.sid,
        "effect": str(statement.effect),
        "line": place.line,
        "column": place.column,
    }
    if finding.miss is not None:
        data["failed"] = {
            "element": str(finding.miss.element),
            "asked": list(finding.miss.asked),
            "written": list(finding.miss.written),
        }
        if finding.condition is not None:
            data["failed"] |= {"operator": finding.condition.operator_name, "key": finding.condition.name}
    return data


def _nearest(layer: LayerFindings) -> list[Finding]:
    """Return the Allows that one element keeps from applying; those that name another action come last."""
    allows = [finding for finding in layer.near if finding.statement.effect is Effect.ALLOW]
    others = (Element.ACTION, Element.NOT_ACTION)
    allows.sort(key=lambda finding: finding.miss is not None and finding.miss.element in others)
    return allows[:_SHOWN_MAX]


def _who_says(layer: LayerFindings) -> str:
    effect = Effect.DENY if layer.says is Says.DENIES else Effect.ALLOW
    deciding = [finding for finding in layer.applying if finding.statement.effect is effect]
    match layer.says:
        case Says.DENIES | Says.ALLOWS if deciding:
            more = f" and {len(deciding) - 1} more" if len(deciding) > 1 else ""
            return _where(deciding[0]) + more
        case Says.SILENT:
            count = f"{layer.policies} {'policy' if layer.policies == 1 else 'policies'}"
            return f"{count}, none allows at {_several(tuple(map(_place, layer.lacking)))}" if layer.lacking else count
        case _:
            return ""


def _where(finding: Finding) -> str:
    statement = f'statement "{finding.statement.sid}"' if finding.statement.sid else f"statement {finding.index + 1}"
    place = finding.position
    where = f" on {_place(finding.policy.attached_to)}" if finding.policy.attached_to else ""
    return f"{finding.policy.name or 'policy'}{where}, {statement} (line {place.line}, column {place.column})"


def _place(arn: str) -> str:
    """Name a group, or a part of an organization: `group/devs`, `ou/o-exampleorg/ou-ab12-11111111`."""
    return arn.rpartition(":")[2]


def _near(finding: Finding) -> str:
    return f"allows: {_where(finding)}: {', '.join(_failure(finding))}"


def _failure(finding: Finding) -> Iterator[str]:
    miss = finding.miss
    if miss is None:
        return
    written = _several(miss.written)
    if finding.condition is not None:
        asked = _several(miss.asked) if miss.asked else "missing"
        yield f"{finding.condition.operator_name} {finding.condition.name} {written}, but it is {asked}"
    else:
        yield f"{miss.element} is {written}, asked for {_several(miss.asked)}"


def _several(texts: tuple[str, ...]) -> str:
    shown = ", ".join(texts[:_SHOWN_MAX]) or "nothing"
    return f"{shown} and {len(texts) - _SHOWN_MAX} more" if len(texts) > _SHOWN_MAX else shown


def _change(change: Change) -> str:
    finding = change.finding
    verdict = change.verdict.replace("-", " ")
    if finding.miss is None:
        return f"{_where(finding)} did not apply, by another {change.element}: {verdict}"
    if change.element is Element.CONDITION:
        key = finding.condition.name if finding.condition is not None else ""
        return f"{_where(finding)} without its condition on {key}, or with another value: {verdict}"
    verb = "not listed" if change.element.startswith("Not") else "listed"
    return f"{_where(finding)} with {_several(finding.miss.asked)} {verb} in {change.element}: {verdict}"
