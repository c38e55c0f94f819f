"""A request is a value that gains certainty.

    HttpRequest -> Routed -> Signed -> Parsed -> Call -> HttpResponse

Each step takes one stage and returns the next, so nothing can be reached too early: there is no caller before the
signature was verified, no input before there is a caller, no call before the policies allowed it.

The stages are `msgspec.Struct`s and not dataclasses: six of them are made for every request, and a frozen dataclass
costs ten times as much to make (`docs/decisions/0001-structs.md`).
"""

import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from remit.ids import AccountId, Secret
from remit.slow_work import slowly

T = TypeVar("T")
Input = TypeVar("Input", bound=Mapping[str, Any])


class HttpRequest(msgspec.Struct, frozen=True, gc=False):
    """One request as it came off the socket, complete.

    Attributes:
        method: in upper case, `POST`.
        path: the path as sent, still percent-encoded, without the query; at least `/`.
        query: what follows the first `?`, still percent-encoded; empty when there is none.
        headers: name in lower case -> value, blanks around it removed; several headers of one name are joined with `,`.
        body: the whole body, transfer coding removed.
        peer: the client's address, without port.
        secure: whether the request came over TLS.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    peer: str
    secure: bool = False


class Protocol(StrEnum):
    """AWS's wire protocols, by the names that botocore's models use."""

    QUERY = "query"
    JSON = "json"
    REST_JSON = "rest-json"
    REST_XML = "rest-xml"
    EC2 = "ec2"
    CBOR = "smithy-rpc-v2-cbor"


class Routed(msgspec.Struct, frozen=True, gc=False):
    """A request of which we know the operation it asks for.

    Attributes:
        service: botocore's name of the service, `iam`.
        signing_name: the service in the credential scope, `iam`.
        operation: the model's name, `CreateUser`.
        protocol: how it is spoken.
        json_version: `1.0` or `1.1`, empty for protocols without one.
        path_labels: values of the labels in a REST path, still percent-encoded; empty for other protocols.
        request_id: a UUID, in the answer's header and body and in the trail.
        at: when the request was complete, aware, UTC.
        unsigned: whether AWS leaves the operation unsigned.
    """

    http: HttpRequest
    service: str
    signing_name: str
    operation: str
    protocol: Protocol
    request_id: str
    at: datetime
    json_version: str = ""
    path_labels: Mapping[str, str] = {}
    unsigned: bool = False


class CallerKind(StrEnum):
    """Who can sign, by the words of the condition key `aws:PrincipalType`, and those who cannot."""

    ROOT = "Account"
    USER = "User"
    ROLE_SESSION = "AssumedRole"
    FEDERATED_USER = "FederatedUser"
    WEB_IDENTITY = "WebIdentityUser"
    SAML = "SAMLUser"
    ANONYMOUS = "Anonymous"


class SessionKind(StrEnum):
    """Which operation made the temporary credentials."""

    ROLE = "AssumeRole"
    WEB_IDENTITY = "AssumeRoleWithWebIdentity"
    SAML = "AssumeRoleWithSAML"
    SESSION_TOKEN = "GetSessionToken"  # noqa: S105  # the operation's name, not a password
    FEDERATION = "GetFederationToken"
    ROOT = "AssumeRoot"
    CONSOLE = "ConsoleLogin"
    DELEGATED = "GetDelegatedAccessToken"


# The kinds of which the session is one of a role.
ROLE_SESSIONS = frozenset({SessionKind.ROLE, SessionKind.WEB_IDENTITY, SessionKind.SAML})


class Session(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What temporary credentials carry; sealed into the session token, so any process can read it.

    Attributes:
        access_key_id: `ASIA...`; the token is good with this key only.
        secret: signs the session's requests.
        account: of the user, role or root whose session it is.
        issuer_id: unique id of the role (`AROA...`) or user (`AIDA...`); the account id for root.
        name: the role session's or federated user's name; empty for GetSessionToken.
        parent_access_key_id: the long-term key that asked for it and ends it when deactivated; empty for roles.
        mfa_at: when the caller proved to have an MFA device; None if it did not.
        mfa_known: whether MFA is a question at all: true for sessions of users and of roles assumed by them.
        policies: session policies passed inline, as JSON text.
        policy_arns: managed policies passed as session policies.
        scopes: policies that the session was scoped down with since, as JSON text, each for itself.
        tags: session tags, key as given -> value.
        transitive_tag_keys: the keys of *tags* that go on to the next role in a chain.
        source_identity: set once, kept through a chain.
        provider: ARN or name of the identity provider that vouched for who asked; empty when none did.
        provider_keys: condition keys, in lower case, that the provider gave values to.
        assumed_by: ARN of who asked for the session; for explanations and the trail.
        padding: makes the token as long as its caller asked for.
        token_version: 1 for a token that is good in the regions of old only.
    """

    kind: SessionKind
    access_key_id: str
    secret: Secret
    account: AccountId
    issuer_id: str
    issued_at: datetime
    expires_at: datetime
    name: str = ""
    parent_access_key_id: str = ""
    mfa_at: datetime | None = None
    mfa_known: bool = False
    policies: tuple[str, ...] = ()
    policy_arns: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    tags: Mapping[str, str] = {}
    transitive_tag_keys: tuple[str, ...] = ()
    source_identity: str = ""
    provider: str = ""
    provider_keys: Mapping[str, str | tuple[str, ...]] = {}
    assumed_by: str = ""
    padding: str = ""
    token_version: int = 2


