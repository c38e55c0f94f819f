from check_cases import FAIL, NA, PASS, UNKNOWN, Case

ACCOUNT = "111122223333"
KNOWN, STATES = "ssm:DescribeInstanceInformation", "ssm:DescribeInstancePatchStates InstanceIds=i-1"
CLOCK = "ssm:ListInventoryEntries InstanceId=i-1"
BASELINES, BASELINE = "ssm:DescribePatchBaselines", "ssm:GetPatchBaseline BaselineId=pb-1"
GROUPS = "ssm:DescribePatchGroups"
INSPECTOR, FINDINGS = "inspector2:BatchGetAccountStatus", "inspector2:ListFindings"
ALONE = {"organizations:DescribeOrganization": "AWSOrganizationsNotInUseException"}


def instance(state="running", **more):
    one = {"InstanceId": "i-1", "ImageId": "ami-1", "State": {"Name": state}, **more}
    return {"ec2:DescribeInstances": {"Reservations": [{"Instances": [one]}]}}


def managed(*known, state="running"):
    return {**instance(state), KNOWN: {"InstanceInformationList": list(known)}}


def known(ping="Online", name="i-1"):
    return {"InstanceId": name, "PingStatus": ping}


def patched(missing=0, failed=0, at="2026-11-22T12:00:00Z"):
    state = {"MissingCount": missing, "FailedCount": failed, "OperationEndTime": at}
    return {KNOWN: {"InstanceInformationList": [known()]}, STATES: {"InstancePatchStates": [state]}}


def clock(*sources):
    return {
        KNOWN: {"InstanceInformationList": [known()]},
        CLOCK: {"Entries": [{"Source": source} for source in sources]},
    }


def rule(days, **filters):
    found = [{"Key": key, "Values": values} for key, values in filters.items()]
    return {"PatchFilterGroup": {"PatchFilters": found}} | ({"ApproveAfterDays": days} if days is not None else {})


def baseline(*rules, default=False, groups=("web",)):
    mappings = [{"PatchGroup": name, "BaselineIdentity": {"BaselineId": "pb-1"}} for name in groups]
    return {
        BASELINES: {"BaselineIdentities": [{"BaselineId": "pb-1", "DefaultBaseline": default}]},
        BASELINE: {"ApprovalRules": {"PatchRules": list(rules)}},
        GROUPS: {"Mappings": mappings},
    }


SECURITY = {"CLASSIFICATION": ["Security"], "SEVERITY": ["Critical", "Important"]}


def scanned(*findings, ec2="ENABLED", account=ACCOUNT):
    state = {"accountId": account, "resourceState": {"ec2": {"status": ec2}}}
    return {INSPECTOR: {"accounts": [state]}, FINDINGS: {"findings": list(findings)}}


def finding(since, severity="CRITICAL", status="ACTIVE"):
    return {"findingArn": "arn:f", "severity": severity, "status": status, "firstObservedAt": since}


def made(image, state="running", **more):
    return {**instance(state), "ec2:DescribeImages ImageIds=ami-1": image, **ALONE, **more}


def image(owner=ACCOUNT, created="2026-06-02T12:00:00.000Z", **more):
    return {"Images": [{"ImageId": "ami-1", "OwnerId": owner, "CreationDate": created, **more}]}


IN_ORGANIZATION = {"organizations:DescribeOrganization": {"Organization": {"Id": "o-1", "MasterAccountId": "9" * 12}}}
ACCOUNTS = {"organizations:ListAccounts": {"Accounts": [{"Id": "4" * 12}]}}


def function(**members):
    return {"lambda:ListFunctions": {"Functions": [{"FunctionArn": "arn:f", **members}]}}


def stopped(reason, state="stopped"):
    return instance(state, StateTransitionReason=reason)


def database(**members):
    return {"rds:DescribeDBInstances": {"DBInstances": [{"DBInstanceArn": "arn:d", **members}]}}


