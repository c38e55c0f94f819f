"""The facts of a case of kind `context`: flat names for everything that a request may hold.

A fact may also be called by the condition key it is about: `vpce`, `source_vpce` and `aws:SourceVpce` are the same.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from remit.authz.condition_keys import SET_BY_SERVICE
from remit.authz.facts import Acted, Endpoint, Facts, Forwarded, Network, Organization, Source, Temporary, Who
from remit.authz.input_keys import tag_keys
from remit.policy import ContextValue, Principal, PrincipalKind, folded

_NOW = datetime(2026, 11, 24, 10, 20, 30, tzinfo=UTC)


class _Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a case says; each name is described by the condition key in `_KEYS` that it gives a value to."""

    at: datetime = _NOW
    action: str = ""
    region: str = "us-east-1"
    source_ip: str = ""
    vpce: str = ""
    vpc: str = ""
    vpc_arn: str = ""
    private_ip: str = ""
    vpce_account: str = ""
    vpce_org_id: str = ""
    vpce_org_paths: tuple[str, ...] = ()
    user_agent: str | None = None
    referer: str | None = None
    secure: bool = True
    tags: dict[str, str] = {}
    session_tags: dict[str, str] = {}
    org_id: str = ""
    org_paths: tuple[str, ...] = ()
    issued_at: datetime | None = None
    mfa: bool | None = None
    mfa_age: float | None = None
    source_identity: str = ""
    federated_provider: str = ""
    assumed_root: bool = False
    called_via: tuple[str, ...] = ()
    mcp_server: str = ""
    is_mcp_action: bool = False
    source_arn: str = ""
    source_account: str = ""
    source_org_id: str = ""
    source_org_paths: tuple[str, ...] = ()
    resource_account: str = ""
    resource_org_id: str = ""
    resource_org_paths: tuple[str, ...] = ()
    resource_tags: dict[str, str] = {}
    request_tags: dict[str, str] = {}
    tag_keys: tuple[str, ...] = ()


# What facts may be called beside their own names: words of condition keys, and a few that come to mind.
_KEYS = {
    "currenttime": "at",
    "now": "at",
    "time": "at",
    "requestedregion": "region",
    "ip": "source_ip",
    "sourcevpce": "vpce",
    "sourcevpc": "vpc",
    "sourcevpcarn": "vpc_arn",
    "vpcsourceip": "private_ip",
    "securetransport": "secure",
    "tls": "secure",
    "principaltag": "tags",
    "principaltags": "tags",
    "principalorgid": "org_id",
    "organization": "org_id",
    "org": "org_id",
    "principalorgpaths": "org_paths",
    "orgpath": "org_paths",
    "tokenissuetime": "issued_at",
    "tokenissued": "issued_at",
    "tokenissuedat": "issued_at",
    "multifactorauthpresent": "mfa",
    "mfapresent": "mfa",
    "multifactorauthage": "mfa_age",
    "mfaageseconds": "mfa_age",
    "calledviaawsmcp": "mcp_server",
    "ismcpserviceaction": "is_mcp_action",
    "resourcetag": "resource_tags",
    "requesttag": "request_tags",
    "untagkeys": "tag_keys",
}
_FIELDS = {name.replace("_", ""): name for name in _Said.__struct_fields__} | _KEYS
_LISTS = frozenset(
    name for name, default in zip(_Said.__struct_fields__, _Said.__struct_defaults__, strict=True) if default == ()
)
_SET_BY_SERVICE = {key.lower(): key for key in SET_BY_SERVICE}
# Sessions of users know MFA, and are told from long-term keys by when they were issued.
_MFA_KINDS = frozenset({PrincipalKind.USER, PrincipalKind.ROOT})


class FactUnknown(ValueError):
    """A case says something that no condition key is made of."""


