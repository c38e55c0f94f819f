"""Hidden fields disclosed one by one, and a piece of evidence proved alone."""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from evidence import KEY, OTHER_KEY, pieces, written
from hypothesis import given
from hypothesis import strategies as st

from remit.compliance.evidence.disclosure import disclose, hide, prove
from remit.compliance.evidence.errors import DisclosureInvalid
from remit.compliance.evidence.standalone.proofs import read_proof

SECRET = bytes(range(32))
ANSWER = json.dumps(
    {
        "Users": [{"UserName": "anna", "Tags": [{"Key": "mail", "Value": "a@example.com"}]}, {"UserName": "ben"}],
        "a/b": {"m~n": None},
        "count": 2,
    }
).encode()
NAME, MAIL, SLASHED = "/Users/0/UserName", "/Users/0/Tags/0/Value", "/a~1b/m~0n"


def test_hidden_fields_are_not_in_the_evidence_and_come_back_one_by_one() -> None:
    hidden = hide(ANSWER, [NAME, MAIL, SLASHED], SECRET)

    assert b"anna" not in hidden.content
    assert b"a@example.com" not in hidden.content
    assert json.loads(hidden.content)["Users"][1] == {"UserName": "ben"}
    assert disclose(hidden.content, []) == {}
    assert disclose(hidden.content, [hidden.disclosures[MAIL]]) == {MAIL: "a@example.com"}
    assert disclose(hidden.content, hidden.disclosures.values()) == {NAME: "anna", MAIL: "a@example.com", SLASHED: None}


def test_the_same_answer_and_secret_make_the_same_bytes_and_another_secret_others() -> None:
    assert hide(ANSWER, [MAIL, NAME], SECRET) == hide(ANSWER, [NAME, MAIL, NAME], SECRET)
    assert hide(ANSWER, [NAME], bytes(32)).content != hide(ANSWER, [NAME], SECRET).content


def test_equal_values_have_different_hashes() -> None:
    fields = json.loads(hide(b'["x","x"]', ["/0", "/1"], SECRET).content)

    assert fields[0] != fields[1]
    assert fields[0] != json.loads(hide(b'["x","y"]', ["/0"], SECRET).content)[0]


@given(
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.lists(st.none()), min_size=1),
    st.data(),
)
def test_any_members_can_be_hidden_and_disclosed(answer: dict[str, Any], data: st.DataObject) -> None:
    names = data.draw(st.sets(st.sampled_from(sorted(answer))))
    pointers = {"/" + name.replace("~", "~0").replace("/", "~1"): name for name in names}
    hidden = hide(json.dumps(answer).encode(), pointers, SECRET)

    found = disclose(hidden.content, hidden.disclosures.values())

    assert found == {pointer: answer[name] for pointer, name in pointers.items()}
    assert {name: value for name, value in json.loads(hidden.content).items() if name not in names} == {
        name: value for name, value in answer.items() if name not in names
    }


@pytest.mark.parametrize(
    ("answer", "pointers", "told"),
    [
        (b"not JSON", [NAME], "JSON only"),
        (ANSWER, ["/Users/2/UserName"], "there is no"),
        (ANSWER, ["/Users/-1"], "there is no"),
        (ANSWER, ["/count/x"], "there is no"),
        (ANSWER, ["/Users/00"], "there is no"),
        (ANSWER, ["/Users", "/Users/$redacted"], "hidden already"),
        (ANSWER, ["Users"], "not a JSON Pointer"),
        (ANSWER, [""], "whole answer"),
        (ANSWER, ["/Users/0", NAME], "hidden already"),
    ],
)
def test_what_cannot_be_hidden_is_refused(answer: bytes, pointers: list[str], told: str) -> None:
    with pytest.raises(DisclosureInvalid, match=told):
        hide(answer, pointers, SECRET)


