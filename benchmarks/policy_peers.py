"""Right answers and time of other evaluators of policies, beside Remit's, in one run.

    make bench-peers [ARGS="--workload FILE"]

The cases are those of `tests/cases/policy` that ask for a decision; right is to allow what is allowed and to refuse the
rest. A peer is not asked what it has no place for: a layer, a kind of principal, an operator. That is counted apart.

- moto: the evaluator of its access control, which knows the caller's own policies.
- principalmapper: `local_check_authorization_full`, for users and role sessions.
- cedarpy: Cedar, with the policies translated (`cedar.py`); that all layers must agree is said here, not by Cedar.
"""

import argparse
import collections
import collections.abc
import json
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cedar import Inexpressible, cedar, cedar_context
from policy import Workload, own_workload, workload_of

from remit.cli.cases.reading import policies_of, read_cases, request_of
from remit.policy import DocumentMalformed, Policies, Policy, PrincipalKind, Request, Verdict, evaluate, reference

CASES = Path(__file__).parents[1] / "tests" / "cases" / "policy"
Ask = Callable[[Request], bool]
# Makes the policies of a decision ready, for a first request; None if the peer has no place for them.
Peer = Callable[[Policies, Request], Ask | None]


def _remit(policies: Policies, _: Request) -> Ask:
    compiled = evaluate.compile_policies(policies)
    return lambda request: compiled.verdict(request) is Verdict.ALLOW


def _reference(policies: Policies, _: Request) -> Ask:
    return lambda request: reference.decide(policies, request).verdict is Verdict.ALLOW


def _layers(policies: Policies) -> set[str]:
    return {name for name in policies.__struct_fields__ if getattr(policies, name) not in (None, ())}


def _moto(policies: Policies, first: Request) -> Ask | None:
    from moto.iam.access_control import IAMPolicy, PermissionResult

    is_foreign = first.resource.account not in ("", first.principal.account)
    if _layers(policies) - {"identity"} or first.principal.kind is PrincipalKind.ROOT or is_foreign:
        return None
    made = [IAMPolicy(policy.document.text) for policy in policies.identity]

    def ask(request: Request) -> bool:
        found = [policy.is_action_permitted(request.action, request.resource.arn) for policy in made]
        return PermissionResult.PERMITTED in found and PermissionResult.DENIED not in found

    return ask


def _principalmapper(policies: Policies, first: Request) -> Ask | None:
    for name in ("Mapping", "MutableMapping", "Iterable"):  # it was written for a Python that still had them here
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))
    from principalmapper.common import Node
    from principalmapper.common import Policy as TheirPolicy
    from principalmapper.querying.query_interface import local_check_authorization_full

    who = first.principal
    if who.kind not in (PrincipalKind.USER, PrincipalKind.ROLE_SESSION) or len(policies.session) > 1:
        return None
    if _layers(policies) & {"rcps", "vpc_endpoint"} or who.is_management_account:
        return None

    def theirs(policy: Policy) -> Any:
        return TheirPolicy("arn:aws:iam::111122223333:policy/x", policy.name, json.loads(policy.document.text))

    def document(policy: Policy | None) -> Any:
        return None if policy is None else json.loads(policy.document.text)

    is_user = who.kind is PrincipalKind.USER
    node = Node(
        who.arn if is_user else who.role_arn,
        who.id or "AIDA",
        [theirs(policy) for policy in policies.identity],
        [],
        None if is_user else {"Version": "2012-10-17", "Statement": []},
        None,
        0,
        False,  # their constructor
        False,
        None if policies.boundary is None else theirs(policies.boundary),
        False,
        {},
    )
    session = document(policies.session[0]) if policies.session else None
    scps = None if policies.scps is None else [[theirs(policy) for policy in level] for level in policies.scps]
    resource_policy = document(policies.resource)

    def ask(request: Request) -> bool:
        return bool(
            local_check_authorization_full(
                node,
                request.action,
                request.resource.arn,
                {key: value if isinstance(value, str) else list(value) for key, value in request.context.items()},
                resource_policy,
                request.resource.account or who.account,
                scps,
                session,
            )
        )

    return ask


