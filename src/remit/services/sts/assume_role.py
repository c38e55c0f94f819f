"""AssumeRole: what a caller, whom the trust policy lets in, gets.

Whether it is let in is `authz`'s business: the trust policy is a resource policy of the role.
Source: `iam-sts` reference, sections 13.1 to 13.3; the numbers of the steps are those of 13.2.
"""

import re
import zlib

from remit.arn import Arn
from remit.directory.attachments import policy_by_arn
from remit.directory.facts import NotFound
from remit.directory.roles import ROLES, Role
from remit.errors import AccessDenied, ServiceError, ValidationError
from remit.ids import AccountId
from remit.policy import PolicyType, acceptance_failure
from remit.request import Call, CallerKind, Parsed, Session, SessionKind
from remit.services.sts import shapes
from remit.services.sts.credentials import issue, knows_mfa, new_session
from remit.services.sts.mfa import check_mfa, proven_at
from remit.services.sts.registry import operation
from remit.store import Transaction

_DEFAULT_SECONDS = 3_600
_CHAINED_SECONDS_MAX = 3_600
_POLICY_CHARACTERS_MAX = 2_048
_POLICY_ARNS_MAX = 10
# The room for session policies and tags, packed. AWS publishes neither its packing nor the room; with this one a policy
# of one statement takes about the 16 % that were recorded.
_PACKED_BYTES_MAX = 1_024
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/.+", re.ASCII | re.DOTALL)


def _before(parsed: Parsed, tx: Transaction) -> None:
    # (1) the ARN
    arn: str = parsed.input["RoleArn"]
    if _ROLE_ARN.fullmatch(arn) is None:
        raise ValidationError(f"{arn} is invalid")
    # (2) MFA
    check_mfa(parsed, tx)
    # (3) root
    if parsed.signed.caller.kind is CallerKind.ROOT:
        raise AccessDenied("Roles may not be assumed by root accounts.")


@operation("AssumeRole", before=_before)
def assume_role(call: Call[shapes.AssumeRoleRequest], tx: Transaction) -> shapes.AssumeRoleResponse:
    """Give the caller temporary credentials of a role."""
    asked = call.input
    role = _role(tx, asked["RoleArn"])
    seconds = _seconds(call, role)  # (5)
    tags, transitive = _tags(asked, call.caller.session)  # (6)
    policies, arns = _policies(asked, tx, role)  # (7)
    packed = _packed_percent(asked)
    source_identity = _source_identity(call)
    session = new_session(
        SessionKind.ROLE,
        role.account,
        role.id,
        at=call.at,
        seconds=seconds,
        name=asked["RoleSessionName"],
        mfa_known=knows_mfa(call.caller),
        mfa_at=proven_at(asked, call.at),
        policies=policies,
        policy_arns=arns,
        tags=tags,
        transitive_tag_keys=transitive,
        source_identity=source_identity,
        assumed_by=call.caller.arn,
    )
    credentials, sizes = issue(tx, session, asked.get("MinimumSessionTokenSize", 0))
    response: shapes.AssumeRoleResponse = {
        "Credentials": credentials,
        "AssumedRoleUser": {
            "AssumedRoleId": f"{role.id}:{session.name}",
            "Arn": f"arn:{role.partition}:sts::{role.account}:assumed-role/{role.name}/{session.name}",
        },
        "SessionTokenSize": sizes["SessionTokenSize"],
        "SessionTokenUtilization": sizes["SessionTokenUtilization"],
    }
    if packed:
        response["PackedPolicySize"] = packed
    if source_identity:
        response["SourceIdentity"] = source_identity
    return response


def _role(tx: Transaction, arn: str) -> Role:
    parsed = Arn.parse(arn)
    name = parsed.resource.rsplit("/", 1)[-1]
    role = tx.find(ROLES, "name", (parsed.account, name.lower()))
    if role is None or role.arn != arn:  # a role's name in an ARN is compared with case, and with its path
        raise AssertionError(f"the policies allowed {arn}, which does not exist")
    return role


