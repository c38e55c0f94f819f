"""Cases of organizations: what an account's policies come to, and what control policies leave of an administrator.

A file is one case, in one of two forms, told apart by what it has:

    policy_type, levels_root_first, effective      management policies, level by level, and the effective policy
    tree, expect_allowed                           control policies on root, units and accounts, and who may do what

`docs/organization-cases.md` describes both.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from remit.cli.cases.reading import CasesUnreadable
from remit.cli.cases.running import Outcome
from remit.policy import (
    DocumentMalformed,
    Policies,
    Policy,
    Principal,
    PrincipalKind,
    Request,
    Resource,
    Verdict,
    decide,
    parse,
)
from remit.policy.management import ManagementPolicyType, effective_policy

_ADMINISTRATOR = Policy(
    parse('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'),
    name="AdministratorAccess",
)
_ACCOUNT = "111122223333"

Levels = tuple[tuple[Policy, ...], ...]


class Level(msgspec.Struct, frozen=True):
    """What is attached to one root, unit or account, in the order of attachment."""

    policies: list[dict[str, Any]]
    target: str = ""


class EffectiveCase(msgspec.Struct, frozen=True):
    """Management policies of an account, and what they come to; None is as good as an empty document."""

    id: str
    policy_type: ManagementPolicyType
    levels_root_first: list[Level]
    effective: dict[str, Any] | None
    title: str = ""


class Unit(msgspec.Struct, frozen=True):
    """A root, unit or account with its control policies.

    Attributes:
        ous, accounts: what lies below, by name.
        management_account: the name of it, at the root only; None for none that matters.
    """

    scps: list[dict[str, Any]] = []
    ous: dict[str, "Unit"] = {}
    accounts: dict[str, "Unit"] = {}
    management_account: str | None = None


class Tree(msgspec.Struct, frozen=True):
    """An organization."""

    root: Unit


class ControlCase(msgspec.Struct, frozen=True):
    """Control policies of an organization, and which actions an administrator of each account keeps."""

    id: str
    tree: Tree
    expect_allowed: dict[str, dict[str, bool]]
    title: str = ""


OrganizationCase = EffectiveCase | ControlCase


def read_organization_cases(paths: Iterable[Path]) -> list[tuple[Path, OrganizationCase]]:
    """Read the case in each of these files, and of the `.json` files of these folders.

    Raises:
        CasesUnreadable: a file is none.
    """
    files = (file for path in paths for file in (sorted(path.rglob("*.json")) if path.is_dir() else [path]))
    return [(file, _case(file)) for file in files]


def _case(path: Path) -> OrganizationCase:
    try:
        said: Any = msgspec.json.decode(path.read_bytes())
        members: frozenset[str] = frozenset(said) if isinstance(said, dict) else frozenset()  # pyright: ignore[reportUnknownArgumentType]
        if "levels_root_first" in members:
            return msgspec.convert(said, EffectiveCase)
        if "tree" in members:
            return msgspec.convert(said, ControlCase)
    except OSError as error:
        raise CasesUnreadable(f"cannot read {path}: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CasesUnreadable(f"{path}: no case of an organization: {error}") from None
    raise CasesUnreadable(f"{path}: no case of an organization: it has neither `levels_root_first` nor `tree`")


def run_organization_case(case: OrganizationCase) -> Outcome:
    """Work out what the case asks for, and compare."""
    return _effective(case) if isinstance(case, EffectiveCase) else _control(case)


# -- management policies


def _effective(case: EffectiveCase) -> Outcome:
    found = effective_policy(case.policy_type, [level.policies for level in case.levels_root_first]).document
    # AWS's pages and consoles print keys in other cases than policies write them.
    expected = case.effective or {}
    differing = _differing(_folded(expected), _folded(found), ())
    return Outcome(
        not differing,
        _text(expected),
        _text(found),
        f"they differ at {', '.join(differing)}" if differing else "",
    )


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _folded(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).lower(): _folded(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return value


def _differing(expected: Any, found: Any, path: tuple[str, ...]) -> list[str]:
    """Return the paths at which two documents differ."""
    if isinstance(expected, dict) and isinstance(found, dict):
        keys: list[str] = sorted({*expected, *found})  # pyright: ignore[reportUnknownArgumentType]
        return [
            place
            for key in keys
            for place in _differing(expected.get(key), found.get(key), (*path, key))  # pyright: ignore[reportUnknownMemberType]
        ]
    # `true` is not 1, as Python would have it.
    return [] if _text(expected) == _text(found) else ["/".join(path) or "the top"]


# -- control policies


def _control(case: ControlCase) -> Outcome:
    management = case.tree.root.management_account
    try:
        levels = dict(_levels(case.tree.root, ()))
    except DocumentMalformed as error:
        return Outcome(False, "policies", "a policy cannot be read", str(error))
    expected: list[str] = []
    found: list[str] = []
    for account, actions in case.expect_allowed.items():
        for action, is_allowed in actions.items():
            if account not in levels and account != management:
                return Outcome(False, f"an account {account}", "none of that name in the tree")
            is_found = _is_allowed(action, levels.get(account, ()), is_management=account == management)
            if is_found != is_allowed:
                expected.append(_answer(account, action, is_allowed=is_allowed))
                found.append(_answer(account, action, is_allowed=is_found))
    return Outcome(not expected, ", ".join(expected), ", ".join(found))


def _answer(account: str, action: str, *, is_allowed: bool) -> str:
    return f"{account} {'may' if is_allowed else 'may not'} {action}"


def _levels(unit: Unit, above: Levels) -> Iterator[tuple[str, Levels]]:
    """Give the accounts at and below a root or unit, each with its levels of control policies, root first."""
    here = (*above, _policies(unit))
    for name, account in unit.accounts.items():
        yield name, (*here, _policies(account))
    for inner in unit.ous.values():
        yield from _levels(inner, here)


def _policies(unit: Unit) -> tuple[Policy, ...]:
    return tuple(
        Policy(parse(json.dumps(document)), name=f"scp {place}") for place, document in enumerate(unit.scps, 1)
    )


def _is_allowed(action: str, levels: Levels, *, is_management: bool) -> bool:
    principal = Principal(
        kind=PrincipalKind.ROLE_SESSION,
        arn=f"arn:aws:sts::{_ACCOUNT}:assumed-role/Administrator/case",
        account=_ACCOUNT,
        id="AROAADMINISTRATOR:case",
        role_arn=f"arn:aws:iam::{_ACCOUNT}:role/Administrator",
        role_id="AROAADMINISTRATOR",
        is_management_account=is_management,
    )
    context: Mapping[str, str] = {}
    request = Request(principal=principal, action=action, resource=Resource(arn="*", account=_ACCOUNT), context=context)
    return decide(Policies(identity=(_ADMINISTRATOR,), scps=levels), request).verdict is Verdict.ALLOW
