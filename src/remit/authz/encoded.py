"""Encoded authorization messages: why a request was refused, for those who may know and nobody else.

The text is sealed for the account of the caller, so it can be shown to the caller, who learns nothing from it. IAM, STS
and Organizations never send one; a service that does (EC2) appends it to its refusal.
Source: `policy-evaluation` reference, M9; `iam-sts` reference, section 13.7.
"""

import zlib
from collections.abc import Iterable
from typing import Any

import msgspec

from remit.authz.authorize import Question
from remit.authz.condition_keys import spelled
from remit.ids import AccountId
from remit.policy import ContextValue, Match, PrincipalKind, Statement, Verdict
from remit.policy.language.document import Condition, Principals
from remit.store import Keyring, SealBroken, printed, unprinted

_PURPOSE = "authorization-message"
# What DecodeAuthorizationMessage takes, and what of it the resource may take.
_CHARACTERS_MAX = 10_240
_ARN_CHARACTERS_MAX = 2_048


class MessageInvalid(Exception):
    """A text that is no message of ours, was altered, or is for another account."""


def encode(keyring: Keyring, question: Question) -> str:
    """Return what the refusal of *question* can carry: at most 10,240 characters that only this store can read.

    Of a request with very much context, the last keys are left out.
    """
    message = _message(question)
    account = question.request.principal.account
    text = _sealed(keyring, message, account)
    while len(text) > _CHARACTERS_MAX:
        for items in (message["context"]["conditions"]["items"], message["matchedStatements"]["items"]):
            del items[len(items) // 2 :]
        text = _sealed(keyring, message, account)
    return text


def _sealed(keyring: Keyring, message: dict[str, Any], account: str) -> str:
    packed = zlib.compress(msgspec.json.encode(message), 6)
    return printed(keyring.seal(_PURPOSE, packed, account.encode()))


def decode(keyring: Keyring, text: str, account: AccountId) -> str:
    """Read a message for *account*: JSON.

    Raises:
        MessageInvalid: it is none.
    """
    try:
        return zlib.decompress(keyring.open(_PURPOSE, unprinted(text), account.encode())).decode()
    except SealBroken:
        raise MessageInvalid from None


def _message(question: Question) -> dict[str, Any]:
    request, decision = question.request, question.decision
    principal = request.principal
    caller = {"id": principal.id, "arn": principal.arn}
    if principal.kind is PrincipalKind.USER:
        caller["name"] = principal.arn.rsplit("/", 1)[-1]
    return {
        "allowed": question.is_allowed,
        "explicitDeny": decision is not None and decision.verdict is Verdict.EXPLICIT_DENY,
        "matchedStatements": _items(
            [_matched(match, principal.role_id or principal.id) for match in _deciding(question)]
        ),
        "failures": _items([]),
        "context": {
            "principal": caller,
            "action": request.action,
            "resource": request.resource.arn[:_ARN_CHARACTERS_MAX],
            "conditions": _items([_key(key, value) for key, value in sorted(request.context.items())]),
        },
    }


def _deciding(question: Question) -> Iterable[Match]:
    decision = question.decision
    if decision is None:
        return ()
    return decision.allows if decision.is_allowed else decision.denies


def _matched(match: Match, bound_id: str) -> dict[str, Any]:
    statement = match.statement
    return {
        "statementId": statement.sid,
        "effect": statement.effect.upper(),
        "principals": _values(_principals(statement, bound_id)),
        "principalGroups": _items([]),
        "actions": _values(pattern.text for pattern in statement.actions or statement.not_actions),
        "resources": _values(pattern.text for pattern in statement.resources or statement.not_resources),
        "conditions": _items([_condition(condition) for condition in statement.conditions]),
    }


def _principals(statement: Statement, bound_id: str) -> list[str]:
    """Return whom a statement names; one without a principal is bound to whoever it is attached to."""
    named: Principals | None = statement.principal or statement.not_principal
    if named is None:
        return [bound_id]
    return ["*"] if named.is_everyone else [entry.name for entry in named.entries]


def _condition(condition: Condition) -> dict[str, Any]:
    return {"key": condition.name, "values": _values(value.text for value in condition.values)}


def _key(key: str, value: ContextValue) -> dict[str, Any]:
    return {"key": spelled(key), "values": _values((value,) if isinstance(value, str) else value)}


def _values(values: Iterable[str]) -> dict[str, Any]:
    return _items([{"value": value} for value in values])


def _items(items: list[Any]) -> dict[str, Any]:
    return {"items": items}
