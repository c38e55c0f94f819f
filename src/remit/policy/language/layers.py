"""The layers of a decision: which policies take part, and what each of them can do to the answer.

A layer is a policy type in its role within one decision. Every backend reads these tables, so that how layers combine
is written once:

    BINDS       which layers bind which kind of caller; `binding` takes the exemptions off
    WAYS        how a caller can be granted something: every part of one way must hold
    GUARDRAILS  layers that grant nothing and must allow whatever was granted

Source: `policy-evaluation` reference, part 4; order in messages: M4.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from remit.policy.language.request import Principal, PrincipalKind, Request, Resource, ResourceKind


class Layer(StrEnum):
    """A policy type in a decision, by the names that case files and explanations use, in the order of messages (M4)."""

    SCP = "scp"
    RCP = "rcp"
    VPC_ENDPOINT = "vpc_endpoint"
    RESOURCE = "resource"
    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SESSION = "session"


class Named(StrEnum):
    """How a `Principal` names the caller; of several the first counts (P1 to P4, P8)."""

    DIRECT = "direct"
    ROLE = "role"  # the role behind a session, or the user who federated
    ACCOUNT = "account"


class Standing(StrEnum):
    """How the caller stands to the resource."""

    NO_ACCOUNT = "no account"
    OWN_ACCOUNT = "own account"
    OWN_ACCOUNT_POLICY_NEEDED = "own account, a role or a key"
    OTHER_ACCOUNT = "other account"


class Way(msgspec.Struct, frozen=True):
    """One way to be granted something.

    Attributes:
        named: a statement of the resource policy that allows must name the caller like this; empty: none is needed.
        layers: which must allow as well. One that does not bind the caller allows.
    """

    named: frozenset[Named]
    layers: tuple[Layer, ...]


# The layers that must allow (4.2, guardrails). Of the RCPs RCPFullAWSAccess always does (O2).
GUARDRAILS = (Layer.SCP, Layer.VPC_ENDPOINT)

# Layers whose statements say whom they mean; in the others a statement means whoever they bind.
WITH_PRINCIPAL = frozenset({Layer.RCP, Layer.VPC_ENDPOINT, Layer.RESOURCE})

_LIMITS = (Layer.BOUNDARY, Layer.SESSION)
_GRANTS = (Layer.IDENTITY, *_LIMITS)

# (4.2, grants; 4.3, W1, W4, K1 to K3, K6, K7.) The last way of each is the usual one: who is granted nothing is told
# what it lacks.
WAYS: Mapping[Standing, tuple[Way, ...]] = {
    Standing.NO_ACCOUNT: (Way(frozenset(Named), ()),),
    Standing.OWN_ACCOUNT: (
        Way(frozenset({Named.DIRECT}), ()),
        Way(frozenset({Named.ROLE}), _LIMITS),
        Way(frozenset(), _GRANTS),
    ),
    Standing.OWN_ACCOUNT_POLICY_NEEDED: (
        Way(frozenset({Named.DIRECT}), ()),
        Way(frozenset({Named.ROLE}), _LIMITS),
        Way(frozenset({Named.ACCOUNT}), _GRANTS),
    ),
    Standing.OTHER_ACCOUNT: (Way(frozenset(Named), _GRANTS),),
}

_WITHOUT_ACCOUNT = frozenset({Layer.RCP, Layer.VPC_ENDPOINT, Layer.RESOURCE})
_EVERY_LAYER = frozenset(Layer)

# (4.1; E3, E5.)
BINDS: Mapping[PrincipalKind, frozenset[Layer]] = {
    PrincipalKind.USER: _EVERY_LAYER,
    PrincipalKind.ROLE_SESSION: _EVERY_LAYER,
    PrincipalKind.FEDERATED_USER: _EVERY_LAYER,
    PrincipalKind.ROOT: _EVERY_LAYER - {Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION},
    PrincipalKind.SERVICE: _WITHOUT_ACCOUNT,
    PrincipalKind.OIDC: _WITHOUT_ACCOUNT,
    PrincipalKind.SAML: _WITHOUT_ACCOUNT,
    PrincipalKind.ANONYMOUS: _WITHOUT_ACCOUNT,
}

# Service prefixes on which RCPs act (O3, the list of mid 2026).
RCP_SERVICES = frozenset(
    {
        "aoss",
        "appconfig",
        "appstream",
        "autoscaling",
        "codebuild",
        "codecommit",
        "cognito-identity",
        "cognito-idp",
        "cognito-sync",
        "comprehend",
        "comprehendmedical",
        "dax",
        "dynamodb",
        "ecr",
        "health",
        "kinesisvideo",
        "kms",
        "logs",
        "s3",
        "secretsmanager",
        "signin",
        "sqs",
        "sts",
        "support",
        "textract",
        "transcribe",
        "translate",
    }
)

# Actions that need no permission and that no policy can deny (E6), and those that a bucket policy cannot keep from the
# root user of the bucket's account (K11).
_NEVER_DENIED = frozenset({"sts:getcalleridentity", "sts:getsessiontoken"})
_ROOT_KEEPS = frozenset({"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"})


def needs_no_permission(request: Request) -> bool:
    """Say whether the answer is yes whatever policies say (E6)."""
    return request.action.lower() in _NEVER_DENIED and request.principal.kind is not PrincipalKind.ANONYMOUS


def needs_session_policy(request: Request) -> bool:
    """Say whether a session without session policies may do nothing of its own: K15, K16."""
    return request.principal.kind is PrincipalKind.FEDERATED_USER or _is_assumed_root(request)


def standing(principal: Principal, resource: Resource) -> Standing:
    """Say how *principal* stands to *resource*; one without a known owner counts as the caller's own."""
    if BINDS[principal.kind] is _WITHOUT_ACCOUNT:
        return Standing.NO_ACCOUNT
    if resource.account not in ("", principal.account):
        return Standing.OTHER_ACCOUNT
    return Standing.OWN_ACCOUNT if resource.kind is ResourceKind.ORDINARY else Standing.OWN_ACCOUNT_POLICY_NEEDED


def binding(request: Request) -> frozenset[Layer]:
    """Return the layers whose policies take part, exemptions taken off."""
    principal, resource, action = request.principal, request.resource, request.action.lower()
    layers = BINDS[principal.kind]
    if principal.is_management_account:  # E1
        layers -= {Layer.SCP}
    if principal.is_service_linked_role:  # E2
        layers -= {Layer.SCP, Layer.RCP, Layer.BOUNDARY}
    if not _rcps_act_on(action) or rcps_leave_alone(resource):
        layers -= {Layer.RCP}
    if principal.kind is PrincipalKind.ROOT:
        if _is_assumed_root(request):  # K16: the task policy limits the session
            layers |= {Layer.SESSION}
        if action in _ROOT_KEEPS and resource.account == principal.account:  # K11
            layers -= {Layer.RESOURCE}
    return layers


def _is_assumed_root(request: Request) -> bool:
    return request.principal.kind is PrincipalKind.ROOT and request.context.get("aws:assumedroot") == "true"


def rcps_leave_alone(resource: Resource) -> bool:
    """Say whether no RCP acts on *resource*, whatever is done to it (E1, E4)."""
    is_linked_role = resource.kind is ResourceKind.ROLE and ":role/aws-service-role/" in resource.arn
    return resource.is_management_account or resource.is_aws_managed_key or is_linked_role


def _rcps_act_on(action: str) -> bool:
    return action.partition(":")[0] in RCP_SERVICES and action != "kms:retiregrant"  # E4
