"""What a delegation request asks for, in sentences: made from its policy, each statement on its own, always the same.

AWS has a language model write them; ours say what the policy says and nothing else.
"""

from collections.abc import Sequence

from remit.directory.delegation import DelegationRequest
from remit.policy import Statement, parse
from remit.policy.language.document import Condition, Effect

_CHARACTERS_MAX = 10_000
_HOUR, _MINUTE = 3600, 60


def summary(request: DelegationRequest) -> str:
    """Return the sentences, a line each."""
    who = request.requestor_name or f"account {request.account}"
    lines = [f"{who} (account {request.account}) asks for temporary access of {_duration(request.session_seconds)}."]
    if request.message:
        lines.append(f"Its reason: {request.message}")
    lines += [_sentence(statement) for statement in parse(request.policy).statements]
    lines.append("The access never goes beyond what the person who approves it may do.")
    text = "\n".join(lines)
    return text if len(text) <= _CHARACTERS_MAX else text[: _CHARACTERS_MAX - 1] + "…"


def _duration(seconds: int) -> str:
    hours, rest = divmod(seconds, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    parts = [
        f"{count} {unit}{'' if count == 1 else 's'}"
        for count, unit in ((hours, "hour"), (minutes, "minute"), (rest, "second"))
        if count
    ]
    return _listed(parts)


def _sentence(statement: Statement) -> str:
    verb = "may" if statement.effect is Effect.ALLOW else "may not"
    if statement.actions:
        what = "do anything" if _has_star(statement.actions) else f"call {_listed(_texts(statement.actions))}"
    else:
        what = f"call anything but {_listed(_texts(statement.not_actions))}"
    if statement.resources:
        on = "any resource" if _has_star(statement.resources) else _listed(_texts(statement.resources))
    else:
        on = f"any resource but {_listed(_texts(statement.not_resources))}"
    when = _listed([_condition(condition) for condition in statement.conditions])
    return f"It {verb} {what} on {on}{f', if {when}' if when else ''}."


def _texts(patterns: Sequence[object]) -> list[str]:
    return [str(getattr(pattern, "text", "")) for pattern in patterns]


def _has_star(patterns: Sequence[object]) -> bool:
    return "*" in _texts(patterns)


def _condition(condition: Condition) -> str:
    values = [str(getattr(value, "text", value)) for value in condition.values]
    return f"{condition.name} is {condition.operator_name} {_listed(values, 'or')}"


def _listed(parts: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
