"""Callers in the engine's terms: what the directory and the session know of who signed.

Source: `policy-evaluation` reference, 2.3 (table of callers) and 3.4.
"""

from collections.abc import Mapping

import msgspec

from remit.authn.kept import Kept
from remit.authz.belonging import Belonging, belonging
from remit.authz.facts import Temporary, Who
from remit.directory.roles import SERVICE_LINKED_PATH
from remit.policy import Principal, PrincipalKind
from remit.request import Caller, CallerKind, Session, SessionKind
from remit.store import Transaction

_KINDS = {
    CallerKind.ROOT: PrincipalKind.ROOT,
    CallerKind.USER: PrincipalKind.USER,
    CallerKind.ROLE_SESSION: PrincipalKind.ROLE_SESSION,
    CallerKind.FEDERATED_USER: PrincipalKind.FEDERATED_USER,
    CallerKind.WEB_IDENTITY: PrincipalKind.OIDC,
    CallerKind.SAML: PrincipalKind.SAML,
    CallerKind.ANONYMOUS: PrincipalKind.ANONYMOUS,
}
_KEPT = 4_096


class _Known(msgspec.Struct, frozen=True):
    caller: Caller
    belonging: Belonging | None
    who: Who


_known: Kept[str, _Known] = Kept(_KEPT)


def who_of(tx: Transaction, caller: Caller) -> Who:
    """Return who *caller* is; the same value while `authn` gives out the same caller, in the same place."""
    known = _known.get(caller.access_key_id)
    there = belonging(tx, caller.account)
    if known is None or known.caller is not caller or known.belonging is not there:
        known = _known.keep(caller.access_key_id, _Known(caller, there, _who(caller, there)))
    return known.who


def _who(caller: Caller, there: Belonging | None) -> Who:
    session = caller.session
    return Who(
        principal=principal(caller, is_management_account=there is not None and there.is_management),
        tags=caller.tags,
        organization=None if there is None else there.organization,
        provider_keys=_provider_keys(caller),
        temporary=None if session is None else _temporary(session),
    )


def _provider_keys(caller: Caller) -> Mapping[str, str | tuple[str, ...]]:
    if caller.federation is not None:
        return caller.federation.keys
    return {} if caller.session is None else caller.session.provider_keys


def principal(caller: Caller, *, is_management_account: bool = False) -> Principal:
    """Say by which names policies may mean *caller*."""
    is_session = caller.kind is CallerKind.ROLE_SESSION
    is_federated = caller.kind is CallerKind.FEDERATED_USER
    return Principal(
        kind=_KINDS[caller.kind],
        arn=caller.arn,
        account=caller.account,
        id=caller.principal_id,
        role_arn=caller.issuer_arn if is_session else "",
        role_id=caller.entity_id if is_session else "",
        user_arn=_federating_user(caller) if is_federated else "",
        user_id=caller.entity_id if is_federated and caller.name else "",
        provider="" if caller.federation is None else caller.federation.provider,
        is_management_account=is_management_account,
        is_service_linked_role=is_session and caller.path.startswith(SERVICE_LINKED_PATH),
    )


def _federating_user(caller: Caller) -> str:
    name = f"user{caller.path}{caller.name}" if caller.name else "root"
    return f"arn:{caller.partition}:iam::{caller.account}:{name}"


def _temporary(session: Session) -> Temporary:
    return Temporary(
        issued_at=session.issued_at,
        mfa_known=session.mfa_known,
        mfa_at=session.mfa_at,
        source_identity=session.source_identity,
        federated_provider=session.provider if session.kind is SessionKind.WEB_IDENTITY else "",
        # What the root user lends is limited by the policy it was asked for, as a session of AssumeRoot is by its task.
        is_assumed_root=session.kind is SessionKind.ROOT
        or (session.kind is SessionKind.DELEGATED and session.issuer_id == session.account),
    )
