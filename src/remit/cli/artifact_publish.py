"""`remit artifact publish`, `unpublish`, `delete` and `publications`: for the provider."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from remit.cli.artifact_client import artifact_client, day, read_file, refusals, uploading
from remit.cli.frame import framed
from remit.cli.options import data_option, port_option
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.wire.client import Client

_HEADINGS = ("series", "report", "version", "state", "file", "change", "id")
_CATEGORY = "Certifications and Attestations"
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_day = click.DateTime(["%Y-%m-%d"])


@framed("publish", "remit artifact publish soc2.pdf --series SOC --company Ours --terms nda.pdf --to 2026-06-30")
@click.argument("file", type=_file)
@click.option("--report", "id_", help="The report of which FILE is a further version; a new one by default.")
@click.option("--series", help="The family: SOC, ISO, PCI ...; for a new report.")
@click.option("--name", help="What it is called; the file's name by default.")
@click.option("--description", help="A sentence about it.")
@click.option("--category", help=f"The shelf; `{_CATEGORY}` by default.")
@click.option("--company", help="Whose report it is; for a new report.")
@click.option("--product", help="What it is about.")
@click.option("--terms", type=_file, help="The terms under which it is handed out, a PDF; for a new report.")
@click.option("--term-arn", help="Terms that are there already, instead.")
@click.option("--from", "start", type=_day, help="The first day of its period.")
@click.option("--to", "end", type=_day, help="The last day of its period.")
@click.option("--accept/--passthrough", "explicit", default=None, help="Whether readers are asked to accept the terms.")
@click.option("--draft", is_flag=True, help="Upload it, and do not publish it yet.")
@port_option
@data_option
@json_option
def publish(
    *,
    file: Path,
    id_: str | None,
    series: str | None,
    name: str | None,
    description: str | None,
    category: str | None,
    company: str | None,
    product: str | None,
    terms: Path | None,
    term_arn: str | None,
    start: datetime | None,
    end: datetime | None,
    explicit: bool | None,
    draft: bool,
    port: int | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Hand out FILE, a PDF, as a report or as a further version of one. Readers' copies are stamped one by one."""
    if id_ is None and (series is None or company is None or not (terms or term_arn)):
        raise Failed("a new report needs --series, --company and --terms; a further version needs --report", REFUSED)
    with refusals():
        client = artifact_client(port, data, None)
        if terms is not None:
            document = read_file(terms)
            with uploading(client, document):
                term_arn = client.call("CreateTerm", name=_plain(terms.stem), document=document)["term"]["arn"]
        document = read_file(file)
        with uploading(client, document):
            made = client.call(
                "CreateReport",
                reportId=id_,
                name=name or (_plain(file.stem) if id_ is None else None),
                description=description,
                series=series,
                category=category or (_CATEGORY if id_ is None else None),
                companyName=company,
                productName=product,
                termArn=term_arn,
                periodStart=_utc(start),
                periodEnd=_utc(end),
                acceptanceType=None if explicit is None else "EXPLICIT" if explicit else "PASSTHROUGH",
                document=document,
            )["reportDetails"]
        if made["uploadState"] != "COMPLETE":
            raise Failed(f"{file}: {made['statusMessage']} Nothing was published.", REFUSED)
        if not draft:
            made = client.call("PublishReport", **_key(made))["reportDetails"]
    _said(made, as_json=as_json)


@framed("unpublish", "remit artifact unpublish report-XXXXXXXXXXXXXXXX 2")
@click.argument("report")
@click.argument("number", metavar="VERSION", type=click.IntRange(1))
@port_option
@data_option
@json_option
def unpublish(*, report: str, number: int, port: int | None, data: Path | None, as_json: bool) -> None:
    """Take a version of a report away from its readers."""
    _change("UnpublishReport", report, number, port, data, as_json=as_json)


@framed("delete", "remit artifact delete report-XXXXXXXXXXXXXXXX 2")
@click.argument("report")
@click.argument("number", metavar="VERSION", type=click.IntRange(1))
@port_option
@data_option
@json_option
def delete(*, report: str, number: int, port: int | None, data: Path | None, as_json: bool) -> None:
    """Delete a version of a report, which is not published, for ever."""
    _change("DeleteReport", report, number, port, data, as_json=as_json)


@framed("publications", "remit artifact publications")
@port_option
@data_option
@json_option
def publications(*, port: int | None, data: Path | None, as_json: bool) -> None:
    """List every version of every report, published or not."""
    with refusals():
        found = _publications(artifact_client(port, data, None))
    if as_json:
        Say.json(found)
        return
    rows = [
        (
            report["series"],
            report["name"],
            report["version"],
            report["state"].lower(),
            report.get("statusMessage") or report["uploadState"].lower(),
            day(report["lastModifiedAt"]),
            report["id"],
        )
        for report in found
    ]
    Say.table(_HEADINGS, sorted(rows, key=lambda row: (row[0], row[1], -row[2])))


def _publications(client: Client) -> list[dict[str, Any]]:
    return client.pages("ListPublisherReports", "reports", maxResults=300)


def _change(operation: str, report: str, number: int, port: int | None, data: Path | None, *, as_json: bool) -> None:
    with refusals():
        client = artifact_client(port, data, None)
        found = [one for one in _publications(client) if (one["id"], one["version"]) == (report, number)]
        if not found:
            raise Failed(f"no version {number} of {report}; `remit artifact publications` lists them", REFUSED)
        changed = client.call(operation, **_key(found[0]))["reportDetails"]
    _said(changed, as_json=as_json)


def _key(report: dict[str, Any]) -> dict[str, Any]:
    """Return what names a version as it was last seen."""
    return {"reportId": report["id"], "reportVersion": report["version"], "sequenceNumber": report["sequenceNumber"]}


def _plain(text: str) -> str:
    """Return *text* in the characters that names may have: letters, digits, hyphens, underscores and blanks."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else " " for letter in text)


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)


def _said(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        Say.json(report)
    else:
        state = "deleted" if "deletedAt" in report else report["state"].lower()
        Say.line(f"{report['name']}, version {report['version']} of {report['id']}: {state}")
