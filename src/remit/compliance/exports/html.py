"""A report as one page of HTML: no script, nothing to fetch, readable on paper and by a screen reader."""

from collections.abc import Iterator
from html import escape

from remit.compliance.exports.report import AccountReport, Report
from remit.compliance.model import Party, Responsibility
from remit.compliance.snapshots.answers import instant
from remit.compliance.status import Cell, Row, roll_up

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2em; } caption { text-align: left; padding: .4rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: 1em 0; }
th, td { border: 1px solid #8888; padding: .35rem .6rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; } .wide { overflow-x: auto; }
.status { font-weight: 600; white-space: nowrap; }
.NOT_MET::before { content: "\\2717\\00a0"; } .UNKNOWN::before, .PARTIAL::before { content: "?\\00a0"; }
.MET::before, .INHERITED::before { content: "\\2713\\00a0"; } .EXCEPTED::before { content: "!\\00a0"; }
.NOT_MET { color: light-dark(#a80000, #ff8a80); } .MET, .INHERITED { color: light-dark(#146c2e, #81c995); }
.UNKNOWN, .PARTIAL, .EXCEPTED { color: light-dark(#7a4f00, #fdd663); }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
@media print { body { max-width: none; font-size: 9.5pt; } nav, .skip { display: none; } tr { break-inside: avoid; } }
"""


def html(report: Report) -> str:
    """Write a report as a page."""
    return "\n".join(_page(report)) + "\n"


def _page(report: Report) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>Shared responsibility, {report.at:%Y-%m-%d}</title>"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield '<a class="skip" href="#accounts">Skip to the accounts</a>'
    yield "<header>"
    yield "<h1>Shared responsibility</h1>"
    yield f"<p>As it was at {instant(report.at)}, from snapshots of {_accounts(len(report.accounts))}.</p>"
    yield "</header>"
    yield '<nav aria-label="Accounts"><ul>'
    for account in report.accounts:
        name = account.header.account
        yield f'<li><a href="#a{name}">{name}</a>: {escape(_counts(account.rows))}</li>'
    yield "</ul></nav>"
    yield '<main id="accounts">'
    for account in report.accounts:
        yield from _account(report, account)
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _accounts(count: int) -> str:
    return "one account" if count == 1 else f"{count:,} accounts"


def _counts(rows: tuple[Row, ...]) -> str:
    return ", ".join(f"{count} {status}" for status, count in roll_up(row.status for row in rows).counts.items())


def _account(report: Report, account: AccountReport) -> Iterator[str]:
    name, header = account.header.account, account.header
    yield f'<section aria-labelledby="a{name}">'
    yield f'<h2 id="a{name}">Account {name}</h2>'
    yield (
        f"<p>Snapshot of {instant(header.taken_at)}, asked by {escape(header.caller or 'an unknown caller')}"
        f" at {escape(header.endpoint or 'AWS')}, in {len(header.regions_read)} of {len(header.regions)} regions."
        f" {escape(_counts(account.rows))}.</p>"
    )
    yield '<div class="wide"><table>'
    yield "<caption>Who does what, and whether it is done</caption>"
    yield '<thead><tr><th scope="col">Row</th><th scope="col">Responsibility</th><th scope="col">AWS</th>'
    yield '<th scope="col">Customer</th></tr></thead>'
    yield "<tbody>"
    for row in account.rows:
        yield from _row(report.model.by_id[row.id], row)
    yield "</tbody></table></div>"
    yield from _failures(report, account)
    yield "</section>"


def _row(responsibility: Responsibility, row: Row) -> Iterator[str]:
    yield f'<tr><th scope="row">{row.id}</th><td>{escape(responsibility.title)}</td>'
    for party in (Party.AWS, Party.CUSTOMER):
        cells = [cell for cell in row.cells if cell.half.endswith(f".{party[0]}")]
        yield f"<td>{_cell(cells[0]) if cells else '-'}</td>"
    yield "</tr>"


def _cell(cell: Cell) -> str:
    words = cell.status.value.replace("_", " ").lower()
    return f'<span class="status {cell.status}">{words}</span><br>{escape(cell.reason)}'


def _failures(report: Report, account: AccountReport) -> Iterator[str]:
    failures = sorted(
        {failure for row in account.rows for cell in row.cells for failure in cell.failures()},
        key=lambda failure: (failure.check, failure.region, failure.subject),
    )
    if not failures:
        return
    yield '<div class="wide"><table>'
    yield "<caption>What fails, and how to mend it</caption>"
    yield '<thead><tr><th scope="col">Check</th><th scope="col">Severity</th><th scope="col">What</th>'
    yield '<th scope="col">Where to go</th></tr></thead>'
    yield "<tbody>"
    for failure in failures:
        entry = report.catalogue[failure.check]
        yield (
            f'<tr><th scope="row">{failure.check}</th><td>{entry.severity}</td>'
            f"<td>{escape(failure.subject)}: {escape(failure.reason)}</td><td>{escape(entry.remedy.console)}</td></tr>"
        )
    yield "</tbody></table></div>"
