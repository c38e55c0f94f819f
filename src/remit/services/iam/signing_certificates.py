"""Signing certificates of users and of the root user. Source: `iam-sts` reference, section 11."""

from functools import partial

import msgspec

from remit.clock import whole_second
from remit.directory import signing_certificates as directory
from remit.directory.signing_certificates import SIGNING_CERTIFICATES, SigningCertificate
from remit.directory.x509 import read_certificate
from remit.errors import ServiceError
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.owners import owner_of
from remit.services.iam.pages import page
from remit.services.iam.registry import operation
from remit.services.iam.statuses import is_active, status
from remit.store import Transaction


def _shape(certificate: SigningCertificate, name: str) -> shapes.SigningCertificate:
    return {
        "UserName": name,
        "CertificateId": certificate.id,
        "CertificateBody": certificate.body,
        "Status": status(active=certificate.active),
        "UploadDate": whole_second(certificate.created_at),
    }


@operation("UploadSigningCertificate")
def upload_signing_certificate(
    call: Call[shapes.UploadSigningCertificateRequest], tx: Transaction
) -> shapes.UploadSigningCertificateResponse:
    """Keep a certificate for a user, or for who signed.

    Raises:
        AlreadyExists: somebody of the account has it.
        QuotaExceeded: the owner has two.
        ServiceError: MalformedCertificate or InvalidCertificate.
    """
    body = call.input["CertificateBody"]
    owner, name = owner_of(call, tx)
    certificate = call.slowly("certificate", partial(read_certificate, body))
    if certificate is None:
        raise ServiceError("MalformedCertificate", f"Certificate {body} is malformed.")
    if certificate.expires_at <= call.at:
        raise ServiceError("InvalidCertificate", "The certificate has expired.")
    kept = directory.create_signing_certificate(tx, call.account, owner, body, certificate.digest, at=call.at)
    return {"Certificate": _shape(kept, name)}


@operation("ListSigningCertificates")
def list_signing_certificates(
    call: Call[shapes.ListSigningCertificatesRequest], tx: Transaction
) -> shapes.ListSigningCertificatesResponse:
    """List the certificates of a user, or of who signed, as they were uploaded."""
    owner, name = owner_of(call, tx)
    found = sorted(directory.signing_certificates(tx, owner), key=lambda certificate: certificate.id)
    certificates, more = page(call, tx, found, lambda certificate: certificate.id)
    return {"Certificates": [_shape(certificate, name) for certificate in certificates], **more}


@operation("UpdateSigningCertificate")
def update_signing_certificate(call: Call[shapes.UpdateSigningCertificateRequest], tx: Transaction) -> None:
    """Activate or deactivate a certificate."""
    owner, _ = owner_of(call, tx)
    certificate = directory.signing_certificate(tx, owner, call.input["CertificateId"])
    active = is_active(call.input["Status"])
    tx.put(SIGNING_CERTIFICATES, msgspec.structs.replace(certificate, active=active, changed_at=call.at))


@operation("DeleteSigningCertificate")
def delete_signing_certificate(call: Call[shapes.DeleteSigningCertificateRequest], tx: Transaction) -> None:
    """Delete a certificate."""
    owner, _ = owner_of(call, tx)
    tx.delete(SIGNING_CERTIFICATES, directory.signing_certificate(tx, owner, call.input["CertificateId"]))
