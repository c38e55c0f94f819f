"""`remit artifact certificate`, `verify-certificate`, `certificate-keys` and `rotate-certificate-key`.

Proof that an agreement was accepted.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from remit.cli.account import run
from remit.cli.artifact_client import (
    artifact_client,
    endpoint_url,
    fetched,
    force_option,
    refusals,
    save,
    say_saved,
)
from remit.cli.frame import framed
from remit.cli.options import as_option, data_option, open_store, port_option
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.directory.artifact.certificate_proofs import CertificateRefused, prove, read_keys
from remit.directory.artifact.certificates import Certificate, new_certificate_key
from remit.directory.artifact.certificates import rotate_certificate_key as rotate
from remit.endpoint.issuers import CERTIFICATE_KEYS_PATH
from remit.pdf import PdfExtraMissing
from remit.store import Answer

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@framed("certificate", "remit artifact certificate customer-agreement-XXXXXXXXXXXXXXXX -o acceptance.pdf")
@click.argument("customer_agreement", metavar="ID")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file; by default ID.pdf.")
@click.option(
    "--json", "alone", is_flag=True, help="The certificate alone, a JWS in JSON; printed, unless a file is named."
)
@force_option
@port_option
@data_option
@as_option
def certificate(
    *,
    customer_agreement: str,
    output: Path | None,
    alone: bool,
    force: bool,
    port: int | None,
    data: Path | None,
    role: str | None,
) -> None:
    """Write the certificate of the acceptance of ID, signed, with the agreement behind it, into a file."""
    with refusals():
        client = artifact_client(port, data, role)
        shown = client.call("GetCustomerAgreement", customerAgreementId=customer_agreement)
    link: str | None = shown.get("certificatePresignedUrl")
    if link is None:
        raise Failed(
            f"no certificate of {customer_agreement}: it was signed on paper, or another account of the organization "
            f"accepted it, {shown['customerAgreement']['awsAccountId']}, and has the certificate",
            REFUSED,
        )
    if alone and output is None:
        Say.json(json.loads(fetched(link)))
        return
    path = output or Path(f"{customer_agreement}.pdf")
    with Say.working("fetching the certificate"):
        size = save(link if alone else shown["documentPresignedUrl"], path, replace=force)
    say_saved(path, size, as_json=False)


@framed("verify-certificate", "remit artifact verify-certificate acceptance.pdf --key keys.json")
@click.argument("file", type=_file)
@click.option("--key", type=_file, help="What `certificate-keys` printed; by default the server is asked.")
@port_option
@data_option
@json_option
def verify_certificate(*, file: Path, key: Path | None, port: int | None, data: Path | None, as_json: bool) -> None:
    """Say what FILE, a certificate as PDF or as JSON, proves. Exit status 1 when it proves nothing.

    With --key no server is needed.
    """
    try:
        given = file.read_bytes()
        keys = fetched(_keys_url(port, data)) if key is None else key.read_bytes()
    except OSError as error:
        raise Failed(f"cannot read {error.filename}: {error.strerror}") from None
    try:
        proved = prove(given, read_keys(keys))
    except CertificateRefused as refused:
        raise Failed(f"{file} proves nothing: {refused}", REFUSED) from None
    except PdfExtraMissing as missing:
        raise Failed(missing.message) from None
    if as_json:
        Say.json(msgspec.to_builtins(proved))
        return
    Say.line(f"{file} is genuine, and unaltered.")
    Say.pairs(_told(proved))


@framed("certificate-keys", "remit artifact certificate-keys > keys.json")
@port_option
@data_option
def certificate_keys(*, port: int | None, data: Path | None) -> None:
    """Print the public keys that certificates are verified with, a JWKS. Nobody needs to sign in for it."""
    click.echo(fetched(_keys_url(port, data)), nl=False)


@framed("rotate-certificate-key", "remit artifact rotate-certificate-key")
@data_option
@json_option
def rotate_certificate_key(*, data: Path | None, as_json: bool) -> None:
    """Make a new key that signs certificates from now on, and destroy the old private one.

    What it signed still verifies. Whoever keeps a file of keys needs a new one, of `certificate-keys`, for certificates
    that are handed out from now on.
    """
    key = new_certificate_key()
    _, database = open_store(None, data)
    kept = run(database, lambda tx: Answer(rotate(tx, key, datetime.now(UTC))))
    if as_json:
        Say.json(kept.public)
    else:
        Say.line(f"{kept.id} signs from now on; `remit artifact certificate-keys` prints it, and those before it")


def _keys_url(port: int | None, data: Path | None) -> str:
    return endpoint_url(port, data) + CERTIFICATE_KEYS_PATH


def _told(proved: Certificate) -> dict[str, str]:
    agreement = proved.agreement
    return {
        "agreement": f"{agreement.name}, version {agreement.version} of {agreement.id}",
        "ARN": agreement.arn,
        "its SHA-256": agreement.document_sha256,
        "accepted as": proved.id,
        "accepted by": proved.principal,
        "accepted at": f"{proved.accepted_at:%Y-%m-%d %H:%M:%S} UTC from {proved.source_ip}",
        "for": proved.organization_arn or f"account {proved.account}",
        "certified by": f"account {proved.provider}",
        **{f"term {number}": f"{term.text} ({term.sha256})" for number, term in enumerate(proved.terms, 1)},
    }
