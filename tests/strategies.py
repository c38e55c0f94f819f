"""Hypothesis strategies for the policy language: documents, the policies of a decision, requests.

They draw from few names on purpose: what is drawn should often match, and by each of its parts fail to. A new element
of the language joins them in the same commit.
"""

import json
from typing import Any

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


def _one_or_several(values: st.SearchStrategy[Any], largest: int = 3) -> st.SearchStrategy[Any]:
    return values | st.lists(values, min_size=1, max_size=largest)


def _operators() -> st.SearchStrategy[str]:
    names = [operator.name for operator in OPERATORS.values()]
    plain = st.builds(
        lambda qualifier, name, suffix: f"{qualifier}{name}{'' if name == 'Null' else suffix}",
        st.sampled_from(["", "", "ForAllValues:", "ForAnyValue:"]),
        st.sampled_from(names),
        st.sampled_from(["", "", "IfExists"]),
    )
    return plain | plain.map(str.upper)


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    """A `Condition` block, up to two operators of up to two keys."""
    values: st.SearchStrategy[Any] = _one_or_several(
        st.sampled_from(VALUES) | st.booleans() | st.integers(8, 11)
    ) | st.just([])
    return st.dictionaries(_operators(), st.dictionaries(st.sampled_from(KEYS), values, max_size=2), max_size=2)


def principal_elements() -> st.SearchStrategy[Any]:
    """What may stand under `Principal`."""
    return st.just("*") | st.fixed_dictionaries(
        {},
        optional={
            "AWS": _one_or_several(st.sampled_from(AWS_NAMES)),
            "Service": _one_or_several(st.sampled_from(["sns.amazonaws.com", "sqs.amazonaws.com", "*"])),
            "Federated": st.sampled_from(["accounts.google.com", SAML.provider, "*"]),
            "CanonicalUser": st.sampled_from(["c0ffee", "decaf"]),
        },
    )


@st.composite
def statements(
    draw: st.DrawFn, *, principal: bool, resource: bool = True, effects: tuple[str, ...] = ("Allow", "Deny")
) -> dict[str, Any]:
    """A statement as a document holds it."""
    statement: dict[str, Any] = {
        "Effect": draw(st.sampled_from(effects)),
        draw(st.sampled_from(["Action", "Action", "NotAction"])): draw(
            _one_or_several(st.sampled_from(ACTION_PATTERNS))
        ),
    }
    if resource:
        element = draw(st.sampled_from(["Resource", "Resource", "NotResource"]))
        statement[element] = draw(_one_or_several(st.sampled_from(RESOURCE_PATTERNS)))
    if principal:
        statement[draw(st.sampled_from(["Principal", "Principal", "NotPrincipal"]))] = draw(principal_elements())
    if draw(st.booleans()):
        statement["Condition"] = draw(conditions())
    if draw(st.booleans()):
        statement["Sid"] = draw(st.text("ab1", max_size=2))
    return statement


@st.composite
def documents(draw: st.DrawFn, *, principal: bool | None = False, resource: bool | None = True) -> str:
    """The text of a document; None draws whether the element is there, as in a document of the wrong type."""
    some = st.lists(
        st.booleans().flatmap(
            lambda coin: statements(
                principal=coin if principal is None else principal, resource=coin if resource is None else resource
            )
        ),
        min_size=1,
        max_size=2,
    )
    document: dict[str, Any] = {"Statement": draw(some)}
    version = draw(st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17", None]))
    if version is not None:
        document = {"Version": version, **document}
    return json.dumps(document)


def _policies_of(*, principal: bool | None = False, resource: bool | None = True) -> st.SearchStrategy[Policy]:
    return documents(principal=principal, resource=resource).map(
        lambda text: Policy(document=parse(text), name="drawn", arn="arn:aws:iam::111122223333:policy/drawn")
    )


FULL_ACCESS = Policy(
    document=parse('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'), name="full"
)


def policies() -> st.SearchStrategy[Policies]:
    """What takes part in a decision; now and then documents of the wrong type."""
    plain = _policies_of()
    odd = _policies_of(principal=None, resource=None)
    named = _policies_of(principal=True) | odd
    full = st.just((FULL_ACCESS,))
    level = full | st.lists(plain | st.just(FULL_ACCESS), max_size=2).map(tuple)
    rcp_level = st.just(()) | named.map(lambda policy: (policy,))
    return st.builds(
        Policies,
        identity=full | st.lists(plain | odd, max_size=2).map(tuple),
        boundary=st.none() | plain,
        session=st.just(()) | st.lists(plain, max_size=2).map(tuple),
        resource=st.none() | named,
        scps=st.none() | st.lists(level, max_size=2).map(tuple),
        rcps=st.none() | st.lists(rcp_level, max_size=2).map(tuple),
        vpc_endpoint=st.sampled_from([None, None, None, FULL_ACCESS]) | named,
    )


def requests() -> st.SearchStrategy[Request]:
    """Somebody asks something; any key of the context may be missing, empty or of several values."""
    values = st.sampled_from(VALUES)
    context = st.dictionaries(
        st.sampled_from([key.lower() for key in (*KEYS, "aws:assumedroot")]),
        values | st.lists(values, max_size=2).map(tuple),
        max_size=5,
    )
    return st.builds(
        Request,
        principal=st.sampled_from(PRINCIPALS),
        action=st.sampled_from(ACTIONS),
        resource=st.builds(
            Resource,
            arn=st.sampled_from(RESOURCES),
            account=st.sampled_from([OWN, OWN, OTHER, ""]),
            kind=st.sampled_from(ResourceKind),
            is_management_account=st.sampled_from([False, False, False, True]),
            is_aws_managed_key=st.sampled_from([False, False, False, True]),
        ),
        context=context,
    )
