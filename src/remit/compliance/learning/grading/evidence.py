"""Judges of course A4: snapshots, bundles, replays, exceptions and disclosures that learners hand in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import msgspec

from remit.authz import question_of_record
from remit.authz.documents import policy_of
from remit.authz.imagined import EVERYTHING
from remit.compliance.evidence.standalone.proofs import Proved, read_proof
from remit.compliance.learning.bundles import collector_key, forged_of
from remit.compliance.learning.grading.answers import answered
from remit.compliance.learning.grading.criteria import Answered
from remit.compliance.learning.grading.tenant import Tenant
from remit.compliance.snapshots import Snapshot, SnapshotUnreadable, Status
from remit.compliance.snapshots.answers import Answer
from remit.compliance.snapshots.files import read
from remit.compliance.status.records import Exemption
from remit.directory.users import users
from remit.policy.evaluate import compile_policies

_FILE_BYTES_MAX = 64 << 20
_REASON_CHARACTERS_MIN = 20
_ANSWERS = frozenset({"", "NoSuchEntity", "NoSuchEntityException"})
_NEAR = timedelta(seconds=5)


def forged(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Compare an answer about the forged bundle."""
    key: str = given["key"]
    return answered(tenant.answers, Answered(says="", key=key, right=str(getattr(forged_of(tenant.attempt), key))))


# -- snapshots


