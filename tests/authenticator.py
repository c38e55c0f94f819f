"""A security key made of software: it signs what a page gives it, and lies where it is told to."""

import base64
import hashlib
import json
import secrets
import struct
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fido2 import cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
AAGUID = bytes.fromhex("00112233445566778899aabbccddeeff")


def websafe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_websafe(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Authenticator:
    """One key, with one credential.

    Args:
        algorithm: `ES256` or `EdDSA`.
        counts: whether it counts its signatures.
        verifies: whether it asks for a finger or a PIN.
    """

    def __init__(self, algorithm: str = "ES256", *, counts: bool = True, verifies: bool = False) -> None:
        self.key: EllipticCurvePrivateKey | Ed25519PrivateKey = (
            generate_private_key(SECP256R1()) if algorithm == "ES256" else Ed25519PrivateKey.generate()
        )
        self.id = secrets.token_bytes(32)
        self.count = 0
        self.counts = counts
        self.verifies = verifies

    @property
    def cose(self) -> dict[int, Any]:
        if isinstance(self.key, Ed25519PrivateKey):
            raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            return {1: 1, 3: -8, -1: 6, -2: raw}
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def create(self, options: dict[str, Any], origin: str, **lies: Any) -> dict[str, Any]:
        """Register; *lies* are members of the client data, or `host`, `cose`, `attest`, `flags`."""
        key = lies.pop("cose", self.cose)
        attest = lies.pop("attest", None)
        host = lies.pop("host", options["rp"]["id"])
        flags = lies.pop("flags", ATTESTED | self._flags())
        client = self._client("webauthn.create", options, origin, lies)
        credential = AAGUID + struct.pack(">H", len(self.id)) + self.id + cbor.encode(key)
        data = self._data(host, flags) + (credential if flags & ATTESTED else b"")
        format_, statement = ("none", {}) if attest is None else attest(data, hashlib.sha256(client).digest())
        attestation = cbor.encode({"fmt": format_, "attStmt": statement, "authData": data})
        return self._answer({"clientDataJSON": websafe(client), "attestationObject": websafe(attestation)})

    def get(self, options: dict[str, Any], origin: str, **lies: Any) -> dict[str, Any]:
        """Sign; *lies* are members of the client data, or `host`, `flags`."""
        host = lies.pop("host", options["rpId"])
        flags = lies.pop("flags", self._flags())
        client = self._client("webauthn.get", options, origin, lies)
        if self.counts:
            self.count += 1
        data = self._data(host, flags)
        signed = data + hashlib.sha256(client).digest()
        key = self.key
        signature = key.sign(signed) if isinstance(key, Ed25519PrivateKey) else key.sign(signed, ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe(client),
                "authenticatorData": websafe(data),
                "signature": websafe(signature),
            }
        )

    def _flags(self) -> int:
        return PRESENT | (VERIFIED if self.verifies else 0)

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, self.count)

    @staticmethod
    def _client(kind: str, options: dict[str, Any], origin: str, lies: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": origin, "crossOrigin": False, **lies}
        return json.dumps(told).encode()

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        return {
            "id": websafe(self.id),
            "rawId": websafe(self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": response,
        }
