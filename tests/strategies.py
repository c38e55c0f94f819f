"""Hypothesis strategies for the policy language: documents, the policies of a decision, requests.

They draw from few names on purpose: what is drawn should often match, and by each of its parts fail to. A new element
of the language joins them in the same commit.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from remit.policy import (
    Policies,
    Policy,
    Principal,
    PrincipalKind,
    Request,
    Resource,
    ResourceKind,
    parse,
)
from remit.policy.language.operators import OPERATORS

OWN, OTHER = "111122223333", "444455556666"
ANA = Principal(
    kind=PrincipalKind.USER, arn=f"arn:aws:iam::{OWN}:user/ana", account=OWN, id="AIDAANA", canonical_id="c0ffee"
)
SESSION = Principal(
    kind=PrincipalKind.ROLE_SESSION,
    arn=f"arn:aws:sts::{OWN}:assumed-role/Builder/run-1",
    account=OWN,
    id="AROABUILDER:run-1",
    role_arn=f"arn:aws:iam::{OWN}:role/Builder",
    role_id="AROABUILDER",
)
KIOSK = Principal(
    kind=PrincipalKind.FEDERATED_USER,
    arn=f"arn:aws:sts::{OWN}:federated-user/kiosk",
    account=OWN,
    id=f"{OWN}:kiosk",
    user_arn=ANA.arn,
    user_id=ANA.id,
)
ROOT = Principal(kind=PrincipalKind.ROOT, arn=f"arn:aws:iam::{OWN}:root", account=OWN, id=OWN)
LINKED = Principal(
    kind=PrincipalKind.ROLE_SESSION,
    arn=f"arn:aws:sts::{OWN}:assumed-role/Linked/x",
    account=OWN,
    id="AROALINKED:x",
    role_arn=f"arn:aws:iam::{OWN}:role/aws-service-role/x.amazonaws.com/Linked",
    role_id="AROALINKED",
    is_service_linked_role=True,
)
MANAGEMENT = Principal(
    kind=PrincipalKind.USER, arn=f"arn:aws:iam::{OWN}:user/ana", account=OWN, id="AIDAANA", is_management_account=True
)
SERVICE = Principal(kind=PrincipalKind.SERVICE, names=("sns.amazonaws.com", "sns.eu-west-1.amazonaws.com"))
PROVIDER = Principal(kind=PrincipalKind.OIDC, provider="accounts.google.com")
SAML = Principal(kind=PrincipalKind.SAML, provider=f"arn:aws:iam::{OWN}:saml-provider/adfs")
ANONYMOUS = Principal(kind=PrincipalKind.ANONYMOUS)
PRINCIPALS = (ANA, SESSION, KIOSK, ROOT, LINKED, MANAGEMENT, SERVICE, PROVIDER, SAML, ANONYMOUS)

ACTIONS = (
    "s3:GetObject",
    "s3:PutObject",
    "S3:getobject",
    "s3:GetBucketPolicy",
    "s3express:GetObject",
    "sts:AssumeRole",
    "sts:GetCallerIdentity",
    "kms:RetireGrant",
    "ec2:Run",
)
ACTION_PATTERNS = (
    *ACTIONS,
    "*",
    "s3:*",
    "s3:Get*",
    "s3:*Object",
    "s3:???Object",
    "*:Get*",
    "s3",
    "sts:*",
    "kms:*",
    "s3:*t*t",
)
RESOURCES = (
    "*",
    "arn:aws:s3:::b/ana/x",
    "arn:aws:s3:::b/run/x:y",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/line\nfeed",
    "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/Linked",
    "no arn",
)
RESOURCE_PATTERNS = (
    "*",
    "arn:aws:s3:::b/ana/x",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::*/x",
    "arn:aws:s3:::b/???/x*",
    "arn:aws:s3:::b/${aws:username}/*",
    "arn:aws:s3:::b/${aws:username, 'run'}/*",
    "arn:aws:s3:::b/${aws:TagKeys}/*",
    "arn:aws:s3:::b/${*}",
    "arn:aws:s3:::b/*${aws:username}*",
    "arn:aws:s3:*",
    "arn:aws:s3",
    "arn:*:iam::*:*",
    "arn:aws:${aws:service}:::b/*",
)
KEYS = ("aws:username", "aws:TagKeys", "s3:max-keys", "aws:SourceIp", "aws:CurrentTime", "aws:SecureTransport", "a:Arn")
VALUES = (
    "ana",
    "Ana",
    "an?",
    "*",
    "env",
    "",
    "10",
    "10.0",
    "9",
    "true",
    "False",
    "203.0.113.7",
    "203.0.113.0/24",
    "2001:db8::/32",
    "2001:db8::1",
    "2026-03-04T10:20:30Z",
    "2026-03-04",
    "1772619630",
    "2026",
    "YW5h",
    "arn:aws:s3:::b/ana/x",
    "arn:aws:s3:*:*:b/*",
    "${aws:username}",
    "${aws:TagKeys, 'env'}",
    "arn:aws:s3:::b/${aws:username}/x",
)
AWS_NAMES = (
    "*",
    OWN,
    OTHER,
    f"arn:aws:iam::{OWN}:root",
    ANA.arn,
    ANA.id,
    SESSION.arn,
    SESSION.id,
    SESSION.role_arn,
    SESSION.role_id,
    KIOSK.arn,
    f"arn:aws:iam::{OWN}:user/*",
)


T = TypeVar("T")


class Dice:
    """Makes choices, one byte each."""

    def __init__(self, drawn: bytes) -> None:
        self._drawn = iter(drawn)

    def number(self, below: int) -> int:
        return next(self._drawn, 0) % below

    def one_of(self, options: Sequence[T]) -> T:
        return options[self.number(len(options))]

    def some(self, least: int, most: int, make: Callable[[], T]) -> list[T]:
        return [make() for _ in range(least + self.number(most - least + 1))]

    def one_or_several(self, options: Sequence[T]) -> T | list[T]:
        if self.number(3) < 2:
            return self.one_of(options)
        return self.some(1, 3, lambda: self.one_of(options))


def _operator(dice: Dice) -> str:
    name = dice.one_of([operator.name for operator in OPERATORS.values()])
    suffix = dice.one_of(["", "", "IfExists"]) if name != "Null" else ""
    written = f"{dice.one_of(['', '', 'ForAllValues:', 'ForAnyValue:'])}{name}{suffix}"
    return written.upper() if dice.number(8) == 7 else written


def _condition(dice: Dice) -> dict[str, Any]:
    """Make a `Condition` block: up to two operators of up to two keys."""
    values = (*VALUES, True, False, 9, 10, 11)
    block: dict[str, Any] = {}
    for name in dice.some(1, 2, lambda: _operator(dice)):
        block[name] = {
            dice.one_of(KEYS): [] if dice.number(16) == 15 else dice.one_or_several(values)
            for _ in range(1 + dice.number(2))
        }
    return block


def _principal(dice: Dice) -> Any:
    """Make what may stand under `Principal`."""
    if dice.number(4) == 0:
        return "*"
    names: dict[str, Any] = {"AWS": dice.one_or_several(AWS_NAMES)} if dice.number(4) else {}
    if dice.number(4) == 3:
        names["Service"] = dice.one_or_several(["sns.amazonaws.com", "sqs.amazonaws.com", "*"])
    if dice.number(4) == 3:
        names["Federated"] = dice.one_of(["accounts.google.com", SAML.provider, "*"])
    if dice.number(4) == 3:
        names["CanonicalUser"] = dice.one_of(["c0ffee", "decaf"])
    return names


def _statement(dice: Dice, *, principal: bool, resource: bool) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": dice.one_of(["Allow", "Deny"]),
        dice.one_of(["Action", "Action", "NotAction"]): dice.one_or_several(ACTION_PATTERNS),
    }
    if resource:
        statement[dice.one_of(["Resource", "Resource", "NotResource"])] = dice.one_or_several(RESOURCE_PATTERNS)
    if principal:
        statement[dice.one_of(["Principal", "Principal", "NotPrincipal"])] = _principal(dice)
    if dice.number(2):
        statement["Condition"] = _condition(dice)
    if dice.number(4) == 3:
        statement["Sid"] = dice.one_of(["", "a", "b1"])
    return statement


def _document(dice: Dice, *, principal: bool | None, resource: bool | None) -> str:
    statements = dice.some(
        1,
        2,
        lambda: _statement(
            dice,
            principal=bool(dice.number(2)) if principal is None else principal,
            resource=bool(dice.number(2)) if resource is None else resource,
        ),
    )
    version = dice.one_of(["2012-10-17", "2012-10-17", "2008-10-17", None])
    top: dict[str, Any] = {} if version is None else {"Version": version}
    return json.dumps({**top, "Statement": statements[0] if len(statements) == 1 and dice.number(2) else statements})


FULL_ACCESS = Policy(
    document=parse('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'), name="full"
)


def _policies(dice: Dice) -> Policies:
    def policy(*, principal: bool | None = False) -> Policy:
        # Now and then a document of the wrong type.
        is_odd = dice.number(8) == 7
        text = _document(dice, principal=None if is_odd else principal, resource=None if is_odd else True)
        return Policy(document=parse(text), name="drawn", arn="arn:aws:iam::111122223333:policy/drawn")

    def level() -> tuple[Policy, ...]:
        return (FULL_ACCESS,) if dice.number(2) == 0 else tuple(dice.some(0, 2, policy))

    def named() -> Policy:
        return policy(principal=True)

    def maybe(make: Callable[[], T], *, one_in: int = 2) -> T | None:
        return make() if dice.number(one_in) == one_in - 1 else None

    return Policies(
        resource=maybe(named),
        identity=level(),
        boundary=maybe(policy),
        session=tuple(maybe(lambda: dice.some(1, 2, policy)) or ()),
        scopes=maybe(lambda: tuple(dice.some(1, 3, level)), one_in=4) or (),
        scps=maybe(lambda: tuple(dice.some(0, 2, level))),
        rcps=maybe(lambda: tuple(dice.some(0, 2, lambda: tuple(dice.some(0, 1, named))))),
        vpc_endpoint=maybe(named, one_in=4),
    )


def _request(dice: Dice) -> Request:
    context: dict[str, str | tuple[str, ...]] = {}
    for _ in range(dice.number(6)):
        key = dice.one_of([*KEYS, "aws:assumedroot"]).lower()
        several = tuple(dice.some(0, 2, lambda: dice.one_of(VALUES))) if dice.number(4) == 3 else None
        context[key] = dice.one_of(VALUES) if several is None else several
    return Request(
        principal=dice.one_of(PRINCIPALS),
        action=dice.one_of(ACTIONS),
        resource=Resource(
            arn=dice.one_of(RESOURCES),
            account=dice.one_of([OWN, OWN, OTHER, ""]),
            kind=dice.one_of(list(ResourceKind)),
            is_management_account=dice.number(4) == 3,
            is_aws_managed_key=dice.number(4) == 3,
        ),
        context=context,
    )


def documents(*, principal: bool | None = False, resource: bool | None = True) -> st.SearchStrategy[str]:
    """The text of a document; None draws whether the element is there, as in a document of the wrong type."""
    return st.binary(min_size=10, max_size=60).map(
        lambda drawn: _document(Dice(drawn), principal=principal, resource=resource)
    )


def policies() -> st.SearchStrategy[Policies]:
    """What takes part in a decision."""
    return st.binary(min_size=100, max_size=300).map(lambda drawn: _policies(Dice(drawn)))


def requests() -> st.SearchStrategy[Request]:
    """Somebody asks something; any key of the context may be missing, empty or of several values."""
    return st.binary(min_size=10, max_size=40).map(lambda drawn: _request(Dice(drawn)))