CASES = (
    Case("patch.managed", PASS, managed(known())),
    Case("patch.managed", FAIL, managed(known(name="i-2")), "does not know it"),
    Case("patch.managed", FAIL, managed(known("ConnectionLost")), "ConnectionLost"),
    Case("patch.managed", UNKNOWN, {**managed(), KNOWN: "AccessDeniedException"}),
    Case("patch.managed", NA, managed(state="stopped")),
    Case("patch.compliant", PASS, patched()),
    Case("patch.compliant", FAIL, patched(missing=2), "lacks 2 patches"),
    Case("patch.compliant", FAIL, patched(failed=1)),
    Case("patch.compliant", FAIL, patched(at="2026-11-22T11:59:59Z"), "over 7 days ago"),
    Case("patch.compliant", FAIL, {**patched(), STATES: {"InstancePatchStates": []}}, "never scanned"),
    Case("patch.compliant", UNKNOWN, {**patched(), STATES: {"InstancePatchStates": [{"MissingCount": 0}]}}),
    Case("patch.compliant", NA, {KNOWN: {"InstanceInformationList": []}}),
    Case("patch.baseline", PASS, baseline(rule(7, **SECURITY))),
    Case("patch.baseline", PASS, baseline(rule(30, CLASSIFICATION=["Bugfix"]), rule(0), default=True, groups=())),
    Case("patch.baseline", FAIL, baseline(rule(8, **SECURITY)), "after 8 days"),
    Case("patch.baseline", FAIL, baseline(rule(0, CLASSIFICATION=["Bugfix"])), "no patch against grave"),
    Case("patch.baseline", FAIL, baseline(rule(0, CLASSIFICATION=["Security"], SEVERITY=["Low"]))),
    Case("patch.baseline", FAIL, baseline(rule(None, **SECURITY))),
    Case("patch.baseline", UNKNOWN, {**baseline(), BASELINE: "AccessDeniedException"}),
    Case("patch.baseline", NA, baseline(groups=())),
    Case("patch.baseline", NA, {BASELINES: {"BaselineIdentities": []}}),
    Case("patch.stopped", PASS, stopped("User initiated (2026-10-30 12:00:00 GMT)")),
    Case("patch.stopped", FAIL, stopped("User initiated (2026-10-29 11:59:59 GMT)"), "for 31 days"),
    Case("patch.stopped", UNKNOWN, stopped("")),
    Case("patch.stopped", UNKNOWN, instance("stopped")),
    Case("patch.stopped", NA, stopped("", "running")),
    Case("patch.vuln", PASS, scanned(finding("2026-10-30T12:00:00Z"), finding("2026-01-01T00:00:00Z", "HIGH"))),
    Case("patch.vuln", PASS, scanned(finding("2026-01-01T00:00:00Z", status="CLOSED"))),
    Case("patch.vuln", FAIL, scanned(finding("2026-10-30T11:59:59Z")), "1 critical findings"),
    Case("patch.vuln", FAIL, scanned(ec2="DISABLED"), "looks at no instances"),
    Case("patch.vuln", UNKNOWN, scanned(account="4" * 12), "does not say"),
    Case("patch.vuln", UNKNOWN, {**scanned(), FINDINGS: "AccessDeniedException"}),
    Case("patch.image", PASS, made(image())),
    Case("patch.image", PASS, made(image("137112412989", ImageOwnerAlias="amazon"))),
    Case("patch.image", PASS, made(image("4" * 12), **IN_ORGANIZATION), organization=ACCOUNTS),
    Case("patch.image", FAIL, made(image("4" * 12)), "whose images may not be used"),
    Case("patch.image", FAIL, made(image("6" * 12), **IN_ORGANIZATION), organization=ACCOUNTS),
    Case("patch.image", FAIL, made(image(created="2026-06-02T11:59:59.000Z")), "over 180 days"),
    Case("patch.image", FAIL, made(image(DeprecationTime="2026-11-29T12:00:00.000Z")), "is deprecated since"),
    Case("patch.image", FAIL, made({"Images": []}), "no longer there"),
    Case("patch.image", FAIL, made("InvalidAMIID.NotFound")),
    Case("patch.image", UNKNOWN, made("UnauthorizedOperation")),
    Case("patch.image", UNKNOWN, made(image("4" * 12), **IN_ORGANIZATION)),
    Case("patch.image", NA, made(image(), "terminated")),
    Case("patch.lambda", PASS, function(Runtime="python3.13"), "until 2029-06-30"),
    Case("patch.lambda", FAIL, function(Runtime="python3.10"), "since 2026-10-31"),
    Case("patch.lambda", UNKNOWN, function(Runtime="cobol1"), "nothing is known of the runtime cobol1"),
    Case("patch.lambda", UNKNOWN, function()),
    Case("patch.lambda", NA, function(PackageType="Image")),
    Case("patch.rds.minor", PASS, database(AutoMinorVersionUpgrade=True)),
    Case("patch.rds.minor", FAIL, database(AutoMinorVersionUpgrade=False)),
    Case("patch.rds.minor", UNKNOWN, database()),
    Case("patch.rds.minor", NA, {"rds:DescribeDBInstances": {"DBInstances": []}}),
    Case("time.source", PASS, clock("169.254.169.123", "fd00:ec2::123")),
    Case("time.source", FAIL, clock("169.254.169.123", "pool.ntp.org"), "pool.ntp.org"),
    Case("time.source", UNKNOWN, clock(), "attest to it"),
    Case("time.source", UNKNOWN, {**clock(), CLOCK: "AccessDeniedException"}),
    Case("time.source", NA, {KNOWN: {"InstanceInformationList": []}}),
)
