"""`remit artifact offers`, `offer`, `paper`, `revise` and `withdraw`: agreements, for their provider."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from remit.cli.artifact_client import artifact_client, day, read_file, refusals, uploading
from remit.cli.frame import framed
from remit.cli.options import data_option, port_option
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.wire.client import Client

_HEADINGS = ("agreement", "type", "for", "version", "state", "change", "id")
_SCOPES = {"account": ["ACCOUNT"], "organization": ["ORGANIZATION"], "both": ["ACCOUNT", "ORGANIZATION"]}
_USED_WRONGLY = 2
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_name_option = click.option("--name", help="What it is called; for a new one the file's name by default.")
_description_option = click.option("--description", help="A sentence about it.")
_for_option = click.option("--for", "scope", type=click.Choice(list(_SCOPES)), help="Who may accept it.")
_term_option = click.option("--term", "terms", multiple=True, help="What has to be agreed to; can be repeated.")
_end_term_option = click.option("--end-term", "end_terms", multiple=True, help="The same, when it is terminated.")
_nda_option = click.option("--nda", type=_file, help="The non-disclosure agreement that comes before it, a PDF.")


@framed("offers", "remit artifact offers")
@port_option
@data_option
@json_option
def offers(*, port: int | None, data: Path | None, as_json: bool) -> None:
    """List every agreement of the provider: those on offer, those withdrawn, and those on paper."""
    with refusals():
        found = _offers(artifact_client(port, data, None))
    if as_json:
        Say.json(found)
        return
    rows = [
        (
            one["name"],
            one["type"].lower(),
            " or ".join(scope.lower() for scope in one["scopes"]),
            one["version"],
            one["state"].lower(),
            day(one["lastModifiedAt"]),
            one["id"],
        )
        for one in sorted(found, key=lambda one: (one["name"], one["id"]))
    ]
    Say.table(_HEADINGS, rows)


@framed("offer", 'remit artifact offer nda.pdf --name "Mutual NDA" --term "I have read it." --for both')
@click.argument("file", type=_file)
@_name_option
@_description_option
@_for_option
@_term_option
@_end_term_option
@_nda_option
@port_option
@data_option
@json_option
def offer(
    *,
    file: Path,
    name: str | None,
    description: str | None,
    scope: str | None,
    terms: tuple[str, ...],
    end_terms: tuple[str, ...],
    nda: Path | None,
    port: int | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Offer FILE, a PDF, as an agreement that every account can accept."""
    members = {
        "name": name or file.stem,
        "description": description,
        **_terms(terms, end_terms),
        "scopes": _SCOPES[scope or "account"],
    }
    with refusals():
        client = artifact_client(port, data, None)
        made = _sent(client, "CreateAgreement", members, file, nda)
    _said(made["agreement"], as_json=as_json)


