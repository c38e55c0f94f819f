"""`remit artifact agreements`, `accept` and `terminate`: for those who enter into agreements."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from remit.cli.artifact_client import artifact_client, day, is_accepted, refusals, save
from remit.cli.frame import framed
from remit.cli.options import as_option, data_option, port_option
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.wire.client import Client, ClientFailed

_HEADINGS = ("agreement", "for", "state", "since", "id")
_NO_NDA = "ConflictException"
_terms_option = click.option(
    "--accept-terms", "accepts", is_flag=True, help="You have read the terms, and accept them."
)


@framed("agreements", "remit artifact agreements")
@port_option
@data_option
@as_option
@json_option
def agreements(*, port: int | None, data: Path | None, role: str | None, as_json: bool) -> None:
    """List the agreements that are in force for the account, and those on offer."""
    with refusals():
        client = artifact_client(port, data, role)
        offers = client.pages("ListAgreements", "agreements", maxResults=300)
        in_force = client.pages("ListCustomerAgreements", "customerAgreements", maxResults=300)
    if as_json:
        Say.json({"offers": offers, "inForce": in_force})
        return
    rows = [
        (one["name"], _whom(one), "in force", day(one["effectiveStart"]), one["id"])
        for one in sorted(in_force, key=lambda one: one["name"])
    ]
    rows += [
        (one["name"], " or ".join(scope.lower() for scope in one["scopes"]), "on offer", "-", one["id"])
        for one in sorted(offers, key=lambda one: one["name"])
    ]
    Say.table(_HEADINGS, rows)


@framed("accept", "remit artifact accept agreement-XXXXXXXXXXXXXXXX --organization")
@click.argument("agreement")
@click.option(
    "--organization", is_flag=True, help="For the whole organization, with all its present and future members."
)
@_terms_option
@port_option
@data_option
@as_option
@json_option
def accept(
    *,
    agreement: str,
    organization: bool,
    accepts: bool,
    port: int | None,
    data: Path | None,
    role: str | None,
    as_json: bool,
) -> None:
    """Accept AGREEMENT, an id of `remit artifact agreements`.

    What comes before it, and the agreement itself, are written into files; then each term is asked for.
    """
    with refusals():
        client = artifact_client(port, data, role)
        _accept_nda(client, agreement, accepts=accepts)
        shown = client.call("GetAgreement", agreementId=agreement)
        file = Path(f"{agreement}.pdf")
        save(shown["documentPresignedUrl"], file, replace=True)
        terms: list[str] = shown["agreement"]["acceptanceTerms"]
        _ask(terms, file, accepts=accepts)
        made = client.call(
            "AcceptAgreement",
            agreementId=agreement,
            agreementToken=shown["agreementToken"],
            acceptedTerms=terms,
            scope="ORGANIZATION" if organization else "ACCOUNT",
        )["customerAgreement"]
    _said(made, as_json=as_json)


@framed("terminate", "remit artifact terminate customer-agreement-XXXXXXXXXXXXXXXX")
@click.argument("customer_agreement")
@_terms_option
@port_option
@data_option
@as_option
@json_option
def terminate(
    *, customer_agreement: str, accepts: bool, port: int | None, data: Path | None, role: str | None, as_json: bool
) -> None:
    """End CUSTOMER_AGREEMENT, which is in force; each of the terms for its end is asked for."""
    with refusals():
        client = artifact_client(port, data, role)
        shown = client.call("GetCustomerAgreement", customerAgreementId=customer_agreement)
        file = Path(f"{customer_agreement}.pdf")
        save(shown["documentPresignedUrl"], file, replace=True)
        terms: list[str] = shown["customerAgreement"].get("terminateTerms", [])
        _ask(terms, file, accepts=accepts)
        ended = client.call("TerminateAgreement", customerAgreementId=customer_agreement, acceptedTerms=terms)
    _said(ended["customerAgreement"], as_json=as_json)


def _accept_nda(client: Client, agreement: str, *, accepts: bool) -> None:
    """Accept the non-disclosure agreement that comes before an agreement, where one does."""
    try:
        nda = client.call("GetNdaForAgreement", agreementId=agreement)
    except ClientFailed as failed:
        if failed.code == _NO_NDA:
            return
        raise
    file = Path(f"{agreement}-nda.pdf")
    save(nda["documentPresignedUrl"], file, replace=True)
    _ask(["I agree to the non-disclosure agreement."], file, accepts=accepts)
    client.call("AcceptNdaForAgreement", agreementId=agreement, ndaToken=nda["ndaToken"])


def _ask(terms: Sequence[str], file: Path, *, accepts: bool) -> None:
    """Ask for each term, unless all were accepted beforehand; end the command at the first that is not."""
    for term in terms:
        if not is_accepted(f"{file}: {term}", said=accepts):
            raise Failed(f"not accepted: read {file}, then say --accept-terms", REFUSED)


def _whom(one: dict[str, Any]) -> str:
    return "organization" if "organizationArn" in one else "account"


def _said(one: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        Say.json(one)
    else:
        Say.line(f"{one['name']}, {one['id']}, for the {_whom(one)}: {one['state'].lower().replace('_', ' ')}")
