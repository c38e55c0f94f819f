"""A certificate of acceptance as PDF: pages for people, then the agreement; the certificate and the agreement attached.

The last line of the file, a comment to readers of PDF, signs all bytes before it, so that no page can be changed.
"""

from hashlib import sha256

import msgspec

from remit.directory.artifact.agreements import AgreementScope
from remit.directory.artifact.certificates import Certificate, Signer
from remit.pdf import Attachment, Bullets, Heading, Layout, Paragraph, Part, Table, Title, join, typeset, with_last_line

CERTIFICATE_FILE, AGREEMENT_FILE = "acceptance-certificate.json", "agreement.pdf"
LAST_LINE = "Remit-Signature"
FILE_KIND = "agreement-acceptance-pdf+json"
_LABEL = "Certificate-"
_STEPS = """\
`remit artifact verify-certificate FILE --key KEYS` checks this file without the server. \
The key is {key}, its thumbprint; have the key from the provider.
{certificate} is attached. It says what these pages say, as a JWS in JSON, signed with Ed25519, that any library for \
JWS verifies.
{agreement} is attached: the agreement as it was accepted, whose SHA-256 stands above.
The last line of this file signs all that is before it: a copy that was stored anew does not verify."""
_WIDTHS = (1.0, 3.2)


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the last line says: the id of the customer agreement, and SHA-256 of all before."""

    id: str
    sha256: str


def certified_document(certificate: Certificate, written: bytes, agreement: bytes, signer: Signer) -> bytes:
    """Return the PDF; the same arguments give the same bytes. It takes long.

    Args:
        written: the certificate, signed.
        agreement: the PDF that was accepted.

    Raises:
        PdfError: the extra is not installed, or the agreement cannot be read.
    """
    layout = Layout(
        title=f"Certificate of acceptance {certificate.id}",
        author=f"Account {certificate.provider}",
        at=certificate.accepted_at,
        header="Certificate of acceptance",
        footer=certificate.id,
    )
    pages = typeset(_parts(certificate, signer.key.id), layout)
    attachments = (
        Attachment(CERTIFICATE_FILE, written, "application/jose+json", "The certificate, signed"),
        Attachment(AGREEMENT_FILE, agreement, "application/pdf", "The agreement as it was accepted, byte by byte"),
    )
    document = join(pages, agreement, attachments, label=_LABEL)
    seal = Sealed(id=certificate.id, sha256=sha256(document).hexdigest())
    return with_last_line(document, LAST_LINE, signer.sign(msgspec.json.encode(seal), FILE_KIND))


def _parts(certificate: Certificate, key: str) -> tuple[Part, ...]:
    agreement = certificate.agreement
    steps = _STEPS.format(key=key, certificate=CERTIFICATE_FILE, agreement=AGREEMENT_FILE)
    parts: list[Part] = [
        Title("Certificate of acceptance", (agreement.name,)),
        Paragraph(
            f"Account {certificate.provider}, which offers this agreement, certifies that it was accepted as follows. "
            "The agreement itself begins behind these pages."
        ),
        _facts(
            "What",
            {
                "Agreement": agreement.id,
                "ARN": agreement.arn,
                "Version": str(agreement.version),
                "Type": agreement.type,
                "SHA-256 of its PDF": agreement.document_sha256,
                "In force as": f"{certificate.id}\n{certificate.arn}",
            },
        ),
        _facts(
            "Who, when and from where",
            {
                "Accepted by": certificate.principal,
                "Accepted at": _time(certificate),
                "Address": certificate.source_ip,
                "Request": certificate.request_id,
                "SHA-256 of the token": certificate.token_sha256,
            },
        ),
        _facts("For whom", {"Accounts": _covered(certificate)}),
    ]
    parts += [
        Heading("Terms that were agreed to", 2),
        Table(("Term", "SHA-256"), tuple((term.text, term.sha256) for term in certificate.terms), (1.0, 1.6)),
        Paragraph(f"SHA-256 of all terms, as a JSON array in this order: {certificate.terms_sha256}"),
    ]
    if (nda := certificate.nda) is not None:
        parts.append(
            _facts(
                "Non-disclosure agreement, accepted before",
                {
                    "SHA-256 of its PDF": nda.document_sha256,
                    "Accepted by": nda.principal,
                    "Accepted at": f"{nda.accepted_at:%Y-%m-%d %H:%M:%S} UTC",
                    "Address": nda.source_ip,
                },
            )
        )
    parts += [
        Heading("How to verify this", 2),
        Bullets(tuple(steps.split("\n"))),
        Paragraph("The certificate tells of the acceptance. Whether the agreement is still in force it does not tell."),
    ]
    return tuple(parts)


def _facts(heading: str, facts: dict[str, str]) -> Table:
    return Table((heading, ""), tuple(facts.items()), _WIDTHS)


def _time(certificate: Certificate) -> str:
    return f"{certificate.accepted_at:%Y-%m-%d %H:%M:%S} UTC"


def _covered(certificate: Certificate) -> str:
    if certificate.scope is AgreementScope.ORGANIZATION:
        return (
            f"All accounts of the organization {certificate.organization_arn}, which account {certificate.account} "
            "manages: those that are members at a time, while they are"
        )
    return f"Account {certificate.account}"
