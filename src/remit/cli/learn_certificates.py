"""`remit learn certificate|verify|revoke`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from remit.cli.compliance_keys import key_ring
from remit.cli.frame import framed
from remit.cli.learn_labs import attempts_of, learner_option, settings_in
from remit.cli.options import data_option
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.compliance.evidence.errors import KeyRingError
from remit.compliance.learning.certificates.issuing import STATUS, Issuer, NotIssued
from remit.compliance.learning.certificates.proof import ProofInvalid, public_of
from remit.compliance.learning.certificates.reading import NotCounted, check, read


@framed("certificate", "remit learn certificate A2")
@click.argument("course")
@learner_option
@data_option
@json_option
def certificate(*, course: str, learner: str, data: Path | None, as_json: bool) -> None:
    """Issue the certificate of COURSE (A1 to A5, or EXAM), when all of its labs are passed."""
    settings = settings_in(data)
    try:
        path, document = Issuer(settings.data, key_ring(settings.data)).issue(
            attempts_of(settings, learner), course.upper(), datetime.now(UTC)
        )
    except NotIssued as error:
        raise Failed(str(error), REFUSED) from None
    except KeyRingError as error:
        raise Failed(str(error)) from None
    if as_json:
        Say.json({"file": str(path.absolute()), "certificate": document})
    else:
        Say.line(f"{path.absolute()}: an Open Badge 3.0, valid until {document['validUntil']}")
        Say.line(f"issued by {document['issuer']['id']}")
        Say.line(f"`remit learn verify` verifies it; give {STATUS}, which lies beside it, along")


@framed("verify", "remit learn verify ada-A2-0123456789ab.json")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--status",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The issuer's status list; the one beside FILE by default.",
)
@click.option(
    "--key", "keys", multiple=True, metavar="DID", help="A did:key that you trust; this machine's by default."
)
@data_option
@json_option
def verify(*, file: Path, status: Path | None, keys: tuple[str, ...], data: Path | None, as_json: bool) -> int:
    """Verify a certificate, without a network: its signature, who signed, whether it was revoked or has expired.

    Exit status 1 unless it counts. Without a status list nobody can say that it was not revoked, so it does not count.
    """
    beside = file.with_name(STATUS)
    listed = status or (beside if beside.exists() else None)
    try:
        trusted = {public_of(key) for key in keys} or {
            one.public for one in key_ring(settings_in(data).data).public_keys()
        }
        award = check(read(file), trusted, [] if listed is None else [read(listed)], datetime.now(UTC))
    except (NotCounted, ProofInvalid) as error:
        if as_json:
            Say.json({"file": str(file), "counts": False, "reason": str(error)})
        else:
            Say.line(f"{file}: does not count: {error}")
        return REFUSED
    except KeyRingError as error:
        raise Failed(str(error)) from None
    if as_json:
        Say.json(
            {
                "file": str(file),
                "counts": True,
                "holder": award.holder,
                "course": award.course,
                "issued_at": award.issued_at,
                "expires_at": award.expires_at,
            }
        )
    else:
        Say.line(f"{file}: {award.holder} has passed {award.course}; it counts until {award.expires_at:%Y-%m-%d}")
    return 0


@framed("revoke", "remit learn revoke 0123456789ab --reason 'issued to somebody else'")
@click.argument("certificate_id", metavar="ID")
@click.option("--reason", required=True, help="Why, for the register.")
@data_option
@json_option
def revoke(*, certificate_id: str, reason: str, data: Path | None, as_json: bool) -> None:
    """Revoke a certificate that was issued here: its bit in the status list is set, and the list signed anew."""
    settings = settings_in(data)
    issuer = Issuer(settings.data, key_ring(settings.data))
    try:
        revoked = issuer.revoke(certificate_id, reason, datetime.now(UTC))
    except NotIssued as error:
        raise Failed(str(error), REFUSED) from None
    except KeyRingError as error:
        raise Failed(str(error)) from None
    if as_json:
        Say.json({"id": revoked.id, "revoked_at": revoked.revoked_at})
    else:
        Say.line(f"Revoked {revoked.id} of {revoked.holder}. Hand out {(issuer.folder / STATUS).absolute()} again.")
