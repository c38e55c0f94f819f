"""Server certificates, through an unchanged boto3."""

import json

import pytest
from conformance.certificates import Issued

pytestmark = pytest.mark.conformance


def upload(iam, name, issued, **more):
    return iam.upload_server_certificate(
        ServerCertificateName=name, CertificateBody=issued.pem, PrivateKey=issued.key, **more
    )


def test_a_certificate_from_its_upload_to_its_end(server, refused):
    iam = server.client("iam")
    root = Issued("root")
    own = Issued(issuer=root)

    answer = upload(iam, "web", own, Path="/cdn/", CertificateChain=root.pem)

    kept = answer["ServerCertificateMetadata"]
    assert "Tags" not in answer
    assert kept == {
        **kept,
        "Path": "/cdn/",
        "ServerCertificateName": "web",
        "Arn": f"arn:aws:iam::{server.account}:server-certificate/cdn/web",
        "Expiration": own.expires_at,
    }
    assert kept["ServerCertificateId"].startswith("ASCA")
    assert iam.get_server_certificate(ServerCertificateName="web")["ServerCertificate"] == {
        "ServerCertificateMetadata": kept,
        "CertificateBody": own.pem,
        "CertificateChain": root.pem,
        "Tags": [],
    }
    assert iam.list_server_certificates(PathPrefix="/cd")["ServerCertificateMetadataList"] == [kept]
    assert iam.list_server_certificates(PathPrefix="/x")["ServerCertificateMetadataList"] == []
    iam.delete_server_certificate(ServerCertificateName="web")
    for call in (iam.get_server_certificate, iam.delete_server_certificate, iam.update_server_certificate):
        error = refused(lambda call=call: call(ServerCertificateName="web"), "NoSuchEntity", 404)
        assert error["Message"] == "The Server Certificate with name web cannot be found."


def test_parts_that_do_not_fit(server, refused):
    iam = server.client("iam")
    root, own, other = Issued("root"), Issued(), Issued("other")
    leaf = Issued(issuer=root)

    def message(code="MalformedCertificate", body=own.pem, key=own.key, **more):
        call = lambda: iam.upload_server_certificate(  # noqa: E731
            ServerCertificateName="web", CertificateBody=body, PrivateKey=key, **more
        )
        return refused(call, code, 400)["Message"]

    unreadable = "Unable to parse certificate. Please ensure the certificate is in PEM format."
    chain = (
        "Unable to validate certificate chain. The certificate chain must start with the immediate signing "
        "certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate "
        "is: "
    )
    leaf_parts = {"body": leaf.pem, "key": leaf.key}
    assert message(body="no certificate") == unreadable
    assert message(key="no key") == "Invalid Private Key."
    assert message(key=own.encrypted_key) == "Invalid Private Key."
    assert message("KeyPairMismatch", key=other.key)
    assert message(**leaf_parts, CertificateChain="no chain") == unreadable
    assert message(**leaf_parts, CertificateChain=other.pem) == f"{chain}-1"
    assert message(**leaf_parts, CertificateChain=root.pem + other.pem) == f"{chain}0"
    expired = Issued(days=-1, starts=-2)
    assert "not valid" in message(body=expired.pem, key=expired.key)
    early = Issued(starts=1)
    assert "not valid" in message(body=early.pem, key=early.key)
    assert iam.list_server_certificates()["ServerCertificateMetadataList"] == []


def test_a_name_is_unique_whatever_its_path(server, refused):
    iam = server.client("iam")
    upload(iam, "web", Issued())

    error = refused(lambda: upload(iam, "web", Issued(), Path="/a/"), "EntityAlreadyExists", 409)

    assert error["Message"] == "The Server Certificate with name web already exists."


def test_a_renamed_certificate_has_another_arn(server, refused):
    iam = server.client("iam")
    upload(iam, "web", Issued())
    upload(iam, "other", Issued())
    arn = f"arn:aws:iam::{server.account}:server-certificate/web"
    clerk = server.user("clerk", {"Effect": "Allow", "Action": "iam:UpdateServerCertificate", "Resource": arn})
    rename = {"ServerCertificateName": "web", "NewServerCertificateName": "www", "NewPath": "/new/"}

    refused(lambda: clerk.client("iam").update_server_certificate(**rename), "AccessDenied", 403)
    taken = {"ServerCertificateName": "web", "NewServerCertificateName": "other"}
    refused(lambda: iam.update_server_certificate(**taken), "EntityAlreadyExists", 409)
    iam.update_server_certificate(**rename)

    shown = iam.get_server_certificate(ServerCertificateName="www")["ServerCertificate"]["ServerCertificateMetadata"]
    assert shown["Arn"] == f"arn:aws:iam::{server.account}:server-certificate/new/www"
    refused(lambda: iam.get_server_certificate(ServerCertificateName="web"), "NoSuchEntity", 404)


def test_tags_of_certificates(server, refused):
    iam = server.client("iam")
    answer = upload(iam, "web", Issued(), Tags=[{"Key": "team", "Value": "red"}])
    assert answer["Tags"] == [{"Key": "team", "Value": "red"}]

    iam.tag_server_certificate(ServerCertificateName="web", Tags=[{"Key": "Team", "Value": "blue"}])

    expected = [{"Key": "Team", "Value": "blue"}]
    assert iam.list_server_certificate_tags(ServerCertificateName="web")["Tags"] == expected
    assert iam.get_server_certificate(ServerCertificateName="web")["ServerCertificate"]["Tags"] == expected
    iam.untag_server_certificate(ServerCertificateName="web", TagKeys=["team"])
    assert iam.list_server_certificate_tags(ServerCertificateName="web")["Tags"] == []
    twice = [{"Key": "k", "Value": "1"}, {"Key": "K", "Value": "2"}]
    refused(lambda: iam.tag_server_certificate(ServerCertificateName="web", Tags=twice), "InvalidInput", 400)
    refused(lambda: iam.list_server_certificate_tags(ServerCertificateName="no"), "NoSuchEntity", 404)


def test_twenty_are_enough(server, refused):
    iam = server.client("iam")
    issued = Issued()
    for number in range(20):
        upload(iam, f"web-{number}", issued)

    error = refused(lambda: upload(iam, "web", issued), "LimitExceeded", 409)

    assert error["Message"] == "Cannot exceed quota for ServerCertificatesPerAccount: 20"


def test_a_refusal_names_what_would_be_made(server, refused):
    bob = server.user("bob")

    error = refused(lambda: upload(bob.client("iam"), "web", Issued(), Path="/a/"), "AccessDenied", 403)

    assert error["Message"].startswith(
        f"User: {bob.arn} is not authorized to perform: iam:UploadServerCertificate on resource: "
        f"arn:aws:iam::{server.account}:server-certificate/a/web because"
    )


def test_a_private_key_is_in_no_record_and_no_answer(server):
    iam = server.client("iam")
    issued = Issued()
    answer = upload(iam, "web", issued)
    shown = iam.get_server_certificate(ServerCertificateName="web")

    text = json.dumps([answer, shown, server.events()], default=str)

    assert "PRIVATE KEY" not in text
    (event,) = server.events(EventName="UploadServerCertificate")
    assert event["requestParameters"]["serverCertificateName"] == "web"