@framed("paper", "remit artifact paper signed.pdf --account 111122223333 --since 2026-01-31")
@click.argument("file", type=_file)
@click.option("--account", help="The account that it is in force for.")
@click.option("--organization", metavar="ARN", help="The organization that it is in force for, instead.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The day since when it is in force; now by default.")
@click.option("--modified", is_flag=True, help="It is the standard agreement, changed, and not one of their own.")
@_name_option
@_description_option
@port_option
@data_option
@json_option
def paper(
    *,
    file: Path,
    account: str | None,
    organization: str | None,
    since: datetime | None,
    modified: bool,
    name: str | None,
    description: str | None,
    port: int | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Note FILE, an agreement that was signed on paper: it is in force at once, and nobody else's."""
    if (account is None) == (organization is None):
        raise Failed("say whose it is, with --account or with --organization", _USED_WRONGLY)
    members = {
        "name": name or file.stem,
        "description": description,
        "type": "MODIFIED" if modified else "CUSTOM",
        "awsAccountId": account,
        "organizationArn": organization,
        "scopes": ["ACCOUNT"] if organization is None else ["ORGANIZATION"],
        "effectiveStart": None if since is None else since.replace(tzinfo=UTC),
    }
    with refusals():
        made = _sent(artifact_client(port, data, None), "CreateAgreement", members, file, None)
    if as_json:
        Say.json(made)
        return
    one = made["customerAgreement"]
    Say.line(f"{one['name']}, {one['id']}, for {one.get('organizationArn', one['awsAccountId'])}: in force")


@framed("revise", "remit artifact revise agreement-XXXXXXXXXXXXXXXX --file second.pdf")
@click.argument("agreement")
@click.option("--file", "file", type=_file, help="The agreement in its new words, a PDF.")
@_name_option
@_description_option
@_for_option
@_term_option
@_end_term_option
@_nda_option
@click.option("--offered", is_flag=True, help="Offer it again, if it was withdrawn.")
@port_option
@data_option
@json_option
def revise(
    *,
    agreement: str,
    file: Path | None,
    name: str | None,
    description: str | None,
    scope: str | None,
    terms: tuple[str, ...],
    end_terms: tuple[str, ...],
    nda: Path | None,
    offered: bool,
    port: int | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Offer AGREEMENT in its next version: what is not said stays as it was. What is in force stays, too.

    --term and --end-term replace all that there were.
    """
    members = {
        "name": name,
        "description": description,
        **_terms(terms, end_terms),
        "scopes": None if scope is None else _SCOPES[scope],
        "state": "OFFERED" if offered else None,
    }
    if file is None and nda is None and all(value is None for value in members.values()):
        raise Failed("say what is to be another: `remit artifact revise --help`", _USED_WRONGLY)
    with refusals():
        client = artifact_client(port, data, None)
        made = _sent(client, "ReviseAgreement", {**_key(client, agreement), **members}, file, nda)
    _said(made["agreement"], as_json=as_json)


@framed("withdraw", "remit artifact withdraw agreement-XXXXXXXXXXXXXXXX")
@click.argument("agreement")
@click.option("--end-all", is_flag=True, help="End it for all who have accepted it, too.")
@port_option
@data_option
@json_option
def withdraw(*, agreement: str, end_all: bool, port: int | None, data: Path | None, as_json: bool) -> None:
    """Offer AGREEMENT no longer. For those who have accepted it, it stays in force."""
    with refusals():
        client = artifact_client(port, data, None)
        key = _key(client, agreement)
        made = client.call("ReviseAgreement", **key, state="WITHDRAWN", terminateCustomerAgreements=end_all or None)
    _said(made["agreement"], as_json=as_json)


def _offers(client: Client) -> list[dict[str, Any]]:
    return client.pages("ListPublisherAgreements", "agreements", maxResults=300)


def _key(client: Client, id_: str) -> dict[str, Any]:
    """Return what names an agreement as it is now."""
    found = next((one for one in _offers(client) if one["id"] == id_), None)
    if found is None:
        raise Failed(f"no agreement {id_}; `remit artifact offers` lists them", REFUSED)
    return {"agreementId": id_, "sequenceNumber": found["sequenceNumber"]}


def _terms(terms: tuple[str, ...], end_terms: tuple[str, ...]) -> dict[str, list[str] | None]:
    return {"acceptanceTerms": list(terms) or None, "terminateTerms": list(end_terms) or None}


def _sent(
    client: Client, operation: str, members: dict[str, Any], file: Path | None, nda: Path | None
) -> dict[str, Any]:
    """Call an operation with the documents, saying how far it is."""
    files = {name: read_file(path) for name, path in (("document", file), ("ndaDocument", nda)) if path is not None}
    with uploading(client, *files.values()):
        return client.call(operation, **members, **files)


def _said(agreement: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        Say.json(agreement)
    else:
        state = agreement["state"].lower()
        Say.line(f"{agreement['name']}, version {agreement['version']} of {agreement['id']}: {state}")
