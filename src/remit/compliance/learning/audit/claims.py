"""Claims of learners about a tenant, held against the tenant, and their evidence against its trail.

A claim names a kind of fault, an account, a subject, and the request ids of reads that show it. It is true if the fault
is there. Its evidence is correct if one of those reads is in the trail: made since the lab began, answered, able to
show that kind of fault, and about that subject where it is about one.
"""

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from remit.compliance.learning.audit.faults import FAULTS, WAY_IN, Fault
from remit.compliance.learning.audit.planting import Planted, planted_in
from remit.compliance.learning.grading.tenant import Tenant
from remit.compliance.learning.labs import MANAGEMENT
from remit.directory.facts import NotFound

_CLAIMS_MAX = 200
_TOLD = ("effect", "recommendation")
_SEVERITIES = frozenset({"low", "medium", "high", "critical"})
_TEXT_MIN = 15
# Codes of errors: none, and those that say that there is none, which is an answer.
_ANSWERS = frozenset({"", "ResourceNotFoundException", "NoSuchEntity", "NoSuchEntityException"})
# Members of requests that say whom a read is about.
_ABOUT = ("userName", "roleName", "policyArn", "resourceId", "targetId", "childId", "accountId")


class Claim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A claim.

    Attributes:
        account: its id, or its name in the lab.
        subject: name of a user, role or policy; principal of a service; the id of an account.
        evidence: request ids.
    """

    fault: str
    account: str
    subject: str
    evidence: list[str] = []
    severity: str = ""
    effect: str = ""
    recommendation: str = ""


class Unreadable(Exception):
    """Claims that have no form; a line for a person."""


def claims_of(tenant: Tenant, key: str) -> list[Claim]:
    """Return the claims that a learner has written.

    Raises:
        Unreadable: they have no form, or there are too many.
    """
    written: Any = (tenant.answers or {}).get(key)
    try:
        claims = msgspec.convert(written or [], list[Claim], strict=False)
    except msgspec.ValidationError as error:
        raise Unreadable(f"`{key}` has another form: {error}") from None
    for number, claim in enumerate(claims, start=1):
        if claim.fault not in FAULTS:
            raise Unreadable(f"claim {number}: no kind of fault `{claim.fault}`; they are {', '.join(FAULTS)}")
        if _account(tenant, claim) is None:
            raise Unreadable(f"claim {number}: no account `{claim.account}` in this organization")
    if len(claims) > _CLAIMS_MAX:
        raise Unreadable(f"{len(claims)} claims are more than anybody reads")
    return claims


def none_false(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Say how many claims are false."""
    try:
        claims = claims_of(tenant, given["key"])
    except Unreadable as error:
        return str(error)
    false = [number for number, claim in enumerate(claims, start=1) if not is_true(tenant, claim)]
    if not claims:
        return f"`{given['key']}` is not answered"
    return f"{len(false)} of {len(claims)} claims are false" if false else None


def enough_found(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Say how many of the planted faults were found with correct evidence."""
    try:
        claims = claims_of(tenant, given["key"])
    except Unreadable as error:
        return str(error)
    read = _Reads(tenant)
    proved = {_place(tenant, one) for one in claims if is_true(tenant, one) and read.shows(one)}
    planted = planted_in(tenant.attempt)
    found, least = len(proved.intersection(planted)), int(given["least"])
    without = sum(1 for one in claims if is_true(tenant, one) and not read.shows(one))
    if found >= least:
        return None
    said = f"; {without} true claims have no evidence that shows them" if without else ""
    return f"{found} of {len(planted)} planted faults were found with evidence, and {least} are needed{said}"


def reported(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Say which claim lacks what a report says of each finding."""
    try:
        claims = claims_of(tenant, given["key"])
    except Unreadable as error:
        return str(error)
    for number, claim in enumerate(claims, start=1):
        if claim.severity not in _SEVERITIES:
            return f"finding {number}: a severity is one of {', '.join(sorted(_SEVERITIES))}"
        for member in _TOLD:
            if len(str(getattr(claim, member)).strip()) < _TEXT_MIN:
                return f"finding {number}: its {member} says nothing that the owner could act on"
    return None if claims else f"`{given['key']}` is not answered"


def is_true(tenant: Tenant, claim: Claim) -> bool:
    """Say whether the fault is there."""
    place = _place(tenant, claim)
    if place.subject in WAY_IN:
        return False
    try:
        return FAULTS[claim.fault].holds(tenant, place.account, place.subject)
    except NotFound:
        return False


def _account(tenant: Tenant, claim: Claim) -> str | None:
    accounts = tenant.attempt.accounts
    found = [name for name, id_ in accounts.items() if claim.account in (name, id_)]
    return found[0] if found else None


def _place(tenant: Tenant, claim: Claim) -> Planted:
    """Return a claim as faults are planted: the account by its name, a subject that is an account by its id."""
    account = _account(tenant, claim) or ""
    fault = FAULTS[claim.fault]
    subject = claim.subject.rpartition("/")[2] if fault.subject in ("user", "role", "policy") else claim.subject
    if fault.subject == "account" and subject in ("root", account):
        subject = tenant.attempt.accounts[account]
    return Planted(claim.fault, account, subject)


class _Reads:
    """The reads that were answered since the lab began, of every account."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for account in tenant.attempt.accounts:
            for record in tenant.records(account):
                if record.get("errorCode", "") in _ANSWERS:
                    self._found.setdefault(str(record["requestID"]), []).append((account, record))

    def shows(self, claim: Claim) -> bool:
        """Say whether the evidence of a claim is correct."""
        place, fault = _place(self._tenant, claim), FAULTS[claim.fault]
        return any(
            self._is_about(fault, place, account, record)
            for id_ in claim.evidence
            for account, record in self._found.get(id_, [])
        )

    def _is_about(self, fault: Fault, place: Planted, account: str, record: Mapping[str, Any]) -> bool:
        service = str(record["eventSource"]).partition(".")[0]
        if f"{service}:{record['eventName']}" not in fault.shown_by:
            return False
        asked = cast("dict[str, Any]", record.get("requestParameters") or {})
        about = {str(asked[name]) for name in _ABOUT if asked.get(name)}
        id_ = self._tenant.attempt.accounts[place.account]
        if fault.of_organization:
            return account == MANAGEMENT and (not about or bool(about & {id_, place.subject}) or _is_list(record))
        if account != place.account:  # asked from the management account about a member
            return account == MANAGEMENT and id_ in about
        return not about or id_ in about or any(_names(one, place.subject) for one in about)


def _is_list(record: Mapping[str, Any]) -> bool:
    """Say whether a read lists what lies below a parent or is attached somewhere, whichever it was."""
    return record["eventName"] in ("ListAccountsForParent", "ListTargetsForPolicy")


def _names(said: str, subject: str) -> bool:
    return said.rpartition("/")[2] == subject
