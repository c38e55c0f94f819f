"""Somebody is told of what matters, when it happens.

Each pattern has to be looked for by a metric filter on the log group of a trail, with an alarm that acts.
Source: CIS AWS Foundations 6.0, 5.1 to 5.9 in their order of importance here; CloudWatch Logs, "Filter pattern syntax".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from remit.compliance.checks.check import Derived, Subject, check
from remit.compliance.checks.findings import Judgement, failed, passed
from remit.compliance.checks.seen import Seen, Unread
from remit.compliance.checks.trails import STATUS, TRAILS, trails

_FILTERS, _ALARMS = "logs:DescribeMetricFilters", "cloudwatch:DescribeAlarms"
_GROUP = 6  # of an ARN: what a log group is called, after `log-group:`


def _events(*names: str) -> tuple[str, ...]:
    return tuple(rf'\$\.eventName\s*=\s*"?{name}"?' for name in names)


# What a pattern is about -> what a filter has to ask for, as regular expressions.
PATTERNS: Mapping[str, tuple[str, ...]] = {
    "use of the root user": (r'\$\.userIdentity\.type\s*=\s*"?Root"?',),
    "failed sign-in": (*_events("ConsoleLogin"), r'\$\.errorMessage\s*=\s*"?Failed authentication"?'),
    "sign-in without a second factor": (*_events("ConsoleLogin"), r'\$\.additionalEventData\.MFAUsed\s*!=\s*"?Yes"?'),
    "changes of IAM policies": _events(
        "DeleteGroupPolicy",
        "DeleteRolePolicy",
        "DeleteUserPolicy",
        "PutGroupPolicy",
        "PutRolePolicy",
        "PutUserPolicy",
        "CreatePolicy",
        "DeletePolicy",
        "CreatePolicyVersion",
        "DeletePolicyVersion",
        "AttachRolePolicy",
        "DetachRolePolicy",
        "AttachUserPolicy",
        "DetachUserPolicy",
        "AttachGroupPolicy",
        "DetachGroupPolicy",
    ),
    "changes of trails": _events("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
    "disabling and deletion of keys": (
        r'\$\.eventSource\s*=\s*"?kms\.amazonaws\.com"?',
        *_events("DisableKey", "ScheduleKeyDeletion"),
    ),
}


def _patterns(seen: Seen) -> Iterator[Subject]:
    for about, asked in PATTERNS.items():
        yield Subject(f"{seen.account}/{about}", "", {"asked": asked})


@check(
    "log.filters",
    version=1,
    each=Derived("patterns", _patterns),
    reads=(TRAILS, STATUS, _FILTERS, _ALARMS),
)
def filters(pattern: Subject, seen: Seen) -> Judgement:
    """Somebody is told."""
    known = trails(seen)
    unread = known.unread
    is_looked_for = False
    for trail in known.known:
        group = trail.members.get("CloudWatchLogsLogGroupArn", "")
        if not group:
            continue
        try:
            if not trail.status(seen)["IsLogging"]:
                continue
            for found in _filters(seen, group, pattern["asked"]):
                is_looked_for = True
                alarm = _alarm(seen, group, found)
                if alarm:
                    return passed(f"alarm {alarm} tells of it")
        except Unread as error:
            unread = error
    if unread is not None:
        raise unread
    if is_looked_for:
        return failed("is looked for, and no alarm tells anybody")
    return failed("is looked for by no metric filter on the log group of a trail")


def _filters(seen: Seen, group: str, asked: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    parts = group.split(":")
    region, name = parts[3], parts[_GROUP]
    for found in seen.items(_FILTERS, "metricFilters", region):
        if found["logGroupName"] == name and all(re.search(one, found["filterPattern"]) for one in asked):
            yield found


def _alarm(seen: Seen, group: str, found: Mapping[str, Any]) -> str:
    region = group.split(":")[3]
    made = {(one["metricNamespace"], one["metricName"]) for one in found["metricTransformations"]}
    for alarm in seen.items(_ALARMS, "MetricAlarms", region):
        if (
            (alarm.get("Namespace"), alarm.get("MetricName")) in made
            and alarm["ActionsEnabled"]
            and alarm["AlarmActions"]
        ):
            return str(alarm["AlarmName"])
    return ""
