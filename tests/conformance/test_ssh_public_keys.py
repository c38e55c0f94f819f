"""SSH public keys, through an unchanged boto3."""

import subprocess

import pytest
from conformance.certificates import PublicKey

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize("form", ["SSH", "PEM"])
def test_a_key_from_its_upload_to_its_end(server, refused, form):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    key = PublicKey()
    bodies = {"SSH": key.ssh, "PEM": key.pem}
    bodies[form] = f"{key.ssh} bob@example.org" if form == "SSH" else f"{key.pem}\n"

    kept = iam.upload_ssh_public_key(UserName="bob", SSHPublicKeyBody=bodies[form])["SSHPublicKey"]

    one = {"UserName": "bob", "SSHPublicKeyId": kept["SSHPublicKeyId"]}
    assert kept == {**kept, "UserName": "bob", "SSHPublicKeyBody": bodies[form], "Status": "Active"}
    assert kept["SSHPublicKeyId"].startswith("APKA")
    for encoding, body in bodies.items():
        shown = iam.get_ssh_public_key(**one, Encoding=encoding)["SSHPublicKey"]
        assert shown == {**kept, "SSHPublicKeyBody": body}
    (listed,) = iam.list_ssh_public_keys(UserName="bob")["SSHPublicKeys"]
    assert listed == {name: kept[name] for name in ("UserName", "SSHPublicKeyId", "Status", "UploadDate")}
    iam.update_ssh_public_key(**one, Status="Inactive")
    assert iam.get_ssh_public_key(**one, Encoding="SSH")["SSHPublicKey"]["Status"] == "Inactive"
    refused(lambda: iam.update_ssh_public_key(**one, Status="Expired"), "InvalidInput", 400)
    error = refused(lambda: iam.delete_user(UserName="bob"), "DeleteConflict", 409)
    assert error["Message"] == "Cannot delete entity, must remove referenced objects first."
    iam.delete_ssh_public_key(**one)
    assert iam.list_ssh_public_keys(UserName="bob")["SSHPublicKeys"] == []
    for call in (
        iam.delete_ssh_public_key,
        lambda **who: iam.update_ssh_public_key(**who, Status="Active"),
        lambda **who: iam.get_ssh_public_key(**who, Encoding="SSH"),
    ):
        error = refused(lambda call=call: call(**one), "NoSuchEntity", 404)
        assert error["Message"] == f"The Public Key with id {kept['SSHPublicKeyId']} cannot be found."


def test_the_fingerprint_is_that_of_ssh_keygen(server, tmp_path):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    file = tmp_path / "key.pub"
    file.write_text(PublicKey().ssh)

    kept = iam.upload_ssh_public_key(UserName="bob", SSHPublicKeyBody=file.read_text())["SSHPublicKey"]

    try:
        said = subprocess.run(["ssh-keygen", "-E", "md5", "-lf", file], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("no ssh-keygen here")
    assert f"MD5:{kept['Fingerprint']} " in said.stdout


def test_what_is_refused(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    key = PublicKey()

    def upload(body, user="bob"):
        return lambda: iam.upload_ssh_public_key(UserName=user, SSHPublicKeyBody=body)

    refused(upload(key.ssh, "nobody"), "NoSuchEntity", 404)
    for body in ("no key", "ssh-rsa AAAA", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"):
        error = refused(upload(body), "UnrecognizedPublicKeyEncoding", 400)
        assert error["Message"] == "Invalid public key uploaded."
    for weak in (PublicKey(bits=1024), PublicKey(kind="ed25519")):
        refused(upload(weak.ssh), "InvalidPublicKey", 400)
        refused(upload(weak.pem), "InvalidPublicKey", 400)
    upload(key.ssh)()
    refused(upload(key.pem), "DuplicateSSHPublicKey", 400)
    for _ in range(4):
        upload(PublicKey().ssh)()
    error = refused(upload(PublicKey().ssh), "LimitExceeded", 409)
    assert error["Message"] == "Cannot exceed quota for SSHPublicKeysPerUser: 5"
    codes = {event.get("errorCode") for event in server.events(EventName="UploadSSHPublicKey")}
    assert codes == {
        None,
        "NoSuchEntityException",
        "UnrecognizedPublicKeyEncodingException",
        "InvalidPublicKeyException",
        "DuplicateSSHPublicKeyException",
        "LimitExceededException",
    }