def _seconds(call: Call[shapes.AssumeRoleRequest], role: Role) -> int:
    chained = call.caller.session is not None
    seconds = call.input.get("DurationSeconds")
    if seconds is None:
        return _DEFAULT_SECONDS
    if chained and seconds > _CHAINED_SECONDS_MAX:
        raise ValidationError(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        )
    if seconds > role.session_seconds_max:
        raise ValidationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    return seconds


def _tags(asked: shapes.AssumeRoleRequest, calling: Session | None) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the session's tags, those that are passed on to it included, and the keys of those it passes on."""
    tags = {tag["Key"]: tag["Value"] for tag in asked.get("Tags", [])}
    folded = {key.lower() for key in tags}
    if len(folded) != len(asked.get("Tags", [])):
        raise _invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    if any(key.startswith("aws:") for key in folded):
        raise _invalid("aws: prefixed tag key names are not allowed for external use.")
    transitive = tuple(asked.get("TransitiveTagKeys", ()))
    if any(key.lower() not in folded for key in transitive):
        raise _invalid("The specified transitive tag key must be included in the requested tags.")
    if calling is None:
        return tags, transitive
    inherited = {key: calling.tags[key] for key in calling.transitive_tag_keys}
    if folded & {key.lower() for key in inherited}:
        raise _invalid(
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from "
            "the calling session."
        )
    return {**inherited, **tags}, (*calling.transitive_tag_keys, *transitive)


def _policies(asked: shapes.AssumeRoleRequest, tx: Transaction, role: Role) -> tuple[tuple[str, ...], tuple[str, ...]]:
    document = asked.get("Policy")
    arns = _arns(asked)
    if document is not None:
        failure = acceptance_failure(document, PolicyType.SESSION)
        if failure is not None:
            raise ServiceError("MalformedPolicyDocument", failure)
        if len(document) > _POLICY_CHARACTERS_MAX:
            raise ValidationError(
                f"1 validation error detected: Value '{document}' at 'policy' failed to satisfy constraint: "
                f"Member must have length less than or equal to {_POLICY_CHARACTERS_MAX}"
            )
    if len(arns) > _POLICY_ARNS_MAX:
        raise ValidationError(
            "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_POLICY_ARNS_MAX}"
        )
    for arn in arns:
        _check_policy_arn(tx, role.account, arn)
    return () if document is None else (document,), arns


def _arns(asked: shapes.AssumeRoleRequest) -> tuple[str, ...]:
    return tuple(arn for descriptor in asked.get("PolicyArns", []) if (arn := descriptor.get("arn")) is not None)


def _check_policy_arn(tx: Transaction, account: AccountId, arn: str) -> None:
    try:
        policy_by_arn(tx, account, arn)
    except NotFound:
        raise ValidationError(f"Policy {arn} does not exist or is not attachable.") from None


def _packed_percent(asked: shapes.AssumeRoleRequest) -> int:
    """Return how much of the room the session policies and tags take, in percent; 0 when there are none.

    Raises:
        ServiceError: PackedPolicyTooLarge.
    """
    tags = [f"{tag['Key']}={tag['Value']}" for tag in asked.get("Tags", [])]
    policies = [asked.get("Policy", ""), *_arns(asked)]
    if not tags and not any(policies):
        return 0
    packed = len(zlib.compress("\n".join([*policies, *tags]).encode(), 9))
    percent = max(1, -(-packed * 100 // _PACKED_BYTES_MAX))
    if percent > 100:  # noqa: PLR2004  # per cent
        raise ServiceError(
            "PackedPolicyTooLarge",
            f"Packed policy consumes {percent}% of allotted space, please use smaller policy."
            if any(policies)
            else f"Packed size of session tags consumes {percent}% of allotted space.",
        )
    return percent


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
        raise _invalid("Source Identity must not begin with aws:")
    return held or asked


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidParameterValue", message)
