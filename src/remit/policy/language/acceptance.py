"""Which documents AWS stores, and in which words it refuses the others.

The checks of a policy type run in the order in which AWS makes them; the first that fails answers. They look at the
text as it was written, because what they refuse often has no parsed form. Sizes are the store's matter and not checked
here.

    JSON, shape -> version -> legacy parsing -> Sids -> actions and resources missing -> resources -> actions ->
    principal

Source: `iam-sts` reference, section 6 (trust policies), section 9 and appendix A (recorded), which win over
`policy-evaluation` reference, 1.1 and part 8.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import chain

import msgspec

from remit.policy.language.arn_acceptance import resource_failure
from remit.policy.language.dates import instant
from remit.policy.language.document import Element, PrincipalType, Version
from remit.policy.language.json_values import Number, Value, values
from remit.policy.language.operators import Family, operator_named
from remit.policy.language.patterns import EVERYTHING, ActionPattern
from remit.policy.language.source import DocumentMalformed
from remit.policy.language.wildcards import glob

_SYNTAX = "Syntax errors in policy."
_INVALID_JSON = "This policy contains invalid Json"
_LEGACY = "The policy failed legacy parsing"
_OLD_VERSION = "Policy document must be version 2012-10-17 or greater."

_TOP = frozenset({"Version", "Id", "Statement"})
_ELEMENTS = frozenset(Element)
_PRINCIPAL_TYPES = frozenset(PrincipalType)
_EFFECTS = frozenset({"allow", "deny"})
_LEGACY_EFFECTS = frozenset({"Allow", "Deny"})
_SID_CHARACTERS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_VENDOR_CHARACTERS = _SID_CHARACTERS | frozenset("-.*?")
_TRUST_ACTIONS = (
    "assumerole",
    "assumerolewithsaml",
    "assumerolewithwebidentity",
    "setcontext",
    "setsourceidentity",
    "tagsession",
)
_ARN_COLONS = 5
_ACCOUNT_DIGITS = 12


class PolicyType(StrEnum):
    """What a document is to be stored as."""

    MANAGED = "managed"
    INLINE = "inline"
    TRUST = "trust"
    RESOURCE = "resource"
    SCP = "scp"
    RCP = "rcp"
    BOUNDARY = "boundary"
    SESSION = "session"
    VPC_ENDPOINT = "vpc_endpoint"


# Of an organization's policies, white space included.
# Source: `organizations` reference, section 5.
CHARACTERS_MAX: Mapping[PolicyType, int] = {PolicyType.SCP: 10_240, PolicyType.RCP: 5_120}


class _Statement(msgspec.Struct, frozen=True):
    """A statement of the right shape.

    Attributes:
        elements: the names of those that are there.
        actions, resources: of `Action` or `NotAction`, `Resource` or `NotResource`.
        principals: type and name; both `*` for a plain `"*"`.
        dates: the values of date operators.
    """

    elements: frozenset[str]
    effect: str
    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[tuple[str, str], ...]
    dates: tuple[str, ...]


class _Policy(msgspec.Struct, frozen=True):
    """A document of the right shape; *version* is empty when it has none."""

    version: str
    statements: tuple[_Statement, ...]


_Check = Callable[[_Policy], Iterator[str]]


def acceptance_failure(document_text: str, kind: PolicyType) -> str | None:
    """Return AWS's text for the first check that fails; None if AWS stores the document as *kind*."""
    not_json = _INVALID_JSON if kind is PolicyType.TRUST else _SYNTAX
    try:
        root = values(document_text)
    except DocumentMalformed:
        return not_json
    if not isinstance(root, dict):
        return not_json
    try:
        policy = _policy(root)
    except _Misshapen:
        return _SYNTAX
    return next(chain.from_iterable(check(policy) for check in _CHECKS[kind]), None)


# -- the shape (section 9, 2)


class _Misshapen(Exception):
    pass


def _policy(root: Mapping[str, Value]) -> _Policy:
    members = _members(root, _TOP)
    version = _text(members["Version"]) if "Version" in members else ""
    if "Version" in members and version not in list(Version):
        raise _Misshapen
    if "Id" in members:
        _text(members["Id"])
    statements = members.get("Statement", [])
    if not isinstance(statements, list):
        statements = [statements]
    if not statements:
        raise _Misshapen
    return _Policy(version, tuple(_statement(value) for value in statements))


