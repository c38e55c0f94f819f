"""Cells as rows of a table, for spreadsheets and programs."""

from typing import Any

from remit.compliance.exports.report import Report
from remit.compliance.snapshots.answers import instant
from remit.sheets import table


def cells(report: Report) -> list[dict[str, Any]]:
    """Return a record for each cell, in order of accounts and rows."""
    return [
        {
            "account": account.header.account,
            "row": row.id,
            "half": cell.half,
            "title": report.model.by_id[row.id].title,
            "status": cell.status.value,
            "reason": cell.reason,
            "listed": cell.listed,
            "inspected": cell.inspected,
            "snapshot": instant(account.header.taken_at),
        }
        for account in report.accounts
        for row in account.rows
        for cell in row.cells
    ]


def csv(report: Report) -> bytes:
    """Return the cells as comma-separated values, none of which a spreadsheet takes for a formula."""
    records = cells(report)
    return table([list(records[0]), *([str(value) for value in record.values()] for record in records)])
