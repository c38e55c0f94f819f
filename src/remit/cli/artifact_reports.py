"""`remit artifact reports`, `versions`, `terms` and `get`: for those who read reports."""

from pathlib import Path
from typing import Any

import click

from remit.cli.artifact_client import (
    artifact_client,
    day,
    force_option,
    is_accepted,
    refusals,
    report_named,
    save,
    say_saved,
)
from remit.cli.frame import framed
from remit.cli.options import as_option, data_option, port_option
from remit.cli.output import REFUSED, Failed, Say, json_option

_HEADINGS = ("series", "report", "version", "period", "terms", "id")
_output_option = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file; by default named like the report.",
)
_version_option = click.option("--version", "number", type=click.IntRange(1), help="By default the newest.")


@framed("reports", "remit artifact reports --series SOC")
@click.option("--series", help="Only this series: SOC, ISO, PCI ...")
@port_option
@data_option
@as_option
@json_option
def reports(*, series: str | None, port: int | None, data: Path | None, role: str | None, as_json: bool) -> None:
    """List the reports that can be read, each by its newest version."""
    with refusals():
        found = artifact_client(port, data, role).pages("ListReports", "reports", maxResults=300)
    _list([report for report in found if series in (None, report["series"])], as_json=as_json)


@framed("versions", 'remit artifact versions "SOC 2"')
@click.argument("report")
@port_option
@data_option
@as_option
@json_option
def versions(*, report: str, port: int | None, data: Path | None, role: str | None, as_json: bool) -> None:
    """List the versions of REPORT, an id or a part of its name."""
    with refusals():
        client = artifact_client(port, data, role)
        id_ = report_named(client, report)["id"]
        found = client.pages("ListReportVersions", "reports", reportId=id_, maxResults=300)
    _list(found, as_json=as_json)


@framed("terms", 'remit artifact terms "SOC 2" -o terms.pdf')
@click.argument("report")
@_version_option
@_output_option
@force_option
@port_option
@data_option
@as_option
@json_option
def terms(
    *,
    report: str,
    number: int | None,
    output: Path | None,
    force: bool,
    port: int | None,
    data: Path | None,
    role: str | None,
    as_json: bool,
) -> None:
    """Write the terms under which REPORT is handed out into a file."""
    with refusals():
        client = artifact_client(port, data, role)
        found = report_named(client, report)
        answer = client.call("GetTermForReport", reportId=found["id"], reportVersion=number)
    path = output or Path(f"{_slug(found)}-terms.pdf")
    size = save(answer["documentPresignedUrl"], path, replace=force)
    say_saved(path, size, as_json=as_json)


@framed("get", 'remit artifact get "SOC 2" --accept-terms')
@click.argument("report")
@_version_option
@click.option("--accept-terms", "accepts", is_flag=True, help="You have read the terms, and accept them.")
@_output_option
@force_option
@port_option
@data_option
@as_option
@json_option
def get(
    *,
    report: str,
    number: int | None,
    accepts: bool,
    output: Path | None,
    force: bool,
    port: int | None,
    data: Path | None,
    role: str | None,
    as_json: bool,
) -> None:
    """Write a copy of REPORT into a file; its terms come first, and it is stamped with who had it and when.

    Where terms have to be accepted they are written into a file, and you are asked.
    """
    with refusals():
        client = artifact_client(port, data, role)
        found = report_named(client, report)
        answer = client.call("GetTermForReport", reportId=found["id"], reportVersion=number)
        told = client.call("GetReportMetadata", reportId=found["id"], reportVersion=number)["reportDetails"]
        path = output or Path(f"{_slug(told)}-{told['version']}.pdf")
        if told["acceptanceType"] == "EXPLICIT" and not accepts:
            _show_terms(answer["documentPresignedUrl"], path)
        token: str = answer["termToken"]
        link = client.call("GetReport", reportId=found["id"], reportVersion=told["version"], termToken=token)
    with Say.working("fetching the report"):
        size = save(link["documentPresignedUrl"], path, replace=force)
    say_saved(path, size, as_json=as_json)


def _show_terms(link: str, path: Path) -> None:
    """Write the terms beside the report-to-be and ask; end the command when they are not accepted."""
    beside = path.with_name(f"{path.stem}-terms.pdf")
    save(link, beside, replace=True)
    if not is_accepted(f"The terms are in {beside}. Have you read them, and do you accept them?", said=False):
        raise Failed(f"the terms were not accepted: read {beside}, then say --accept-terms", REFUSED)


def _slug(report: dict[str, Any]) -> str:
    return "-".join(report["name"].lower().split())


def _list(found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        Say.json(found)
        return
    rows = [
        (
            report["series"],
            report["name"],
            report["version"],
            f"{day(report.get('periodStart'))} to {day(report.get('periodEnd'))}",
            "to accept" if report["acceptanceType"] == "EXPLICIT" else "come along",
            report["id"],
        )
        for report in found
    ]
    Say.table(_HEADINGS, sorted(rows, key=lambda row: (row[0], row[1], -row[2])))