def _statement(value: Value) -> _Statement:
    members = _members(value, _ELEMENTS)
    for element in (Element.ACTION, Element.RESOURCE, Element.PRINCIPAL):
        if element in members and f"Not{element}" in members:
            raise _Misshapen
    effect = _text(members.get(Element.EFFECT))
    if effect.lower() not in _EFFECTS:
        raise _Misshapen

    def entries(element: Element) -> tuple[str, ...]:
        return _texts(members.get(element, members.get(f"Not{element}", [])))

    return _Statement(
        elements=frozenset(members),
        effect=effect,
        sid=_text(members.get(Element.SID, "")),
        actions=entries(Element.ACTION),
        resources=entries(Element.RESOURCE),
        principals=tuple(_principals(members.get(Element.PRINCIPAL, members.get(Element.NOT_PRINCIPAL, {})))),
        dates=tuple(_dates(members.get(Element.CONDITION, {}))),
    )


def _principals(value: Value) -> Iterator[tuple[str, str]]:
    if value == EVERYTHING:
        yield EVERYTHING, EVERYTHING
        return
    for kind, names in _members(value, _PRINCIPAL_TYPES).items():
        for name in _texts(names):
            yield kind, name


def _dates(value: Value) -> Iterator[str]:
    """Check the shape of a `Condition`; give the values that must be dates."""
    for name, block in _members(value).items():
        keys = _members(block)
        found = operator_named(name)
        if keys and found is None:
            raise _Misshapen
        for written in keys.values():
            for scalar in written if isinstance(written, list) else [written]:
                if not isinstance(scalar, str | bool):
                    raise _Misshapen
                if found is not None and found[1].family is Family.DATE:
                    yield str(scalar)


def _members(value: Value | Mapping[str, Value], known: frozenset[str] | None = None) -> Mapping[str, Value]:
    if not isinstance(value, dict) or (known is not None and not known.issuperset(value)):
        raise _Misshapen
    return value


def _text(value: Value) -> str:
    if not isinstance(value, str) or isinstance(value, Number):
        raise _Misshapen
    return value


def _texts(value: Value) -> tuple[str, ...]:
    return tuple([_text(item) for item in (value if isinstance(value, list) else [value])])


# -- checks; each gives the texts of what it finds


def _version(policy: _Policy) -> Iterator[str]:
    if policy.version != Version.V2012:
        yield _OLD_VERSION


def _legacy_parsing(policy: _Policy) -> Iterator[str]:
    for statement in policy.statements:
        if statement.effect not in _LEGACY_EFFECTS:
            yield _LEGACY
        if any(_fails_legacy_parsing(resource) for resource in statement.resources):
            yield _LEGACY
        if any(instant(date) is None for date in statement.dates):
            yield _LEGACY


def _fails_legacy_parsing(resource: str) -> bool:
    """Say whether an ARN of partition `aws` has too few colons, or no service."""
    if not resource.startswith("arn:aws:"):
        return False
    is_short = resource.count(":") < _ARN_COLONS and "::" in resource
    return is_short or resource.split(":")[2] == ""


def _sids(policy: _Policy) -> Iterator[str]:
    if max(Counter(statement.sid for statement in policy.statements if statement.sid).values(), default=1) > 1:
        yield "Statement IDs (SID) in a single policy must be unique."


def _plain_sids(policy: _Policy) -> Iterator[str]:
    if not all(_SID_CHARACTERS.issuperset(statement.sid) for statement in policy.statements):
        yield (
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression"
            " [0-9A-Za-z]*"
        )


def _actions_there(policy: _Policy) -> Iterator[str]:
    if not all(statement.actions for statement in policy.statements):
        yield "Policy statement must contain actions."


def _resources_there(policy: _Policy) -> Iterator[str]:
    if not all(statement.resources for statement in policy.statements):
        yield "Policy statement must contain resources."


def _resources(policy: _Policy) -> Iterator[str]:
    for statement in policy.statements:
        for resource in statement.resources:
            failure = resource_failure(resource)
            if failure is not None:
                yield failure


