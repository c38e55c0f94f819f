"""Policies asked without a server.

    policy = compile(document)
    decision = policy.decide(action="s3:GetObject", resource="arn:aws:s3:::b/k")
    decision.allowed, decision.causes, decision.explain()

The request context is what the caller gives and nothing else: a condition on a key that is not given sees it absent.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from remit.policy.evaluate import Compiled, compile_policies
from remit.policy.language.decision import Decision
from remit.policy.language.layers import Layer
from remit.policy.language.parsing import parse
from remit.policy.language.policies import Policies, Policy
from remit.policy.language.request import (
    ContextValue,
    Principal,
    PrincipalKind,
    Request,
    Resource,
    ResourceKind,
    folded,
)

# JSON text, or what it says.
DocumentLike = str | Mapping[str, Any]

# Who asks when nobody is named: with an identity of its own, so that identity policies can be asked at once.
SOMEBODY = Principal(
    kind=PrincipalKind.USER,
    arn="arn:aws:iam::111122223333:user/somebody",
    account="111122223333",
    id="AIDASOMEBODYEXAMPLE23",
)
# `arn:partition:service:region:account:resource`
_PARTS = 6


class Answer(msgspec.Struct, frozen=True):
    """A decision that can be explained."""

    decision: Decision
    policies: Policies
    request: Request

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.decision.is_allowed

    @property
    def causes(self) -> tuple[Layer, ...]:
        """The layers that refuse, as in `Decision`; empty for an allow."""
        return self.decision.causes

    def explain(self) -> str:
        """Say what every layer says, which statements nearly applied and what would turn the answer."""
        # Most decisions are never explained, so the explanations are loaded when one is asked for.
        from remit.policy.explain import explain, text

        return text(explain(self.policies, self.request), self.request)


class CompiledPolicy:
    """Policies that are ready to be asked, often."""

    def __init__(self, policies: Policies) -> None:
        self._policies = policies
        self._compiled: Compiled = compile_policies(policies)

    def decide(
        self,
        *,
        action: str,
        resource: str | Resource = "*",
        context: Mapping[str, ContextValue | list[str] | bool | float] | None = None,
        principal: Principal = SOMEBODY,
    ) -> Answer:
        """Decide whether *principal* may do *action* on *resource*.

        Args:
            resource: an ARN, owned by the account it names, else by the principal's; for what an ARN does not tell, a
                `Resource`. A KMS key, and a role that is to be assumed, need their own policy, as at AWS.
            context: condition keys in any case; empty if not given.
        """
        request = Request(
            principal=principal,
            action=action,
            resource=_resource(action, resource) if isinstance(resource, str) else resource,
            context=folded(context or {}),
        )
        return Answer(self._compiled.decide(request), self._policies, request)


def compile(  # noqa: A001  # the word of the field, as in `re.compile`
    *documents: DocumentLike,
    boundary: DocumentLike | None = None,
    session: Sequence[DocumentLike] = (),
    scopes: Sequence[Sequence[DocumentLike]] = (),
    resource_policy: DocumentLike | None = None,
    scps: Sequence[Sequence[DocumentLike]] | None = None,
    rcps: Sequence[Sequence[DocumentLike]] | None = None,
    vpc_endpoint: DocumentLike | None = None,
) -> CompiledPolicy:
    """Compile identity policies and what limits them.

    Args:
        scopes: levels of session policies that were laid over *session* since; each must allow.
        scps: levels from the organization's root to the account; None when the account is in no organization.
        rcps: levels of the resource's account, as above.

    Raises:
        DocumentMalformed: a document is not one of the policy language.
    """
    return CompiledPolicy(
        Policies(
            identity=tuple(_policy(document, f"policy {n}") for n, document in enumerate(documents, start=1)),
            boundary=_optional(boundary, "boundary"),
            session=tuple(_policy(document, f"session policy {n}") for n, document in enumerate(session, start=1)),
            scopes=_levels(scopes, "session policy") or (),
            resource=_optional(resource_policy, "resource policy"),
            scps=_levels(scps, "SCP"),
            rcps=_levels(rcps, "RCP"),
            vpc_endpoint=_optional(vpc_endpoint, "VPC endpoint policy"),
        )
    )


def _policy(document: DocumentLike, name: str) -> Policy:
    return Policy(document=parse(document if isinstance(document, str) else json.dumps(dict(document))), name=name)


def _optional(document: DocumentLike | None, name: str) -> Policy | None:
    return None if document is None else _policy(document, name)


def _levels(given: Sequence[Sequence[DocumentLike]] | None, name: str) -> tuple[tuple[Policy, ...], ...] | None:
    if given is None:
        return None
    return tuple(tuple(_policy(document, name) for document in level) for level in given)


def _resource(action: str, arn: str) -> Resource:
    parts = arn.split(":", _PARTS - 1)
    if len(parts) != _PARTS:
        return Resource(arn=arn)
    _, _, service, _, account, name = parts
    kind = ResourceKind.ORDINARY
    if service == "kms" and name.startswith("key/"):
        kind = ResourceKind.KMS_KEY
    elif service == "iam" and name.startswith("role/") and action.lower().startswith("sts:"):
        kind = ResourceKind.ROLE
    return Resource(arn=arn, account=account, kind=kind)
