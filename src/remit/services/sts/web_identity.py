"""AssumeRoleWithWebIdentity: a token of an OpenID Connect provider becomes a session of a role.

Nobody signs: who asks is who the token says, once it was verified, and the trust policy decides whether the provider's
word is enough.
Source: `iam-sts` reference, section 13.4; the numbers of the steps are those there.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import msgspec

from remit.arn import Arn
from remit.authz.provider_keys import web_identity_keys
from remit.directory.oidc_providers import find_oidc_provider
from remit.errors import ServiceError, ValidationError
from remit.ids import AccountId
from remit.request import Call, Caller, CallerKind, Federation, Outside, Parsed, SessionKind
from remit.services.sts import shapes
from remit.services.sts.registry import operation
from remit.services.sts.role_sessions import DEFAULT_SECONDS, check_role_arn, give_role_session, named_role
from remit.slow_work import slowly
from remit.store import Transaction

_TAGS = "https://aws.amazon.com/tags"
_SOURCE_IDENTITY = "https://aws.amazon.com/source_identity"
_SOURCE_IDENTITY_FORM = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_TAG_FORM = re.compile(r"[\w\s.:/=+\-@]*")
_TAG_KEY_MAX, _TAG_VALUE_MAX, _TAGS_MAX = 128, 256, 50
# Providers that every account believes, by the names that policies call them.
BUILT_IN = {
    f"{scheme}{name}": name
    for name in ("accounts.google.com", "cognito-identity.amazonaws.com")
    for scheme in ("https://", "")
}


class _Believed(msgspec.Struct, frozen=True):
    """A provider whose tokens the role's account believes.

    Attributes:
        name: what a `Federated` principal names.
        url: without scheme; condition keys begin with it.
        is_client: says whether a token may be made for this audience.
    """

    name: str
    url: str
    thumbprints: tuple[str, ...]
    is_client: Callable[[str], bool]


def _before(parsed: Parsed, tx: Transaction) -> None:
    del tx
    check_role_arn(parsed.input["RoleArn"])


def _identify(parsed: Parsed, tx: Transaction, slow_results: Mapping[str, Any], outside: Outside) -> Caller:
    from remit.authn.json_keys import Issuer, ask_for_keys, kept_keys
    from remit.authn.web_identity import read, verify

    asked = parsed.input
    at = parsed.signed.routed.at
    token = read(asked["WebIdentityToken"])  # (1)
    provider = _believed(tx, outside, asked["RoleArn"], token.issuer)
    issuer = Issuer(f"https://{provider.url}", provider.thumbprints)
    keys = kept_keys(outside, issuer, token.key_id, at)  # (2), (3)
    if keys is None:
        keys = slowly(slow_results, "keys", lambda: ask_for_keys(outside, issuer, token.key_id, at))
    claims = verify(token, keys, provider.is_client, at)  # (4), (5)
    federation = Federation(
        provider=provider.name,
        issuer=provider.name,
        subject=claims.subject,
        asked=_asked(claims.all, asked["RoleArn"]),  # (7)
        keys=web_identity_keys(provider.url, claims.audience, claims.original_audience, claims.all),
        shown={
            "SubjectFromWebIdentityToken": claims.subject,
            "Provider": claims.issuer,
            "Audience": claims.audience,
        },
    )
    return Caller(
        kind=CallerKind.WEB_IDENTITY,
        account=AccountId(""),
        principal_id=f"{provider.name}:{claims.audience}:{claims.subject}",
        federation=federation,
    )


def _believed(tx: Transaction, outside: Outside, role: str, issuer: str) -> _Believed:
    if issuer.startswith(outside.issuer_url("")):
        raise ServiceError("InvalidIdentityToken", "Tokens of GetWebIdentityToken are not accepted.")
    found = find_oidc_provider(tx, AccountId(Arn.parse(role).account), issuer.removeprefix("https://"))
    if found is not None and issuer == found.issuer:
        return _Believed(found.arn, found.url, found.thumbprints, lambda audience: audience in found.client_ids)
    name = BUILT_IN.get(issuer)
    if name is not None:
        return _Believed(name, name, (), bool)
    raise ServiceError("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {issuer}")


# -- what a token asks for


def _asked(claims: Mapping[str, Any], role: str) -> dict[str, Any]:
    """Return what a token asks for as members of AssumeRole's input.

    Raises:
        ServiceError: InvalidIdentityToken, it asks in a form that there is not.
    """
    asked: dict[str, Any] = {}
    tags, transitive = _tags(claims)
    if tags:
        asked["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    if transitive:
        asked["TransitiveTagKeys"] = transitive
    if _SOURCE_IDENTITY in claims:
        asked["SourceIdentity"] = _source_identity(claims[_SOURCE_IDENTITY])
    roles = claims.get("roles")
    if isinstance(roles, list):
        asked["RoleAuthorizedByIdp"] = "true" if role in cast("Sequence[Any]", roles) else "false"
    return asked


def _tags(claims: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Read the tags, which are in one object, or spread over claims whose names begin alike."""
    within: Any = claims.get(_TAGS, {})
    if not isinstance(within, dict):
        raise _malformed(_TAGS)
    said = cast("Mapping[str, Any]", within)
    given: Any = said.get("principal_tags", {})
    transitive: Any = said.get("transitive_tag_keys", claims.get(f"{_TAGS}/transitive_tag_keys", []))
    prefix = f"{_TAGS}/principal_tags/"
    spread = {name.removeprefix(prefix): value for name, value in claims.items() if name.startswith(prefix)}
    if not isinstance(given, dict) or not isinstance(transitive, list):
        raise _malformed(_TAGS)
    tags = {key: _tag_value(value) for key, value in {**cast("dict[str, Any]", given), **spread}.items()}
    keys = [key for key in cast("Sequence[Any]", transitive) if isinstance(key, str)]
    if (
        len(keys) != len(cast("Sequence[Any]", transitive))
        or len(tags) > _TAGS_MAX
        or not all(map(_is_tag, tags.items()))
    ):
        raise _malformed(_TAGS)
    return tags, keys


