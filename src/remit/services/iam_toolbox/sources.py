"""The policies that took part in a refusal: what each is, where it was attached, and the name it goes by here.

INVARIANT: nothing that another account keeps is told, nor follows from what is: neither the policies that guard a
resource there, nor its tags, nor whether there is one. Who was refused there and allowed by their own side learns that
the other side did not allow it, which is no news, and not why.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from remit.authz import Question
from remit.policy import Layer, Policies, Policy, Request


class PolicyType(StrEnum):
    """The types of policies, as IAM Toolbox calls them."""

    SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
    RESOURCE_CONTROL = "RESOURCE_CONTROL_POLICY"
    VPC_ENDPOINT = "VPC_ENDPOINT_POLICY"
    RESOURCE = "RESOURCE_BASED_POLICY"
    IDENTITY = "IDENTITY_BASED_POLICY"
    BOUNDARY = "PERMISSIONS_BOUNDARY"
    SESSION = "SESSION_POLICY"


TYPES = {
    Layer.SCP: PolicyType.SERVICE_CONTROL,
    Layer.RCP: PolicyType.RESOURCE_CONTROL,
    Layer.VPC_ENDPOINT: PolicyType.VPC_ENDPOINT,
    Layer.RESOURCE: PolicyType.RESOURCE,
    Layer.IDENTITY: PolicyType.IDENTITY,
    Layer.BOUNDARY: PolicyType.BOUNDARY,
    Layer.SESSION: PolicyType.SESSION,
}
_TAG_OF_RESOURCE = "resourcetag/"
_ON_THE_CALLER = frozenset({Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION})


class Source(msgspec.Struct, frozen=True):
    """A policy that took part.

    Attributes:
        uri: its ARN; of one without ARN an id that means something within this refusal only.
        attached_to: an ARN; empty when it is not known.
    """

    policy: Policy
    layer: Layer
    uri: str
    attached_to: str


def is_foreign(request: Request) -> bool:
    """Say whether the resource belongs to another account than the caller."""
    return request.resource.account not in ("", request.principal.account)


def own_side(question: Question) -> Question:
    """Return what the caller's account may know of *question*: its policies, and a resource without tags."""
    request, policies = question.request, question.policies
    if not is_foreign(request):
        return question
    context = {key: value for key, value in request.context.items() if _TAG_OF_RESOURCE not in key}
    return msgspec.structs.replace(
        question,
        request=msgspec.structs.replace(request, context=context),
        policies=msgspec.structs.replace(policies, resource=None, rcps=None),
    )


def sources(question: Question) -> list[Source]:
    """Return every policy that took part; one that is attached twice twice."""
    inline: dict[int, str] = {}
    return [
        Source(
            policy,
            layer,
            policy.arn or inline.setdefault(id(policy), f"inline/{place}/{policy.name}"),
            policy.attached_to or _attached_to(question.request, layer),
        )
        for place, (layer, policy) in enumerate(_all(own_side(question).policies))
    ]


def _all(policies: Policies) -> Iterator[tuple[Layer, Policy]]:
    for layer, levels in ((Layer.RCP, policies.rcps), (Layer.SCP, policies.scps)):
        yield from ((layer, policy) for level in levels or () for policy in level)
    if policies.vpc_endpoint is not None:
        yield Layer.VPC_ENDPOINT, policies.vpc_endpoint
    if policies.resource is not None:
        yield Layer.RESOURCE, policies.resource
    yield from ((Layer.IDENTITY, policy) for policy in policies.identity)
    if policies.boundary is not None:
        yield Layer.BOUNDARY, policies.boundary
    yield from ((Layer.SESSION, policy) for level in (policies.session, *policies.scopes) for policy in level)


def _attached_to(request: Request, layer: Layer) -> str:
    """Return the ARN of the user or role, or of the resource; which part of an organization is not known."""
    principal = request.principal
    if layer in _ON_THE_CALLER:
        return principal.role_arn or principal.user_arn or principal.arn
    return request.resource.arn if layer is Layer.RESOURCE else ""
