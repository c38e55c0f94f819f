"""The facts of a request that condition keys are made of: who asks, how it came in, what it acts on, what it says.

`context` turns them into keys. The endpoint fills in what it knows; a question of a person, or a case file, says what
it wants to be so.
Source: `policy-evaluation` reference, 3.4.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from remit.policy import ContextValue, Principal


class Organization(msgspec.Struct, frozen=True):
    """The organization of an account, and where in it the account is: `o-x/r-y/ou-z/`, with the slash at its end."""

    id: str
    paths: tuple[str, ...] = ()


class Temporary(msgspec.Struct, frozen=True, kw_only=True):
    """What temporary credentials carry.

    Attributes:
        issued_at: None where nobody knows.
        mfa_known: whether MFA is a question at all: for sessions of users, and of roles that users assumed.
        mfa_at: when the caller proved to have an MFA device; None if it did not.
        federated_provider: ARN or name of the web identity provider.
        is_assumed_root: whether AssumeRoot made them.
        set_by_service: keys that the service set that made the session, by AWS's names: `lambda:SourceFunctionArn`.
    """

    issued_at: datetime | None = None
    mfa_known: bool = False
    mfa_at: datetime | None = None
    source_identity: str = ""
    federated_provider: str = ""
    is_assumed_root: bool = False
    set_by_service: Mapping[str, str] = {}


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The resource for which a service calls."""

    arn: str = ""
    account: str = ""
    organization: Organization | None = None


class Who(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Who asks, in the engine's terms, and what is known of them beyond their names.

    Attributes:
        tags: of the user or role, the session's over them; keys compare without case.
        organization: of the caller's account; None when it is in none.
        temporary: None for long-term keys.
        source: of a service that calls for a resource.
        provider_keys: keys in lower case that an identity provider gave values to, for this call or for the session.
    """

    principal: Principal
    tags: Mapping[str, str] = {}
    organization: Organization | None = None
    temporary: Temporary | None = None
    source: Source | None = None
    provider_keys: Mapping[str, ContextValue] = {}


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The VPC endpoint that a request came through.

    Attributes:
        account, organization: of its owner; empty for services that do not tell.
        private_ip: of the client.
    """

    id: str
    vpc: str = ""
    vpc_arn: str = ""
    private_ip: str = ""
    account: str = ""
    organization: Organization | None = None


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """How a request came in.

    Attributes:
        source_ip: the client's address, or what a trusted proxy says of it.
        endpoint: None when it came from the internet.
        user_agent, referer: the headers; None when they are not there.
        secure: whether over TLS.
    """

    source_ip: str = ""
    endpoint: Endpoint | None = None
    user_agent: str | None = None
    referer: str | None = None
    secure: bool = True


class Forwarded(msgspec.Struct, frozen=True, kw_only=True):
    """A request that somebody else makes with the caller's credentials.

    Attributes:
        services: that called each other for the caller, the first one first.
        mcp_server: the AWS MCP server it came through; empty for none.
        is_mcp_action: whether the action is one of such a server itself.
    """

    services: tuple[str, ...] = ()
    mcp_server: str = ""
    is_mcp_action: bool = False


class Acted(msgspec.Struct, frozen=True, kw_only=True):
    """What a request acts on.

    Attributes:
        account: of the owner; empty where the action has no resource.
        tag_keys: the keys that tell tags of this kind of resource, without the slash.
    """

    account: str = ""
    organization: Organization | None = None
    tags: Mapping[str, str] = {}
    tag_keys: tuple[str, ...] = ("aws:ResourceTag",)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """One (action, resource) pair of a request, beyond who asks.

    Attributes:
        at: when the request was complete, aware, UTC.
        service: the prefix of the action, `iam`.
        region: that the request was signed for.
        said: keys that the request's input gives values to, as the engine wants them.
    """

    at: datetime
    service: str
    region: str
    network: Network = Network()
    forwarded: Forwarded | None = None
    acted: Acted | None = None
    said: Mapping[str, ContextValue] = {}
