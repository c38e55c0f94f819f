"""Reads the case files of `tests/cases/policy`.

Each file is `{"format": 1, "group": ..., "cases": [...]}`; a case is complete in itself. Format 2 is the same with less
to
read: `principal` is a name in `principals.json`, `context` is laid over what that principal's requests always hold
    (null
takes a key away), `resource` may be the ARN alone when the caller's account owns it, and a list of statements stands
for a document of version 2012-10-17.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from remit.policy import Policies, Policy, Principal, PrincipalKind, Request, Resource, ResourceKind, folded, parse

FOLDER = Path(__file__).parents[1] / "cases" / "policy"
# Not a group of cases, but what cases of format 2 refer to.
_PRINCIPALS = "principals"

Case = dict[str, Any]


@cache
def _principals() -> dict[str, dict[str, Any]]:
    principals: dict[str, dict[str, Any]] = json.loads((FOLDER / f"{_PRINCIPALS}.json").read_text())
    return principals


@cache
def cases(kind: str) -> list[Case]:
    """Return every case of *kind*, those of format 2 written out."""
    found: list[Case] = []
    for path in sorted(FOLDER.glob("*.json")):
        if path.stem != _PRINCIPALS:
            file = json.loads(path.read_text())
            write_out = _written_out if file["format"] == 2 and kind == "decide" else dict
            found += [write_out(case) for case in file["cases"] if case["kind"] == kind]
    return found


def case_id(case: Case) -> str:
    return str(case["id"])


def _written_out(case: Case) -> Case:
    asked = case["request"]
    known = _principals()[asked["principal"]]
    resource = asked.get("resource", "arn:aws:s3:::ledger-archive/2026/q1.csv")
    context = {**known["context"], **asked.get("context", {})}
    return {
        **case,
        "request": {
            "principal": known["principal"],
            "action": asked.get("action", "s3:GetObject"),
            "resource": {"arn": resource, "account": "111122223333"} if isinstance(resource, str) else resource,
            "context": {key: value for key, value in context.items() if value is not None},
        },
    }


def policies(case: Case) -> Policies:
    """Return the policies of a case."""
    given = case.get("policies", {})

    def one(layer: str) -> Policy | None:
        return _policy(given[layer], layer) if given.get(layer) is not None else None

    def several(layer: str) -> tuple[Policy, ...]:
        return tuple(_policy(document, f"{layer} {n}") for n, document in enumerate(given.get(layer, [])))

    def levels(layer: str) -> tuple[tuple[Policy, ...], ...] | None:
        if given.get(layer) is None:
            return None
        return tuple(tuple(_policy(document, layer) for document in level) for level in given[layer])

    return Policies(
        identity=several("identity"),
        boundary=one("boundary"),
        session=several("session"),
        resource=one("resource"),
        scps=levels("scps"),
        rcps=levels("rcps"),
        vpc_endpoint=one("vpc_endpoint"),
    )


def _policy(document: Any, name: str) -> Policy:
    if isinstance(document, list):
        document = {"Version": "2012-10-17", "Statement": document}
    return Policy(document=parse(json.dumps(document)), name=name)


def request(case: Case) -> Request:
    """Return the request of a case."""
    asked = case["request"]
    resource = asked["resource"]
    return Request(
        principal=_principal(asked["principal"]),
        action=asked["action"],
        resource=Resource(
            arn=resource["arn"],
            account=resource.get("account", ""),
            kind=ResourceKind(resource.get("policy_kind", "ordinary")),
            is_management_account=resource.get("management_account", False),
            is_aws_managed_key=resource.get("aws_managed_key", False),
        ),
        context=folded(asked["context"]),
    )


def _principal(given: dict[str, Any]) -> Principal:
    kind = PrincipalKind(given["type"])
    names = given.get("names") or [given["name"]] if kind is PrincipalKind.SERVICE else []
    return Principal(
        kind=kind,
        arn=given.get("arn", ""),
        account=given.get("account", ""),
        id=given.get("id", ""),
        names=tuple(names),
        role_arn=given.get("role_arn", ""),
        role_id=given.get("role_id", ""),
        user_arn=given.get("user_arn", ""),
        user_id=given.get("user_id", ""),
        provider=given.get("provider", ""),
        canonical_id=given.get("canonical_id", ""),
        is_management_account=given.get("management_account", False),
        is_service_linked_role=given.get("service_linked_role", False),
    )