class Federation(msgspec.Struct, frozen=True, kw_only=True):
    """What an identity provider asserts of a caller who does not sign.

    Attributes:
        provider: what a `Federated` principal names: the provider's ARN, or its name.
        issuer: as the trail names the provider.
        subject: whom it asserts something of.
        asked: what it asks for, as if it were members of AssumeRole's input: `Tags`, `SourceIdentity`.
        keys: condition keys, in lower case, that it gives values to.
        shown: members of the answer that tell of it.
        ends_at: when sessions end at the latest; None when it does not say.
    """

    provider: str
    issuer: str
    subject: str
    asked: Mapping[str, Any] = {}
    keys: Mapping[str, str | tuple[str, ...]] = {}
    shown: Mapping[str, Any] = {}
    ends_at: datetime | None = None


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed, as the directory knows them at this instant.

    Attributes:
        account: of the caller; empty for an anonymous one.
        arn: the name messages and the trail use: for a role session that of the session, without the role's path.
        principal_id: `aws:userid`: account id for root, `AIDA...`, `AROA...:session`, `account:name` if federated.
        entity_id: unique id of the user or role; the account id for root.
        name: user name or role name; empty for root and anonymous callers.
        path: of the user or role, `/` for root.
        access_key_id: what the request was signed with.
        session: what the temporary credentials carry; None for long-term keys.
        tags: of the user or role, with the session's tags over them; keys compare without case.
        federation: what an identity provider asserts; None for those who sign.
    """

    kind: CallerKind
    account: AccountId
    partition: str = "aws"
    arn: str = ""
    principal_id: str = ""
    entity_id: str = ""
    name: str = ""
    path: str = "/"
    access_key_id: str = ""
    session: Session | None = None
    tags: Mapping[str, str] = {}
    federation: Federation | None = None

    @property
    def issuer_arn(self) -> str:
        """`aws:PrincipalArn`: the ARN of the role, with its path, behind a session; the caller's own otherwise."""
        if self.kind is CallerKind.ROLE_SESSION:
            return f"arn:{self.partition}:iam::{self.account}:role{self.path}{self.name}"
        return self.arn


class Signed(msgspec.Struct, frozen=True, gc=False):
    """A request whose signature was verified, or one of the operations that AWS leaves unsigned.

    Attributes:
        region: of the credential scope; `us-east-1` for unsigned requests.
        body: the payload after any `aws-chunked` coding was verified and removed.
    """

    routed: Routed
    caller: Caller
    region: str
    body: bytes


class Parsed(msgspec.Struct, frozen=True, gc=False):
    """A request whose input keeps the model's constraints.

    Attributes:
        input: members of the input shape, by the model's names; absent members are absent.
    """

    signed: Signed
    input: Mapping[str, Any]


