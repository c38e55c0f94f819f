"""What a trail has of values that our corrections mark: which they were, and no more."""

import hashlib
import json
from typing import Any

import pytest

from remit.wire import Wire
from remit.wire.recording import recorded_hash


@pytest.mark.parametrize(
    ("value", "hashed"),
    [(b"\x00pdf", b"\x00pdf"), ("tökén", "tökén".encode()), (["One.", "Two."], b'["One.","Two."]'), ("", b"")],
)
def test_a_hash_tells_which_value_it_was(value: Any, hashed: bytes) -> None:
    assert recorded_hash(value) == f"sha256:{hashlib.sha256(hashed).hexdigest()}"


def test_tokens_terms_and_documents_are_recorded_as_hashes() -> None:
    wire = Wire(["artifact"])
    asked = {
        "agreementId": "agreement-x",
        "agreementToken": "secret-token",
        "acceptedTerms": ["I agree."],
        "scope": "ACCOUNT",
    }

    recorded = wire.recorded("artifact", "AcceptAgreement", asked)
    uploaded = wire.recorded("artifact", "CreateReport", {"name": "SOC", "document": b"%PDF-secret"})

    assert recorded["agreementId"] == "agreement-x"
    assert recorded["acceptedTerms"] == recorded_hash(["I agree."])
    assert uploaded["document"] == recorded_hash(b"%PDF-secret")
    assert "secret" not in json.dumps([recorded, uploaded])
