"""May they? The one place where a `Call` is made.

A call is authorised for every (action, resource) pair that it needs; all must be allowed.
Source: `iam-sts` reference, section 3; `policy-evaluation` reference, R1, parts 4 and 5; where to learn more: `console`
reference, 2 and 5.7.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from remit.arn import partition_of_region
from remit.authz.belonging import belonging
from remit.authz.billing_access import check_billing_access
from remit.authz.context import context_of
from remit.authz.documents import PolicyUnreadable
from remit.authz.facts import Acted, Facts, Network
from remit.authz.gather import in_place, policies_for
from remit.authz.input_keys import input_keys
from remit.authz.operations import Operation, operations
from remit.authz.resources import find, named
from remit.authz.targets import Asked, Target
from remit.authz.who import who_of
from remit.errors import AccessDenied
from remit.ids import AccountId
from remit.policy import (
    ContextValue,
    Decision,
    Layer,
    Policies,
    Request,
    ResourceKind,
    Verdict,
    access_denied_message,
    folded,
)
from remit.policy.evaluate import compile_policies
from remit.request import Bills, Call, Caller, CallerKind, HttpRequest, Outside, Parsed, Routed, Session
from remit.store import Transaction

# Says whether a document of an account grants a call.
Grants = Callable[[str, AccountId], bool]
_UNSIGNED = frozenset({CallerKind.WEB_IDENTITY, CallerKind.SAML})
# The name of a host has at most 253, and a port 5 more.
_HOST_CHARACTERS_MAX = 260


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


class _Pair(msgspec.Struct, frozen=True, gc=False):
    """One of the questions of a call, with its condition keys."""

    action: str
    target: Target
    keys: Mapping[str, ContextValue]


class Refused(AccessDenied):
    """The policies do not allow it; *question* is what was asked of them."""

    def __init__(self, message: str, question: Question) -> None:
        super().__init__(message)
        self.question = question


def authorize(
    tx: Transaction,
    parsed: Parsed,
    slow_results: Mapping[str, Any],
    outside: Outside,
    bills: Bills,
    organization_quotas: Mapping[str, int] | None = None,
    evidence: Path | None = None,
) -> Call[Any]:
    """Let *parsed* become a `Call`, if the policies allow everything it needs.

    Raises:
        Refused: they do not; with AWS's text.
        AccessDenied: it is about bills, which nobody but the root user of the account sees.
    """
    signed = parsed.signed
    routed, caller = signed.routed, signed.caller
    operation = operations()[routed.service][routed.operation]
    partition = partition_of_region(signed.region)

    def permit(action: str, resource: str, context: Mapping[str, Any]) -> None:
        target = named(tx, caller, resource)
        _check(tx, parsed, action, target, _context(tx, parsed, target, folded(dict(context))))

    grants: Grants = _nothing_is_granted
    check_billing_access(tx, caller, routed.service, operation.action)
    if not operation.is_free:
        asked = parsed.input if caller.federation is None else {**parsed.input, **caller.federation.asked}
        question = Asked(tx, caller, partition, asked)
        pairs: list[_Pair] = []
        target = find(question, operation.resource, operation.shown)
        others = [find(question, finder) for finder in operation.others]
        actions = _actions(operation, asked, caller.session)
        said = input_keys(operation.keys, asked, target)
        for one in (target, *others):
            keys = _context(tx, parsed, one, {**said, **input_keys(operation.keys, asked, one)} if others else said)
            pairs += [_Pair(action, one, keys) for action in actions]
        for pair in pairs:
            _check(tx, parsed, pair.action, pair.target, pair.keys)
        grants = _granting(tx, caller, pairs)
    return Call(
        caller=caller,
        operation=routed.operation,
        input=parsed.input,
        region=signed.region,
        partition=partition,
        at=routed.at,
        request_id=routed.request_id,
        permit=permit,
        grants=grants,
        outside=outside,
        bills=bills,
        slow_results=slow_results,
        organization_quotas=organization_quotas or {},
        evidence=evidence,
        source_ip=routed.http.peer,
        host=routed.http.headers.get("host", ""),
        secure=routed.http.secure,
    )


def _nothing_is_granted(document: str, owner: AccountId) -> bool:
    """Say no: what needs no permission has no resource."""
    del document, owner
    return False


def _granting(tx: Transaction, caller: Caller, pairs: Iterable[_Pair]) -> Grants:
    """Return what says whether a document grants the call, if another account owns the targets."""

    def is_granted(pair: _Pair, document: str, owner: AccountId) -> bool:
        owned = msgspec.structs.replace(pair.target.resource, account=owner)
        target = msgspec.structs.replace(pair.target, resource=owned, policy=document)
        keys = {**pair.keys, "aws:resourceaccount": owner}
        return ask(tx, caller, pair.action, target, keys).is_allowed

    return lambda document, owner: all(is_granted(pair, document, owner) for pair in pairs)


def ask(
    tx: Transaction,
    caller: Caller,
    action: str,
    target: Target,
    context: Mapping[str, ContextValue],
    lent: Policies | None = None,
) -> Question:
    """Ask the policy engine whether *caller* may do *action* on *target*.

    Args:
        lent: what the caller has in the place of what is attached to it.
    """
    request = _request(tx, caller, action, target, context)
    try:
        policies = policies_for(tx, caller, target.resource.account, target.role, target.policy, lent)
    except PolicyUnreadable:
        return Question(request, target.shown, Policies(), None)
    return _answered(tx, request, target, policies, compile_policies(policies).decide(request))


def _answered(tx: Transaction, request: Request, target: Target, policies: Policies, decision: Decision) -> Question:
    account = AccountId(request.principal.account)
    owner = AccountId(request.resource.account) if request.resource.account else account
    return Question(request, target.shown, in_place(tx, policies, account, owner), decision)


def context(
    tx: Transaction,
    caller: Caller,
    target: Target,
    network: Network,
    said: Mapping[str, ContextValue],
    *,
    at: datetime,
    service: str,
    region: str,
) -> dict[str, ContextValue]:
    """Return the condition keys of a request of *caller* to *target*; *said* are those that its input gives."""
    facts = Facts(at=at, service=service, region=region, network=network, acted=_acted(tx, target, caller), said=said)
    return context_of(who_of(tx, caller), facts)


def _acted(tx: Transaction, target: Target, caller: Caller) -> Acted:
    """Say what a request acts on.

    Tags that a session passes on stand in the place of the next role's own while its trust policy is asked
    (`iam-sts` reference, section 13.3).
    """
    tags = target.tags
    session = caller.session
    if target.role is not None and session is not None and session.transitive_tag_keys:
        passed_on = {key.lower(): session.tags[key] for key in session.transitive_tag_keys}
        tags = {key: passed_on.get(key.lower(), value) for key, value in tags.items()}
    account = "" if target.resource.arn == "*" else target.resource.account
    there = belonging(tx, AccountId(account)) if account else None
    organization = None if there is None else there.organization
    return Acted(account=account, organization=organization, tags=tags, tag_keys=target.tag_keys)


def _context(
    tx: Transaction, parsed: Parsed, target: Target, said: Mapping[str, ContextValue]
) -> dict[str, ContextValue]:
    signed = parsed.signed
    routed = signed.routed
    network = network_of(routed.http)
    return context(
        tx, signed.caller, target, network, said, at=routed.at, service=routed.signing_name, region=signed.region
    )


def network_of(http: HttpRequest) -> Network:
    """Read from a request how it came in."""
    headers = http.headers
    return Network(
        source_ip=http.peer,
        user_agent=headers.get("user-agent"),
        referer=headers.get("referer"),
        secure=http.secure,
    )


def _actions(operation: Operation, input_: Mapping[str, Any], session: Session | None) -> list[str]:
    actions = [operation.action]
    for also in operation.also:
        asked = any(input_.get(member) for member in also.when)
        carried = bool(also.session) and session is not None and bool(getattr(session, also.session))
        if asked or carried:
            actions.append(also.action)
    return actions


def _check(tx: Transaction, parsed: Parsed, action: str, target: Target, keys: Mapping[str, ContextValue]) -> None:
    """Let pass what the policies allow; what led to the answer is only looked for when they do not."""
    caller = parsed.signed.caller
    request = _request(tx, caller, action, target, keys)
    try:
        policies = policies_for(tx, caller, target.resource.account, target.role, target.policy)
    except PolicyUnreadable:
        question = Question(request, target.shown, Policies(), None)
    else:
        compiled = compile_policies(policies)
        if compiled.verdict(request) is Verdict.ALLOW:
            return
        question = _answered(tx, request, target, policies, compiled.decide(request))
    raise Refused(refusal(caller, question, parsed.signed.routed), question)


def _request(tx: Transaction, caller: Caller, action: str, target: Target, keys: Mapping[str, ContextValue]) -> Request:
    return Request(principal=who_of(tx, caller).principal, action=action, resource=target.resource, context=keys)


def refusal(caller: Caller, question: Question, routed: Routed) -> str:
    """Return AWS's text for a refusal, which ends with where to learn more.

    Nobody learns more than AWS tells: another account's side of the decision, and which side lacks an Allow when a role
    is assumed, stay out of it, so that a role that is not there looks like one that trusts nobody.
    """
    cause, request = _told(caller, question), question.request
    if caller.kind in _UNSIGNED:
        return f"Not authorized to perform {request.action}"
    decision = question.decision
    is_explicit = decision is not None and decision.verdict is Verdict.EXPLICIT_DENY
    arn = ""
    if decision is not None and is_explicit and cause is not None:
        arn = next((match.policy.arn for match in decision.denies if match.layer is cause), "")
    message = access_denied_message(
        caller.arn,
        request.action,
        question.shown,
        cause=cause,
        explicit=is_explicit,
        policy_arn=arn,
        resource_kind=request.resource.kind,
    )
    return message if cause is None else f"{message} {_where_to_look(routed)}"


def _told(caller: Caller, question: Question) -> Layer | None:
    """Return the layer that the caller may learn of, None for none."""
    decision, resource = question.decision, question.request.resource
    if decision is None or not decision.causes or resource.account != caller.account:  # M5
        return None
    cause = decision.causes[0]
    is_explicit = decision.verdict is Verdict.EXPLICIT_DENY
    if resource.kind is ResourceKind.ROLE and (not is_explicit or cause is Layer.RESOURCE):
        return None
    return cause


def authorization_id(request_id: str) -> str:
    """Return the id under which a refusal is explained: the request's, in the characters that there may be in it."""
    return request_id.replace("-", "")


def _where_to_look(routed: Routed) -> str:
    http, id_ = routed.http, authorization_id(routed.request_id)
    host = http.headers.get("host", "")[:_HOST_CHARACTERS_MAX]
    console = f"{'https' if http.secure else 'http'}://{host}/_remit/console"
    return (
        f"Go to {console}/iam/denials/{id_} for complete details, or call the GetRequestAuthorizationDetails API "
        f"with the following authorization id: {id_}"
    )
