"""Envelopes, sidecars of OSCAL files and minisign's form, each beside what another program made or accepted."""

import base64
import json
from pathlib import Path

import pytest
from evidence import KEY, OTHER_KEY

from remit.compliance.evidence.canonical import canonical
from remit.compliance.evidence.errors import NotSigned
from remit.compliance.evidence.oscal import sign_oscal, verify_oscal
from remit.compliance.evidence.signing import minisign_public, minisign_signature, public_pem
from remit.compliance.evidence.standalone.attestation import pae
from remit.compliance.evidence.standalone.program import Unusable, read_keys

DATA = Path(__file__).with_name("data")
DOCUMENT, BY_TRESTLE = (DATA / "doc.json").read_bytes(), (DATA / "doc.json.dsse.json").read_bytes()


def test_the_encoding_before_signing_is_that_of_dsse() -> None:
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_a_sidecar_made_by_trestle_verifies() -> None:
    verify_oscal("doc.json", DOCUMENT, BY_TRESTLE, KEY.public)


def test_our_sidecar_differs_from_that_of_trestle_in_the_tool_alone() -> None:
    ours, theirs = (json.loads(text) for text in (sign_oscal("doc.json", DOCUMENT, KEY), BY_TRESTLE))
    ours_said, theirs_said = (json.loads(base64.b64decode(one["payload"])) for one in (ours, theirs))

    assert ours_said["predicate"].pop("tool") == "remit"
    assert theirs_said["predicate"].pop("tool") == "compliance-trestle"
    assert ours_said == theirs_said
    assert ours["signatures"][0]["keyid"] == theirs["signatures"][0]["keyid"] == KEY.id


def test_a_file_that_was_only_laid_out_anew_still_verifies() -> None:
    verify_oscal("doc.json", json.dumps(json.loads(DOCUMENT), indent=4).encode(), BY_TRESTLE, KEY.public)


@pytest.mark.parametrize(
    ("name", "document", "sidecar", "public", "told"),
    [
        ("doc.json", DOCUMENT.replace(b"1.2.0", b"1.2.1"), BY_TRESTLE, KEY.public, "not what was signed"),
        ("doc.json", DOCUMENT, BY_TRESTLE, OTHER_KEY.public, "no signature by this key"),
        ("other.json", DOCUMENT, BY_TRESTLE, KEY.public, "that of `doc.json`"),
        ("doc.json", b'{"a": 1, "a": 2}', BY_TRESTLE, KEY.public, "stands twice"),
        ("doc.json", DOCUMENT, b"{}", KEY.public, "cannot be read"),
        ("doc.json", DOCUMENT, BY_TRESTLE.replace(b'"sig": "/', b'"sig": "0'), KEY.public, "no signature"),
    ],
)
def test_what_was_not_signed_is_refused(name: str, document: bytes, sidecar: bytes, public: bytes, told: str) -> None:
    with pytest.raises(NotSigned, match=told):
        verify_oscal(name, document, sidecar, public)


def test_the_signature_for_minisign_is_the_one_that_minisign_accepted(tmp_path: Path) -> None:
    (tmp_path / "doc.json").write_bytes(DOCUMENT)

    assert minisign_signature(tmp_path / "doc.json", KEY) == (DATA / "doc.json.minisig").read_bytes()
    assert minisign_public(KEY.public) == (DATA / "minisign.pub").read_bytes()


# RFC 8785, 3.2.3 and appendix B; the doubles by their bits.
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (-5e-324, "-5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (9.999999999999997e22, "9.999999999999997e+22"),
        (1e23, "1e+23"),
        (999999999999999700000.0, "999999999999999700000"),
        (1e21, "1e+21"),
        (9.999999999999997e-7, "9.999999999999997e-7"),
        (0.000001, "0.000001"),
        (333333333.3333332, "333333333.3333332"),
        (-0.0000033333333333333333, "-0.0000033333333333333333"),
        (1424953923781206.2, "1424953923781206.2"),
        ({"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\xf6": 7},
         '{"\\r":2,"1":4,"\x80":6,"\xf6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}'),
        ("\u20ac$\x0f\nA'B\"\\\\\"/", '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ([56, {"d": True, "10": None, "1": []}], '[56,{"1":[],"10":null,"d":true}]'),
    ],
)  # fmt: skip
def test_the_canonical_form_is_that_of_rfc_8785(value: object, text: str) -> None:
    assert canonical(value).decode() == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


def test_a_key_is_read_from_whatever_names_it(tmp_path: Path) -> None:
    for number, text in enumerate([public_pem(KEY.public), minisign_public(KEY.public), KEY.public.hex().encode()]):
        path = tmp_path / str(number)
        path.write_bytes(text)
        assert read_keys(str(path)) == {KEY.public.hex()}
    assert read_keys(KEY.id.upper()) == {KEY.id}
    (tmp_path / "both").write_bytes(public_pem(KEY.public) + public_pem(OTHER_KEY.public))
    assert read_keys(str(tmp_path / "both")) == {KEY.public.hex(), OTHER_KEY.public.hex()}


@pytest.mark.parametrize("text", [b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", b"abc"])
def test_a_file_without_a_key_is_no_key(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(text)

    with pytest.raises(Unusable, match="no Ed25519 public key"):
        read_keys(str(tmp_path / "key"))
    with pytest.raises(Unusable, match="neither"):
        read_keys(str(tmp_path / "absent"))


def test_a_private_key_is_not_shown() -> None:
    assert repr(KEY) == f"SigningKey({KEY.id})"
