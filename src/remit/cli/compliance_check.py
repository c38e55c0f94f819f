"""`remit compliance check`: what the checks find in snapshots."""

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import click

from remit.cli.compliance_scope import damaged, scope_of, scope_options
from remit.cli.frame import framed
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.compliance.catalogue import Entry, Severity, read_catalogue
from remit.compliance.checks import CHECKS, Finding, Outcome, Verdict
from remit.compliance.snapshots import SnapshotUnreadable
from remit.sheets import table

_COLOURS = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.UNKNOWN: "yellow", Verdict.NA: None}
_ORDER = tuple(Severity)
_SEVERITIES = [severity.value for severity in Severity]


@framed("check", "remit compliance check 'iam.*' --severity high")
@click.argument("patterns", metavar="[CHECK]...", nargs=-1)
@click.option(
    "--severity",
    type=click.Choice(_SEVERITIES),
    help="Only checks of this severity, or of a worse one.",
)
@click.option("--all", "show_all", is_flag=True, help="Show what passes, and what does not apply, as well.")
@click.option("--csv", "as_csv", is_flag=True, help="Write a line of CSV for each finding.")
@scope_options
@json_option
def check(
    *,
    patterns: tuple[str, ...],
    severity: str | None,
    show_all: bool,
    as_csv: bool,
    snapshots: Path | None,
    laid_down: Path | None,
    at: str | None,
    accounts: tuple[str, ...],
    as_json: bool,
) -> int:
    """Judge snapshots by checks: all, or those whose id is named; `iam.*` names a family.

    What could not be read is UNKNOWN, and never passes. Exits with 1 if something fails.
    """
    catalogue = read_catalogue()
    chosen = [name for name in CHECKS if _is_chosen(name, patterns) and _is_severe(catalogue[name], severity)]
    if not chosen:
        raise Failed(f"no check is called {', '.join(patterns)}; `remit compliance checks` lists them", REFUSED)
    scope = scope_of(snapshots, laid_down, at, accounts)
    found: list[tuple[str, Outcome]] = []
    try:
        for evaluation in scope.evaluations():
            found += [(evaluation.account, evaluation.outcome(name)) for name in chosen]
    except SnapshotUnreadable as error:
        raise damaged(error) from None
    if as_csv:
        click.echo(_csv(found, catalogue), nl=False)
    elif as_json:
        Say.json([_told(account, finding, catalogue) for account, finding in _findings(found)])
    else:
        _say(found, catalogue, show_all=show_all)
    return REFUSED if any(outcome.verdict is Verdict.FAIL for _, outcome in found) else 0


@framed("checks", "remit compliance checks 's3.*'")
@click.argument("patterns", metavar="[CHECK]...", nargs=-1)
@json_option
def checks(*, patterns: tuple[str, ...], as_json: bool) -> None:
    """List the checks, or with one id say everything about it: why it matters, and how to mend what it finds."""
    catalogue = read_catalogue()
    entries = [entry for name, entry in catalogue.items() if _is_chosen(name, patterns)]
    if not entries:
        raise Failed(f"no check is called {', '.join(patterns)}; `remit compliance checks` lists them", REFUSED)
    if as_json:
        Say.json([_entry(entry) for entry in entries])
    elif len(entries) == 1 and patterns == (entries[0].id,):
        _explain(entries[0])
    else:
        Say.table(
            ("check", "severity", "kind", "title"), [(one.id, one.severity, one.kind, one.title) for one in entries]
        )


def _is_chosen(name: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _is_severe(entry: Entry, severity: str | None) -> bool:
    return severity is None or _ORDER.index(entry.severity) <= _ORDER.index(Severity(severity))


def _findings(found: list[tuple[str, Outcome]]) -> Iterator[tuple[str, Finding]]:
    for account, outcome in found:
        for finding in outcome.findings:
            yield account, finding


def _told(account: str, finding: Finding, catalogue: dict[str, Entry]) -> dict[str, object]:
    return {
        "account": account,
        "check": finding.check,
        "version": CHECKS[finding.check].version,
        "severity": catalogue[finding.check].severity.value,
        "verdict": finding.verdict.value,
        "region": finding.region,
        "subject": finding.subject,
        "reason": finding.reason,
        "sampled": finding.is_sampled,
    }


def _csv(found: list[tuple[str, Outcome]], catalogue: dict[str, Entry]) -> bytes:
    rows = [_told(account, finding, catalogue) for account, finding in _findings(found)]
    return table([list(rows[0]), *([str(value) for value in row.values()] for row in rows)])


def _say(found: list[tuple[str, Outcome]], catalogue: dict[str, Entry], *, show_all: bool) -> None:
    for account, outcome in found:
        if outcome.verdict in (Verdict.PASS, Verdict.NA) and not show_all:
            continue
        entry = catalogue[outcome.check]
        verdict = click.style(f"{outcome.verdict:<7}", fg=_COLOURS[outcome.verdict])
        Say.line(f"{verdict} {account} {outcome.check} ({entry.severity}): {entry.title}")
        for finding in outcome.findings:
            if show_all or finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
                sampled = " (sampled)" if finding.is_sampled else ""
                Say.line(f"        {finding.verdict:<7} {finding.subject}: {finding.reason}{sampled}")
    counts = Counter(outcome.verdict for _, outcome in found)
    accounts = len({account for account, _ in found})
    checks = len(found) // max(accounts, 1)
    Say.line(
        f"{accounts} {'account' if accounts == 1 else 'accounts'}, {checks} {'check' if checks == 1 else 'checks'}: "
        + ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)
    )


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "version": CHECKS[entry.id].version,
        "title": entry.title,
        "why": entry.why,
        "kind": entry.kind.value,
        "severity": entry.severity.value,
        "reads": sorted(CHECKS[entry.id].reads),
        "maps": entry.maps,
        "remedy": {
            "cli": entry.remedy.cli,
            "boto3": entry.remedy.boto3,
            "terraform": entry.remedy.terraform,
            "console": entry.remedy.console,
        },
    }


def _explain(entry: Entry) -> None:
    Say.line(f"{entry.id}, version {CHECKS[entry.id].version}, {entry.severity} {entry.kind}: {entry.title}")
    Say.line(entry.why)
    Say.line()
    Say.line(f"reads: {', '.join(sorted(CHECKS[entry.id].reads))}")
    for name, controls in entry.maps.items():
        Say.line(f"{name}: {', '.join(controls)}")
    for name, text in (
        ("AWS CLI", entry.remedy.cli),
        ("boto3", entry.remedy.boto3),
        ("Terraform", entry.remedy.terraform),
        ("console", entry.remedy.console),
    ):
        if text:
            Say.line()
            Say.line(f"{name}:")
            for line in text.rstrip().splitlines():
                Say.line(f"    {line}")