def test_a_disclosure_belongs_to_its_field_value_and_evidence() -> None:
    hidden, other = hide(ANSWER, [NAME, MAIL], SECRET), hide(ANSWER + b" ", [NAME], SECRET)
    salt, pointer, value = json.loads(hidden.disclosures[NAME])
    false = [
        json.dumps([salt, pointer, "berta"], separators=(",", ":")),
        json.dumps([salt, MAIL, value], separators=(",", ":")),
        json.dumps([salt, "/Users/1/UserName", value], separators=(",", ":")),
        hidden.disclosures[NAME] + " ",
        other.disclosures[NAME],
        "[]",
        "{",
        "7",
        "[1,2,3]",
    ]

    for text in false:
        with pytest.raises(DisclosureInvalid):
            disclose(hidden.content, [text])


@pytest.fixture
def proof(tmp_path: Path) -> dict[str, Any]:
    hidden = hide(ANSWER, [NAME, MAIL], SECRET)
    bundle = written(tmp_path, hidden.content, *(b"%d" % one for one in range(20)))
    sha256 = hashlib.sha256(hidden.content).hexdigest()
    return json.loads(prove(bundle, sha256, [hidden.disclosures[MAIL]]))


def test_a_piece_is_proved_alone_with_the_fields_that_were_chosen(proof: dict[str, Any]) -> None:
    proved = read_proof(json.dumps(proof).encode())

    assert proved.name == f"evidence/{hashlib.sha256(proved.content).hexdigest()}"
    assert proved.disclosed == {MAIL: "a@example.com"}
    assert proved.attested.public == KEY.public
    assert b"anna" not in json.dumps(proof).encode()
    assert b"anna" not in base64.b64decode(proof["content"])


def _first_altered(path: list[str]) -> list[str]:
    return ["00" * 32, *path[1:]]


ALTERED: dict[str, Callable[[dict[str, Any]], object]] = {
    "content": lambda one: one.update(content=base64.b64encode(b"{}").decode()),
    "index": lambda one: one.update(index=one["index"] ^ 1),
    "an index beyond": lambda one: one.update(index=10_000),
    "no index": lambda one: one.update(index=None),
    "path": lambda one: one.update(path=_first_altered(one["path"])),
    "a path too short": lambda one: one.update(path=one["path"][:-1]),
    "a path too long": lambda one: one.update(path=[*one["path"], "00" * 32]),
    "a path of no hashes": lambda one: one.update(path=["x"]),
    "disclosures": lambda one: one.update(disclosures=[one["disclosures"][0].replace("example.com", "example.net")]),
    "attestation": lambda one: one.update(attestation=one["attestation"].replace('"sig": "', '"sig": "A')),
    "no attestation": lambda one: one.pop("attestation"),
    "another kind": lambda one: one.update(form="x"),
}


@pytest.mark.parametrize("alter", ALTERED.values(), ids=ALTERED)
def test_an_altered_proof_proves_nothing(proof: dict[str, Any], alter: Callable[[dict[str, Any]], object]) -> None:
    alter(proof)

    with pytest.raises(ValueError, match=r"."):
        read_proof(json.dumps(proof).encode())


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_proof_is_said_to_be_none(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_proof(text)


def test_the_attestation_of_another_bundle_does_not_prove(proof: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = written(tmp_path / "other", b"x", key=OTHER_KEY)
    proof["attestation"] = json.loads(prove(other, pieces(b"x")[0][0]))["attestation"]

    with pytest.raises(ValueError, match=r"not leaf|no leaf|too long|too short"):
        read_proof(json.dumps(proof).encode())


def test_nothing_is_proved_of_a_bundle_that_does_not_verify_or_has_it_not(tmp_path: Path) -> None:
    bundle = written(tmp_path, b"x")

    with pytest.raises(DisclosureInvalid, match="has no evidence"):
        prove(bundle, pieces(b"y")[0][0])
    with pytest.raises(DisclosureInvalid, match="has no evidence"):
        prove(bundle, "not a hash")
    bundle.write_bytes(bundle.read_bytes() + b"\0")
    with pytest.raises(DisclosureInvalid, match="does not verify"):
        prove(bundle, pieces(b"x")[0][0])
