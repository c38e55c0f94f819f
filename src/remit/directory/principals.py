"""Principals of stored policies: ARNs of users and roles become their unique ids, and come back as ARNs when shown.

So a user who is deleted and made again under the same name is not trusted by the old policy; the bare id shows instead.
An account id becomes the ARN of the account's root. Accounts that this store does not hold are taken on trust, with
everything in them: nobody from there can sign a request here.
Source: `policy-evaluation` reference, P7; `iam-sts` reference, sections 4 and 6.
"""

import re
from collections.abc import Callable
from typing import Any, cast

import msgspec

from remit.arn import Arn
from remit.directory.accounts import ACCOUNTS
from remit.directory.facts import InvalidPrincipal
from remit.directory.roles import ROLES
from remit.directory.users import USERS
from remit.ids import AccountId
from remit.store import Transaction

_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
_UNIQUE_ID = re.compile(r"(AIDA|AROA)[A-Z0-9]{12,}", re.ASCII)
_SERVICE = re.compile(r"[a-z0-9][a-z0-9.-]*\.(amazonaws\.com(\.cn)?|aws\.internal|aws)", re.ASCII)
_FEDERATED = re.compile(
    r"(cognito-identity\.amazonaws\.com|www\.amazon\.com|graph\.facebook\.com|accounts\.google\.com)"
)


def bind_principals(tx: Transaction, document: str, partition: str) -> str:
    """Return the policy *document* with the unique ids of its users and roles in the place of their ARNs.

    Raises:
        InvalidPrincipal: it names a user or role of an account of ours that does not exist, or something that is no
            principal at all.
    """

    def bind(kind: str, value: str) -> str:
        match kind:
            case "AWS":
                return _bind_aws(tx, value, partition)
            case "Service" if _SERVICE.fullmatch(value) is None:
                raise InvalidPrincipal("SERVICE", value)
            case "Federated" if _FEDERATED.fullmatch(value) is None and ":iam::" not in value:
                raise InvalidPrincipal("FEDERATED", value)
            case _:
                return value

    return _rewritten(document, bind)


def show_principals(tx: Transaction, document: str) -> str:
    """Return a stored policy *document* with ARNs for the ids of users and roles that still exist."""
    if "AIDA" not in document and "AROA" not in document:  # most trust services and accounts, and stay as they are
        return document

    def show(kind: str, value: str) -> str:
        if kind != "AWS" or _UNIQUE_ID.fullmatch(value) is None:
            return value
        entity = tx.get(USERS, value) or tx.get(ROLES, value)
        return value if entity is None else entity.arn

    return _rewritten(document, show)


def _bind_aws(tx: Transaction, value: str, partition: str) -> str:
    if value == "*":
        return value
    if _ACCOUNT.fullmatch(value):
        return f"arn:{partition}:iam::{value}:root"
    if _UNIQUE_ID.fullmatch(value):
        if tx.get(USERS, value) is None and tx.get(ROLES, value) is None:
            raise InvalidPrincipal("AWS", value)
        return value
    try:
        arn = Arn.parse(value)
    except ValueError:
        raise InvalidPrincipal("AWS", value) from None
    if arn.service not in ("iam", "sts") or _ACCOUNT.fullmatch(arn.account) is None or "*" in value:
        raise InvalidPrincipal("AWS", value)
    if arn.resource == "root" or arn.service == "sts" or tx.get(ACCOUNTS, arn.account) is None:
        return value
    kind, _, path_and_name = arn.resource.partition("/")
    key = (AccountId(arn.account), path_and_name.rsplit("/", 1)[-1].lower())
    entity = tx.find(USERS, "name", key) if kind == "user" else tx.find(ROLES, "name", key) if kind == "role" else None
    if entity is None or entity.arn != value:  # names in ARNs are compared with case, and with the path
        raise InvalidPrincipal("AWS", value)
    return entity.id


def _rewritten(document: str, change: Callable[[str, str], str]) -> str:
    policy: Any = msgspec.json.decode(document)
    statements = policy["Statement"]
    listed = cast("list[dict[str, Any]]", statements if isinstance(statements, list) else [statements])
    for statement in listed:
        for element in ("Principal", "NotPrincipal"):
            principal = statement.get(element)
            if isinstance(principal, dict):
                named = cast("dict[str, str | list[str]]", principal)
                statement[element] = {kind: _changed(kind, value, change) for kind, value in named.items()}
    return msgspec.json.encode(policy).decode()


def _changed(kind: str, value: str | list[str], change: Callable[[str, str], str]) -> str | list[str]:
    return change(kind, value) if isinstance(value, str) else [change(kind, item) for item in value]
