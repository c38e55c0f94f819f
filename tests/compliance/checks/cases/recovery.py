from check_cases import FAIL, NA, PASS, UNKNOWN, Case

ACCOUNT, REGION = "111122223333", "eu-west-1"
PLANS, PLAN = "backup:ListBackupPlans", "backup:GetBackupPlan BackupPlanId=p1"
SELECTIONS = "backup:ListBackupSelections BackupPlanId=p1"
PROTECTED, RESTORES, VAULTS = "backup:ListProtectedResources", "backup:ListRestoreJobs", "backup:ListBackupVaults"
VOLUME = f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/v1"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/"
REQUIRED = [{"Key": "Backup", "Value": "required"}]
DAILY = "cron(0 5 ? * * *)"


def plans(*rules, selections=1):
    return {
        PLANS: {"BackupPlansList": [{"BackupPlanId": "p1", "BackupPlanArn": "arn:p1"}]},
        PLAN: {"BackupPlan": {"Rules": list(rules)}},
        SELECTIONS: {"BackupSelectionsList": [{"SelectionId": str(number)} for number in range(selections)]},
    }


def rule(schedule=DAILY, days=35, **more):
    lifecycle = {} if days is None else {"Lifecycle": {"DeleteAfterDays": days}}
    return {"ScheduleExpression": schedule, **lifecycle, **more}


def copying(region="eu-central-1", account=ACCOUNT):
    return rule(CopyActions=[{"DestinationBackupVaultArn": f"arn:aws:backup:{region}:{account}:backup-vault:v"}])


def vault(**members):
    return {VAULTS: {"BackupVaultList": [{"BackupVaultArn": "arn:v", "BackupVaultName": "v", **members}]}}


def resources(tags=None, at=None, **lists):
    volume = {"VolumeId": "v1"} | ({"Tags": tags} if tags else {})
    held = [] if at is None else [{"ResourceArn": VOLUME, "LastBackupTime": at, "ResourceType": "EBS"}]
    return {
        "ec2:DescribeVolumes": {"Volumes": [volume]},
        "rds:DescribeDBInstances": {"DBInstances": []},
        "rds:DescribeDBClusters": {"DBClusters": []},
        "efs:DescribeFileSystems": {"FileSystems": []},
        "dynamodb:ListTables": {"TableNames": []},
        PROTECTED: {"Results": held},
        **lists,
    }


def tables(**enabled):
    answers = {"dynamodb:ListTables": {"TableNames": list(enabled)}}
    for name, (status, tags) in enabled.items():
        recovery = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": status}}
        answers |= {
            f"dynamodb:DescribeContinuousBackups TableName={name}": {"ContinuousBackupsDescription": recovery},
            f"dynamodb:DescribeTable TableName={name}": {"Table": {"TableArn": TABLE + name}},
            f"dynamodb:ListTagsOfResource ResourceArn={TABLE}{name}": {"Tags": tags},
        }
    return answers


def databases(*instances, clusters=()):
    return {
        "rds:DescribeDBInstances": {"DBInstances": [{"DBInstanceArn": "arn:d", **one} for one in instances]},
        "rds:DescribeDBClusters": {"DBClusters": [{"DBClusterArn": "arn:c", **one} for one in clusters]},
    }


def environment(name):
    return {"TagList": [{"Key": "Environment", "Value": name}]}


def restored(*jobs, kinds=("EBS",)):
    held = [{"ResourceArn": f"arn:{kind}", "ResourceType": kind} for kind in kinds]
    return {PROTECTED: {"Results": held}, RESTORES: {"RestoreJobs": list(jobs)}}


def job(at="2026-08-31T12:00:00Z", status="COMPLETED", kind="EBS"):
    return {"Status": status, "ResourceType": kind, "CompletionDate": at}


DAYS = {"BackupRetentionPeriod": 7}
TAGGED_TABLE = resources(
    **{"ec2:DescribeVolumes": {"Volumes": []}, "dynamodb:ListTables": {"TableNames": ["t"]}},
    **{"dynamodb:DescribeTable TableName=t": {"Table": {"TableArn": f"{TABLE}t"}}},
    **{f"dynamodb:ListTagsOfResource ResourceArn={TABLE}t": {"Tags": REQUIRED}},
)

