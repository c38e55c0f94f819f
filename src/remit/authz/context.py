"""The request context: what condition keys are worth in one request, and where each value comes from.

A key that has no value is absent, which policies can tell from empty. Names are in lower case, as the engine wants
them. No header and no tag can name a key that is set here: their texts are values, or the part after a slash.
Source: `policy-evaluation` reference, 3.4; `iam-sts` reference, 3.4 and 13.3.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from remit.arn import region_of_service
from remit.authz.resources import Target
from remit.policy import ContextValue
from remit.request import Caller, CallerKind, HttpRequest

# Condition keys, as AWS spells them, and where their values come from; for the documentation and for explanations.
CONDITION_KEYS = {
    "aws:CurrentTime": "when the request was complete, `2026-11-24T10:20:30Z`",
    "aws:EpochTime": "the same in seconds since 1970",
    "aws:MultiFactorAuthAge": "seconds since the session proved an MFA device; absent without one",
    "aws:MultiFactorAuthPresent": "`true` or `false` in sessions of users and their roles; absent with long-term keys",
    "aws:PrincipalAccount": "account of the caller, `anonymous` for unsigned requests",
    "aws:PrincipalArn": "ARN of the user, of the role behind a session with its path, or of the root user",
    "aws:PrincipalIsAWSService": "`false`: no service calls with credentials of its own",
    "aws:PrincipalTag": "tags of the user or role, with the session's over them",
    "aws:PrincipalType": "`Account`, `User`, `AssumedRole`, `FederatedUser` or `Anonymous`",
    "aws:Referer": "the request's header",
    "aws:RequestTag": "tags that the request gives",
    "aws:RequestedRegion": "region that the request was signed for; of global services `us-east-1`",
    "aws:ResourceAccount": "account of the resource",
    "aws:ResourceTag": "tags of the resource",
    "aws:SecureTransport": "`true` over TLS",
    "aws:SourceIdentity": "set when the role was assumed, kept through a chain",
    "aws:SourceIp": "address of the client, or what a trusted proxy says of it",
    "aws:SourceVpc": "the VPC of the VPC endpoint that the request came through",
    "aws:SourceVpce": "the VPC endpoint that the request came through",
    "aws:TagKeys": "keys of the tags that the request gives or takes away; several",
    "aws:TokenIssueTime": "when temporary credentials were issued",
    "aws:UserAgent": "the request's header",
    "aws:ViaAWSService": "`false`: no service calls for somebody",
    "aws:VpcSourceIp": "private address of a client behind a VPC endpoint",
    "aws:userid": "account id of the root user, `AIDA…` of users, `AROA…:session` of sessions",
    "aws:username": "name of an IAM user; absent for everybody else",
    "iam:PermissionsBoundary": "ARN of the boundary that is asked for, else of the one in place",
    "iam:PolicyARN": "ARN of the policy that is attached or detached",
    "iam:ResourceTag": "tags of the user or role",
    "sts:ExternalId": "as given to AssumeRole",
    "sts:RoleSessionName": "as given to AssumeRole",
    "sts:SourceIdentity": "as given to AssumeRole",
    "sts:TransitiveTagKeys": "as given to AssumeRole; several",
}


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """How a request came in.

    Attributes:
        source_ip: the client's address; empty when it came through a VPC endpoint.
        vpce, vpc, private_ip: of the VPC endpoint; empty when it came from the internet.
        secure: whether over TLS.
    """

    source_ip: str = ""
    vpce: str = ""
    vpc: str = ""
    private_ip: str = ""
    user_agent: str = ""
    referer: str = ""
    secure: bool = False


def network_of(http: HttpRequest) -> Network:
    """Read from a request how it came in."""
    return Network(
        source_ip=http.peer,
        user_agent=http.headers.get("user-agent", ""),
        referer=http.headers.get("referer", ""),
        secure=http.secure,
    )


def principal_keys(caller: Caller, at: datetime) -> dict[str, ContextValue]:
    """Return the keys that tell who asks."""
    keys: dict[str, ContextValue] = {
        "aws:principaltype": caller.kind.value,
        "aws:principalaccount": caller.account or "anonymous",
        "aws:userid": caller.principal_id or "anonymous",
    }
    if caller.kind is CallerKind.ANONYMOUS:
        return keys
    keys["aws:principalarn"] = caller.issuer_arn
    keys["aws:principalisawsservice"] = keys["aws:viaawsservice"] = "false"
    if caller.kind is CallerKind.USER:
        keys["aws:username"] = caller.name
    for tag, value in caller.tags.items():
        keys[f"aws:principaltag/{tag.lower()}"] = value
    session = caller.session
    if session is not None:
        keys["aws:tokenissuetime"] = _iso(session.issued_at)
        if session.mfa_known:
            keys["aws:multifactorauthpresent"] = "true" if session.mfa_at is not None else "false"
        if session.mfa_at is not None:
            keys["aws:multifactorauthage"] = str(int((at - session.mfa_at).total_seconds()))
        if session.source_identity:
            keys["aws:sourceidentity"] = session.source_identity
    return keys


def network_keys(network: Network) -> dict[str, ContextValue]:
    """Return the keys that tell where the request came from."""
    keys: dict[str, ContextValue] = {"aws:securetransport": "true" if network.secure else "false"}
    given = {
        "aws:sourceip": "" if network.vpce else network.source_ip,
        "aws:sourcevpce": network.vpce,
        "aws:sourcevpc": network.vpc,
        "aws:vpcsourceip": network.private_ip,
        "aws:useragent": network.user_agent,
        "aws:referer": network.referer,
    }
    return keys | {key: value for key, value in given.items() if value}


def time_keys(at: datetime) -> dict[str, ContextValue]:
    """Return the keys that tell when."""
    return {"aws:currenttime": _iso(at), "aws:epochtime": str(int(at.timestamp()))}


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def resource_keys(target: Target, caller: Caller) -> dict[str, ContextValue]:
    """Return the keys that tell what is acted on.

    Tags that a session passes on stand in the place of the next role's own while its trust policy is asked
    (`iam-sts` reference, section 13.3).
    """
    keys: dict[str, ContextValue] = {}
    if target.resource.arn != "*":
        keys["aws:resourceaccount"] = target.resource.account
    for tag, value in target.tags.items():
        keys[f"aws:resourcetag/{tag.lower()}"] = keys[f"iam:resourcetag/{tag.lower()}"] = value
    if target.role is not None and caller.session is not None:
        for tag in caller.session.transitive_tag_keys:
            if f"aws:resourcetag/{tag.lower()}" in keys:
                keys |= dict.fromkeys(
                    (f"aws:resourcetag/{tag.lower()}", f"iam:resourcetag/{tag.lower()}"), caller.session.tags[tag]
                )
    return keys


def region_keys(service: str, region: str) -> dict[str, ContextValue]:
    """Return the key that tells which region was asked."""
    return {"aws:requestedregion": region_of_service(service, region)}


def _request_tags(asked: Mapping[str, Any], target: Target) -> dict[str, ContextValue]:
    del target
    return {f"aws:requesttag/{tag['Key'].lower()}": tag["Value"] for tag in asked.get("Tags", ())}


def _tag_keys(asked: Mapping[str, Any], target: Target) -> dict[str, ContextValue]:
    del target
    keys = [tag["Key"] for tag in asked.get("Tags", ())] + list(asked.get("TagKeys", ()))
    return {"aws:tagkeys": tuple(keys)} if keys else {}


def _boundary(asked: Mapping[str, Any], target: Target) -> dict[str, ContextValue]:
    # Of Create and Put it is the one that is asked for, else the one in place.
    arn: str = asked.get("PermissionsBoundary") or target.boundary
    return {"iam:permissionsboundary": arn} if arn else {}


def _transitive(asked: Mapping[str, Any], target: Target) -> dict[str, ContextValue]:
    del target
    keys = tuple(asked.get("TransitiveTagKeys", ()))
    return {"sts:transitivetagkeys": keys} if keys else {}


def _given(key: str, member: str) -> Callable[[Mapping[str, Any], Target], dict[str, ContextValue]]:
    def read(asked: Mapping[str, Any], target: Target) -> dict[str, ContextValue]:
        del target
        value = asked.get(member)
        return {} if value is None else {key: value}

    return read


# Condition key, as the authorization data names it -> what gives its value; keys of the resource are in
# `resource_keys`.
_OPERATION_KEYS: dict[str, Callable[[Mapping[str, Any], Target], dict[str, ContextValue]]] = {
    "aws:RequestTag": _request_tags,
    "aws:TagKeys": _tag_keys,
    "iam:PermissionsBoundary": _boundary,
    "iam:PolicyARN": _given("iam:policyarn", "PolicyArn"),
    "sts:ExternalId": _given("sts:externalid", "ExternalId"),
    "sts:RoleSessionName": _given("sts:rolesessionname", "RoleSessionName"),
    "sts:SourceIdentity": _given("sts:sourceidentity", "SourceIdentity"),
    "sts:TransitiveTagKeys": _transitive,
}
# Keys that the authorization data lists and that have no value here: no role is made from a template yet.
ABSENT_KEYS = frozenset({"iam:RoleTemplateARN"})
RESOURCE_KEYS = frozenset({"iam:ResourceTag", "aws:ResourceTag"})


def operation_keys(keys: tuple[str, ...], asked: Mapping[str, Any], target: Target) -> dict[str, ContextValue]:
    """Return the keys that the input gives values to, of those the operation has."""
    found: dict[str, ContextValue] = {}
    for key in keys:
        read = _OPERATION_KEYS.get(key)
        if read is not None:
            found.update(read(asked, target))
    return found


def known_keys() -> frozenset[str]:
    """Return the condition keys that operations may list; a test holds the data to it."""
    return frozenset(_OPERATION_KEYS) | RESOURCE_KEYS