def snapshot(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Say why a snapshot that was handed in proves nothing."""
    path = _file(tenant, "snapshot")
    if isinstance(path, str):
        return path
    try:
        found = read(path)
    except SnapshotUnreadable as error:
        return str(error)
    return _header(tenant, found, given) or _reads(tenant, found, given) or _everybody(tenant, found, given)


def _header(tenant: Tenant, found: Snapshot, given: Mapping[str, Any]) -> str | None:
    account, header = tenant.account(given["account"]), found.header
    if header.account != account:
        return f"it is of account {header.account}, and not of {account}"
    if header.taken_at < tenant.attempt.started_at.replace(microsecond=0):
        return f"it was taken at {header.taken_at}, before the lab began"
    if f":assumed-role/{given['role']}/" not in header.caller:
        return f"it was taken by {header.caller}"
    return None if found.is_finished else "its collection did not come to its end"


def _reads(tenant: Tenant, found: Snapshot, given: Mapping[str, Any]) -> str | None:
    answers = {f"{one.service}:{one.operation}": answer for one, answer in found.answers.items() if not one.params}
    for name in given["reads"]:
        answer = answers.get(name)
        if answer is None:
            return f"{name} was not asked"
        if answer.status not in (Status.ANSWERED, Status.ABSENT):
            return f"{name} was {answer.status}: {answer.code}"
        if not _happened(tenant, found, given["account"], name, answer):
            return f"the trail of the account knows no such request for {name}: {answer.request_id or answer.at}"
    return None


def _happened(tenant: Tenant, found: Snapshot, account: str, name: str, answer: Answer) -> bool:
    """Say whether the trail knows the request of an answer.

    Answers of several pages, and those that there is none, come without an id: then it is one of the same caller, which
    was answered at that time.
    """
    for record in tenant.records(account, name=name.partition(":")[2]):
        if record.get("errorCode", "") not in _ANSWERS:
            continue
        if answer.request_id and record["requestID"] == answer.request_id:
            return True
        away = abs(datetime.fromisoformat(record["eventTime"]) - answer.at)
        if not answer.request_id and record["userIdentity"].get("arn") == found.header.caller and away <= _NEAR:
            return True
    return False


def _everybody(tenant: Tenant, found: Snapshot, given: Mapping[str, Any]) -> str | None:
    (listed,) = [
        answer for one, answer in found.answers.items() if (one.service, one.operation) == ("iam", "ListUsers")
    ]
    names = {one["UserName"] for one in listed.value()["Users"]}
    there = {one.name for one in users(tenant.tx, tenant.account(given["account"]))}
    missing = sorted(there - names)
    return f"ListUsers lacks {', '.join(missing)}" if missing else None


# -- replays


def replay(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Compare the requests that a policy would have refused with those that are named."""
    text = tenant.lab.exhibits[given["policy"]]
    refused = [one["requestID"] for one in _before(tenant, given["account"]) if _is_newly_refused(tenant, one, text)]
    return answered(tenant.answers, Answered(says="", key=given["key"], right=refused))


def _before(tenant: Tenant, account: str) -> list[dict[str, Any]]:
    """Return the records of the two days before the lab began that went well."""
    since = tenant.attempt.started_at - timedelta(days=2, seconds=1)
    return [
        one for one in tenant.records(account, since=since, until=tenant.attempt.started_at) if not one.get("errorCode")
    ]


def _is_newly_refused(tenant: Tenant, record: Mapping[str, Any], text: str) -> bool:
    try:
        question = question_of_record(tenant.tx, record, at=tenant.at)
    except LookupError:  # of services that Remit does not have, or of somebody who is gone
        return False
    levels = question.policies.scps or ()
    proposed = (*EVERYTHING.identity, policy_of(text, "proposed"))
    policies = msgspec.structs.replace(question.policies, scps=(*levels, proposed))
    return question.is_allowed and not compile_policies(policies).decide(question.request).is_allowed


# -- exceptions


def exception(tenant: Tenant, given: Mapping[str, Any]) -> str | None:  # noqa: PLR0911  # one thing wrong each
    """Say what is wrong with an exception."""
    written: Any = (tenant.answers or {}).get(given["key"])
    try:
        every = msgspec.convert(written or [], tuple[Exemption, ...])
    except msgspec.ValidationError as error:
        return f"`{given['key']}` has another form: {error}"
    if len(every) != 1:
        return f"`{given['key']}` has {len(every)} entries, and should have one"
    (one,) = every
    account, half = tenant.account(given["account"]), str(given["half"])
    if any(at.tzinfo is None for at in (one.approved_at, one.expires_at)):
        return "a time has no zone: write 2026-11-29T12:00:00Z"
    if (one.asked_by, one.approver) != (given["asked_by"], given["approver"]):
        return f"`{one.asked_by}` asks and `{one.approver}` approves"
    if not one.covers(half, account, tenant.at):
        return f"it does not cover {half} of account {account} now"
    if any(one.covers(half, tenant.account(other), tenant.at) for other in given["others"]):
        return "it covers another account, too"
    if not tenant.at + timedelta(days=1) <= one.expires_at <= tenant.at + timedelta(days=int(given["days"])):
        return f"it ends at {one.expires_at}"
    if list(one.subjects) != [given["subject"]]:
        return f"it lets be {', '.join(one.subjects) or 'everything in the cell'}"
    if len(one.reason.strip()) < _REASON_CHARACTERS_MIN:
        return "its reason says nothing that a stranger would understand"
    return None


# -- disclosures


def disclosure(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Say what is wrong with the proof of one answer."""
    path = _file(tenant, given["key"])
    if isinstance(path, str):
        return path
    try:
        proved: Proved = read_proof(path.read_bytes())
    except (ValueError, OSError) as error:
        return f"it proves nothing: {error}"
    if proved.attested.public != collector_key(tenant.attempt).public:
        return "it was not the collector who signed"
    person = str(given["person"])
    if proved.disclosed.get("/UserName", person) != person:
        return f"it is about {proved.disclosed['/UserName']}"
    if set(proved.disclosed) != {"/UserName"}:
        return f"it discloses {', '.join(sorted(proved.disclosed)) or 'nothing'}"
    return None


def _file(tenant: Tenant, key: str) -> Path | str:
    """Return the file that an answer names, or what is wrong with it."""
    name = (tenant.answers or {}).get(key)
    if not name:
        return f"`{key}` is not answered: give the path of a file"
    path = tenant.folder / str(cast("object", name))
    if not path.is_file():
        return f"there is no file {path}"
    if path.stat().st_size > _FILE_BYTES_MAX:
        return f"{path} is larger than {_FILE_BYTES_MAX} bytes"
    return path
