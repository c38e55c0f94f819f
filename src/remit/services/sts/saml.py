"""AssumeRoleWithSAML: an assertion of a SAML provider becomes a session of a role.

Nobody signs the request: who asks is who the assertion says, and the trust policy decides.
Source: `iam-sts` reference, section 13.5.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from remit.arn import Arn
from remit.authz.saml_keys import name_qualifier, saml_keys
from remit.directory.facts import NotFound
from remit.directory.saml_providers import EncryptionMode, SamlProvider, private_keys_of, saml_provider
from remit.errors import AccessDenied, ServiceError, ValidationError
from remit.ids import AccountId
from remit.request import Call, Caller, CallerKind, Federation, Outside, Parsed, SessionKind
from remit.services.sts import shapes
from remit.services.sts.registry import operation
from remit.services.sts.role_sessions import DEFAULT_SECONDS, check_role_arn, give_role_session, named_role
from remit.slow_work import slowly
from remit.store import Transaction

_ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes"
_ROLE = f"{_ATTRIBUTES}/Role"
_ROLE_SESSION_NAME = f"{_ATTRIBUTES}/RoleSessionName"
_SOURCE_IDENTITY = f"{_ATTRIBUTES}/SourceIdentity"
_PRINCIPAL_TAG = f"{_ATTRIBUTES}/PrincipalTag:"
_TRANSITIVE_TAG_KEYS = f"{_ATTRIBUTES}/TransitiveTagKeys"
_NAME = re.compile(r"[a-zA-Z_0-9+=,.@-]{2,64}", re.ASCII)
_IDENTITY_CENTER_ROLE = "AWSReservedSSO_"


def _before(parsed: Parsed, tx: Transaction) -> None:
    del tx
    check_role_arn(parsed.input["RoleArn"])


def _identify(parsed: Parsed, tx: Transaction, slow_results: Mapping[str, Any], outside: Outside) -> Caller:
    del outside
    asked, at = parsed.input, parsed.signed.routed.at
    role: str = asked["RoleArn"]
    account = AccountId(Arn.parse(role).account)
    try:
        provider = saml_provider(tx, account, asked["PrincipalArn"])
    except NotFound:
        raise _invalid("Specified provider doesn't exist.") from None
    keys = private_keys_of(tx.keyring, provider)

    def verified() -> Any:
        from remit.authn.saml.assertion import Trusted, verify

        metadata = provider.metadata
        must_be_encrypted = provider.encryption is EncryptionMode.REQUIRED
        trusted = Trusted(provider.id, metadata.issuer, metadata.certificates, keys, must_be_encrypted)
        try:
            return verify(asked["SAMLAssertion"], trusted, at)
        except ServiceError as error:
            return error

    assertion = slowly(slow_results, "assertion", verified)
    if isinstance(assertion, ServiceError):
        raise assertion
    _check_role(assertion.attributes.get(_ROLE, ()), role, provider)
    return _caller(assertion, account, provider)


def _check_role(named: tuple[str, ...], role: str, provider: SamlProvider) -> None:
    """Refuse an assertion that does not offer the role, by the provider that the call names.

    Raises:
        AccessDenied: it does not, or the role is one of IAM Identity Center.
    """
    pairs = [{part.strip() for part in value.split(",")} for value in named]
    reserved = role.rsplit("/", 1)[-1].startswith(_IDENTITY_CENTER_ROLE)
    if {role, provider.arn} not in pairs or reserved:
        raise AccessDenied("Not authorized to perform sts:AssumeRoleWithSAML")


def _caller(assertion: Any, account: AccountId, provider: SamlProvider) -> Caller:
    qualifier = name_qualifier(assertion.issuer, account, provider.name)
    federation = Federation(
        provider=provider.arn,
        issuer=qualifier,
        subject=assertion.subject,
        asked=_asked(assertion.attributes),
        keys=saml_keys(
            recipient=assertion.recipient,
            issuer=assertion.issuer,
            subject=assertion.subject,
            subject_type=assertion.subject_type,
            qualifier=qualifier,
            document=f"{account}/{provider.name}",
            attributes=assertion.attributes,
        ),
        shown={
            "Subject": assertion.subject,
            "SubjectType": assertion.subject_type,
            "Issuer": assertion.issuer,
            "Audience": assertion.recipient,
            "NameQualifier": qualifier,
        },
        ends_at=assertion.session_ends_at,
    )
    return Caller(
        kind=CallerKind.SAML,
        account=AccountId(""),
        principal_id=f"{qualifier}:{assertion.subject}",
        federation=federation,
    )


def _asked(attributes: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Return what an assertion asks for as members of AssumeRole's input.

    Raises:
        ServiceError: InvalidIdentityToken.
    """
    names = attributes.get(_ROLE_SESSION_NAME, ())
    if not names:
        raise _invalid("RoleSessionName is required in AuthnResponse")
    if len(names) != 1 or _NAME.fullmatch(names[0]) is None:
        raise _invalid("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
    asked: dict[str, Any] = {"RoleSessionName": names[0]}
    identities = attributes.get(_SOURCE_IDENTITY, ())
    if identities:
        if len(identities) != 1 or _NAME.fullmatch(identities[0]) is None or identities[0].startswith("aws:"):
            raise _invalid('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"')
        asked["SourceIdentity"] = identities[0]
    tags = {
        name.removeprefix(_PRINCIPAL_TAG): values
        for name, values in attributes.items()
        if name.startswith(_PRINCIPAL_TAG)
    }
    if any(len(values) != 1 for values in tags.values()):
        raise _invalid("A session tag in AuthnResponse must have one value")
    if tags:
        asked["Tags"] = [{"Key": key, "Value": values[0]} for key, values in tags.items()]
    if attributes.get(_TRANSITIVE_TAG_KEYS):
        asked["TransitiveTagKeys"] = list(attributes[_TRANSITIVE_TAG_KEYS])
    return asked


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidIdentityToken", message)


@operation("AssumeRoleWithSAML", before=_before, identify=_identify)
def assume_role_with_saml(call: Call[shapes.AssumeRoleWithSAMLRequest], tx: Transaction) -> dict[str, Any]:
    """Give whoever a provider asserts something of temporary credentials of a role."""
    federation = call.caller.federation
    if federation is None:
        raise AssertionError("nobody vouched for who asks")
    role = named_role(tx, call.input["RoleArn"])
    seconds = call.input.get("DurationSeconds", DEFAULT_SECONDS)
    if seconds > role.session_seconds_max:
        raise ValidationError("Requested DurationSeconds exceeds MaxSessionDuration set for this role.")
    given = give_role_session(
        call,
        tx,
        role,
        SessionKind.SAML,
        {**call.input, **federation.asked},
        seconds=_until(federation.ends_at, call.at, seconds),
        source_identity=federation.asked.get("SourceIdentity", ""),
        provider=federation.provider,
        provider_keys=federation.keys,
    )
    return {**given, **federation.shown}


def _until(ends_at: datetime | None, at: datetime, seconds: int) -> int:
    """Return how long the session lives: no longer than the provider's own.

    Raises:
        ServiceError: ExpiredTokenException, the provider's session is over.
    """
    if ends_at is None:
        return seconds
    left = (ends_at - at) // timedelta(seconds=1)
    if left <= 0:
        raise ServiceError("ExpiredTokenException", "The session of the identity provider has expired")
    return min(seconds, left)
