"""Sessions of roles: what AssumeRole and its kin pass to a session, and how they answer.

The numbers of the steps are those of the `iam-sts` reference, section 13.2; tags are its section 13.3.
"""

import re
import zlib
from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from remit.arn import Arn
from remit.directory.attachments import policy_by_arn
from remit.directory.facts import NotFound
from remit.directory.roles import ROLES, Role
from remit.errors import ServiceError, ValidationError
from remit.ids import AccountId
from remit.policy import PolicyType, acceptance_failure
from remit.request import Call, Session, SessionKind
from remit.services.sts import shapes
from remit.services.sts.credentials import issue, new_session
from remit.store import Transaction

DEFAULT_SECONDS = 3_600
_POLICY_CHARACTERS_MAX = 2_048
_POLICY_ARNS_MAX = 10
# The room for session policies and tags, packed. AWS publishes neither its packing nor the room; with this one a policy
# of one statement takes about the 16 % that were recorded.
_PACKED_BYTES_MAX = 1_024
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/.+", re.ASCII | re.DOTALL)


class RoleSessionShape(TypedDict):
    """What the answers of AssumeRole and its kin have in common."""

    Credentials: shapes.Credentials
    AssumedRoleUser: shapes.AssumedRoleUser
    SessionTokenSize: int
    SessionTokenUtilization: int
    PackedPolicySize: NotRequired[int]
    SourceIdentity: NotRequired[str]


def check_role_arn(arn: str) -> None:
    """Refuse what is no ARN of a role: step 1.

    Raises:
        ValidationError: it is none.
    """
    if _ROLE_ARN.fullmatch(arn) is None:
        raise ValidationError(f"{arn} is invalid")


def named_role(tx: Transaction, arn: str) -> Role:
    """Find the role that the policies let the caller assume."""
    parsed = Arn.parse(arn)
    name = parsed.resource.rsplit("/", 1)[-1]
    role = tx.find(ROLES, "name", (parsed.account, name.lower()))
    if role is None or role.arn != arn:  # a role's name in an ARN is compared with case, and with its path
        raise AssertionError(f"the policies allowed {arn}, which does not exist")
    return role


def give_role_session(
    call: Call[Any],
    tx: Transaction,
    role: Role,
    kind: SessionKind,
    asked: Mapping[str, Any],
    *,
    seconds: int,
    source_identity: str,
    **carried: Any,
) -> RoleSessionShape:
    """Make a session of *role*, and return the answer.

    Args:
        asked: members of AssumeRole's input, wherever they come from.
        carried: further members of `Session`.

    Raises:
        ServiceError: InvalidParameterValue for the tags; MalformedPolicyDocument or PackedPolicyTooLarge.
        ValidationError: a policy is not there, or there are too many.
    """
    tags, transitive = session_tags(asked, call.caller.session)  # (6)
    policies, arns = session_policies(asked, tx, role.account)  # (7)
    packed = packed_percent(asked)
    session = new_session(
        kind,
        role.account,
        role.id,
        at=call.at,
        seconds=seconds,
        name=asked["RoleSessionName"],
        policies=policies,
        policy_arns=arns,
        tags=tags,
        transitive_tag_keys=transitive,
        source_identity=source_identity,
        assumed_by=call.caller.arn,
        **carried,
    )
    credentials, sizes = issue(call, tx, session, asked.get("MinimumSessionTokenSize", 0))
    response: RoleSessionShape = {
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


def session_tags(asked: Mapping[str, Any], calling: Session | None) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the session's tags, those that are passed on to it included, and the keys of those it passes on.

    Raises:
        ServiceError: InvalidParameterValue.
    """
    tags = {tag["Key"]: tag["Value"] for tag in asked.get("Tags", [])}
    folded = {key.lower() for key in tags}
    if len(folded) != len(asked.get("Tags", [])):
        raise invalid_parameter("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    if any(key.startswith("aws:") for key in folded):
        raise invalid_parameter("aws: prefixed tag key names are not allowed for external use.")
    transitive = tuple(asked.get("TransitiveTagKeys", ()))
    if any(key.lower() not in folded for key in transitive):
        raise invalid_parameter("The specified transitive tag key must be included in the requested tags.")
    if calling is None:
        return tags, transitive
    inherited = {key: calling.tags[key] for key in calling.transitive_tag_keys}
    if folded & {key.lower() for key in inherited}:
        raise invalid_parameter(
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from "
            "the calling session."
        )
    return {**inherited, **tags}, (*calling.transitive_tag_keys, *transitive)


def session_policies(
    asked: Mapping[str, Any], tx: Transaction, account: AccountId
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the session policies, documents and ARNs, that *asked* passes to a session in *account*.

    Raises:
        ServiceError: MalformedPolicyDocument.
        ValidationError: the document is too long, there are too many ARNs, or there is no such policy.
    """
    document: str | None = asked.get("Policy")
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
        _check_policy_arn(tx, account, arn)
    return () if document is None else (document,), arns


def _arns(asked: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(arn for descriptor in asked.get("PolicyArns", []) if (arn := descriptor.get("arn")) is not None)


def _check_policy_arn(tx: Transaction, account: AccountId, arn: str) -> None:
    try:
        policy_by_arn(tx, account, arn)
    except NotFound:
        raise ValidationError(f"Policy {arn} does not exist or is not attachable.") from None


def packed_percent(asked: Mapping[str, Any]) -> int:
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


def invalid_parameter(message: str) -> ServiceError:
    """Refuse a value that the model allows and STS does not."""
    return ServiceError("InvalidParameterValue", message)
