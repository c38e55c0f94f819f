"""Data is backed up, often enough, elsewhere too, and can be restored.

Source: `shared-responsibility` reference, 4, SR-B1; AWS Backup, RDS and DynamoDB API references.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from remit.compliance.checks.check import Account, Derived, Each, Several, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.seen import Seen, Unread
from remit.compliance.checks.tags import must_be_backed_up, tags

_PLANS = Each("backup:ListBackupPlans", "BackupPlansList", "BackupPlanArn")
_PLAN, _SELECTIONS = "backup:GetBackupPlan", "backup:ListBackupSelections"
_VAULTS = Each("backup:ListBackupVaults", "BackupVaultList", "BackupVaultArn")
_PROTECTED, _RESTORES = "backup:ListProtectedResources", "backup:ListRestoreJobs"
_TABLES = Each("dynamodb:ListTables", "TableNames", "arn:{partition}:dynamodb:{region}:{account}:table/{}")
_TABLE, _TABLE_TAGS, _POINT_IN_TIME = (
    "dynamodb:DescribeTable",
    "dynamodb:ListTagsOfResource",
    "dynamodb:DescribeContinuousBackups",
)
_DATABASES = Each("rds:DescribeDBInstances", "DBInstances", "DBInstanceArn")
_CLUSTERS = Each("rds:DescribeDBClusters", "DBClusters", "DBClusterArn")
_RESOURCES = Several(
    (
        Each("ec2:DescribeVolumes", "Volumes", "arn:{partition}:ec2:{region}:{account}:volume/{VolumeId}"),
        _DATABASES,
        _CLUSTERS,
        Each("efs:DescribeFileSystems", "FileSystems", "FileSystemArn"),
        _TABLES,
    )
)
RETENTION_DAYS, DATABASE_RETENTION_DAYS, RESTORED_DAYS, LAST_BACKUP_HOURS = 35, 7, 90, 48
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((?P<minute>\S+) (?P<hour>\S+) (?P<dom>\S+) (?P<month>\S+) (?P<dow>\S+) (?P<year>\S+)\)")
_EVERY = frozenset({"*", "?", "*/1", "1/1"})
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


def _rules(plan: Mapping[str, Any], seen: Seen, region: str) -> list[Mapping[str, Any]]:
    return list(seen.answer(_PLAN, region, BackupPlanId=plan["BackupPlanId"])["BackupPlan"]["Rules"])


def is_daily(schedule: str) -> bool:
    """Whether a schedule comes up at least once on every day."""
    rate = _RATE.fullmatch(schedule)
    if rate is not None:
        return int(rate[1]) * _MINUTES[rate[2]] <= _MINUTES["day"]
    cron = _CRON.fullmatch(schedule)
    return cron is not None and all(cron[part] in _EVERY for part in ("dom", "month", "dow", "year"))


def _keeps_enough(rule: Mapping[str, Any]) -> bool:
    # Left out where backups are kept for ever.
    days = rule.get("Lifecycle", {}).get("DeleteAfterDays")
    return days is None or days >= RETENTION_DAYS


@check("bak.plan", version=1, each=Account(), reads=(_PLANS.read, _PLAN, _SELECTIONS))
def plan(account: Subject, seen: Seen) -> Judgement:
    """Somewhere a plan backs something up each day, and keeps it for weeks."""
    unread: Unread | None = None
    lacking: list[str] = []
    for region in seen.regions:
        try:
            for one in seen.items(_PLANS.read, _PLANS.path, region):
                name = one["BackupPlanId"]
                rules = _rules(one, seen, region)
                if not any(is_daily(rule.get("ScheduleExpression", "")) and _keeps_enough(rule) for rule in rules):
                    lacking.append(f"{name} has no rule that runs each day and keeps backups for {RETENTION_DAYS} days")
                elif not seen.items(_SELECTIONS, "BackupSelectionsList", region, BackupPlanId=name):
                    lacking.append(f"{name} backs nothing up")
                else:
                    return passed(f"the plan {name} in {region} backs up each day")
        except Unread as error:
            unread = error
    if unread is not None:
        raise unread
    return failed("; ".join(lacking) or "there is no backup plan")


@check("bak.copy", version=1, each=_PLANS, reads=(_PLAN,))
def copies(one: Subject, seen: Seen) -> Judgement:
    """Backups are also somewhere else, in another region or account."""
    for rule in _rules(one.members, seen, one.region):
        for copy in rule.get("CopyActions", ()):
            _, _, _, region, account, _ = copy["DestinationBackupVaultArn"].split(":", 5)
            if (region, account) != (one.region, seen.account):
                return passed(f"copies to {region} of account {account}")
    return failed("copies nothing to another region or account")


@check("bak.vault.lock", version=1, each=_VAULTS)
def vault_locks(vault: Subject, seen: Seen) -> Judgement:
    """Nobody, not even the root user, may delete backups before their time."""
    # Both are left out where the vault has no lock.
    if not vault.get("Locked"):
        return failed("is not locked")
    days = vault.get("MinRetentionDays")
    return (
        passed(f"keeps backups for at least {days} days") if days else failed("is locked, and keeps nothing for long")
    )


def _latest(seen: Seen) -> dict[str, str]:
    return {
        one["ResourceArn"]: one["LastBackupTime"]
        for region in seen.regions
        for one in seen.items(_PROTECTED, "Results", region)
    }


def _tagged(resource: Subject, seen: Seen) -> dict[str, str]:
    if "" in resource.members:
        described = seen.answer(_TABLE, resource.region, TableName=resource[""])["Table"]
        return tags(seen.items(_TABLE_TAGS, "Tags", resource.region, ResourceArn=described["TableArn"]))
    # Volumes leave their list out where they have no tags.
    return tags(resource.get("TagList") or resource.get("Tags") or ())


@check("bak.protected", version=1, each=_RESOURCES, reads=(_PROTECTED, _TABLE, _TABLE_TAGS))
def protected(resource: Subject, seen: Seen) -> Judgement:
    """What has to be backed up was backed up lately."""
    if not must_be_backed_up(_tagged(resource, seen)):
        return not_applicable("is not tagged Backup=required")
    at = seen.derived("protected resources", _latest).get(resource.name)
    if at is None:
        return failed("has to be backed up, and never was by AWS Backup")
    if datetime.fromisoformat(at) < seen.now - timedelta(hours=LAST_BACKUP_HOURS):
        return failed(f"has to be backed up, and was so last at {at}, over {LAST_BACKUP_HOURS} hours ago")
    return passed(f"was backed up at {at}")


def _kinds(seen: Seen) -> Iterator[Subject]:
    found: dict[str, None] = {}
    for region in seen.regions:
        found |= dict.fromkeys(one["ResourceType"] for one in seen.items(_PROTECTED, "Results", region))
    if not seen.regions:
        message = "no region was read"
        raise Unread(message)
    for kind in sorted(found):
        yield Subject(f"{seen.account}/{kind}", "", {"ResourceType": kind})


@check(
    "bak.restore", version=1, each=Derived("kinds of resources", _kinds, frozenset((_PROTECTED,))), reads=(_RESTORES,)
)
def restored(kind: Subject, seen: Seen) -> Judgement:
    """Of everything that is backed up something was restored lately, so that it is known to work."""
    unread: Unread | None = None
    for region in seen.regions:
        try:
            for job in seen.items(_RESTORES, "RestoreJobs", region):
                if job["Status"] != "COMPLETED" or job.get("ResourceType") != kind["ResourceType"]:
                    continue
                if datetime.fromisoformat(job["CompletionDate"]) >= seen.now - timedelta(days=RESTORED_DAYS):
                    return passed(f"was restored at {job['CompletionDate']}")
        except Unread as error:
            unread = error
    if unread is not None:
        raise unread
    return failed(f"nothing of the kind {kind['ResourceType']} was restored in {RESTORED_DAYS} days")


@check("bak.rds", version=1, each=Several((_DATABASES, _CLUSTERS)))
def databases(database: Subject, seen: Seen) -> Judgement:
    """Databases can be put back to any moment of the last week."""
    # Members of clusters are backed up with their cluster.
    if "DBInstanceArn" in database.members and database.get("DBClusterIdentifier"):
        return not_applicable("belongs to a cluster, which is judged")
    days = database["BackupRetentionPeriod"]
    told = f"keeps backups for {days} days"
    return passed(told) if days >= DATABASE_RETENTION_DAYS else failed(f"{told}, not for {DATABASE_RETENTION_DAYS}")


@check("bak.rds.multi_az", version=1, each=_DATABASES)
def standby(database: Subject, seen: Seen) -> Judgement:
    """Databases in production go on when a data centre does not."""
    if tags(database["TagList"]).get("Environment") != "production":
        return not_applicable("is not tagged Environment=production")
    return passed("has a standby") if database["MultiAZ"] else failed("is in production, and has no standby")


def _required_tables(seen: Seen) -> frozenset[str]:
    found: set[str] = set()
    for region in seen.regions:
        for table in _TABLES.subjects(seen, region):
            if must_be_backed_up(_tagged(table, seen)):
                found.add(table.name)
    return frozenset(found)


@check("bak.ddb", version=1, each=_TABLES, reads=(_TABLE, _TABLE_TAGS, _POINT_IN_TIME))
def tables(table: Subject, seen: Seen) -> Judgement:
    """Tables can be put back to any second of the last weeks."""
    described = seen.answer(_POINT_IN_TIME, table.region, TableName=table[""])["ContinuousBackupsDescription"]
    if described["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED":
        return passed("can be put back to any point in time")
    if not must_be_backed_up(_tagged(table, seen)) and seen.derived("tables to back up", _required_tables):
        return not_applicable("is not tagged Backup=required, as other tables are")
    return failed("cannot be put back to a point in time")
