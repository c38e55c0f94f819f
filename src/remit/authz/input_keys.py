"""Condition keys that a call's input gives values to: tags, boundaries, and the keys of each service.

Which operation has which keys is in `operations`; here is where their values stand.
Source: `policy-evaluation` reference, 3.4; `iam-sts` reference, 3.4 and 13.3.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from remit.authz.targets import Target
from remit.directory.signin_grants import REFRESH_PREFIX
from remit.policy import ContextValue

_Read = Callable[[Mapping[str, Any], Target], ContextValue | None]


def tag_keys(tags: Mapping[str, str], taken_away: Iterable[str] = ()) -> dict[str, ContextValue]:
    """Return the keys of a request that gives *tags*, and takes the tags with these keys away."""
    keys: dict[str, ContextValue] = {f"aws:requesttag/{key.lower()}": value for key, value in tags.items()}
    named = (*tags, *taken_away)
    if named:
        keys["aws:tagkeys"] = named
    return keys


def _given(*members: str) -> _Read:
    """Read the first of *members* that is there."""

    def read(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
        del target
        value = next((asked[member] for member in members if asked.get(member) is not None), None)
        return value if value is None or isinstance(value, str) else str(value)

    return read


def _all(member: str, *, of: str = "") -> _Read:
    """Read a list: its items, or the member *of* each."""

    def read(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
        del target
        return tuple(item[of] if of else item for item in asked.get(member, ())) or None

    return read


def _within(member: str, of: str) -> _Read:
    """Read the member *of* a structure."""

    def read(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
        del target
        value: str | None = asked.get(member, {}).get(of)
        return value

    return read


def _of_token(member: str) -> _Read:
    """Read a member of a request for a token: of the structure that the request is, or of the request itself."""

    def read(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
        del target
        value: str | None = asked.get("tokenInput", asked).get(member)
        return value

    return read


def _client_authentication(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
    # A public client has nothing to show; whoever asks for themselves signs.
    del target
    if "tokenInput" in asked:
        return "none"
    return "iam" if "grantType" in asked else None


def _token_type(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
    del target
    if "token" not in asked:
        return None
    return "refresh_token" if asked["token"].startswith(REFRESH_PREFIX) else "access_token"


def _boundary(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
    # Of Create and Put it is the one that is asked for, else the one in place.
    return asked.get("PermissionsBoundary") or target.boundary or None


def _namespaces(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
    del target
    return tuple({key.partition("/")[0]: None for key in asked.get("Properties", ())}) or None


def _mfa(value: str) -> _Read:
    """Read from a code of an MFA device that its caller has the device: STS has checked it before it asks."""

    def read(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
        del target
        return value if "TokenCode" in asked else None

    return read


def _domain(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
    del target
    email: str = asked.get("PrimaryEmail", "")
    return email.rpartition("@")[2] or None


def _one(member: str) -> _Read:
    """Read a member into a key of several values."""

    def read(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
        del target
        value = asked.get(member)
        return None if value is None else (str(value),)

    return read


def _propagates(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
    del target
    return "true" if "ContextProvider" in asked else None


def _owner(asked: Mapping[str, Any], target: Target) -> ContextValue | None:
    return asked.get("OwnerId") or target.owner or None


# Condition key, as the authorization data names it -> what gives its value.
_READS: dict[str, _Read] = {
    "account:AlternateContactTypes": _one("AlternateContactType"),
    "account:EmailTargetDomain": _domain,
    "account:TargetRegion": _given("RegionName"),
    "aws:MultiFactorAuthAge": _mfa("0"),
    "aws:MultiFactorAuthPresent": _mfa("true"),
    "iam:AWSServiceName": _given("AWSServiceName"),
    "iam:AccountPropertyNamespaces": _namespaces,
    "iam:DelegationRequestOwner": _owner,
    "iam:DelegationDuration": _given("SessionDuration"),
    "iam:EnableIdentityPropagation": _propagates,
    "iam:NotificationChannel": _given("NotificationChannel"),
    "iam:OrganizationsPolicyId": _given("OrganizationsPolicyId"),
    "iam:PermissionsBoundary": _boundary,
    "iam:PolicyARN": _given("PolicyArn"),
    "iam:ServiceSpecificCredentialAgeDays": _given("CredentialAgeDays"),
    "iam:ServiceSpecificCredentialServiceName": _given("ServiceName"),
    "iam:TemplateArn": _within("Permissions", "PolicyTemplateArn"),
    "organizations:PolicyType": _given("PolicyType", "Type", "Filter"),
    "organizations:ServicePrincipal": _given("ServicePrincipal"),
    "organizations:TransferType": _given("Type"),
    "signin:OAuthClientAuthentication": _client_authentication,
    "signin:OAuthClientId": _of_token("clientId"),
    "signin:OAuthGrantType": _of_token("grantType"),
    "signin:OAuthRedirectUri": _of_token("redirectUri"),
    "signin:OAuthTokenType": _token_type,
    "sts:DurationSeconds": _given("DurationSeconds"),
    "sts:ExternalId": _given("ExternalId"),
    "sts:IdentityTokenAudience": _all("Audience"),
    "sts:RequestContextProviders": _all("ProvidedContexts", of="ProviderArn"),
    "sts:RoleAuthorizedByIdp": _given("RoleAuthorizedByIdp"),
    "sts:RoleSessionName": _given("RoleSessionName"),
    "sts:SigningAlgorithm": _given("SigningAlgorithm"),
    "sts:SourceIdentity": _given("SourceIdentity"),
    "sts:TaskPolicyArn": _within("TaskPolicyArn", "arn"),
    "sts:TransitiveTagKeys": _all("TransitiveTagKeys"),
}
_TAG_KEYS = frozenset({"aws:RequestTag", "aws:TagKeys"})
# What operations call the keys of tags that they take away.
_TAKEN_AWAY = ("TagKeys", "tagKeys", "ResourceTagKeys", "resourceTagKeys")
# Keys that the authorization data lists for operations whose input gives them no value: AcquireRole gives the template
# of a role itself, and security keys are registered by the console's requests (`endpoint.security_keys`).
ABSENT_KEYS = frozenset(
    {
        "iam:FIDO-FIPS-140-2-certification",
        "iam:FIDO-FIPS-140-3-certification",
        "iam:FIDO-certification",
        "iam:RegisterSecurityKey",
        "iam:RoleTemplateARN",
    }
)
INPUT_KEYS = frozenset(_READS) | _TAG_KEYS


def input_keys(keys: tuple[str, ...], asked: Mapping[str, Any], target: Target) -> dict[str, ContextValue]:
    """Return the keys that the input *asked* gives values to, out of those that the operation has."""
    found: dict[str, ContextValue] = {}
    for key in keys:
        if key in _TAG_KEYS:
            found |= _tags(asked)
            continue
        read = _READS.get(key)
        value = None if read is None else read(asked, target)
        if value is None:
            value = target.keys.get(key)
        if value is not None:
            found[key.lower()] = value
    return found


def _tags(asked: Mapping[str, Any]) -> dict[str, ContextValue]:
    # A list of keys and values where the service is an old one, a map where it is new.
    listed = {tag["Key"]: tag["Value"] for tag in (*asked.get("Tags", ()), *asked.get("ResourceTags", ()))}
    listed |= {tag["key"]: tag.get("value", "") for tag in asked.get("resourceTags", ())}
    taken = [key for member in _TAKEN_AWAY for key in asked.get(member, ())]
    return tag_keys({**listed, **asked.get("tags", {})}, taken)
