"""May they? The one place where a `Call` is made.

A call is authorised for every (action, resource) pair that it needs; all must be allowed.
Source: `iam-sts` reference, section 3; `policy-evaluation` reference, R1, parts 4 and 5.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from remit.arn import Arn, partition_of_region
from remit.authz.context import (
    Network,
    network_keys,
    network_of,
    operation_keys,
    principal_keys,
    region_keys,
    resource_keys,
    time_keys,
)
from remit.authz.gather import PolicyUnreadable, policies_for
from remit.authz.operations import Operation, operations
from remit.authz.resources import Asked, Target, find
from remit.directory.roles import SERVICE_LINKED_PATH
from remit.errors import AccessDenied
from remit.policy import (
    ContextValue,
    Decision,
    Layer,
    Policies,
    Principal,
    PrincipalKind,
    Request,
    Resource,
    ResourceKind,
    Verdict,
    access_denied_message,
    decide,
    folded,
)
from remit.request import Call, Caller, CallerKind, Parsed
from remit.store import Transaction

_KINDS = {
    CallerKind.ROOT: PrincipalKind.ROOT,
    CallerKind.USER: PrincipalKind.USER,
    CallerKind.ROLE_SESSION: PrincipalKind.ROLE_SESSION,
    CallerKind.FEDERATED_USER: PrincipalKind.FEDERATED_USER,
    CallerKind.ANONYMOUS: PrincipalKind.ANONYMOUS,
}


class Question(msgspec.Struct, frozen=True):
    """One pair that is asked about, and the answer.

    Attributes:
        shown: the resource as messages print it.
        policies: those that took part.
        decision: None when a stored policy could not be read.
    """

    request: Request
    shown: str
    policies: Policies
    decision: Decision | None

    @property
    def is_allowed(self) -> bool:
        """Whether the pair is allowed."""
        return self.decision is not None and self.decision.is_allowed


class Refused(AccessDenied):
    """The policies do not allow it; *question* is what was asked of them."""

    def __init__(self, message: str, question: Question) -> None:
        super().__init__(message)
        self.question = question


def authorize(tx: Transaction, parsed: Parsed, slow_results: Mapping[str, Any]) -> Call[Any]:
    """Let *parsed* become a `Call`, if the policies allow everything it needs.

    Raises:
        Refused: they do not; with AWS's text.
    """
    signed = parsed.signed
    routed, caller = signed.routed, signed.caller
    operation = operations()[routed.service][routed.operation]
    partition = partition_of_region(signed.region)

    def permit(action: str, resource: str, context: Mapping[str, Any]) -> None:
        target = Target(resource=Resource(arn=resource, account=_account(resource, caller)), shown=resource)
        keys = _context(parsed, operation, target) | folded(dict(context))
        _refuse_unless_allowed(caller, ask(tx, caller, action, target, keys))

    if not operation.is_free:
        target = find(Asked(tx, caller, partition, parsed.input), operation.resource, operation.shown)
        keys = _context(parsed, operation, target)
        for action in _actions(operation, parsed):
            _refuse_unless_allowed(caller, ask(tx, caller, action, target, keys))
    return Call(
        caller=caller,
        operation=routed.operation,
        input=parsed.input,
        region=signed.region,
        partition=partition,
        at=routed.at,
        request_id=routed.request_id,
        permit=permit,
        slow_results=slow_results,
    )


def ask(tx: Transaction, caller: Caller, action: str, target: Target, context: Mapping[str, ContextValue]) -> Question:
    """Ask the policy engine whether *caller* may do *action* on *target*."""
    request = Request(principal=principal(caller), action=action, resource=target.resource, context=context)
    try:
        policies = policies_for(tx, caller, target.role)
    except PolicyUnreadable:
        return Question(request, target.shown, Policies(), None)
    return Question(request, target.shown, policies, decide(policies, request))


def principal(caller: Caller) -> Principal:
    """Say who *caller* is in the engine's terms."""
    is_session = caller.kind is CallerKind.ROLE_SESSION
    return Principal(
        kind=_KINDS[caller.kind],
        arn=caller.arn,
        account=caller.account,
        id=caller.principal_id,
        role_arn=caller.issuer_arn if is_session else "",
        role_id=caller.entity_id if is_session else "",
        is_service_linked_role=is_session and caller.path.startswith(SERVICE_LINKED_PATH),
    )


def standing_context(caller: Caller, network: Network, at: Any, service: str, region: str) -> dict[str, ContextValue]:
    """Return the condition keys that do not depend on the resource."""
    return principal_keys(caller, at) | network_keys(network) | time_keys(at) | region_keys(service, region)


def _context(parsed: Parsed, operation: Operation, target: Target) -> dict[str, ContextValue]:
    signed = parsed.signed
    return (
        standing_context(
            signed.caller, network_of(signed.routed.http), signed.routed.at, signed.routed.service, signed.region
        )
        | resource_keys(target, signed.caller)
        | operation_keys(operation.keys, parsed.input, target)
    )


def _actions(operation: Operation, parsed: Parsed) -> list[str]:
    session = parsed.signed.caller.session
    actions = [operation.action]
    for also in operation.also:
        asked = any(parsed.input.get(member) for member in also.when)
        carried = bool(also.session) and session is not None and bool(getattr(session, also.session))
        if asked or carried:
            actions.append(also.action)
    return actions


def _account(arn: str, caller: Caller) -> str:
    try:
        return Arn.parse(arn).account or caller.account
    except ValueError:
        return caller.account


def _refuse_unless_allowed(caller: Caller, question: Question) -> None:
    if not question.is_allowed:
        raise Refused(refusal(caller, question), question)


def refusal(caller: Caller, question: Question) -> str:
    """Return AWS's text for a refusal.

    Nobody learns more than AWS tells: another account's side of the decision, and which side lacks an Allow when a role
    is assumed, stay out of it, so that a role that is not there looks like one that trusts nobody.
    """
    decision, resource = question.decision, question.request.resource
    cause: Layer | None = decision.causes[0] if decision is not None and decision.causes else None
    is_explicit = decision is not None and decision.verdict is Verdict.EXPLICIT_DENY
    if cause is not None and (
        resource.account != caller.account  # M5
        or (resource.kind is ResourceKind.ROLE and (not is_explicit or cause is Layer.RESOURCE))
    ):
        cause = None
    arn = ""
    if decision is not None and is_explicit and cause is not None:
        arn = next((match.policy.arn for match in decision.denies if match.layer is cause), "")
    return access_denied_message(
        caller.arn,
        question.request.action,
        question.shown,
        cause=cause,
        explicit=is_explicit,
        policy_arn=arn,
        resource_kind=resource.kind,
    )
