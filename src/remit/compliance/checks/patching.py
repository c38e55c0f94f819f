"""Systems are managed, scanned and patched in time; clocks are right.

Source: `shared-responsibility` reference, 5, `patch.*`, `time.source`; Systems Manager and Inspector API references.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from remit.compliance.checks.check import Each, Region, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed, unknown
from remit.compliance.checks.seen import Seen

_INSTANCES = Each(
    "ec2:DescribeInstances",
    "Reservations[].Instances[]",
    "arn:{partition}:ec2:{region}:{account}:instance/{InstanceId}",
)
_MANAGED = Each(
    "ssm:DescribeInstanceInformation",
    "InstanceInformationList",
    "arn:{partition}:ssm:{region}:{account}:managed-instance/{InstanceId}",
)
_BASELINES = Each(
    "ssm:DescribePatchBaselines",
    "BaselineIdentities",
    "arn:{partition}:ssm:{region}:{account}:patchbaseline/{BaselineId}",
)
_BASELINE, _PATCH_GROUPS = "ssm:GetPatchBaseline", "ssm:DescribePatchGroups"
_STATES, _INVENTORY = "ssm:DescribeInstancePatchStates", "ssm:ListInventoryEntries"
_SCANNERS, _VULNERABILITIES = "inspector2:BatchGetAccountStatus", "inspector2:ListFindings"
APPROVAL_DAYS, SCAN_DAYS, STOPPED_DAYS, CRITICAL_DAYS = 7, 7, 30, 30
_SECURITY = frozenset({"*", "Security", "SecurityUpdates", "CriticalUpdates"})
_GRAVE = frozenset({"*", "Critical"})
_STOPPED = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) GMT\)")
# Amazon Time Sync, as instances see it.
_CLOCKS = frozenset({"169.254.169.123", "fd00:ec2::123"})


@check("patch.managed", version=1, each=_INSTANCES, reads=("ssm:DescribeInstanceInformation",))
def managed(instance: Subject, seen: Seen) -> Judgement:
    """Systems Manager knows every running instance, and reaches it."""
    if instance["State"]["Name"] != "running":
        return not_applicable(f"the instance is {instance['State']['Name']}")
    for known in seen.items("ssm:DescribeInstanceInformation", "InstanceInformationList", instance.region):
        if known["InstanceId"] == instance["InstanceId"]:
            if known["PingStatus"] == "Online":
                return passed("is managed by Systems Manager")
            return failed(f"is known to Systems Manager, which does not reach it: {known['PingStatus']}")
    return failed("runs, and Systems Manager does not know it")


@check("patch.compliant", version=1, each=_MANAGED, reads=(_STATES,))
def compliant(instance: Subject, seen: Seen) -> Judgement:
    """No patch is missing that should be there."""
    name = instance["InstanceId"]
    states: Sequence[Mapping[str, Any]] = seen.items(_STATES, "InstancePatchStates", instance.region, InstanceIds=name)
    if not states:
        return failed("was never scanned for patches")
    state = states[0]
    scanned = datetime.fromisoformat(state["OperationEndTime"])
    if state["MissingCount"] or state["FailedCount"]:
        return failed(f"lacks {state['MissingCount']} patches, and {state['FailedCount']} could not be installed")
    if scanned < seen.now - timedelta(days=SCAN_DAYS):
        return failed(f"was scanned for patches last on {scanned:%Y-%m-%d}, over {SCAN_DAYS} days ago")
    return passed(f"lacked no patch on {scanned:%Y-%m-%d}")


@check("patch.baseline", version=1, each=_BASELINES, reads=(_BASELINE, _PATCH_GROUPS))
def baselines(baseline: Subject, seen: Seen) -> Judgement:
    """Baselines in use approve patches against grave weaknesses within days."""
    name = baseline["BaselineId"]
    groups = [
        mapping["PatchGroup"]
        for mapping in seen.items(_PATCH_GROUPS, "Mappings", baseline.region)
        if mapping["BaselineIdentity"]["BaselineId"] == name
    ]
    if not groups and not baseline["DefaultBaseline"]:
        return not_applicable("is not in use")
    described = seen.answer(_BASELINE, baseline.region, BaselineId=name)
    days = [
        rule["ApproveAfterDays"]
        for rule in described.get("ApprovalRules", {}).get("PatchRules", ())
        if "ApproveAfterDays" in rule and _is_for_security(rule["PatchFilterGroup"]["PatchFilters"])
    ]
    if not days:
        return failed("is in use, and approves no patch against grave weaknesses by itself")
    if min(days) > APPROVAL_DAYS:
        return failed(f"is in use, and approves patches against grave weaknesses after {min(days)} days only")
    return passed(f"approves patches against grave weaknesses after {min(days)} days")


def _is_for_security(filters: Sequence[Mapping[str, Any]]) -> bool:
    asked = {one["Key"]: frozenset(one["Values"]) for one in filters}
    return bool(asked.get("CLASSIFICATION", _SECURITY) & _SECURITY) and bool(
        (asked.get("SEVERITY") or asked.get("MSRC_SEVERITY") or _GRAVE) & _GRAVE
    )


@check("patch.stopped", version=1, each=_INSTANCES)
def stopped(instance: Subject, seen: Seen) -> Judgement:
    """No instance waits unpatched for the day on which it is started again."""
    if instance["State"]["Name"] != "stopped":
        return not_applicable(f"the instance is {instance['State']['Name']}")
    found = _STOPPED.search(instance["StateTransitionReason"])
    if found is None:
        return unknown(f"nothing says since when it is stopped: `{instance['StateTransitionReason']}`")
    since = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    days = (seen.now - since).days
    if days > STOPPED_DAYS:
        return failed(f"is stopped since {since:%Y-%m-%d}, for {days} days, and was not patched since")
    return passed(f"is stopped since {since:%Y-%m-%d}")


@check("patch.vuln", version=1, each=Region(), reads=(_SCANNERS, _VULNERABILITIES))
def vulnerabilities(region: Subject, seen: Seen) -> Judgement:
    """Weaknesses are looked for, and grave ones are gone within a month."""
    answer = seen.answer(_SCANNERS, region.region)
    status = next((one for one in answer["accounts"] if one["accountId"] == seen.account), None)
    if status is None:
        return unknown("Inspector does not say whether it is on")
    if status["resourceState"]["ec2"]["status"] != "ENABLED":
        return failed(f"Inspector looks at no instances: {status['resourceState']['ec2']['status']}")
    old = sorted(_old(seen, region.region))
    if old:
        return failed(f"{len(old)} critical findings are older than {CRITICAL_DAYS} days, {old[0]} the first of them")
    return passed(f"no critical finding is older than {CRITICAL_DAYS} days")


def _old(seen: Seen, region: str) -> Iterator[str]:
    for found in seen.items(_VULNERABILITIES, "findings", region):
        if found["severity"] == "CRITICAL" and found["status"] == "ACTIVE":
            since = datetime.fromisoformat(found["firstObservedAt"])
            if since < seen.now - timedelta(days=CRITICAL_DAYS):
                yield f"{found['findingArn']} of {since:%Y-%m-%d}"


@check("time.source", version=1, each=_MANAGED, reads=(_INVENTORY,))
def clocks(instance: Subject, seen: Seen) -> Judgement:
    """Clocks are set by Amazon Time Sync, as instances say in an inventory of one's own."""
    entries = seen.items(_INVENTORY, "Entries", instance.region, InstanceId=instance["InstanceId"])
    sources = sorted({entry["Source"] for entry in entries})
    if not sources:
        return unknown("says nothing about its clock: put inventory of the type Custom:TimeSource, or attest to it")
    others = [source for source in sources if source not in _CLOCKS]
    if others:
        return failed(f"sets its clock by {', '.join(others)}")
    return passed(f"sets its clock by {', '.join(sources)}")
