"""The request context: what condition keys are worth, made from the facts of a request.

A key that has no value is absent, which policies can tell from empty. Names are in lower case, as the engine wants
them. No header and no tag can name a key that is set here: their texts are values, or the part after a slash (X2).
Source: `policy-evaluation` reference, 3.4, X1, X2; `iam-sts` reference, 13.3.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from remit.arn import region_of_service
from remit.authz.condition_keys import SET_BY_SERVICE
from remit.authz.facts import Acted, Endpoint, Facts, Forwarded, Network, Organization, Temporary, Who
from remit.policy import ContextValue, PrincipalKind

Keys = dict[str, ContextValue]

_TRUTHS: Mapping[bool, str] = {True: "true", False: "false"}
_TYPES = {
    PrincipalKind.ROOT: "Account",
    PrincipalKind.USER: "User",
    PrincipalKind.ROLE_SESSION: "AssumedRole",
    PrincipalKind.FEDERATED_USER: "FederatedUser",
    PrincipalKind.ANONYMOUS: "Anonymous",
    PrincipalKind.OIDC: "Anonymous",
    PrincipalKind.SAML: "Anonymous",
}
_UNSIGNED = frozenset({PrincipalKind.ANONYMOUS, PrincipalKind.OIDC, PrincipalKind.SAML})
_SET_BY_SERVICE = {key.lower() for key in SET_BY_SERVICE}
_CALLERS_KEPT = 4_096


def context_of(who: Who, facts: Facts) -> Keys:
    """Return the condition keys of one (action, resource) pair of a request (X1)."""
    keys = caller_keys(who).copy()
    keys.update(_time_keys(int(facts.at.timestamp())))
    keys.update(_network_keys(facts.network))
    keys["aws:requestedregion"] = region_of_service(facts.service, facts.region)
    temporary = who.temporary
    if temporary is not None and temporary.mfa_at is not None and "aws:multifactorauthpresent" in keys:
        keys["aws:multifactorauthage"] = str(int((facts.at - temporary.mfa_at).total_seconds()))
    if facts.forwarded is not None:
        keys.update(_forwarded_keys(facts.forwarded, who))
    if facts.acted is not None:
        keys.update(_acted_keys(facts.acted))
    keys.update(facts.said)
    return keys


# -- who asks


@lru_cache(maxsize=_CALLERS_KEPT)
def caller_keys(who: Who) -> Keys:
    """Return the keys that are the same in every request of a caller. Nobody changes the dict: it is kept."""
    principal = who.principal
    kind = principal.kind
    if kind in _UNSIGNED:
        keys: Keys = dict.fromkeys(("aws:principalaccount", "aws:userid"), "anonymous")
        keys["aws:principaltype"] = _TYPES[kind]
        if kind is PrincipalKind.OIDC:
            keys["aws:federatedprovider"] = principal.provider
        return {**who.provider_keys, **keys}
    keys = {"aws:viaawsservice": "false"}
    if kind is PrincipalKind.SERVICE:
        return keys | _service_keys(who)
    keys |= {
        "aws:principalisawsservice": "false",
        "aws:principaltype": _TYPES[kind],
        "aws:principalaccount": principal.account,
        "aws:principalarn": principal.role_arn or principal.arn,
        "aws:userid": principal.id,
    }
    if kind is PrincipalKind.USER:
        keys["aws:username"] = principal.arn.rsplit("/", 1)[-1]
    keys |= {f"aws:principaltag/{tag.lower()}": value for tag, value in who.tags.items()}
    if who.temporary is not None:
        keys |= _temporary_keys(who.temporary, has_mfa=kind is not PrincipalKind.FEDERATED_USER)
    return {**who.provider_keys, **keys} | _organization_keys("aws:principal", who.organization)


def _service_keys(who: Who) -> Keys:
    names = who.principal.names
    keys: Keys = {
        "aws:principalisawsservice": "true",
        "aws:principalservicename": names[0],
        "aws:principalservicenameslist": names,
    }
    source = who.source
    if source is None:
        return keys
    given = {"aws:sourcearn": source.arn, "aws:sourceaccount": source.account}
    return keys | _without_empty(given) | _organization_keys("aws:source", source.organization)


def _temporary_keys(temporary: Temporary, *, has_mfa: bool) -> Keys:
    keys: Keys = {key.lower(): value for key, value in temporary.set_by_service.items()}
    if not _SET_BY_SERVICE.issuperset(keys):
        raise ValueError(f"no key that a service sets on a session: {sorted(keys.keys() - _SET_BY_SERVICE)}")
    if temporary.issued_at is not None:
        keys["aws:tokenissuetime"] = _iso(temporary.issued_at)
    if temporary.mfa_known and has_mfa:
        keys["aws:multifactorauthpresent"] = _TRUTHS[temporary.mfa_at is not None]
    if temporary.is_assumed_root:
        keys["aws:assumedroot"] = "true"
    given = {
        "aws:sourceidentity": temporary.source_identity,
        "aws:federatedprovider": temporary.federated_provider,
    }
    return keys | _without_empty(given)


def _organization_keys(prefix: str, organization: Organization | None) -> Keys:
    if organization is None:
        return {}
    return _without_empty({f"{prefix}orgid": organization.id, f"{prefix}orgpaths": organization.paths})


# -- when and how


@lru_cache(maxsize=8)
def _time_keys(second: int) -> Keys:
    """Return the keys that tell when. Nobody changes the dict: it is kept, for most requests of a second ask for it."""
    return {"aws:currenttime": _iso(datetime.fromtimestamp(second, UTC)), "aws:epochtime": str(second)}


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _network_keys(network: Network) -> Keys:
    keys: Keys = {"aws:securetransport": _TRUTHS[network.secure]}
    if network.user_agent is not None:
        keys["aws:useragent"] = network.user_agent
    if network.referer is not None:
        keys["aws:referer"] = network.referer
    if network.endpoint is not None:
        return keys | _endpoint_keys(network.endpoint)
    if network.source_ip:
        keys["aws:sourceip"] = network.source_ip
    return keys


def _endpoint_keys(endpoint: Endpoint) -> Keys:
    given = {
        "aws:sourcevpce": endpoint.id,
        "aws:sourcevpc": endpoint.vpc,
        "aws:sourcevpcarn": endpoint.vpc_arn,
        "aws:vpcsourceip": endpoint.private_ip,
        "aws:vpceaccount": endpoint.account,
    }
    return _without_empty(given) | _organization_keys("aws:vpce", endpoint.organization)


def _forwarded_keys(forwarded: Forwarded, who: Who) -> Keys:
    """Return the keys of a call that somebody makes with the caller's credentials: a service's own is not forwarded."""
    keys: Keys = {}
    services = forwarded.services
    if services and who.principal.kind is not PrincipalKind.SERVICE:
        keys["aws:calledvia"] = services
        keys["aws:calledviafirst"], keys["aws:calledvialast"] = services[0], services[-1]
        keys["aws:viaawsservice"] = "true"
    if forwarded.mcp_server:
        keys["aws:calledviaawsmcp"] = forwarded.mcp_server
        keys["aws:viaawsmcpservice"] = "true"
    if forwarded.mcp_server or forwarded.is_mcp_action:
        keys["aws:ismcpserviceaction"] = _TRUTHS[forwarded.is_mcp_action]
    return keys


# -- on what


def _acted_keys(acted: Acted) -> Keys:
    keys: Keys = {"aws:resourceaccount": acted.account} if acted.account else {}
    if acted.organization is not None:
        keys.update(_organization_keys("aws:resource", acted.organization))
    for tag, value in acted.tags.items():
        for prefix in acted.tag_keys:
            keys[f"{prefix}/{tag}".lower()] = value
    return keys


def _without_empty(given: Mapping[str, Any]) -> Keys:
    return {key: value for key, value in given.items() if value}