def facts_of(principal: Principal, tags: Mapping[str, str], given: Mapping[str, Any]) -> tuple[Who, Facts]:
    """Read the facts of a case.

    Args:
        tags: of the user or role.

    Raises:
        FactUnknown: a name or a value makes no sense.
    """
    said, set_by_service, further = _read(given)
    who = Who(
        principal=principal,
        tags=_over({**tags, **said.tags}, said.session_tags),
        organization=_organization(said.org_id, said.org_paths),
        temporary=_temporary(said, set_by_service, principal.kind),
        source=Source(
            arn=said.source_arn,
            account=said.source_account,
            organization=_organization(said.source_org_id, said.source_org_paths),
        ),
    )
    facts = Facts(
        at=said.at,
        service=said.action.partition(":")[0].lower(),
        region=said.region,
        network=_network(said),
        forwarded=Forwarded(services=said.called_via, mcp_server=said.mcp_server, is_mcp_action=said.is_mcp_action),
        acted=Acted(
            account=said.resource_account,
            organization=_organization(said.resource_org_id, said.resource_org_paths),
            tags=said.resource_tags,
        ),
        said={**tag_keys(said.request_tags, said.tag_keys), **further},
    )
    return who, facts


def _read(given: Mapping[str, Any]) -> tuple[_Said, dict[str, str], dict[str, ContextValue]]:
    """Sort what is given: facts with names of their own, keys that services set on sessions, keys of services."""
    named: dict[str, Any] = {}
    set_by_service: dict[str, str] = {}
    further: dict[str, Any] = {}
    for name, value in given.items():
        plain = name.lower()
        field = _FIELDS.get(plain.removeprefix("aws:").replace("_", ""))
        if plain in _SET_BY_SERVICE:
            set_by_service[_SET_BY_SERVICE[plain]] = value
        elif field is not None:
            named[field] = [value] if field in _LISTS and isinstance(value, str) else value
        elif ":" in plain and not plain.startswith("aws:"):
            further[name] = value
        else:
            raise FactUnknown(f"unknown fact `{name}`")
    try:
        said = msgspec.convert(named, _Said, strict=False)
    except msgspec.ValidationError as error:
        raise FactUnknown(str(error)) from None
    times = {name: _utc(at) for name in ("at", "issued_at") if (at := getattr(said, name)) is not None}
    return msgspec.structs.replace(said, **times), set_by_service, folded(further)


def _utc(at: datetime) -> datetime:
    """Take a time without a zone for one in UTC."""
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _over(tags: Mapping[str, str], session_tags: Mapping[str, str]) -> dict[str, str]:
    covered = {key.lower() for key in session_tags}
    return {**{key: value for key, value in tags.items() if key.lower() not in covered}, **session_tags}


def _organization(id_: str, paths: tuple[str, ...]) -> Organization | None:
    return Organization(id_, paths) if id_ or paths else None


def _temporary(said: _Said, set_by_service: Mapping[str, str], kind: PrincipalKind) -> Temporary:
    proved = said.mfa_age is not None or said.mfa is True
    is_session = said.issued_at is not None and kind in _MFA_KINDS
    return Temporary(
        issued_at=said.issued_at,
        mfa_known=proved or said.mfa is not None or is_session,
        mfa_at=said.at - timedelta(seconds=said.mfa_age or 0) if proved else None,
        source_identity=said.source_identity,
        federated_provider=said.federated_provider,
        is_assumed_root=said.assumed_root,
        set_by_service=set_by_service,
    )


def _network(said: _Said) -> Network:
    endpoint = None
    if said.vpce:
        endpoint = Endpoint(
            id=said.vpce,
            vpc=said.vpc,
            vpc_arn=said.vpc_arn,
            private_ip=said.private_ip,
            account=said.vpce_account,
            organization=_organization(said.vpce_org_id, said.vpce_org_paths),
        )
    return Network(
        source_ip=said.source_ip,
        endpoint=endpoint,
        user_agent=said.user_agent,
        referer=said.referer,
        secure=said.secure,
    )