CASES = (
    Case("bak.plan", PASS, plans(rule("cron(0 5 1 * ? *)"), rule())),
    Case("bak.plan", PASS, plans(rule("rate(12 hours)", None))),
    Case("bak.plan", FAIL, {PLANS: {"BackupPlansList": []}}, "no backup plan"),
    Case("bak.plan", FAIL, plans(rule(days=34)), "no rule that runs each day"),
    Case("bak.plan", FAIL, plans(rule("cron(0 5 ? * MON *)"))),
    Case("bak.plan", FAIL, plans(rule("rate(2 days)"))),
    Case("bak.plan", FAIL, plans(rule("rate(25 hours)"))),
    Case("bak.plan", FAIL, plans(rule(), selections=0), "backs nothing up"),
    Case("bak.plan", UNKNOWN, {**plans(rule()), PLAN: "AccessDeniedException"}),
    Case("bak.copy", PASS, plans(copying())),
    Case("bak.copy", PASS, plans(rule(), copying(REGION, "444455556666"))),
    Case("bak.copy", FAIL, plans(copying(REGION)), "copies nothing"),
    Case("bak.copy", FAIL, plans(rule())),
    Case("bak.copy", UNKNOWN, {**plans(rule()), PLAN: "Hangs"}),
    Case("bak.copy", NA, {PLANS: {"BackupPlansList": []}}),
    Case("bak.vault.lock", PASS, vault(Locked=True, MinRetentionDays=35)),
    Case("bak.vault.lock", FAIL, vault(Locked=False)),
    Case("bak.vault.lock", FAIL, vault(Locked=True, MaxRetentionDays=35), "keeps nothing for long"),
    Case("bak.vault.lock", UNKNOWN, {VAULTS: "AccessDeniedException"}),
    Case("bak.vault.lock", NA, {VAULTS: {"BackupVaultList": []}}),
    Case("bak.protected", PASS, resources(REQUIRED, "2026-11-27T12:00:00Z")),
    Case("bak.protected", FAIL, resources(REQUIRED, "2026-11-27T11:59:59Z"), "over 48 hours ago"),
    Case("bak.protected", FAIL, resources(REQUIRED), "never was"),
    Case("bak.protected", FAIL, TAGGED_TABLE, "never was"),
    Case("bak.protected", UNKNOWN, {**resources(REQUIRED, "2026-11-29T00:00:00Z"), PROTECTED: "Hangs"}),
    Case("bak.protected", UNKNOWN, {**resources(), "efs:DescribeFileSystems": "AccessDeniedException"}),
    Case("bak.protected", NA, resources()),
    Case("bak.restore", PASS, restored(job("2026-08-01T00:00:00Z"), job())),
    Case("bak.restore", FAIL, restored(job("2026-08-31T11:59:59Z")), "nothing of the kind EBS"),
    Case("bak.restore", FAIL, restored(job(status="FAILED"))),
    Case("bak.restore", FAIL, restored(job(), kinds=("EBS", "RDS")), "of the kind RDS"),
    Case("bak.restore", UNKNOWN, {**restored(), RESTORES: "AccessDeniedException"}),
    Case("bak.restore", NA, restored(kinds=())),
    Case("bak.rds", PASS, databases(DAYS, clusters=[DAYS])),
    Case("bak.rds", FAIL, databases({"BackupRetentionPeriod": 6}), "6 days, not for 7"),
    Case("bak.rds", FAIL, databases(DAYS, clusters=[{"BackupRetentionPeriod": 1}])),
    Case("bak.rds", UNKNOWN, databases({})),
    Case("bak.rds", NA, databases({"BackupRetentionPeriod": 0, "DBClusterIdentifier": "c"})),
    Case("bak.rds.multi_az", PASS, databases({"MultiAZ": True, **environment("production")})),
    Case("bak.rds.multi_az", FAIL, databases({"MultiAZ": False, **environment("production")})),
    Case("bak.rds.multi_az", UNKNOWN, databases({"MultiAZ": False})),
    Case("bak.rds.multi_az", NA, databases({"MultiAZ": False, **environment("test")})),
    Case("bak.ddb", PASS, tables(t=("ENABLED", []))),
    Case("bak.ddb", PASS, tables(t=("ENABLED", REQUIRED), u=("DISABLED", []))),
    Case("bak.ddb", FAIL, tables(t=("DISABLED", []))),
    Case("bak.ddb", FAIL, tables(t=("DISABLED", REQUIRED), u=("ENABLED", []))),
    Case(
        "bak.ddb", UNKNOWN, {**tables(t=("DISABLED", [])), f"dynamodb:ListTagsOfResource ResourceArn={TABLE}t": "Hangs"}
    ),
    Case("bak.ddb", NA, {"dynamodb:ListTables": {"TableNames": []}}),
)
