"""Signing certificates, through an unchanged boto3."""

import pytest
from conformance.certificates import Issued

pytestmark = pytest.mark.conformance


def test_a_certificate_from_its_upload_to_its_end(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    body = Issued().pem

    kept = iam.upload_signing_certificate(UserName="bob", CertificateBody=body)["Certificate"]

    assert kept == {**kept, "UserName": "bob", "CertificateBody": body, "Status": "Active"}
    assert len(kept["CertificateId"]) == 32
    assert iam.list_signing_certificates(UserName="bob")["Certificates"] == [kept]
    one = {"UserName": "bob", "CertificateId": kept["CertificateId"]}
    iam.update_signing_certificate(**one, Status="Inactive")
    (listed,) = iam.list_signing_certificates(UserName="bob")["Certificates"]
    assert listed == {**kept, "Status": "Inactive"}
    refused(lambda: iam.update_signing_certificate(**one, Status="Expired"), "InvalidInput", 400)
    error = refused(lambda: iam.delete_user(UserName="bob"), "DeleteConflict", 409)
    assert error["Message"] == "Cannot delete entity, must delete signing certificates first."
    iam.delete_signing_certificate(**one)
    assert iam.list_signing_certificates(UserName="bob")["Certificates"] == []
    for call in (iam.delete_signing_certificate, lambda **who: iam.update_signing_certificate(**who, Status="Active")):
        error = refused(lambda call=call: call(**one), "NoSuchEntity", 404)
        assert error["Message"] == f"The Certificate with id {kept['CertificateId']} cannot be found."


def test_what_is_refused(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    iam.create_user(UserName="eve")
    body = Issued().pem

    def upload(body, user="bob"):
        return lambda: iam.upload_signing_certificate(UserName=user, CertificateBody=body)

    error = refused(upload("nothing", "nobody"), "NoSuchEntity", 404)
    assert error["Message"] == "The user with name nobody cannot be found."
    error = refused(upload("invalid-certificate-body"), "MalformedCertificate", 400)
    assert error["Message"] == "Certificate invalid-certificate-body is malformed."
    refused(upload(Issued(days=-1, starts=-2).pem), "InvalidCertificate", 400)
    upload(body)()
    for user in ("bob", "eve"):
        refused(upload(body, user), "DuplicateCertificate", 409)
    upload(Issued().pem)()
    error = refused(upload(Issued().pem), "LimitExceeded", 409)
    assert error["Message"] == "Cannot exceed quota for CertificatesPerUser: 2"
    events = server.events(EventName="UploadSigningCertificate")
    assert [event.get("errorCode") for event in events] == [
        "LimitExceededException",
        None,
        "DuplicateCertificateException",
        "DuplicateCertificateException",
        None,
        "InvalidCertificateException",
        "MalformedCertificateException",
        "NoSuchEntityException",
    ]


def test_a_user_keeps_certificates_of_its_own(server, refused):
    actions = ["iam:UploadSigningCertificate", "iam:ListSigningCertificates"]
    own = {"Effect": "Allow", "Action": actions, "Resource": "arn:aws:iam::*:user/${aws:username}"}
    bob = server.user("bob", own).client("iam")

    assert bob.upload_signing_certificate(CertificateBody=Issued().pem)["Certificate"]["UserName"] == "bob"
    assert len(bob.list_signing_certificates()["Certificates"]) == 1
    refused(lambda: bob.list_signing_certificates(UserName="admin"), "AccessDenied", 403)
