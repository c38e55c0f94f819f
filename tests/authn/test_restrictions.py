"""What temporary credentials may never call. Source: `iam-sts` reference, section 13.1."""

import pytest
from authn.conftest import ACCOUNT, NOW
from authn.signer import routed

from remit.authn import check_session
from remit.errors import AccessDenied, InvalidClientTokenId
from remit.ids import Secret
from remit.request import Caller, CallerKind, HttpRequest, Session, SessionKind, Signed

ROLE, SESSION_TOKEN, FEDERATION = SessionKind.ROLE, SessionKind.SESSION_TOKEN, SessionKind.FEDERATION


def call(service: str, operation: str, kind: SessionKind | None, *, mfa: bool = False) -> None:
    held = None if kind is None else Session(
        kind=kind,
        access_key_id="ASIA",
        secret=Secret("s"),
        account=ACCOUNT,
        issuer_id="AIDA",
        issued_at=NOW,
        expires_at=NOW,
        mfa_at=NOW if mfa else None,
    )  # fmt: skip
    caller = Caller(kind=CallerKind.USER, account=ACCOUNT, session=held)
    http = HttpRequest("POST", "/", "", {}, b"", "127.0.0.1")
    check_session(Signed(routed(http, service, operation=operation), caller, "us-east-1", b""))


@pytest.mark.parametrize(
    ("service", "operation", "kind", "mfa"),
    [
        ("iam", "ListUsers", None, False),
        ("sts", "GetSessionToken", None, False),
        ("sts", "GetFederationToken", None, False),
        ("iam", "ListUsers", ROLE, False),
        ("sts", "AssumeRole", ROLE, False),
        ("sts", "GetCallerIdentity", ROLE, False),
        ("sts", "GetAccessKeyInfo", ROLE, False),
        ("iam", "ListUsers", SESSION_TOKEN, True),
        ("sts", "AssumeRole", SESSION_TOKEN, False),
        ("sts", "GetCallerIdentity", SESSION_TOKEN, False),
        ("sts", "GetCallerIdentity", FEDERATION, False),
        ("sts", "GetScopedCredentials", ROLE, False),
        ("sts", "GetScopedCredentials", SESSION_TOKEN, False),
        ("sts", "GetScopedCredentials", FEDERATION, False),
        ("organizations", "ListAccounts", SESSION_TOKEN, False),
        ("cloudtrail", "LookupEvents", FEDERATION, False),
    ],
)
def test_a_session_may_call(service: str, operation: str, kind: SessionKind | None, mfa: bool) -> None:  # noqa: FBT001  # a table's column
    call(service, operation, kind, mfa=mfa)


@pytest.mark.parametrize(("kind", "mfa"), [(SESSION_TOKEN, False), (FEDERATION, False), (FEDERATION, True)])
def test_iam_takes_no_such_session(kind: SessionKind, mfa: bool) -> None:  # noqa: FBT001  # a table's column
    with pytest.raises(InvalidClientTokenId, match="The security token included in the request is invalid"):
        call("iam", "ListUsers", kind, mfa=mfa)


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("GetSessionToken", ROLE),
        ("GetFederationToken", ROLE),
        ("GetSessionToken", SESSION_TOKEN),
        ("GetFederationToken", SESSION_TOKEN),
        ("GetAccessKeyInfo", SESSION_TOKEN),
        ("DecodeAuthorizationMessage", SESSION_TOKEN),
        ("GetSessionToken", FEDERATION),
        ("GetFederationToken", FEDERATION),
        ("AssumeRole", FEDERATION),
        ("GetAccessKeyInfo", FEDERATION),
    ],
)
def test_sts_refuses_the_operation(operation: str, kind: SessionKind) -> None:
    with pytest.raises(AccessDenied) as refusal:
        call("sts", operation, kind, mfa=True)

    assert refusal.value.message == f"Cannot call {operation} with session credentials"
