"""SigV4a: the public key that follows from a secret, and what is refused. AWS's own requests are in the signing suite.

Source: `iam-sts` reference, section 2.4; `tests/cases/aws-signing-test-suite`, `public-key.json`.
"""

import json
from pathlib import Path

import pytest
from authn.conftest import ACCOUNT, NOW, World
from authn.signer import hashed, routed
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from remit.authn import authenticate
from remit.authn.kept import Kept
from remit.authn.sigv4a import is_signature_of, public_key
from remit.directory.access_keys import create_access_key
from remit.errors import CommonError, IncompleteSignature, SignatureDoesNotMatch
from remit.ids import Secret
from remit.request import HttpRequest, Signed
from remit.store import Transaction

KEY, SECRET = "AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
PUBLIC = json.loads(
    (Path(__file__).parents[1] / "cases/aws-signing-test-suite/v4a/get-vanilla/public-key.json").read_text()
)
PRIVATE = ec.generate_private_key(ec.SECP256R1())


def test_the_public_key_is_the_suites() -> None:
    numbers = public_key(KEY, SECRET).public_numbers()

    assert (f"{numbers.x:064x}", f"{numbers.y:064x}") == (PUBLIC["X"], PUBLIC["Y"])


def test_a_signature_is_lower_case_hexadecimal_and_nothing_else() -> None:
    made = PRIVATE.sign(b"text", ec.ECDSA(SHA256())).hex()
    key = PRIVATE.public_key()

    assert is_signature_of(key, b"text", made)
    assert not is_signature_of(key, b"Text", made)
    for wrong in ("", "00", made[:-1], made[:-2], made + "00", made.upper(), f" {made}", f"{made[:2]} {made[2:]}",
                  "é" * 10, "0" * 1_000):  # fmt: skip
        assert not is_signature_of(key, b"text", wrong), wrong


@pytest.fixture
def signer(monkeypatch: pytest.MonkeyPatch, tx: Transaction, world: World) -> None:
    """Let a key of ours stand for the one that follows from the secret: what it signs is right."""
    create_access_key(tx, ACCOUNT, world.user.id, at=NOW, given=(KEY, SECRET))
    monkeypatch.setattr("remit.authn.verify.public_key", lambda *_: PRIVATE.public_key())
    monkeypatch.setattr("remit.authn.verify._public_keys", Kept(4))


def ask(tx: Transaction, regions: str | None, *, scope: str = "20261123/sts/aws4_request", content: str = "") -> Signed:
    headers = {"host": "h", "x-amz-date": "20261123T175949Z"}
    if regions is not None:
        headers["x-amz-region-set"] = regions
    if content:
        headers["x-amz-content-sha256"] = content
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = f"GET\n/\n\n{lines}\n{names}\n{content or hashed(b'')}"
    text = f"AWS4-ECDSA-P256-SHA256\n20261123T175949Z\n{scope}\n{hashed(request.encode())}"
    made = PRIVATE.sign(text.encode(), ec.ECDSA(SHA256())).hex()
    headers["authorization"] = (
        f"AWS4-ECDSA-P256-SHA256 Credential={KEY}/{scope}, SignedHeaders={names}, Signature={made}"
    )
    return authenticate(tx, routed(HttpRequest("GET", "/", "", headers, b"", ""), "sts"), lambda *_: None)


@pytest.mark.usefixtures("signer")
@pytest.mark.parametrize(
    ("regions", "region"),
    [
        ("eu-west-1", "eu-west-1"),
        ("*", "us-east-1"),
        ("us-*", "us-east-1"),
        ("us-west-*,eu-west-3", "eu-west-3"),
        ("us-gov-west-1, us-east-1", "us-gov-west-1"),
    ],
)
def test_a_set_of_regions_counts_as_its_first(tx: Transaction, regions: str, region: str) -> None:
    assert ask(tx, regions).region == region


@pytest.mark.usefixtures("signer")
@pytest.mark.parametrize("regions", [None, "", "c", "us-east-1,", "**", "*-east-1", "us-east-*-1"])
def test_a_set_without_regions_is_refused(tx: Transaction, regions: str | None) -> None:
    with pytest.raises(SignatureDoesNotMatch) as refusal:
        ask(tx, regions)

    assert refusal.value.message == f"Credential should be scoped to a valid region, not '{regions or ''}'."


@pytest.mark.usefixtures("signer")
@pytest.mark.parametrize(
    ("scope", "error", "message"),
    [
        (
            "20261123/us-east-1/sts/aws4_request",
            IncompleteSignature,
            (
                "Credential must have exactly 4 slash-delimited elements, e.g. keyid/date/service/term, "
                f"got '{KEY}/20261123/us-east-1/sts/aws4_request'"
            ),
        ),
        ("20261123/iam/aws4_request", SignatureDoesNotMatch, "Credential should be scoped to correct service: 'sts'."),
        (
            "20261123/sts/aws5_request",
            SignatureDoesNotMatch,
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'.",
        ),
    ],
)
def test_a_wrong_scope_is_refused(tx: Transaction, scope: str, error: type[CommonError], message: str) -> None:
    with pytest.raises(error) as refusal:
        ask(tx, "*", scope=scope)

    assert refusal.value.message == message


@pytest.mark.usefixtures("signer")
def test_chunks_are_not_signed_so(tx: Transaction) -> None:
    with pytest.raises(SignatureDoesNotMatch):
        ask(tx, "*", content="STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
