"""How a make of security keys is certified: only for keys that prove to be of it."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from authenticator import AAGUID, Authenticator
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from remit.authn.authenticators import Authenticators
from remit.authn.security_keys import Purpose, creation_options, new_challenge, registered

AT = datetime(2026, 11, 24, 10, 20, 30, tzinfo=UTC)
Attest = Callable[[bytes, bytes], tuple[str, dict[str, Any]]]
_MAKE = str(AAGUID.hex())
MAKE = f"{_MAKE[:8]}-{_MAKE[8:12]}-{_MAKE[12:16]}-{_MAKE[16:20]}-{_MAKE[20:]}"


class Maker:
    """Who makes keys: a root certificate, and one that attests."""

    def __init__(self) -> None:
        self.root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Maker Root")])
        self.root = self._sign(name, self.root_key.public_key(), ca=True)
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "CH"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Maker"),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Authenticator Attestation"),
                x509.NameAttribute(NameOID.COMMON_NAME, "Maker Key"),
            ]
        )
        self.certificate = self._sign(subject, self.key.public_key(), ca=False)

    def _sign(self, subject: x509.Name, key: Any, *, ca: bool) -> x509.Certificate:
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Maker Root")])
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(AT - timedelta(days=1))
            .not_valid_after(AT + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(self.root_key, hashes.SHA256())
        )

    def attest(self, data: bytes, client_hash: bytes) -> tuple[str, dict[str, Any]]:
        signature = self.key.sign(data + client_hash, ec.ECDSA(hashes.SHA256()))
        return "packed", {"alg": -7, "sig": signature, "x5c": [self.certificate.public_bytes(Encoding.DER)]}

    def entry(self, *reports: dict[str, Any]) -> dict[str, Any]:
        root = base64.b64encode(self.root.public_bytes(Encoding.DER)).decode()
        statement = {
            "description": "a key",
            "authenticatorVersion": 1,
            "schema": 3,
            "upv": [{"major": 1, "minor": 0}],
            "attestationTypes": ["basic_full"],
            "userVerificationDetails": [],
            "keyProtection": [],
            "matcherProtection": [],
            "attachmentHint": [],
            "tcDisplay": [],
            "attestationRootCertificates": [root],
            "aaguid": MAKE,
        }
        return {
            "aaguid": MAKE,
            "statusReports": list(reports),
            "timeOfLastStatusChange": "2026-01-01",
            "metadataStatement": statement,
        }


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def metadata(folder: Path, *entries: dict[str, Any]) -> Path:
    payload = {"legalHeader": "", "no": 1, "nextUpdate": "2026-12-01", "entries": list(entries)}
    file = folder / "blob.jwt"
    file.write_text(f"{part({'alg': 'ES256'})}.{part(payload)}.AAAA\n")
    return file


def certified(known: Authenticators, attest: Attest | None) -> dict[str, str]:
    known.load()
    challenge = new_challenge(Purpose.REGISTER, "AIDAEXAMPLE", "localhost", AT, "key")
    options = creation_options(challenge, "ana", (), attested=True)["publicKey"]
    answer = Authenticator().create(options, "http://localhost", attest=attest)
    return registered(challenge, answer, known.certifications).certifications


def status(text: str, since: str = "2026-01-01", **more: Any) -> dict[str, Any]:
    return {"status": text, "effectiveDate": since, **more}


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([status("FIDO_CERTIFIED_L1")], {"FIDO": "L1"}),
        ([status("FIDO_CERTIFIED_L2plus")], {"FIDO": "L2plus"}),
        ([status("FIDO_CERTIFIED_L2", "2026-02-01"), status("FIDO_CERTIFIED_L1")], {"FIDO": "L2"}),
        ([status("FIPS140_CERTIFIED_L1")], {"FIPS-140-2": "L1"}),
        ([status("FIPS140_CERTIFIED_L2", fipsRevision=2)], {"FIPS-140-2": "L2"}),
        (
            [status("FIPS140_CERTIFIED_L3", fipsRevision=3), status("FIDO_CERTIFIED_L3plus")],
            {"FIPS-140-3": "L3", "FIDO": "L3plus"},
        ),
        ([status("NOT_FIDO_CERTIFIED")], {}),
        ([status("FIDO_CERTIFIED_L1"), status("REVOKED")], {}),
        ([], {}),
    ],
)
def test_an_attested_key_is_certified_as_its_make_is(
    tmp_path: Path, reports: list[dict[str, Any]], expected: dict[str, str]
) -> None:
    maker = Maker()

    assert certified(Authenticators(metadata(tmp_path, maker.entry(*reports))), maker.attest) == expected


def test_a_key_that_does_not_prove_its_make_has_no_certification(tmp_path: Path) -> None:
    maker, forger = Maker(), Maker()
    known = Authenticators(metadata(tmp_path, maker.entry(status("FIDO_CERTIFIED_L1"))))

    def itself(data: bytes, client_hash: bytes) -> tuple[str, dict[str, Any]]:
        del data, client_hash
        return "packed", {"alg": -7, "sig": b"no signature"}

    def altered(data: bytes, client_hash: bytes) -> tuple[str, dict[str, Any]]:
        return maker.attest(data, client_hash[::-1])

    assert certified(known, maker.attest) == {"FIDO": "L1"}
    assert [certified(known, attest) for attest in (None, forger.attest, itself, altered)] == [{}, {}, {}, {}]


def test_without_metadata_nothing_is_certified(tmp_path: Path) -> None:
    maker = Maker()
    other = maker.entry(status("FIDO_CERTIFIED_L1")) | {"aaguid": MAKE.replace("0", "1")}

    assert certified(Authenticators(None), maker.attest) == {}
    assert certified(Authenticators(metadata(tmp_path, other)), maker.attest) == {}


@pytest.mark.parametrize("text", ["", "a.b.c", "no metadata"])
def test_metadata_that_cannot_be_read_is_told_to_the_operator(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "blob.jwt"
    file.write_text(text)

    assert certified(Authenticators(file), Maker().attest) == {}
    assert "cannot read the FIDO metadata" in caplog.text
