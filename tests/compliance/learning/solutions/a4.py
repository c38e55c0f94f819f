"""Course A4: what passes, and what does not."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from compliance.learning.solutions.solution import Solution
from learners import Learner

from remit.compliance.evidence.disclosure import prove
from remit.compliance.evidence.standalone.checking import check
from remit.compliance.evidence.standalone.program import pin, read_keys
from remit.compliance.snapshots import Answer, Header, Read, Snapshot, Status
from remit.compliance.snapshots.answers import answered
from remit.compliance.snapshots.files import write

# -- A4-1

READS = (
    "GetAccountSummary",
    "GetAccountPasswordPolicy",
    "GetCredentialReport",
    "GetAccountAuthorizationDetails",
    "ListUsers",
    "ListVirtualMFADevices",
)


def _take(learner: Learner, role: str) -> Path:
    """Take a snapshot as `remit compliance snapshot` does, through the clients of this test."""
    identity = learner.assumed("workload", role)
    iam = learner.whole.client("iam", identity)
    with suppress(ClientError):
        while iam.generate_credential_report()["State"] != "COMPLETE":
            pass
    at, answers = datetime.now(UTC), dict[Read, Answer]()
    for name in READS:
        method = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)[1:].replace("m_f_a_", "mfa_")
        try:
            value = getattr(iam, method)()
            id_ = value.pop("ResponseMetadata")["RequestId"]
            # As the collector does it: what has pages is put together of several answers, and has no id.
            answers[Read("iam", name)] = answered(value, at, request_id="" if iam.can_paginate(method) else id_)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            status = Status.ABSENT if code == "NoSuchEntity" else Status.DENIED
            answers[Read("iam", name)] = Answer(status, at, code=code)
    header = Header(
        account=learner.account("workload"),
        caller=f"arn:aws:sts::{learner.account('workload')}:assumed-role/{role}/learner",
        taken_at=at,
        regions=("us-east-1",),
        regions_read=("us-east-1",),
    )
    path = learner.folder / "one.snapshot"
    write(Snapshot(header, answers), path)
    return path


def _refused(path: Path) -> list[str]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [f"iam:{one['read']['operation']}" for one in lines if one.get("status") == "denied"]


def snapshot(learner: Learner) -> None:
    role = learner.drawn["role"]
    learner.answers["refused"] = _refused(_take(learner, role))
    learner.client("iam", "workload").delete_role_policy(RoleName=role, PolicyName="leftover")
    learner.answers["snapshot"] = str(_take(learner, role))


def incomplete_snapshot(learner: Learner) -> None:
    path = _take(learner, learner.drawn["role"])
    learner.answers |= {"refused": _refused(path), "snapshot": str(path)}


def by_the_administrator(learner: Learner) -> None:
    learner.answers["refused"] = _refused(_take(learner, learner.drawn["role"]))
    learner.answers["snapshot"] = str(_take(learner, "OrganizationAccountAccessRole"))


def written_by_hand(learner: Learner) -> None:
    _by_hand(learner, "00000000-0000-4000-8000-000000000000")


def written_by_hand_without_ids(learner: Learner) -> None:
    _by_hand(learner, "")


def _by_hand(learner: Learner, request_id: str) -> None:
    role = learner.drawn["role"]
    path = _take(learner, role)
    learner.answers["refused"] = _refused(path)
    text = path.read_text()
    for name in learner.answers["refused"]:
        operation = name.partition(":")[2]
        value = {"Users": []} if operation == "ListUsers" else {}
        made = answered(value, datetime.now(UTC), request_id=request_id)
        lines = [one for one in text.splitlines() if f'"operation":"{operation}"' not in one]
        said = {
            "read": {"service": "iam", "operation": operation},
            "status": "answered",
            "at": datetime.now(UTC).isoformat(),
            "sha256": made.sha256,
            "request_id": made.request_id,
        }
        lines[-1:-1] = [f'{{"sha256":"{made.sha256}","value":{made.text}}}', json.dumps(said)]
        text = "\n".join(lines) + "\n"
    path.write_text(text)
    learner.answers["snapshot"] = str(path)


def too_much(learner: Learner) -> None:
    snapshot(learner)
    learner.client("iam", "workload").attach_role_policy(
        RoleName=learner.drawn["role"], PolicyArn="arn:aws:iam::aws:policy/IAMFullAccess"
    )


# -- A4-2


def _problems(learner: Learner, number: int, *, pinned: bool) -> list[str]:
    with (learner.folder / f"bundles/bundle-{number}.zip").open("rb") as file:
        report = check(file)
    if pinned:
        pin(report, read_keys(str(learner.folder / "bundles/collector.pem")))
    return [f"{name}: {what}" for name, what in report.problems.items()]


def _how(problems: list[str]) -> str:
    text = " ".join(problems)
    if "cells.jsonl" in text:
        return "verdict"
    if "missing" in text or "taken out" in text:
        return "missing"
    return "evidence" if "evidence/" in text else "signer"


def spot(learner: Learner) -> None:
    found = {number: _problems(learner, number, pinned=True) for number in range(1, 6)}
    (forged,) = [number for number, problems in found.items() if problems]
    learner.answers |= {"forged": forged, "how": _how(found[forged])}


def point_at_the_next(learner: Learner) -> None:
    spot(learner)
    learner.answers["forged"] = learner.answers["forged"] % 5 + 1


def tell_it_wrong(learner: Learner) -> None:
    spot(learner)
    learner.answers["how"] = "evidence" if learner.answers["how"] != "evidence" else "verdict"


# -- A4-3


def _events(learner: Learner) -> list[dict[str, Any]]:
    pages = learner.client("cloudtrail", "workload").get_paginator("lookup_events").paginate()
    return [json.loads(one["CloudTrailEvent"]) for page in pages for one in page["Events"]]


def _arn_of(event: dict[str, Any]) -> str:
    arn: str = event["userIdentity"]["arn"]
    if ":assumed-role/" in arn:
        account, name = arn.split(":")[4], arn.split("/")[1]
        return f"arn:aws:iam::{account}:role/{name}"
    return arn


def _would_be_refused(learner: Learner, event: dict[str, Any]) -> bool:
    policy = json.loads((learner.folder / "proposed.json").read_text())
    call, who = f"iam:{event['eventName']}", _arn_of(event)
    role = (event.get("requestParameters") or {}).get("roleName", "")
    first, second = policy["Statement"]
    if call == first["Action"]:
        return not fnmatchcase(who, "arn:aws:iam::*:role/pipeline-*")
    return call == second["Action"] and role.startswith("app-") and ":role/" in who


def _yesterday(learner: Learner) -> list[dict[str, Any]]:
    begun = learner.attempt.started_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [one for one in _events(learner) if one["eventTime"] < begun]


def replay(learner: Learner) -> None:
    learner.answers["refused"] = [
        one["requestID"] for one in _yesterday(learner) if not one.get("errorCode") and _would_be_refused(learner, one)
    ]


def count_what_was_refused_anyway(learner: Learner) -> None:
    learner.answers["refused"] = [one["requestID"] for one in _yesterday(learner) if _would_be_refused(learner, one)]


def look_at_actions_alone(learner: Learner) -> None:
    actions = {f"iam:{name}" for name in ("CreateUser",)} | {learner.drawn["banned"], learner.drawn["tagging"]}
    learner.answers["refused"] = [
        one["requestID"]
        for one in _yesterday(learner)
        if not one.get("errorCode") and f"iam:{one['eventName']}" in actions
    ]


def leave_it_attached(learner: Learner) -> None:
    replay(learner)
    organizations = learner.client("organizations")
    content = (learner.folder / "proposed.json").read_text()
    made = organizations.create_policy(Name="proposed", Description="", Type="SERVICE_CONTROL_POLICY", Content=content)
    organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=learner.account("workload"))


# -- A4-4


def _exception(learner: Learner, **changed: Any) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    one = {
        "half": "SR-X1.c",
        "accounts": [learner.account("website")],
        "subjects": [f"arn:aws:s3:::{learner.drawn['bucket']}"],
        "reason": "Pictures for the press; public until the distribution takes over.",
        "asked_by": learner.drawn["asked_by"],
        "approver": learner.drawn["owner"],
        "approved_at": (now - timedelta(minutes=1)).isoformat(),
        "expires_at": (now + timedelta(days=learner.drawn["days"])).isoformat(),
    }
    learner.answers["exceptions"] = [{**one, **changed}]


def except_it(learner: Learner) -> None:
    _exception(learner)


def except_for_a_year(learner: Learner) -> None:
    _exception(learner, expires_at=(datetime.now(UTC) + timedelta(days=365)).isoformat())


def except_the_cell(learner: Learner) -> None:
    _exception(learner, subjects=[])


def except_by_wildcard(learner: Learner) -> None:
    _exception(learner, subjects=[f"arn:aws:s3:::{learner.drawn['bucket']}*"])


def except_everywhere(learner: Learner) -> None:
    _exception(learner, accounts=["*"])


def approve_ones_own(learner: Learner) -> None:
    _exception(learner, approver=learner.drawn["asked_by"])


# -- A4-5


def _disclose(learner: Learner, person: str, *pointers: str) -> None:
    folder = learner.folder / "evidence"
    rows = dict(reversed(row.split(",")) for row in (folder / "index.csv").read_text().split())
    texts = json.loads((folder / "disclosures.json").read_text())[rows[person]]
    proof = prove(folder / "bundle.zip", rows[person], [texts[pointer] for pointer in pointers])
    (learner.folder / "item.proof.json").write_bytes(proof)


def disclose(learner: Learner) -> None:
    _disclose(learner, learner.drawn["people"][0], "/UserName")


def disclose_all(learner: Learner) -> None:
    _disclose(learner, learner.drawn["people"][0], "/UserName", "/Project")


def disclose_nothing(learner: Learner) -> None:
    _disclose(learner, learner.drawn["people"][0])


def disclose_somebody_else(learner: Learner) -> None:
    _disclose(learner, learner.drawn["people"][1], "/UserName")


def alter_the_answer(learner: Learner) -> None:
    import base64

    disclose(learner)
    path = learner.folder / "item.proof.json"
    proof = json.loads(path.read_bytes())
    content = base64.b64decode(proof["content"]).replace(b'"MfaEnabled":true', b'"MfaEnabled":false')
    path.write_text(json.dumps({**proof, "content": base64.b64encode(content).decode()}))


SOLUTIONS = {
    "A4-1": Solution(
        snapshot, (incomplete_snapshot, by_the_administrator, written_by_hand, written_by_hand_without_ids, too_much)
    ),
    "A4-2": Solution(spot, (point_at_the_next, tell_it_wrong)),
    "A4-3": Solution(replay, (count_what_was_refused_anyway, look_at_actions_alone, leave_it_attached)),
    "A4-4": Solution(
        except_it, (except_for_a_year, except_the_cell, except_by_wildcard, except_everywhere, approve_ones_own)
    ),
    "A4-5": Solution(disclose, (disclose_all, disclose_nothing, disclose_somebody_else, alter_the_answer)),
}
