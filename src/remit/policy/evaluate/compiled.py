"""Policies, compiled: the backend that answers requests.

    compiled = compile_policies(policies)
    compiled.verdict(request)       the answer alone
    compiled.decide(request)        with what led to it

A plan is made when a caller first asks for an action, and kept. What is kept is bounded everywhere: policy sets,
documents, callers and actions.
"""

from functools import lru_cache

import msgspec

from remit.policy.evaluate.plans import Plan, make_plan
from remit.policy.language.decision import Decision, Verdict
from remit.policy.language.layers import (
    Layer,
    Standing,
    Way,
    binding,
    needs_no_permission,
    rcps_leave_alone,
    standing,
)
from remit.policy.language.policies import Policies
from remit.policy.language.request import Principal, PrincipalKind, Request, Resource, ResourceKind

_SETS_KEPT = 1_024
_CALLERS_KEPT = 64
_PLANS_KEPT = 1_024

_ORDINARY = ResourceKind.ORDINARY
_IMPLICIT, _EXPLICIT = Verdict.IMPLICIT_DENY, Verdict.EXPLICIT_DENY

_NOBODYS = Resource(arn="*")
# The plan of what needs no permission (E6): a way that nothing stands in.
_FREE = Plan({}, (Way(frozenset(), ()),))

# By action, as requests write it.
_Plans = dict[str, Plan]


class _Caller(msgspec.Struct, eq=False):
    """The plans made for one caller, by how it stands to the resource.

    INVARIANT: what decides which layers bind, the caller, the action and the standing apart, is the same for all
    requests that use *own*, *own_needed* and *other*; every other request uses *rare*. *usual* is *own*, where nothing
    but account and kind of the resource is to be looked at; otherwise it stays empty.
    """

    principal: Principal
    account: str
    is_root: bool
    usual: _Plans
    own: _Plans
    own_needed: _Plans
    other: _Plans
    rare: dict[tuple[str, Standing, frozenset[Layer]], Plan]


_NOBODY = _Caller(
    Principal(kind=PrincipalKind.ANONYMOUS), "", is_root=False, usual={}, own={}, own_needed={}, other={}, rare={}
)


class Compiled:
    """The policies of a decision, ready to answer."""

    __slots__ = ("_callers", "_has_rcps", "_last", "_means_callers", "policies")

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self._has_rcps = bool(policies.rcps)
        self._means_callers = any(
            layer is not None for layer in (policies.resource, policies.rcps, policies.vpc_endpoint)
        )
        self._callers: dict[object, _Caller] = {}
        self._last = _NOBODY

    def verdict(self, request: Request) -> Verdict:
        """Answer *request*."""
        # What `_plan` does, written out for the usual case: a call more would be a tenth of the time.
        caller, resource = self._last, request.resource
        plan = None
        if caller.principal is request.principal and resource.account == caller.account and resource.kind is _ORDINARY:
            plan = caller.usual.get(request.action)
        if plan is None:
            plan = self._plan(request)
        for first, others in plan.denies:
            if first(request) and (others is None or others(request)):
                return _EXPLICIT
        for need in plan.needs:
            for allow in need:
                if allow(request):
                    break
            else:
                return _IMPLICIT
        outcome = plan.outcome
        return plan.granted(request) if outcome is None else outcome

    def decide(self, request: Request) -> Decision:
        """Answer *request* and say what led to it."""
        return self._plan(request).decide(request)

    def _plan(self, request: Request) -> Plan:
        caller = self._last
        if caller.principal is not request.principal:
            caller = self._caller(request.principal)
        resource = request.resource
        if caller.is_root or (self._has_rcps and rcps_leave_alone(resource)):
            return self._rare(caller, request)
        if resource.account == caller.account or not resource.account:
            plans = caller.own if resource.kind is _ORDINARY else caller.own_needed
        else:
            plans = caller.other
        plan = plans.get(request.action)
        return self._kept(plans, request) if plan is None else plan

    def _caller(self, principal: Principal) -> _Caller:
        # Without policies that name callers, all that are bound alike share their plans.
        key: object = principal
        if not self._means_callers:
            exemptions = (principal.is_management_account, principal.is_service_linked_role)
            key = (principal.kind, principal.account, exemptions)
        known = self._callers.get(key)
        if known is None:
            if len(self._callers) >= _CALLERS_KEPT:
                self._callers.clear()
            known = self._callers[key] = _new_caller(principal, has_rcps=self._has_rcps)
        self._last = caller = msgspec.structs.replace(known, principal=principal)
        return caller

    def _kept(self, plans: _Plans, request: Request) -> Plan:
        if len(plans) >= _PLANS_KEPT:
            plans.clear()
        plan = plans[request.action] = self._made(request, binding(request))
        return plan

    def _rare(self, caller: _Caller, request: Request) -> Plan:
        bound = binding(request)
        key = (request.action, standing(request.principal, request.resource), bound)
        plan = caller.rare.get(key)
        if plan is None:
            if len(caller.rare) >= _PLANS_KEPT:
                caller.rare.clear()
            plan = caller.rare[key] = self._made(request, bound)
        return plan

    def _made(self, request: Request, bound: frozenset[Layer]) -> Plan:
        if needs_no_permission(request):
            return _FREE
        return make_plan(self.policies, request, bound, standing(request.principal, request.resource))


def _new_caller(principal: Principal, *, has_rcps: bool) -> _Caller:
    own: _Plans = {}
    has_account = standing(principal, _NOBODYS) is not Standing.NO_ACCOUNT
    is_root = principal.kind is PrincipalKind.ROOT
    return _Caller(
        principal=principal,
        account=principal.account,
        is_root=is_root,
        usual={} if is_root or has_rcps else own,
        own=own,
        own_needed={} if has_account else own,
        other={} if has_account else own,
        rare={},
    )


_equal = lru_cache(maxsize=_SETS_KEPT)(Compiled)
# By the id of the very value that was asked about, which is held so that no other value gets it: to hash a large set
# takes longer than to answer.
_same: dict[int, tuple[Policies, Compiled]] = {}


def compile_policies(policies: Policies) -> Compiled:
    """Return *policies*, ready to answer; what was compiled lately is kept."""
    known = _same.get(id(policies))
    if known is None or known[0] is not policies:
        if len(_same) >= _SETS_KEPT:
            _same.clear()
        known = _same[id(policies)] = (policies, _equal(policies))
    return known[1]


def decide(policies: Policies, request: Request) -> Decision:
    """Answer *request*, as the reference does."""
    return compile_policies(policies).decide(request)
