"""Server certificates. Source: `iam-sts` reference, sections 1.2 and 11."""

from functools import partial

from remit.clock import whole_second
from remit.directory import server_certificates as directory
from remit.directory.server_certificates import SERVER_CERTIFICATES, ServerCertificate
from remit.directory.x509 import Flaw, Flawed, read_server_certificate
from remit.errors import ServiceError
from remit.ids import Secret
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.entities import tag_list
from remit.services.iam.pages import page, with_prefix
from remit.services.iam.registry import operation
from remit.services.iam.tag_lists import new_tags
from remit.store import Transaction

_UNREADABLE = "Unable to parse certificate. Please ensure the certificate is in PEM format."
_MALFORMED = {
    Flaw.BODY: _UNREADABLE,
    Flaw.CHAIN: _UNREADABLE,
    Flaw.EXPIRED: "The certificate is not valid at this time.",
    Flaw.KEY: "Invalid Private Key.",
    Flaw.LINK: (
        "Unable to validate certificate chain. The certificate chain must start with the immediate signing "
        "certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate "
        "is: {index}"
    ),
}


def _refused(flawed: Flawed) -> ServiceError:
    if flawed.flaw is Flaw.PAIR:
        return ServiceError("KeyPairMismatch", "The public key certificate and the private key do not match.")
    return ServiceError("MalformedCertificate", _MALFORMED[flawed.flaw].format(index=flawed.index))


def _metadata(certificate: ServerCertificate) -> shapes.ServerCertificateMetadata:
    return {
        "Path": certificate.path,
        "ServerCertificateName": certificate.name,
        "ServerCertificateId": certificate.id,
        "Arn": certificate.arn,
        "UploadDate": whole_second(certificate.created_at),
        "Expiration": whole_second(certificate.expires_at),
    }


@operation("UploadServerCertificate")
def upload_server_certificate(
    call: Call[shapes.UploadServerCertificateRequest], tx: Transaction
) -> shapes.UploadServerCertificateResponse:
    """Keep a certificate with its private key and the chain of those who issued it.

    Raises:
        AlreadyExists: the account has one of that name, in whatever path.
        QuotaExceeded: the account has as many as it may have.
        ServiceError: MalformedCertificate or KeyPairMismatch, the parts cannot be read or do not fit.
    """
    asked = call.input
    name, body, chain = asked["ServerCertificateName"], asked["CertificateBody"], asked.get("CertificateChain", "")
    key = Secret(asked["PrivateKey"])
    tags = new_tags(asked.get("Tags", []), fold=True)
    directory.refuse_taken_name(tx, call.account, name)
    found = call.slowly("certificate", partial(read_server_certificate, body, chain, key, call.at))
    if isinstance(found, Flawed):
        raise _refused(found)
    kept = directory.create_server_certificate(
        tx,
        call.account,
        name,
        path=asked.get("Path", "/"),
        body=body,
        chain=chain,
        key=key,
        expires_at=found.expires_at,
        at=call.at,
        tags=tags,
        partition=call.partition,
    )
    response: shapes.UploadServerCertificateResponse = {"ServerCertificateMetadata": _metadata(kept)}
    if tags:
        response["Tags"] = tag_list(tags)
    return response


@operation("GetServerCertificate")
def get_server_certificate(
    call: Call[shapes.GetServerCertificateRequest], tx: Transaction
) -> shapes.GetServerCertificateResponse:
    """Show a certificate and its chain, never its key."""
    certificate = directory.server_certificate(tx, call.account, call.input["ServerCertificateName"])
    shape: shapes.ServerCertificate = {
        "ServerCertificateMetadata": _metadata(certificate),
        "CertificateBody": certificate.body,
        "Tags": tag_list(certificate.tags),
    }
    if certificate.chain:
        shape["CertificateChain"] = certificate.chain
    return {"ServerCertificate": shape}


@operation("ListServerCertificates")
def list_server_certificates(
    call: Call[shapes.ListServerCertificatesRequest], tx: Transaction
) -> shapes.ListServerCertificatesResponse:
    """List the certificates below a path."""
    found = with_prefix(call, directory.server_certificates(tx, call.account), lambda certificate: certificate.path)
    certificates, more = page(call, tx, found, lambda certificate: certificate.name)
    return {"ServerCertificateMetadataList": [_metadata(certificate) for certificate in certificates], **more}


@operation("UpdateServerCertificate")
def update_server_certificate(call: Call[shapes.UpdateServerCertificateRequest], tx: Transaction) -> None:
    """Give a certificate another name or path. The permission is needed for the new name, too."""
    asked = call.input
    certificate = directory.server_certificate(tx, call.account, asked["ServerCertificateName"])
    name, path = asked.get("NewServerCertificateName", certificate.name), asked.get("NewPath", certificate.path)
    if (name, path) == (certificate.name, certificate.path):
        return
    arn = f"arn:{certificate.partition}:iam::{call.account}:server-certificate{path}{name}"
    call.require("iam:UpdateServerCertificate", arn)
    directory.rename_server_certificate(tx, certificate, name=name, path=path)


@operation("DeleteServerCertificate")
def delete_server_certificate(call: Call[shapes.DeleteServerCertificateRequest], tx: Transaction) -> None:
    """Delete a certificate with its key."""
    found = directory.server_certificate(tx, call.account, call.input["ServerCertificateName"])
    tx.delete(SERVER_CERTIFICATES, found)
