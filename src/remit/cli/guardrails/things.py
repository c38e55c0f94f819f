"""What is asked about a changed control policy: the actions and resources that its statements name.

A pattern stands for itself: asked for `s3:*`, the engine answers for an action that nothing but such a pattern means.
Where policies name an action that a pattern of them means, that is asked, too.
"""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from remit.cli.guardrails.asking import What
from remit.policy import Document, Statement

# Stands for an action that no policy names.
ANY_ACTION = "*:*"
# More than these are not asked about; who wants others names them.
THINGS_MAX = 100
_VARIABLE = re.compile(r"\$\{[^}]*\}")


def things_of(changed: Iterable[Document], every: Iterable[Document], named: Iterable[str]) -> list[What]:
    """Return what to ask about.

    Args:
        changed: control policies that count somewhere now and not after, or after and not now.
        every: all control policies, whose actions by name are asked about where a changed pattern means them.
        named: actions that are asked about in any case.
    """
    found: dict[What, None] = {What(action): None for action in named}
    plain = sorted({action for document in every for action in _actions(document) if not _is_pattern(action)})
    for document in changed:
        for statement in document.statements:
            found |= dict.fromkeys(_things(statement, plain))
    return list(found)


def _things(statement: Statement, plain: list[str]) -> Iterator[What]:
    patterns = [action.text for action in (*statement.actions, *statement.not_actions)]
    meant = [action for action in plain if any(fnmatchcase(action.lower(), one.lower()) for one in patterns)]
    others = [ANY_ACTION] if statement.not_actions else []
    resources = [_VARIABLE.sub("x", resource.text) for resource in statement.resources] or ["*"]
    for action in dict.fromkeys([*(ANY_ACTION if one == "*" else one for one in patterns), *meant, *others]):
        for resource in resources:
            yield What(action, resource)


def _actions(document: Document) -> Iterator[str]:
    for statement in document.statements:
        for action in (*statement.actions, *statement.not_actions):
            yield action.text


def _is_pattern(action: str) -> bool:
    return "*" in action or "?" in action


def shown(what: What) -> str:
    """Return *what* in words."""
    action = "any other action" if what.action == ANY_ACTION else what.action
    return action if what.resource == "*" else f"{action} on {what.resource}"
