"""`remit compliance`: keys, verification and disclosure, in files."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from evidence import KEY, OTHER_KEY, REPLAY, pieces, written

from remit.cli import main
from remit.cli.compliance_keys import key_ring
from remit.compliance.evidence.disclosure import hide
from remit.compliance.evidence.signing import minisign_public, public_pem
from remit.compliance.evidence.standalone.assembly import page, program

A = pieces(b'{"a":1}')[0][0]


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMIT_DATA", str(tmp_path / "data"))


def said(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    capfd.readouterr()
    status = main(["compliance", *map(str, arguments)])
    return status, capfd.readouterr().out


def test_keys_are_made_listed_and_handed_out(capfd: pytest.CaptureFixture[str]) -> None:
    assert said(capfd, "keys", "list")[1].startswith("there is no key yet")
    assert main(["compliance", "keys", "export"]) == 1
    first = json.loads(said(capfd, "keys", "rotate", "--json")[1])
    second = json.loads(said(capfd, "keys", "rotate", "--json")[1])

    listed = json.loads(said(capfd, "keys", "list", "--json")[1])
    assert [one["id"] for one in listed] == [second["id"], first["id"]]
    assert listed[0]["retired_at"] is None
    assert listed[1]["retired_at"] is not None
    public = bytes.fromhex(second["public"])
    assert said(capfd, "keys", "export") == (0, public_pem(public).decode())
    assert said(capfd, "keys", "export", "--format", "minisign") == (0, minisign_public(public).decode())
    assert said(capfd, "keys", "export", first["id"][:12], "--format", "hex") == (0, first["public"] + "\n")
    assert main(["compliance", "keys", "export", "zz"]) == 1
    assert said(capfd, "keys", "list")[1].splitlines()[1].startswith(second["id"])


def test_an_ambiguous_key_is_not_handed_out(capfd: pytest.CaptureFixture[str]) -> None:
    ids: list[str] = []
    while len({one[0] for one in ids}) == len(ids):
        ids.append(json.loads(said(capfd, "keys", "rotate", "--json")[1])["id"])

    assert main(["compliance", "keys", "export", ids[-1][0]]) == 1
    assert "2 keys begin with" in capfd.readouterr().err


def test_the_keys_of_this_machine_are_known(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ring = key_ring(None)
    bundle = written(tmp_path, key=ring.signing_key())

    status, out = said(capfd, "verify", bundle)
    assert status == 0
    assert "WARNING" not in out
    ring.rotate()
    assert said(capfd, "verify", bundle)[0] == 0
    written(tmp_path, key=OTHER_KEY)
    assert said(capfd, "verify", bundle)[0] == 1
    assert said(capfd, "verify", bundle, "--key", OTHER_KEY.id)[0] == 0


def test_a_machine_without_keys_says_that_nobody_is_known(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bundle = written(tmp_path)

    assert "WARNING" in said(capfd, "verify", bundle)[1]
    assert main(["compliance", "verify", str(bundle), "--replay"]) == 1
    assert "--key" in capfd.readouterr().err


def test_it_is_the_program_of_the_bundle(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bundle = written(tmp_path)
    (tmp_path / "verify.py").write_bytes(program())
    arguments = [str(bundle), "--key", KEY.id, "--replay"]
    alone = subprocess.run(
        [sys.executable, "-I", "-S", tmp_path / "verify.py", *arguments], capture_output=True, text=True, check=True
    )

    assert said(capfd, "verify", *arguments) == (0, alone.stdout)
    assert said(capfd, "verify", "--program", "py")[1].encode() == program()
    assert said(capfd, "verify", "--program", "html")[1].encode() == page()


def test_json_tells_what_was_checked(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bundle = written(tmp_path)

    good = json.loads(said(capfd, "verify", bundle, "--json", "--key", KEY.id)[1])
    assert (good["verified"], good["items"], good["key"], good["is_key_known"]) == (True, 3, KEY.id, True)
    assert json.loads(said(capfd, "verify", bundle, "--json")[1])["is_key_known"] is False
    status, out = said(capfd, "verify", bundle, "--json", "--key", OTHER_KEY.id)
    assert (status, list(json.loads(out)["problems"])) == (1, ["attestation.dsse.json"])
    bundle.write_bytes(b"nothing")
    status, out = said(capfd, "verify", bundle, "--json")
    assert (status, json.loads(out)["verified"]) == (1, False)


def test_a_piece_is_disclosed_with_the_fields_that_are_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    hidden = hide(b'{"name":"anna","mail":"a@example.com"}', ["/name", "/mail"], bytes(32))
    sha256 = hashlib.sha256(hidden.content).hexdigest()
    bundle = written(tmp_path, hidden.content, checks={"replay.py": REPLAY})
    apart, proof = tmp_path / "apart.json", tmp_path / "proof.json"
    apart.write_text(json.dumps({sha256: hidden.disclosures}))
    asked = ("disclose", bundle, sha256, "--output", proof)

    assert said(capfd, *asked, "--disclosures", apart, "--field", "/mail")[0] == 0
    status, out = said(capfd, "verify", "--proof", proof, "--key", KEY.id)
    assert status == 0
    assert 'disclosed  /mail is "a@example.com"' in out
    assert "anna" not in out
    assert said(capfd, *asked)[0] == 0
    assert "disclosed" not in said(capfd, "verify", "--proof", proof)[1]
    assert main(list(map(str, ["compliance", *asked, "--field", "/mail"]))) == 2
    assert main(list(map(str, ["compliance", *asked, "--disclosures", apart, "--field", "/x"]))) == 1
    apart.write_text("[")
    assert main(list(map(str, ["compliance", *asked, "--disclosures", apart, "--field", "/x"]))) == 3
    assert main(["compliance", "disclose", str(bundle), "0" * 64, "--output", str(proof)]) == 1
    assert "has no evidence" in capfd.readouterr().err


@pytest.mark.parametrize("arguments", [(), ("absent",), ("x", "--proof", "y")])
def test_used_wrongly_it_says_how(arguments: tuple[str, ...]) -> None:
    assert main(["compliance", "verify", *arguments]) == 2


def test_a_key_that_cannot_be_read_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["compliance", "verify", str(written(tmp_path)), "--key", "absent"]) == 3
    assert "neither 64 hexadecimal digits nor a file" in capfd.readouterr().err
    assert said(capfd, "verify", tmp_path / "bundle.zip", "--item", A) == (0, '{"a":1}')
