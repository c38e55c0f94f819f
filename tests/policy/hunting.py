"""Looks for a request that a backend answers otherwise than the reference, for as long as asked.

    make hunt ARGS="[--minutes 10] [--into tests/cases/policy/found]"

What is found is made small and written as a case file, `found-HASH.json`, which `remit policy test` runs, and the tests
with it once it stands in `tests/cases/policy`. The reference's answer is only its expectation: who fixes the
difference says which of the two is right, and with which source.
"""

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from strategies import policies, requests

from remit.cli.cases.backends import BACKENDS, Backend
from remit.policy import Decision, Policies, Policy, Principal, Request, Resource, evaluate, reference

FOLDER = Path(__file__).parents[1] / "cases" / "policy" / "found"
_EXAMPLES = 2_000
_SECONDS_BETWEEN_REPORTS = 10

Found = tuple[str, Policies, Request]


def told(decision: Decision) -> tuple[object, ...]:
    """Return what backends must agree on."""
    return (
        decision.verdict,
        decision.causes,
        [(match.layer, match.policy.name, match.index) for match in decision.denies],
        [(match.layer, match.policy.name, match.index) for match in decision.allows],
    )


def differing(drawn: Policies, request: Request, backends: Mapping[str, Backend]) -> str | None:
    """Return the name of a backend that does not answer as the reference does, or None."""
    expected = reference.decide(drawn, request)
    for name, backend in backends.items():
        if told(backend(drawn, request)) != told(expected):
            return name
    if evaluate.compile_policies(drawn).verdict(request) is not expected.verdict:
        return "evaluate, the verdict alone"
    return None


def hunt_once(number: int, backends: Mapping[str, Backend], is_over: Callable[[], bool]) -> Found | None:
    """Draw some thousand pairs with the seed *number*; return the smallest that was found to differ, or None."""
    last: list[Found] = []

    @seed(number)
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(policies(), requests())
    def agree(drawn: Policies, request: Request) -> None:
        if not last and is_over():
            return
        name = differing(drawn, request, backends)
        if name is not None:
            last[:] = [(name, drawn, request)]
            raise AssertionError(name)

    try:
        agree()
    except AssertionError:
        return last[0]  # Hypothesis runs the smallest one last
    return None


# -- a case of what was found


def case_of(drawn: Policies, request: Request, *, note: str) -> dict[str, Any]:
    """Return the pair as a case of format 1 that expects the reference's answer."""
    decision = reference.decide(drawn, request)
    case: dict[str, Any] = {
        "group": "found",
        "title": note,
        "kind": "decide",
        "confidence": "ruling",
        "request": {
            "principal": _principal(request.principal),
            "action": request.action,
            "resource": _resource(request.resource),
            "context": {
                key: value if isinstance(value, str) else list(value) for key, value in request.context.items()
            },
        },
        "policies": _policies(drawn),
        "expect": {"decision": str(decision.verdict), "causes": [str(layer) for layer in decision.causes]},
    }
    digest = hashlib.sha256(json.dumps(case, sort_keys=True).encode()).hexdigest()[:8]
    return {"id": f"found-{digest}", **case}


def _policies(drawn: Policies) -> dict[str, Any]:
    def document(policy: Policy) -> Any:
        return json.loads(policy.document.text)

    said: dict[str, Any] = {
        "identity": [document(policy) for policy in drawn.identity],
        "session": [document(policy) for policy in drawn.session],
    }
    for layer in ("boundary", "resource", "vpc_endpoint"):
        policy = getattr(drawn, layer)
        if policy is not None:
            said[layer] = document(policy)
    for layer in ("scopes", "scps", "rcps"):
        levels = getattr(drawn, layer)
        if levels is not None:
            said[layer] = [[document(policy) for policy in level] for level in levels]
    return said


def _principal(principal: Principal) -> dict[str, Any]:
    said = {
        "type": str(principal.kind),
        "arn": principal.arn,
        "account": principal.account,
        "id": principal.id,
        "names": list(principal.names),
        "role_arn": principal.role_arn,
        "role_id": principal.role_id,
        "user_arn": principal.user_arn,
        "user_id": principal.user_id,
        "provider": principal.provider,
        "canonical_id": principal.canonical_id,
        "management_account": principal.is_management_account,
        "service_linked_role": principal.is_service_linked_role,
    }
    return {name: value for name, value in said.items() if value}


def _resource(resource: Resource) -> dict[str, Any]:
    said = {
        "account": resource.account,
        "policy_kind": str(resource.kind),
        "management_account": resource.is_management_account,
        "aws_managed_key": resource.is_aws_managed_key,
    }
    return {"arn": resource.arn, **{name: value for name, value in said.items() if value}}


def write(found: Found, folder: Path) -> Path:
    """Write what was found into *folder*, and return the file."""
    name, drawn, request = found
    case = case_of(drawn, request, note=f"{name} answered otherwise")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{case['id']}.json"
    path.write_text(json.dumps({"format": 1, "group": "found", "cases": [case]}, indent=1) + "\n", encoding="utf-8")
    return path


def main() -> int:
    """Hunt until the time is up or somebody interrupts; exit status 1 if something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--into", type=Path, default=FOLDER)
    options = parser.parse_args()
    end = time.monotonic() + options.minutes * 60
    written: set[Path] = set()
    rounds, reported = 0, 0.0
    try:
        while time.monotonic() < end:
            found = hunt_once(random.SystemRandom().getrandbits(64), BACKENDS, lambda: time.monotonic() >= end)
            rounds += 1
            if found is not None:
                path = write(found, options.into)
                if path not in written:
                    sys.stdout.write(f"found: {path}\n")
                written.add(path)
            if time.monotonic() - reported > _SECONDS_BETWEEN_REPORTS:
                reported = time.monotonic()
                sys.stderr.write(f"{rounds * _EXAMPLES} pairs, {len(written)} found\n")
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
    sys.stdout.write(f"{rounds * _EXAMPLES} pairs drawn, {len(written)} found\n")
    return 1 if written else 0


if __name__ == "__main__":
    sys.exit(main())
