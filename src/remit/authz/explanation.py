"""Why: a question and its answer in words, and as data.

The policy engine explains the decision; here it gets its first line, with who asked for what.
"""

from typing import Any

from remit.authz.authorize import Question

_UNREADABLE = "a stored policy cannot be read, so nothing is allowed; the server's log names it"


def text(question: Question, who: str, *, every_statement: bool = False) -> str:
    """Return the answer in a few lines: `no: user/bob may not ...`, and below it what each layer of policies says.

    Args:
        every_statement: shows statements that nearly applied, too.
    """
    request = question.request
    verb = "may" if question.is_allowed else "may not"
    head = f"{'yes' if question.is_allowed else 'no'}: {who} {verb} {request.action} on {request.resource.arn}"
    if question.decision is None:
        return f"{head}\n  {_UNREADABLE}"
    from remit.policy import explain  # few starts explain anything

    explanation = explain.explain(question.policies, request)
    _, _, rest = explain.text(explanation, request, near=every_statement).partition("\n")
    return f"{head}\n{rest}" if rest else head


def as_data(question: Question, who: str) -> dict[str, Any]:
    """Return the same for programs: `allowed`, `who`, `action`, `resource`, and what `remit.policy.explain` tells."""
    request = question.request
    told: dict[str, Any] = {"decision": "unreadable", "causes": [], "layers": [], "changes": []}
    if question.decision is not None:
        from remit.policy import explain

        told = explain.as_data(explain.explain(question.policies, request))
    return {
        "allowed": question.is_allowed,
        "who": who,
        "action": request.action,
        "resource": request.resource.arn,
        **told,
    }