def _actions(policy: _Policy) -> Iterator[str]:
    for action in _all_actions(policy):
        vendor, colon, name = action.partition(":")
        if action == EVERYTHING:
            continue
        if not colon:
            yield "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
        elif ":" in name:
            yield "Actions/Condition can contain only one colon."
        elif not vendor or not _VENDOR_CHARACTERS.issuperset(vendor):
            yield f"Vendor {vendor} is not valid"


def _all_actions(policy: _Policy) -> Iterable[str]:
    return chain.from_iterable(statement.actions for statement in policy.statements)


def _no_principal(policy: _Policy) -> Iterator[str]:
    if any(statement.elements & {Element.PRINCIPAL, Element.NOT_PRINCIPAL} for statement in policy.statements):
        yield "Policy document should not specify a principal."


def _principal_there(policy: _Policy) -> Iterator[str]:
    if not all(statement.elements & {Element.PRINCIPAL, Element.NOT_PRINCIPAL} for statement in policy.statements):
        yield _SYNTAX


def _principal_names(policy: _Policy) -> Iterator[str]:
    """Refuse names that can be nobody's: wildcards in them, groups, neither ARN nor id (P5, P6)."""
    for kind, name in chain.from_iterable(statement.principals for statement in policy.statements):
        if name == EVERYTHING and kind in (EVERYTHING, PrincipalType.AWS):
            continue
        is_possible = bool(name) and not frozenset("*?") & frozenset(name)
        if kind == PrincipalType.AWS:
            is_possible = is_possible and _may_be_somebody(name)
        if not is_possible:
            yield f'Invalid principal in policy: "{kind.upper()}":"{name}"'


def _may_be_somebody(name: str) -> bool:
    if name.startswith("arn:"):
        return ":group/" not in name
    return name.isascii() and (name.startswith("A") if name[:1].isalpha() else name.isdigit())


def _trust_fields(policy: _Policy) -> Iterator[str]:
    for statement in policy.statements:
        for element in (Element.RESOURCE, Element.NOT_RESOURCE):
            if element in statement.elements:
                yield f"Has prohibited field {element}"
        if Element.NOT_PRINCIPAL in statement.elements:
            yield _SYNTAX


def _trust_actions(policy: _Policy) -> Iterator[str]:
    for action in _all_actions(policy):
        prefix, name = ActionPattern(action).segments or ((), ())
        if prefix != ("sts",) or not any(glob(name).matches(known) for known in _TRUST_ACTIONS):
            yield "AssumeRole policy may only specify STS AssumeRole actions."


def _rcp_elements(policy: _Policy) -> Iterator[str]:
    """Hold the limits of RCPs: they deny, to everybody, actions of a named service."""
    for statement in policy.statements:
        if (
            statement.effect != "Deny"
            or statement.elements & {Element.NOT_ACTION, Element.NOT_PRINCIPAL}
            or statement.principals != ((EVERYTHING, EVERYTHING),)
            or any(frozenset("*?") & frozenset(action.partition(":")[0]) for action in statement.actions)
        ):
            yield _SYNTAX


_SIDS = (_sids, _plain_sids)
_IDENTITY = (
    _legacy_parsing,
    *_SIDS,
    _actions_there,
    _resources_there,
    _resources,
    _actions,
    _no_principal,
)
_RESOURCE = (
    _legacy_parsing,
    _sids,
    _actions_there,
    _resources_there,
    _resources,
    _actions,
    _principal_there,
    _principal_names,
)
_CHECKS: Mapping[PolicyType, tuple[_Check, ...]] = {
    PolicyType.MANAGED: (_version, *_IDENTITY),
    PolicyType.INLINE: _IDENTITY,
    PolicyType.BOUNDARY: _IDENTITY,
    PolicyType.SESSION: _IDENTITY,
    PolicyType.SCP: _IDENTITY,
    PolicyType.TRUST: (
        _legacy_parsing,
        *_SIDS,
        _actions_there,
        _trust_fields,
        _trust_actions,
        _principal_there,
        _principal_names,
    ),
    PolicyType.RESOURCE: _RESOURCE,
    PolicyType.VPC_ENDPOINT: _RESOURCE,
    PolicyType.RCP: (
        _version,
        _legacy_parsing,
        *_SIDS,
        _actions_there,
        _resources_there,
        _resources,
        _actions,
        _principal_there,
        _rcp_elements,
    ),
}