class HttpResponse(msgspec.Struct, frozen=True, gc=False):
    """An answer, ready for the socket.

    Attributes:
        headers: without Date, Content-Length and Connection, which the protocol adds.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Outside(typing.Protocol):
    """Other servers, which are asked over HTTPS. It takes long: only for slow work."""

    @property
    def allows_local(self) -> bool:
        """Whether loopback, private and link-local addresses may be asked."""
        ...

    def fetch(self, url: str, thumbprints: Sequence[str]) -> bytes:
        """Return the body of the answer to a GET.

        Args:
            thumbprints: SHA-1 of certificates, in hex, one of which is trusted where the CA library trusts none.
        """
        ...

    def thumbprint(self, url: str) -> str:
        """Return the SHA-1, in hex, of the last certificate that the server of *url* shows."""
        ...

    def issuer_url(self, issuer: str) -> str:
        """Return the URL by which other servers know an issuer of this one."""
        ...


class BilledMonth(msgspec.Struct, frozen=True):
    """A month of a bill.

    Attributes:
        period: `2026-03`.
        billed_at: when its lines were made.
        version: another one when any line of the month is another one.
        closed_at: None while it is open.
    """

    period: str
    is_closed: bool
    billed_at: datetime
    version: str
    closed_at: datetime | None = None


class Bills(typing.Protocol):
    """What usage cost, by payer. To ask takes long: only for slow work."""

    @property
    def data(self) -> Path:
        """The data folder, where what payers agreed to and price lists lie as well."""
        ...

    def months(self, payer: str) -> Mapping[str, BilledMonth]:
        """Return the months that were billed, by period, in order of time."""
        ...

    def rows(
        self, payer: str, periods: Sequence[str], query: str, values: Sequence[Any], *, is_detailed: bool = False
    ) -> list[tuple[Any, ...]]:
        """Return what one SELECT over `costs` finds: the lines of these months of what *payer* pays.

        A line that corrects an earlier month counts at the beginning of the month whose bill it is on.

        Args:
            values: for the question marks of *query*, which holds nothing that a caller said.
            is_detailed: whether lines are single ones; otherwise those of a day that differ in nothing but resource,
                time and rate are one.
        """
        ...


class Call(msgspec.Struct, Generic[Input], frozen=True, kw_only=True):
    """A request that the policies allow. Only `authz` makes one.

    Attributes:
        input: as in `Parsed`.
        partition: of the region the request was signed for: new entities get their ARNs in it.
        at: when the request was complete, aware, UTC.
        outside: other servers, for slow work.
        bills: what usage cost, for slow work.
        source_ip: the client's address.
        host: what the request called this server, with its port; empty when it did not.
        secure: whether it came over TLS.
        organization_quotas: what a new organization may have, where it is not what all may.
        evidence: the data folder, where snapshots of accounts may lie; None where nobody may look.
    """

    caller: Caller
    operation: str
    input: Input
    region: str
    partition: str
    at: datetime
    request_id: str
    permit: Callable[[str, str, Mapping[str, Any]], None]
    grants: Callable[[str, AccountId], bool]
    outside: Outside
    bills: Bills
    slow_results: Mapping[str, Any] = {}
    organization_quotas: Mapping[str, int] = {}
    evidence: Path | None = None
    source_ip: str = ""
    host: str = ""
    secure: bool = False

    @property
    def account(self) -> AccountId:
        """The caller's account."""
        return self.caller.account

    @property
    def endpoint(self) -> str:
        """The URL under which the caller reached this server, for links that are made for the caller."""
        return f"{'https' if self.secure else 'http'}://{self.host}"

    def require(self, action: str, resource: str, context: Mapping[str, Any] | None = None) -> None:
        """Check one more permission of the caller: *action* on the ARN *resource*.

        Raises:
            AccessDenied: the policies do not allow it.
        """
        self.permit(action, resource, context or {})

    def is_granted_by(self, document: str, owner: AccountId) -> bool:
        """Say whether *document*, the policy of what the call acts on, grants it where another account is the *owner*.

        The caller's own policies must allow it, too.
        """
        return self.grants(document, owner)

    def slowly(self, name: str, work: Callable[[], T], after_seconds: float = 0) -> T:
        """Return what *work* returns, without holding up anybody else: for what takes more than a millisecond.

        The first time this raises `SlowWork`, which ends this run of the handler; once the result is there the
        request runs again, and this returns it. *name* tells several pieces of slow work of one handler apart.
        """
        return slowly(self.slow_results, name, work, after_seconds)
