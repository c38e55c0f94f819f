"""A row for each operation of the Cost and Usage Report."""

from typing import Any

from bills import Family
from deliveries import report
from services.every_operation import Given, Row, same

INVALID, MISSING, TWICE, FULL = (
    "ValidationException",
    "ResourceNotFoundException",
    "DuplicateReportNameException",
    "ReportLimitReachedException",
)
TAG = {"Key": "team", "Value": "red"}


def after(count: int = 1, **members: Any) -> Given:
    """Return an input that is given once so many reports were made: `ours`, `ours-1`, ..."""

    def given(family: Family) -> dict[str, Any]:
        for number in range(count):
            name = f"ours-{number}" if number else "ours"
            family.client("cur").put_report_definition(ReportDefinition=report(name))
        return members

    return given


ROWS: dict[str, Row] = {
    "DeleteReportDefinition": Row(after(ReportName="ours"), {INVALID: same(ReportName="none")}),
    "DescribeReportDefinitions": Row(after()),
    "ListTagsForResource": Row(
        after(ReportName="ours"), {MISSING: same(ReportName="none"), INVALID: same(ReportName="no space")}
    ),
    "ModifyReportDefinition": Row(
        after(ReportName="ours", ReportDefinition=report(S3Prefix="other")),
        {INVALID: same(ReportName="none", ReportDefinition=report("none"))},
    ),
    "PutReportDefinition": Row(
        same(ReportDefinition=report(), Tags=[TAG]),
        {
            INVALID: same(ReportDefinition=report(S3Bucket="..")),
            TWICE: after(ReportDefinition=report()),
            FULL: after(5, ReportDefinition=report("one-more")),
        },
    ),
    "TagResource": Row(
        after(ReportName="ours", Tags=[TAG]),
        {
            MISSING: same(ReportName="none", Tags=[TAG]),
            INVALID: after(ReportName="ours", Tags=[{"Key": "AWS:x", "Value": ""}]),
        },
    ),
    "UntagResource": Row(
        after(ReportName="ours", TagKeys=["team"]),
        {MISSING: same(ReportName="none", TagKeys=["team"]), INVALID: same(ReportName="ours", TagKeys=["x" * 129])},
    ),
}