def _cedarpy(policies: Policies, first: Request) -> Ask | None:
    from cedarpy import PolicySet, is_authorized

    is_foreign = first.resource.account not in ("", first.principal.account)
    if _layers(policies) & {"resource", "rcps"} or first.principal.kind is not PrincipalKind.USER or is_foreign:
        return None
    levels = [
        policies.identity,
        *(policies.scps or ()),
        *([(policies.boundary,)] if policies.boundary else []),
        *([policies.session] if policies.session else []),
        *([(policies.vpc_endpoint,)] if policies.vpc_endpoint else []),
    ]
    try:
        made = [PolicySet.from_str("\n".join(cedar(policy.document) for policy in level)) for level in levels]
    except Inexpressible:
        return None

    def ask(request: Request) -> bool:
        asked = {
            "principal": 'Caller::"x"',
            "action": 'Action::"x"',
            "resource": 'Resource::"x"',
            "context": cedar_context(request.action, request.resource.arn, request.context),
        }
        return all(is_authorized(asked, policy_set, []).allowed for policy_set in made)

    return ask


PEERS: Mapping[str, Peer] = {
    "Remit": _remit,
    "Remit's reference": _reference,
    f"cedarpy {version('cedarpy')}": _cedarpy,
    f"principalmapper {version('principalmapper')}": _principalmapper,
    f"moto {version('moto')}": _moto,
}


def right_answers() -> None:
    """Print how many cases each answers rightly."""
    cases = [case for case in read_cases([CASES]) if case.kind == "decide"]
    print(f"{'':24}{'asked':>7}{'right':>7}{'wrong':>7}{'failed':>7}   of {len(cases)} cases")
    for name, peer in PEERS.items():
        found: collections.Counter[str] = collections.Counter()
        for case in cases:
            found[_answer(peer, case.said)] += 1
        asked = found.total() - found["no place"]
        print(f"{name:24}{asked:7}{found['right']:7}{found['wrong']:7}{found['failed']:7}")


def _answer(peer: Peer, said: Mapping[str, Any]) -> str:
    try:
        policies, request = policies_of(said), request_of(said)
    except DocumentMalformed:
        return "no place"
    try:
        ask = peer(policies, request)
        if ask is None:
            return "no place"
        is_right = ask(request) == (said["expect"]["decision"] == Verdict.ALLOW)
    except Exception:  # noqa: BLE001  # whatever a peer does with a case is a figure
        return "failed"
    return "right" if is_right else "wrong"


def times(workload: Workload, seconds: float) -> None:
    """Print how long each takes for a decision of the workload, of the requests that it has a place for."""
    sets = workload.sets()
    own = 0.0
    for name, peer in PEERS.items():
        asks = {key: peer(policies, workload.requests[0][1]) for key, policies in sets.items()}
        what = "all policies"
        if asks[None] is None:
            what = "the caller's own policies"
            asks = {None: peer(Policies(identity=workload.identity), workload.requests[0][1])}
        calls = [(ask, request) for key, request in workload.requests if (ask := asks.get(key)) is not None]
        for ask, request in calls[:50]:
            ask(request)
        done, start = 0, time.thread_time()
        while done == 0 or time.thread_time() - start < seconds:
            part = calls[done % len(calls) :][:50]
            for ask, request in part:
                ask(request)
            done += len(part)
        each = (time.thread_time() - start) / done
        own = own or each
        print(f"{name:24}{each * 1e6:12.2f} us{each / own:10.0f} x   {len(calls)} requests, {what}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workload", type=Path)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    right_answers()
    sys.stdout.flush()
    times(own_workload() if options.workload is None else workload_of(options.workload), options.seconds)


if __name__ == "__main__":
    main()
