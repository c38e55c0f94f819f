"""A report as pages to print: what `remit.pdf` typesets."""

from collections.abc import Iterator

from remit.compliance.exports.report import AccountReport, Report
from remit.compliance.model import Party
from remit.compliance.snapshots.answers import instant
from remit.compliance.status import Row, roll_up
from remit.pdf import Heading, Layout, Paragraph, Part, Table, Title, typeset


def pdf(report: Report) -> bytes:
    """Typeset a report.

    Raises:
        PdfExtraMissing: the extra is not installed.
    """
    title = "Shared responsibility"
    layout = Layout(title=title, author="Remit", at=report.at, header=f"{title}, {instant(report.at)}")
    return typeset(tuple(_parts(report, title)), layout)


def _parts(report: Report, title: str) -> Iterator[Part]:
    yield Title(title)
    accounts = len(report.accounts)
    yield Paragraph(
        f"As it was at {instant(report.at)}, from snapshots of {accounts} {'account' if accounts == 1 else 'accounts'}."
    )
    for account in report.accounts:
        yield from _account(report, account)


def _account(report: Report, account: AccountReport) -> Iterator[Part]:
    header = account.header
    yield Heading(f"Account {header.account}")
    yield Paragraph(
        f"Snapshot of {instant(header.taken_at)}, asked by {header.caller or 'an unknown caller'} at "
        f"{header.endpoint or 'AWS'}, in {len(header.regions_read)} of {len(header.regions)} regions. "
        f"{_counts(account)}."
    )
    yield Table(
        ("Row", "Responsibility", "AWS", "Customer"),
        tuple(
            (row.id, report.model.by_id[row.id].title, _status(row, Party.AWS), _status(row, Party.CUSTOMER))
            for row in account.rows
        ),
        widths=(12, 46, 21, 21),
    )
    yield Heading("Why", level=2)
    yield Table(
        ("Half", "Status", "Reason"),
        tuple((cell.half, cell.status.value, cell.reason) for row in account.rows for cell in row.cells),
        widths=(12, 20, 68),
    )


def _status(row: Row, party: Party) -> str:
    return next((cell.status.value for cell in row.cells if cell.half.endswith(f".{party[0]}")), "-")


def _counts(account: AccountReport) -> str:
    rolled = roll_up(row.status for row in account.rows)
    return ", ".join(f"{count} {status}" for status, count in rolled.counts.items())
