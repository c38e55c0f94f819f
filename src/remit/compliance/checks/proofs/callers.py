"""Who is asked about: nobody in particular, other accounts, the members of one's own.

What a caller can choose is left open: the names of one's own roles, one's own tags, a referer. What somebody outside
cannot have, a network, an endpoint or an organization that the policy's owner writes down, no stranger has.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from remit.compliance.checks.proofs.question import Caller
from remit.compliance.checks.proofs.values import ABSENT, Domain, only
from remit.policy import Document, Principal, PrincipalKind, PrincipalType
from remit.policy.language.document import PrincipalEntry

_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_NAMED = re.compile(
    r"^arn:[^:]*:(?:iam|sts)::(?P<account>[0-9]{12}):(?P<kind>user|role|assumed-role|root)(?:/(?P<name>.+))?$"
)
_FOREIGN = Domain(is_foreign=True)

# Of requests that come from outside: networks and endpoints are not ours, and no service of AWS acts for anybody.
OUTSIDE: Mapping[str, Domain] = {
    "aws:sourceip": Domain(is_foreign=True, may_be_absent=False),
    "aws:sourcevpc": _FOREIGN,
    "aws:sourcevpce": _FOREIGN,
    "aws:vpceaccount": _FOREIGN,
    "aws:vpceorgid": _FOREIGN,
    "aws:vpceorgpaths": _FOREIGN,
    "s3:dataaccesspointarn": _FOREIGN,
    "s3:dataaccesspointaccount": _FOREIGN,
    "aws:sourcearn": ABSENT,
    "aws:sourceaccount": ABSENT,
    "aws:sourceorgid": ABSENT,
    "aws:sourceorgpaths": ABSENT,
    "aws:principalisawsservice": only("false"),
    "aws:principalservicename": ABSENT,
    "aws:principalservicenameslist": ABSENT,
    "aws:viaawsservice": only("false"),
}

# Members of our own come from wherever the policy's owner says.
_INSIDE: Mapping[str, Domain] = {
    "aws:sourceip": Domain(),
    "aws:sourcevpc": Domain(),
    "aws:sourcevpce": Domain(),
    "aws:userid": Domain(may_be_absent=False),
    "s3:dataaccesspointarn": Domain(),
    "s3:dataaccesspointaccount": Domain(),
}


def anonymous() -> Caller:
    """Return callers who do not sign their requests."""
    return Caller(
        principal=Principal(kind=PrincipalKind.ANONYMOUS),
        words="anybody",
        context={
            "aws:principaltype": only("Anonymous"),
            "aws:principalaccount": only("anonymous"),
            "aws:userid": only("anonymous"),
            "aws:principalarn": ABSENT,
            "aws:username": ABSENT,
            "aws:principaltag/": ABSENT,
            "aws:principalorgid": ABSENT,
            "aws:principalorgpaths": ABSENT,
            "aws:sourceowner": ABSENT,
            "aws:multifactorauthpresent": ABSENT,
            "aws:multifactorauthage": ABSENT,
            "kms:calleraccount": ABSENT,
            **OUTSIDE,
        },
    )


def service_of(account: str) -> Caller:
    """Return a service of AWS that acts for whoever owns *account*; no policy names that service."""
    return Caller(
        principal=Principal(kind=PrincipalKind.SERVICE, names=("service.of.a.stranger",)),
        words=f"a service of AWS that acts for account {account}",
        context={
            **OUTSIDE,
            "aws:sourcearn": Domain(like=(f"arn:aws:*:*:{account}:*", "arn:aws:s3:::?*"), is_foreign=True),
            "aws:sourceaccount": only(account),
            "aws:sourceowner": only(account),
            "aws:sourceorgid": _FOREIGN,
            "aws:sourceorgpaths": _FOREIGN,
            "aws:principalisawsservice": only("true"),
            "aws:principalservicename": _FOREIGN,
            "aws:principalservicenameslist": _FOREIGN,
            "aws:principaltype": ABSENT,
            "aws:principalaccount": ABSENT,
            "aws:principalarn": ABSENT,
            "aws:username": ABSENT,
            "aws:principaltag/": ABSENT,
            "aws:principalorgid": ABSENT,
            "aws:principalorgpaths": ABSENT,
        },
    )


def strangers(account: str, organization: Domain = _FOREIGN) -> tuple[Caller, ...]:
    """Return everybody in an account that is not ours: its root user, its users and its sessions, by whatever name.

    Args:
        organization: which `aws:PrincipalOrgID` they can have.
    """
    user, role = f"arn:aws:iam::{account}:user/", f"arn:aws:iam::{account}:role/"
    return (
        _stranger(
            Principal(kind=PrincipalKind.USER, arn=f"{user}somebody", account=account, id="AIDASTRANGER"),
            f"a user of account {account}",
            organization,
            Domain(like=(f"{user}?*",), may_be_absent=False),
        ),
        _stranger(
            _session(account, "somebody"),
            f"a role of account {account}",
            organization,
            Domain(like=(f"{role}?*",), may_be_absent=False),
        ),
        _stranger(
            Principal(kind=PrincipalKind.ROOT, arn=f"arn:aws:iam::{account}:root", account=account, id=account),
            f"the root user of account {account}",
            organization,
            only(f"arn:aws:iam::{account}:root"),
        ),
    )


def _session(account: str, path: str, session: str = "session") -> Principal:
    name = path.rpartition("/")[2]
    return Principal(
        kind=PrincipalKind.ROLE_SESSION,
        arn=f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        account=account,
        id=f"AROASTRANGER:{session}",
        role_arn=f"arn:aws:iam::{account}:role/{path}",
        role_id="AROASTRANGER",
    )


def _stranger(principal: Principal, words: str, organization: Domain, arn: Domain) -> Caller:
    account = principal.account
    kinds = {
        PrincipalKind.USER: "User",
        PrincipalKind.ROLE_SESSION: "AssumedRole",
        PrincipalKind.ROOT: "Account",
    }
    return Caller(
        principal=principal,
        words=words,
        context={
            **OUTSIDE,
            "aws:principalarn": arn,
            "aws:principalaccount": only(account),
            "aws:principaltype": only(kinds[principal.kind]),
            "aws:principalorgid": organization,
            "aws:principalorgpaths": Domain(
                like=organization.like,
                never=tuple(f"{one}/*" for one in organization.never),
                is_foreign=organization.is_foreign,
            ),
            "aws:username": Domain(may_be_absent=False) if principal.kind is PrincipalKind.USER else ABSENT,
            "aws:userid": only(account)
            if principal.kind is PrincipalKind.ROOT
            else Domain(may_be_absent=False, is_foreign=True),
            "aws:sourceowner": only(account),
            "kms:calleraccount": only(account),
        },
    )


def members(documents: Collection[Document], account: str) -> tuple[Caller, ...]:
    """Return the users and sessions of our own account, from wherever they come, and those of them that policies name.

    Its root user is not among them: no policy keeps that user from removing the policy.
    """
    users, roles, _ = strangers(account, Domain())
    found = {"users": users, "roles": roles}
    for entry in _entries(documents):
        named = _named(entry, (), Domain())
        if named is not None and named.principal.account == account:
            found[entry.name] = named
    return tuple(replace(caller, context={**caller.context, **_INSIDE}) for caller in found.values())


def outsiders(
    documents: Collection[Document],
    insiders: Collection[str],
    organization: str = "",
    trusted: Collection[str] = (),
    canonical_id: str = "",
) -> tuple[Caller, ...]:
    """Return everybody outside whom policies can tell apart: the accounts and principals that they name, and others.

    Args:
        documents: the policies.
        insiders: accounts that are no outsiders.
        organization: our organization's id; empty where we are in none.
        trusted: accounts that are outsiders, but may be let in.
        canonical_id: by which S3 knows our account.
    """
    known = {*insiders, *trusted}
    orgs = Domain(never=(organization,) if organization else ())
    mentioned = {found for document in documents for found in _ACCOUNT.findall(document.text)} - known
    stranger = stranger_account(documents, known)
    found: dict[str, Caller] = {}
    for account in (stranger, *sorted(mentioned)):
        found |= {caller.principal.arn: caller for caller in strangers(account, orgs)}
    for entry in _entries(documents):
        named = _named(entry, known, orgs)
        if named is not None:
            found[entry.name] = named
        if entry.type is PrincipalType.CANONICAL_USER and entry.name != canonical_id:
            found[entry.name] = _canonical(entry.name, stranger, orgs)
    return tuple(found.values())


def _canonical(canonical_id: str, account: str, organization: Domain) -> Caller:
    """Return the root user of an account of which nothing is known but its canonical id."""
    _, _, root = strangers(account, organization)
    principal = Principal(
        kind=PrincipalKind.ROOT, arn=root.principal.arn, account=account, id=account, canonical_id=canonical_id
    )
    return replace(root, principal=principal, words=f"the account with the canonical id {canonical_id}")


def stranger_account(documents: Collection[Document], known: Collection[str] = ()) -> str:
    """Return an account that no policy mentions and that is not *known*."""
    taken = {found for document in documents for found in _ACCOUNT.findall(document.text)} | set(known)
    return next(account for number in range(999_999_999_999, 0, -1) if (account := f"{number:012}") not in taken)


def _entries(documents: Collection[Document]) -> Iterator[PrincipalEntry]:
    for document in documents:
        for statement in document.statements:
            for principals in (statement.principal, statement.not_principal):
                if principals is not None:
                    yield from principals.entries


def _named(entry: PrincipalEntry, known: Collection[str], organization: Domain) -> Caller | None:
    named = _NAMED.match(entry.name) if entry.type is PrincipalType.AWS else None
    if named is None or named["account"] in known or not named["name"]:
        return None
    account, name = named["account"], named["name"]
    match named["kind"]:
        case "user":
            principal = Principal(kind=PrincipalKind.USER, arn=entry.name, account=account, id="AIDANAMED")
            return _stranger(principal, entry.name, organization, only(entry.name))
        case "role":
            return _stranger(_session(account, name), entry.name, organization, only(entry.name))
        case _:
            role, _, session = name.partition("/")
            arn = Domain(like=(f"arn:aws:iam::{account}:role/*{role}",), may_be_absent=False)
            return _stranger(_session(account, role, session), entry.name, organization, arn)