def _tag_value(value: Any) -> str:
    """Return the value of a tag, which stands alone or as the only one of a list."""
    values = cast("Sequence[Any]", value if isinstance(value, list) else (value,))
    if len(values) != 1 or not isinstance(values[0], str):
        raise _malformed(_TAGS)
    return values[0]


def _is_tag(tag: tuple[str, str]) -> bool:
    key, value = tag
    return (
        1 <= len(key) <= _TAG_KEY_MAX
        and len(value) <= _TAG_VALUE_MAX
        and _TAG_FORM.fullmatch(key) is not None
        and _TAG_FORM.fullmatch(value) is not None
    )


def _source_identity(value: Any) -> str:
    if not isinstance(value, str) or _SOURCE_IDENTITY_FORM.fullmatch(value) is None or value.startswith("aws:"):
        raise ServiceError(
            "InvalidIdentityToken", 'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'
        )
    return value


def _malformed(claim: str) -> ServiceError:
    return ServiceError("InvalidIdentityToken", f"The claim {claim} is malformed.")


# -- the session


@operation("AssumeRoleWithWebIdentity", before=_before, identify=_identify)
def assume_role_with_web_identity(
    call: Call[shapes.AssumeRoleWithWebIdentityRequest], tx: Transaction
) -> dict[str, Any]:
    """Give whoever a provider vouches for temporary credentials of a role."""
    federation = call.caller.federation
    if federation is None:
        raise AssertionError("nobody vouched for who asks")
    role = named_role(tx, call.input["RoleArn"])
    seconds = call.input.get("DurationSeconds", DEFAULT_SECONDS)
    if seconds > role.session_seconds_max:
        raise ValidationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    given = give_role_session(
        call,
        tx,
        role,
        SessionKind.WEB_IDENTITY,
        {**call.input, **federation.asked},
        seconds=seconds,
        source_identity=federation.asked.get("SourceIdentity", ""),
        provider=federation.provider,
        provider_keys=federation.keys,
    )
    return {**given, **federation.shown}
