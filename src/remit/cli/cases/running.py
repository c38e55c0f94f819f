"""A case asked of a backend: what it should come to, what it came to, and why.

Kinds `validate`, `message` and `context` are not decisions: one part answers them, whatever the backend.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from remit.authz.context import context_of
from remit.cli.cases.backends import Backend
from remit.cli.cases.facts import FactUnknown, facts_of
from remit.cli.cases.reading import Case, policies_of, principal_of, request_of
from remit.policy import (
    ContextValue,
    DocumentMalformed,
    Layer,
    PolicyType,
    ResourceKind,
    acceptance_failure,
    access_denied_message,
    explain,
)

# The cases know five types of documents.
_POLICY_TYPES = {"identity": PolicyType.INLINE}
_TRUST_POLICY = "trust"


class Outcome(msgspec.Struct, frozen=True):
    """What a case came to.

    Attributes:
        expected, found: in words.
        why: lines that explain what was found; empty when it passed.
    """

    has_passed: bool
    expected: str = ""
    found: str = ""
    why: str = ""


def is_decided(case: Case) -> bool:
    """Say whether backends may differ about the case."""
    return case.kind == "decide"


def run(case: Case, backend: Backend) -> Outcome:
    """Ask *backend*, or whatever answers cases of this kind."""
    answer = _KINDS.get(case.kind)
    if answer is None:
        return Outcome(False, f"one of {', '.join(_KINDS)}", case.kind, "no case is of this kind")
    try:
        return answer(case.said, backend)
    except DocumentMalformed as error:
        return Outcome(False, _expectation(case), "a document cannot be read", str(error))
    except (FactUnknown, KeyError, TypeError, AttributeError, ValueError) as error:
        return Outcome(False, _expectation(case), "the case cannot be read", f"{type(error).__name__}: {error}")


def _expectation(case: Case) -> str:
    return str(case.said.get("expect", "an expectation"))


def _decide(said: Mapping[str, Any], backend: Backend) -> Outcome:
    request, policies, expect = request_of(said), policies_of(said), said["expect"]
    decision = backend(policies, request)
    expected = _verdict(expect["decision"], expect.get("causes", ()))
    found = _verdict(decision.verdict, decision.causes)
    if found == expected:
        return Outcome(True, expected, found)
    return Outcome(False, expected, found, explain.text(explain.explain(policies, request), request))


def _verdict(verdict: str, causes: Any) -> str:
    return f"{verdict} ({', '.join(sorted(causes))})" if causes else str(verdict)


def _validate(said: Mapping[str, Any], backend: Backend) -> Outcome:
    del backend
    document: str = said["document_text"]
    kind = _POLICY_TYPES.get(said["policy_type"]) or PolicyType(said["policy_type"])
    failure = acceptance_failure(document, kind)
    expected, found = (_acceptance(is_valid=is_valid) for is_valid in (said["expect"]["valid"], failure is None))
    return Outcome(found == expected, expected, found, failure or "")


def _acceptance(*, is_valid: bool) -> str:
    return "accepted" if is_valid else "refused"


def _message(said: Mapping[str, Any], backend: Backend) -> Outcome:
    del backend
    is_trust_policy = said["cause"] == _TRUST_POLICY
    found = access_denied_message(
        said["principal_arn"],
        said["action"],
        said.get("resource", ""),
        cause=Layer.RESOURCE if is_trust_policy else Layer(said["cause"]),
        explicit=said["explicit"],
        policy_arn=said.get("policy_arn", ""),
        resource_kind=ResourceKind.ROLE if is_trust_policy else ResourceKind.ORDINARY,
    )
    expected: str = said["expect"]["message"]
    return Outcome(found == expected, expected, found)


def _context(said: Mapping[str, Any], backend: Backend) -> Outcome:
    del backend
    given = said["principal"]
    keys = context_of(*facts_of(principal_of(given), given.get("tags", {}), said.get("facts", {})))
    expect = said["expect"]
    wrong = [
        f"{key} is {_shown(keys.get(key.lower()))}, not {_shown(value)}"
        for key, value in expect.get("present", {}).items()
        if not _is(keys.get(key.lower()), value)
    ]
    wrong += [
        f"{key} is {_shown(keys[key.lower()])}, not absent" for key in expect.get("absent", ()) if key.lower() in keys
    ]
    return Outcome(not wrong, str(expect), "; ".join(wrong) or str(expect), "\n".join(_all(keys)) if wrong else "")


def _is(found: ContextValue | None, expected: str | bool | float | list[Any]) -> bool:  # noqa: FBT001  # a value
    if isinstance(expected, list):
        return isinstance(found, tuple) and set(found) == {_text(item) for item in expected}
    return found == _text(expected)


def _text(value: str | bool | float) -> str:  # noqa: FBT001  # a value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(value: object) -> str:
    return "absent" if value is None else repr(value)


def _all(keys: Mapping[str, ContextValue]) -> list[str]:
    return [f"    {key} = {_shown(value)}" for key, value in sorted(keys.items())]


_KINDS: Mapping[str, Callable[[Mapping[str, Any], Backend], Outcome]] = {
    "decide": _decide,
    "validate": _validate,
    "message": _message,
    "context": _context,
}
