"""`remit artifact ask` and `export`: questions to the library, for those who have to answer them."""

from pathlib import Path
from typing import Any

import click

from remit.cli.artifact_client import artifact_client, force_option, read_file, refusals, save, say_saved, uploading
from remit.cli.frame import framed
from remit.cli.options import as_option, data_option, port_option
from remit.cli.output import REFUSED, Failed, Say, json_option

_USED_WRONGLY = 2
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@framed("ask", 'remit artifact ask "Who patches the hypervisor?"')
@click.argument("question", required=False)
@click.option("--file", "file", type=_file, help="A questionnaire instead of a question: .xlsx or .csv.")
@click.option("--section", "sections", multiple=True, help="Read this sheet only; can be repeated.")
@click.option("--name", default="Question", show_default=True, help="What the inquiry is called.")
@port_option
@data_option
@as_option
@json_option
def ask(
    *,
    question: str | None,
    file: Path | None,
    sections: tuple[str, ...],
    name: str,
    port: int | None,
    data: Path | None,
    role: str | None,
    as_json: bool,
) -> None:
    """Ask a QUESTION, or all of a questionnaire, and show what the reports say, with citations."""
    content = _content(question, file, sections)
    with refusals():
        client = artifact_client(port, data, role)
        with uploading(client, content.get("fileContent", {}).get("content", b""), what="asking"):
            created = client.call("CreateComplianceInquiry", name=name, inquiryContent=content)
        id_: str = created["complianceInquirySummary"]["id"]
        inquiry = client.call("GetComplianceInquiryMetadata", complianceInquiryId=id_)["complianceInquiryDetail"]
        queries: list[dict[str, Any]] = client.pages(
            "ListComplianceInquiryQueries", "queries", complianceInquiryId=id_, maxResults=300
        )
    if as_json:
        Say.json({"inquiry": id_, "status": inquiry["status"], "queries": queries})
        return
    if inquiry["status"] == "FAILED":
        raise Failed(inquiry["statusMessage"], REFUSED)
    if file is None:
        _show(queries[0])
    else:
        answered = sum(1 for query in queries if query["status"] == "COMPLETED")
        Say.line(f"{answered} of {len(queries)} questions are answered. {inquiry['statusMessage']}")
    Say.line(f"Inquiry {id_}")


@framed("export", "remit artifact export compliance-inquiry-XXXXXXXXXXXXXXXX -o answered.xlsx --citations")
@click.argument("id_", metavar="ID")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file.")
@click.option("--citations", is_flag=True, help="Say where each answer stands.")
@force_option
@port_option
@data_option
@as_option
@json_option
def export(
    *,
    id_: str,
    output: Path,
    citations: bool,
    force: bool,
    port: int | None,
    data: Path | None,
    role: str | None,
    as_json: bool,
) -> None:
    """Write the questionnaire of the inquiry ID into a file, with the answers beside the questions."""
    with refusals():
        client = artifact_client(port, data, role)
        link = client.call("ExportComplianceInquiry", complianceInquiryId=id_, includeCitations=citations)
    size = save(link["documentPresignedUrl"], output, replace=force)
    say_saved(output, size, as_json=as_json)


def _content(question: str | None, file: Path | None, sections: tuple[str, ...]) -> dict[str, Any]:
    if (question is None) == (file is None):
        raise Failed("ask a QUESTION, or those of a questionnaire with --file", _USED_WRONGLY)
    if file is None:
        return {"query": question}
    return {"fileContent": {"content": read_file(file), "fileSections": list(sections)}}


def _show(query: dict[str, Any]) -> None:
    Say.line(query.get("response") or query["statusMessage"])
    for number, citation in enumerate(query.get("citations", ()), 1):
        Say.line(f"  [{number}] {citation['sourceLabel']}: {citation['sourceLink']}")
