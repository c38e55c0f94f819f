"""AssumeRole: what a caller, whom the trust policy lets in, gets.

Whether it is let in is `authz`'s business: the trust policy is a resource policy of the role.
Source: `iam-sts` reference, sections 13.1 to 13.3; the numbers of the steps are those of 13.2.
"""

from remit.directory.regions import is_region_usable
from remit.directory.roles import Role
from remit.errors import AccessDenied, ValidationError
from remit.request import Call, CallerKind, Parsed, SessionKind
from remit.services.sts import shapes
from remit.services.sts.credentials import knows_mfa
from remit.services.sts.mfa import check_mfa, proven_at
from remit.services.sts.registry import operation
from remit.services.sts.role_sessions import (
    DEFAULT_SECONDS,
    check_role_arn,
    give_role_session,
    invalid_parameter,
    named_role,
)
from remit.store import Transaction

_ACTION = "sts:AssumeRole"
_CHAINED_SECONDS_MAX = 3_600


def _before(parsed: Parsed, tx: Transaction) -> None:
    check_role_arn(parsed.input["RoleArn"])  # (1)
    check_mfa(parsed, tx)  # (2)
    # (3) root
    if parsed.signed.caller.kind is CallerKind.ROOT:
        raise AccessDenied("Roles may not be assumed by root accounts.")


@operation("AssumeRole", before=_before)
def assume_role(call: Call[shapes.AssumeRoleRequest], tx: Transaction) -> shapes.AssumeRoleResponse:
    """Give the caller temporary credentials of a role.

    Raises:
        AccessDenied: the role's account has not enabled the region that was asked, whoever the caller is.
    """
    asked = call.input
    role = named_role(tx, asked["RoleArn"])
    if not is_region_usable(tx, role.account, call.region, call.at):
        raise AccessDenied(f"User: {call.caller.arn} is not authorized to perform: {_ACTION} on resource: {role.arn}")
    seconds = _seconds(call, role)  # (5)
    given = give_role_session(
        call,
        tx,
        role,
        SessionKind.ROLE,
        asked,
        seconds=seconds,
        source_identity=_source_identity(call),
        mfa_known=knows_mfa(call.caller),
        mfa_at=proven_at(asked, call.at),
    )
    return {**given}


def _seconds(call: Call[shapes.AssumeRoleRequest], role: Role) -> int:
    chained = call.caller.session is not None
    seconds = call.input.get("DurationSeconds")
    if seconds is None:
        return DEFAULT_SECONDS
    if chained and seconds > _CHAINED_SECONDS_MAX:
        raise ValidationError(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        )
    if seconds > role.session_seconds_max:
        raise ValidationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    return seconds


def _source_identity(call: Call[shapes.AssumeRoleRequest]) -> str:
    """Return the source identity of the new session: once set it is kept through a chain and cannot be changed."""
    asked = call.input.get("SourceIdentity", "")
    held = "" if call.caller.session is None else call.caller.session.source_identity
    if held and asked not in ("", held):
        raise AccessDenied(
            f"User: {call.caller.arn} is not authorized to perform: sts:SetSourceIdentity on resource: "
            f"{call.input['RoleArn']}"
        )
    if asked.lower().startswith("aws:"):
        raise invalid_parameter("Source Identity must not begin with aws:")
    return held or asked
