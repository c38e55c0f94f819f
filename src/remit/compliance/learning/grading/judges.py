"""What no other criterion can say: functions of a tenant and of what the lab gives them, by name."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec

from remit.compliance.learning.audit import claims, fieldwork
from remit.compliance.learning.bills import bill_of
from remit.compliance.learning.grading import evidence
from remit.compliance.learning.grading.answers import answered
from remit.compliance.learning.grading.asking import IMAGINED, people, why_not
from remit.compliance.learning.grading.criteria import Answered, Wanted
from remit.compliance.learning.grading.tenant import Tenant
from remit.compliance.learning.reports import report_of
from remit.directory.roles import role

_DUTIES_WRONG_MAX = 2
Judge = Callable[[Tenant, Mapping[str, Any]], str | None]


def _trusted_by(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Let a role be assumed by services alone, and by each that is named."""
    trust = msgspec.json.decode(role(tenant.tx, tenant.account(given["account"]), given["role"]).trust)
    found: set[str] = set()
    statements: list[dict[str, Any]] = (
        trust["Statement"] if isinstance(trust["Statement"], list) else [trust["Statement"]]
    )
    for statement in statements:
        principal = statement.get("Principal", "*")
        if statement["Effect"] != "Allow":
            continue
        if not isinstance(principal, dict) or set(cast("dict[str, Any]", principal)) != {"Service"}:
            return f"the role also trusts {msgspec.json.encode(principal).decode()}"
        services: str | list[str] = cast("dict[str, Any]", principal)["Service"]
        found.update([services] if isinstance(services, str) else services)
    wanted = set(given["services"])
    if found == wanted:
        return None
    return f"the role trusts {', '.join(sorted(found)) or 'nobody'}, and should trust {', '.join(sorted(wanted))}"


def _predicted(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Compare what the learner predicts of an administrator's actions with what the engine says now."""
    said = (tenant.answers or {}).get(given["key"])
    if not isinstance(said, dict) or not all(cast("dict[str, Any]", said).values()):
        return f"`{given['key']}` is not answered in full"
    predictions = {str(name): str(value).strip().lower() for name, value in cast("dict[str, Any]", said).items()}
    (person,) = people(tenant, given["account"], [IMAGINED])
    actions: list[str] = given["actions"]
    wrong = [
        action
        for action in actions
        if predictions.get(action) != ("denied" if why_not(tenant, person, Wanted(action=action)) else "allowed")
    ]
    return f"{len(wrong)} of {len(actions)} predictions did not come true" if wrong else None


def _bill(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Compare an answer about the lab's bill."""
    right = bill_of(tenant.attempt)
    key: str = given["key"]
    return answered(tenant.answers, Answered(says="", key=key, right=str(getattr(right, key))))


def _report(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Compare an answer about the lab's report."""
    key: str = given["key"]
    return answered(tenant.answers, Answered(says="", key=key, right=str(getattr(report_of(tenant.attempt), key))))


def _duties(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Compare whose the duties are."""
    right = {str(number): one["owner"] for number, one in enumerate(given["duties"], start=1)}
    return answered(tenant.answers, Answered(says="", key=given["key"], right=right, wrong=_DUTIES_WRONG_MAX))


JUDGES: Mapping[str, Judge] = {
    "bill": _bill,
    "census": fieldwork.census,
    "claims-found": claims.enough_found,
    "claims-reported": claims.reported,
    "claims-true": claims.none_false,
    "disclosure": evidence.disclosure,
    "duties": _duties,
    "exception": evidence.exception,
    "exceptions": fieldwork.exceptions,
    "forged": evidence.forged,
    "predicted": _predicted,
    "replay": evidence.replay,
    "report": _report,
    "sample": fieldwork.sample,
    "snapshot": evidence.snapshot,
    "trusted-by": _trusted_by,
}
