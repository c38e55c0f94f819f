"""Case files read: files and folders, both formats, and what a case says in the engine's terms.

Format 1 has everything in each case. Format 2 is the same with less to read: `principal` is a name in
`principals.json` beside the file, `context` is laid over what that principal's requests always hold (null takes a key
away), `resource` may be the ARN alone when the caller's account owns it, and a list of statements stands for a document
of version 2012-10-17.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from remit.policy import (
    Policies,
    Policy,
    Principal,
    PrincipalKind,
    Request,
    Resource,
    ResourceKind,
    folded,
    parse,
)

# Not cases, but what cases of format 2 refer to.
_PRINCIPALS = "principals.json"
_SHORT = 2
_ACCOUNT = "111122223333"
_USUAL_ACTION, _USUAL_RESOURCE = "s3:GetObject", "arn:aws:s3:::ledger-archive/2026/q1.csv"


class CasesUnreadable(Exception):
    """A file that holds no cases: the message says which, and what is wrong with it."""


class Case(msgspec.Struct, frozen=True):
    """One case.

    Attributes:
        kind: `decide`, `validate`, `message` or `context`.
        confidence: `documented`, `observed` or `ruling`; empty for expectations that do not say.
        file: where it stands.
        said: the whole of it, format 2 written out.
    """

    id: str
    title: str
    kind: str
    confidence: str
    file: Path
    said: Mapping[str, Any]


class _File(msgspec.Struct):
    cases: list[dict[str, Any]]
    format: int = 1


class _Named(msgspec.Struct):
    """What every case says."""

    id: str
    kind: str
    title: str = ""
    confidence: str = ""


def read_cases(paths: Iterable[Path]) -> list[Case]:
    """Read every case in these files, and in the `.json` files of these folders, in the order in which they stand.

    Raises:
        CasesUnreadable: a file is none of cases, or a case says too little.
    """
    return [case for path in paths for file in _files(path) for case in _cases_of(file)]


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [file for file in sorted(path.rglob("*.json")) if file.name != _PRINCIPALS]
    return [path]


def _cases_of(path: Path) -> Iterator[Case]:
    try:
        file = msgspec.json.decode(_read(path), type=_File)
        principals = _principals(path) if file.format == _SHORT else {}
        for said in file.cases:
            named = msgspec.convert(said, _Named)
            yield Case(
                id=named.id,
                title=named.title,
                kind=named.kind,
                confidence=named.confidence,
                file=path,
                said=_written_out(said, principals) if principals and named.kind == "decide" else said,
            )
    except (msgspec.DecodeError, KeyError) as error:
        raise CasesUnreadable(f"{path}: no file of cases: {error}") from None


def _principals(path: Path) -> dict[str, Any]:
    return msgspec.json.decode(_read(path.with_name(_PRINCIPALS)), type=dict[str, Any])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CasesUnreadable(f"cannot read {path}: {error.strerror}") from None


def _written_out(said: dict[str, Any], principals: dict[str, Any]) -> dict[str, Any]:
    asked = said["request"]
    known = principals[asked["principal"]]
    resource = asked.get("resource", _USUAL_RESOURCE)
    context = {**known["context"], **asked.get("context", {})}
    return {
        **said,
        "request": {
            "principal": known["principal"],
            "action": asked.get("action", _USUAL_ACTION),
            "resource": {"arn": resource, "account": _ACCOUNT} if isinstance(resource, str) else resource,
            "context": {key: value for key, value in context.items() if value is not None},
        },
    }


# -- what a case says


def policies_of(said: Mapping[str, Any]) -> Policies:
    """Return the policies of a case of kind `decide`.

    Raises:
        DocumentMalformed: one is no policy document.
    """
    given: dict[str, Any] = said.get("policies", {})

    def one(layer: str) -> Policy | None:
        return _policy(given[layer], layer) if given.get(layer) is not None else None

    def several(layer: str) -> tuple[Policy, ...]:
        return tuple(_policy(document, f"{layer} {place}") for place, document in enumerate(given.get(layer, ()), 1))

    def levels(layer: str) -> tuple[tuple[Policy, ...], ...] | None:
        if given.get(layer) is None:
            return None
        return tuple(
            tuple(_policy(document, f"{layer} {depth}.{place}") for place, document in enumerate(level, 1))
            for depth, level in enumerate(given[layer], 1)
        )

    return Policies(
        identity=several("identity"),
        boundary=one("boundary"),
        session=several("session"),
        scopes=levels("scopes") or (),
        resource=one("resource"),
        scps=levels("scps"),
        rcps=levels("rcps"),
        vpc_endpoint=one("vpc_endpoint"),
    )


def _policy(document: dict[str, Any] | list[Any], name: str) -> Policy:
    whole = {"Version": "2012-10-17", "Statement": document} if isinstance(document, list) else document
    return Policy(document=parse(json.dumps(whole)), name=name)


def request_of(said: Mapping[str, Any]) -> Request:
    """Return the request of a case of kind `decide`."""
    asked = said["request"]
    resource = asked["resource"]
    return Request(
        principal=principal_of(asked["principal"]),
        action=asked["action"],
        resource=Resource(
            arn=resource["arn"],
            account=resource.get("account", ""),
            kind=ResourceKind(resource.get("policy_kind", "ordinary")),
            is_management_account=resource.get("management_account", False),
            is_aws_managed_key=resource.get("aws_managed_key", False),
        ),
        context=folded(asked.get("context", {})),
    )


def principal_of(given: Mapping[str, Any]) -> Principal:
    """Return the principal that a case describes."""
    kind = PrincipalKind(given["type"])
    name: str = given.get("name", "")
    names: tuple[str, ...] = ()
    if kind is PrincipalKind.SERVICE:
        further: list[str] = given.get("names") or []
        names = tuple(dict.fromkeys([name, *further] if name else further))
    return Principal(
        kind=kind,
        arn=given.get("arn", ""),
        account=given.get("account", ""),
        id=given.get("id", ""),
        names=names,
        role_arn=given.get("role_arn", ""),
        role_id=given.get("role_id", ""),
        user_arn=given.get("user_arn", ""),
        user_id=given.get("user_id", ""),
        provider=given.get("provider", ""),
        canonical_id=given.get("canonical_id", ""),
        is_management_account=given.get("management_account", False),
        is_service_linked_role=given.get("service_linked_role", False),
    )
