from check_cases import FAIL, PASS, UNKNOWN, Case

TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t"
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"


def events(*names):
    return " || ".join(f"($.eventName = {name})" for name in names)


POLICY_CHANGES = [
    *(f"{verb}{kind}Policy" for verb in ("Delete", "Put", "Attach", "Detach") for kind in ("Group", "Role", "User")),
    "CreatePolicy",
    "DeletePolicy",
    "CreatePolicyVersion",
    "DeletePolicyVersion",
]
PATTERNS = (
    '{ $.userIdentity.type = "Root" && $.eventType != "AwsServiceEvent" }',
    '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
    f"{{ {events(*POLICY_CHANGES)} }}",
    f"{{ {events('CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging')} }}",
    f"{{ ($.eventSource = kms.amazonaws.com) && ({events('DisableKey', 'ScheduleKeyDeletion')}) }}",
)


def told(patterns=PATTERNS, *, group="trail", arn=GROUP, actions=("topic",), enabled=True, logging=True):
    made = [{"metricNamespace": "Trail", "metricName": "m"}]
    filters = [{"logGroupName": group, "filterPattern": one, "metricTransformations": made} for one in patterns]
    alarm = {
        "AlarmName": "a",
        "Namespace": "Trail",
        "MetricName": "m",
        "ActionsEnabled": enabled,
        "AlarmActions": list(actions),
    }
    trail = {"TrailARN": TRAIL, "HomeRegion": "eu-west-1", "S3BucketName": "logs"}
    return {
        "cloudtrail:DescribeTrails": {"trailList": [{**trail, "CloudWatchLogsLogGroupArn": arn} if arn else trail]},
        f"cloudtrail:GetTrailStatus Name={TRAIL}": {"IsLogging": logging},
        "logs:DescribeMetricFilters": {"metricFilters": filters},
        "cloudwatch:DescribeAlarms": {"MetricAlarms": [alarm]},
    }


CASES = (
    Case("log.filters", PASS, told(), "alarm a tells"),
    *(
        Case("log.filters", FAIL, told([one for one in PATTERNS if one is not missing]), "by no metric filter")
        for missing in PATTERNS
    ),
    Case("log.filters", FAIL, told(group="other"), "by no metric filter"),
    Case("log.filters", FAIL, told(arn=""), "by no metric filter"),
    Case("log.filters", FAIL, told(logging=False), "by no metric filter"),
    Case("log.filters", FAIL, told(actions=()), "no alarm tells anybody"),
    Case("log.filters", FAIL, told(enabled=False), "no alarm tells anybody"),
    Case("log.filters", UNKNOWN, {**told(), "cloudwatch:DescribeAlarms": "AccessDenied"}),
    Case("log.filters", UNKNOWN, {**told(), "logs:DescribeMetricFilters": "Hangs"}),
)
