"""AssumeRoot: for a quarter of an hour, root of a member account, for one task.

The task's policy can only deny: the session is root, less everything outside the task.
Source: `iam-sts` reference, section 13.9.
"""

from remit.arn import Arn
from remit.directory.accounts import ACCOUNTS
from remit.directory.aws_managed import aws_managed_policy
from remit.directory.organizations import organization_of
from remit.directory.regions import is_region_usable
from remit.errors import AccessDenied, ValidationError
from remit.ids import AccountId
from remit.request import Call, CallerKind, Parsed, SessionKind
from remit.services.sts import shapes
from remit.services.sts.credentials import issue, new_session
from remit.services.sts.registry import operation
from remit.store import Transaction

_SECONDS = 900
_IAM = "iam.amazonaws.com"
_TASKS = "/root-task/"
# What a task's policy takes away from.
_EVERYTHING = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'


def account_of_target(target: str) -> AccountId | None:
    """Return the account that an id, or the ARN of a root user, names; None if *target* is neither."""
    if target.isascii() and target.isdigit() and len(target) == 12:  # noqa: PLR2004  # an account has twelve digits
        return AccountId(target)
    try:
        arn = Arn.parse(target)
    except ValueError:
        return None
    return AccountId(arn.account) if (arn.service, arn.resource) == ("iam", "root") else None


def _before(parsed: Parsed, tx: Transaction) -> None:
    del tx
    asked, caller = parsed.input, parsed.signed.caller
    if account_of_target(asked["TargetPrincipal"]) is None:
        raise ValidationError(f"{asked['TargetPrincipal']} is invalid")
    arn: str = asked["TaskPolicyArn"].get("arn", "")
    policy = aws_managed_policy(arn)
    if policy is None or policy.path != _TASKS:
        raise ValidationError(f"{arn} is not a task policy")
    if caller.kind is CallerKind.ROOT:
        raise AccessDenied("Root credentials may not be used to call AssumeRoot.")


@operation("AssumeRoot", before=_before)
def assume_root(call: Call[shapes.AssumeRootRequest], tx: Transaction) -> shapes.AssumeRootResponse:
    """Give the management account, or who administers IAM for it, root's credentials of a member account."""
    asked, caller = call.input, call.caller
    member = account_of_target(asked["TargetPrincipal"])
    if member is None:
        raise AssertionError("the target was checked before")
    _check_organization(call, tx, member)
    held = "" if caller.session is None else caller.session.source_identity
    session = new_session(
        SessionKind.ROOT,
        member,
        member,
        at=call.at,
        seconds=asked.get("DurationSeconds", _SECONDS) or _SECONDS,
        policies=(_EVERYTHING,),
        policy_arns=(asked["TaskPolicyArn"].get("arn", ""),),
        source_identity=held,
        assumed_by=caller.arn,
    )
    credentials, sizes = issue(call, tx, session, asked.get("MinimumSessionTokenSize", 0))
    response: shapes.AssumeRootResponse = {
        "Credentials": credentials,
        "SessionTokenSize": sizes["SessionTokenSize"],
        "SessionTokenUtilization": sizes["SessionTokenUtilization"],
    }
    if held:
        response["SourceIdentity"] = held
    return response


def _check_organization(call: Call[shapes.AssumeRootRequest], tx: Transaction, member: AccountId) -> None:
    """Refuse who does not manage the root users of *member*; why, nobody is told.

    Raises:
        AccessDenied: the caller's account does not administer IAM in an organization with that member, its feature for
            privileged root sessions is off, or the member has not enabled the region that was asked.
    """
    organization = organization_of(tx, call.account)
    known = tx.get(ACCOUNTS, member)
    if (
        organization is None
        or known is None
        or known.organization != organization.id
        or organization.is_managed_by(member)
        or not organization.root_sessions
        or not is_region_usable(tx, member, call.region, call.at)
        or not organization.is_administered_by(call.account, _IAM)
    ):
        raise AccessDenied(
            f"User: {call.caller.arn} is not authorized to perform: sts:AssumeRoot on resource: "
            f"arn:{call.partition}:iam::{member}:root"
        )
