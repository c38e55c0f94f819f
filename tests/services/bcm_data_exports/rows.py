"""A row for each operation of Data Exports: an input that succeeds, and one for each error that it can come to."""

from typing import Any

from bills import Family, line, written
from deliveries import NO_EXPORT, export, made
from services.every_operation import Given, Row, same

from remit.directory.billing.executions import executions_of

INVALID, MISSING, QUOTA = "ValidationException", "ResourceNotFoundException", "ServiceQuotaExceededException"
TAG = {"Key": "team", "Value": "red"}
NO_ID = "00000000-0000-0000-0000-000000000000"


def of_export(member: str = "ExportArn", **members: Any) -> Given:
    """Return an input that names an export that was made."""
    return lambda family: {member: made(family), **members}


def full(family: Family) -> dict[str, Any]:
    for number in range(5):
        made(family, f"export-{number}")
    return {"Export": export("one-more")}


def executed(family: Family) -> dict[str, Any]:
    arn = made(family)
    (execution,) = family.remit.change(lambda tx: executions_of(tx, arn))
    return {"ExportArn": arn, "ExecutionId": execution.id}


def changed(family: Family) -> dict[str, Any]:
    return {"ExportArn": made(family), "Export": export(Description="changed")}


def moved(family: Family) -> dict[str, Any]:
    query = "SELECT BilledCost FROM FOCUS_1_2_AWS"
    return {"ExportArn": made(family), "Export": export(query=query)}


ROWS: dict[str, Row] = {
    "CreateExport": Row(
        same(Export=export(), ResourceTags=[TAG]),
        {INVALID: same(Export=export(query="SELECT * FROM COST_AND_USAGE_REPORT")), QUOTA: full},
    ),
    "DeleteExport": Row(
        of_export(), {MISSING: same(ExportArn=NO_EXPORT), INVALID: same(ExportArn="arn:aws:s3:::none")}
    ),
    "GetExecution": Row(
        executed,
        {
            MISSING: of_export(ExecutionId=NO_ID),
            INVALID: same(ExportArn="arn:aws:bcm-data-exports:x", ExecutionId=NO_ID),
        },
    ),
    "GetExport": Row(of_export(), {MISSING: same(ExportArn=NO_EXPORT), INVALID: same(ExportArn="arn:aws:s3:::none")}),
    "GetTable": Row(same(TableName="FOCUS_1_2_AWS"), {INVALID: same(TableName="NONE")}),
    "ListExecutions": Row(of_export(), {MISSING: same(ExportArn=NO_EXPORT), INVALID: of_export(NextToken="none")}),
    "ListExports": Row(same(), {INVALID: same(NextToken="none")}),
    "ListTables": Row(same(), {INVALID: same(NextToken="none")}),
    "ListTagsForResource": Row(
        of_export("ResourceArn"),
        {MISSING: same(ResourceArn=NO_EXPORT), INVALID: of_export("ResourceArn", NextToken="none")},
    ),
    "TagResource": Row(
        of_export("ResourceArn", ResourceTags=[TAG]),
        {
            MISSING: same(ResourceArn=NO_EXPORT, ResourceTags=[TAG]),
            INVALID: of_export("ResourceArn", ResourceTags=[{"Key": "aws:x", "Value": ""}]),
        },
    ),
    "UntagResource": Row(
        of_export("ResourceArn", ResourceTagKeys=["team"]),
        {
            MISSING: same(ResourceArn=NO_EXPORT, ResourceTagKeys=["team"]),
            INVALID: of_export("ResourceArn", ResourceTagKeys=["x" * 129]),
        },
    ),
    "UpdateExport": Row(changed, {MISSING: same(ExportArn=NO_EXPORT, Export=export()), INVALID: moved}),
}


def billed(family: Family) -> None:
    """Give the family a bill: there is something to be delivered."""
    written(family.remit.folder, [line(1, "2026-03-01", "1")])
