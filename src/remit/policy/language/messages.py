"""What a refused caller is told, in AWS's words.

Source: `policy-evaluation` reference, M1 to M5; `iam-sts` reference, 3.1.
"""

from collections.abc import Mapping

from remit.policy.language.decision import Decision, Verdict
from remit.policy.language.layers import Layer
from remit.policy.language.request import ResourceKind

# With the article that an explicit deny puts before it.
_NAMES: Mapping[Layer, tuple[str, str]] = {
    Layer.SCP: ("a", "service control policy"),
    Layer.RCP: ("a", "resource control policy"),
    Layer.VPC_ENDPOINT: ("a", "VPC endpoint policy"),
    Layer.RESOURCE: ("a", "resource-based policy"),
    Layer.IDENTITY: ("an", "identity-based policy"),
    Layer.BOUNDARY: ("a", "permissions boundary"),
    Layer.SESSION: ("a", "session policy"),
}
_TRUST_POLICY = ("the", "role trust policy")
# An explicit deny of these names the policy when it has an ARN (M3).
_NAMED_BY_ARN = frozenset({Layer.SCP, Layer.RCP, Layer.BOUNDARY, Layer.SESSION, Layer.IDENTITY})


def reason(decision: Decision, action: str, resource_kind: ResourceKind = ResourceKind.ORDINARY) -> str:
    """Say why *decision* refuses *action*: the clause that ends the message; empty for an allow.

    Of several layers the first is named (M4), and its first policy that denies (M3).
    """
    if decision.is_allowed:
        return ""
    cause = decision.causes[0]
    explicit = decision.verdict is Verdict.EXPLICIT_DENY
    policy_arn = next((match.policy.arn for match in decision.denies if match.layer is cause), "")
    return _clause(action, cause, explicit=explicit, policy_arn=policy_arn, resource_kind=resource_kind)


def access_denied_message(
    principal_arn: str,
    action: str,
    resource: str,
    *,
    cause: Layer | None,
    explicit: bool,
    policy_arn: str = "",
    resource_kind: ResourceKind = ResourceKind.ORDINARY,
) -> str:
    """Write the text of an AccessDenied error.

    Args:
        principal_arn: of the session for sessions.
        resource: as the service prints it; empty for services that leave the clause out.
        cause: None when the caller may not know, as in another organization (M5).
        policy_arn: of the policy that denies explicitly; empty for inline ones and where it is not to be named.
        resource_kind: a role's own policy is its trust policy.
    """
    message = f"User: {principal_arn} is not authorized to perform: {action}"
    if resource:
        message += f" on resource: {resource}"
    if cause is None:
        return message
    return f"{message} {_clause(action, cause, explicit=explicit, policy_arn=policy_arn, resource_kind=resource_kind)}"


def _clause(action: str, cause: Layer, *, explicit: bool, policy_arn: str, resource_kind: ResourceKind) -> str:
    is_trust_policy = cause is Layer.RESOURCE and resource_kind is ResourceKind.ROLE
    article, name = _TRUST_POLICY if is_trust_policy else _NAMES[cause]
    if not explicit:
        return f"because no {name} allows the {action} action"
    which = f": {policy_arn}" if policy_arn and cause in _NAMED_BY_ARN else ""
    return f"with an explicit deny in {article} {name}{which}"
