"""`verify.html` finds and names what `verify.py` does; its script runs in Node.js, its policy lets nothing else run."""

import base64
import functools
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from compliance.evidence.alterations import ALTERED
from compliance.evidence.signatures import MESSAGE, REFUSED, VECTORS
from evidence import KEY, OTHER_KEY, written

from remit.compliance.evidence.signing import minisign_public, public_pem
from remit.compliance.evidence.standalone import attestation
from remit.compliance.evidence.standalone.assembly import page
from remit.compliance.evidence.standalone.checking import check
from remit.compliance.evidence.standalone.curve import verify_ed25519

HARNESS = Path(__file__).with_name("page.mjs")
Run = Callable[..., list[Any]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Give a function that runs tasks in Node.js."""
    if shutil.which("node") is None:
        pytest.fail("no Node.js: install it, or deselect with -m 'not javascript'")
    (tmp_path / "verify.html").write_bytes(page())

    def tasks(*each: dict[str, Any]) -> list[Any]:
        (tmp_path / "tasks.json").write_text(json.dumps(each))
        command = ["node", HARNESS, tmp_path / "verify.html", tmp_path / "tasks.json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return tasks


def test_its_policy_lets_nothing_run_but_what_is_in_it() -> None:
    text = page().decode()
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    script, style = (re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL) for tag in ("script", "style"))

    allowed = f"script-src '{_hash(*script)}'; style-src '{_hash(*style)}'"
    assert policy == [f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"]
    assert not re.search(
        r"\bsrc=|\bhref=|\bon\w+=|fetch\(|XMLHttpRequest|innerHTML|\beval\(|https?://(?!in-toto)", text
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@pytest.mark.javascript
def test_it_names_what_the_program_names(run: Run, tmp_path: Path) -> None:
    bundle = written(tmp_path)
    files = [tmp_path / f"{number}.zip" for number in range(len(ALTERED))]
    for path, (make, _) in zip(files, ALTERED.values(), strict=True):
        path.write_bytes(make(bundle))

    found = run(*({"check": str(path)} for path in [*files, bundle]))

    named = {what: one["names"] for what, one in zip([*ALTERED, "nothing is wrong"], found, strict=True)}
    assert named == {
        what: list(check(BytesIO(path.read_bytes())).problems)
        for what, path in zip(named, [*files, bundle], strict=True)
    }


@pytest.mark.javascript
def test_it_finds_every_altered_byte_and_names_what_the_program_names(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attestation, "verify_ed25519", functools.cache(verify_ed25519))
    bundle = written(tmp_path, b"a", files={}, checks={})
    whole = bytearray(bundle.read_bytes())

    (found,) = run({"flips": str(bundle), "mask": 0x21})

    assert len(found) == len(whole)
    for at, names in enumerate(found):
        whole[at] ^= 0x21
        assert (at, names) == (at, list(check(BytesIO(whole)).problems))
        assert names
        whole[at] ^= 0x21


@pytest.mark.javascript
def test_it_finds_a_bundle_cut_off_and_one_with_more(run: Run, tmp_path: Path) -> None:
    whole = written(tmp_path).read_bytes()
    contents = [*(whole[: len(whole) * part // 40] for part in range(40)), whole + b"x", b"x" + whole, bytes(5000)]
    files = [tmp_path / f"{number}.zip" for number in range(len(contents))]
    for path, content in zip(files, contents, strict=True):
        path.write_bytes(content)

    found = run(*({"check": str(path)} for path in files))

    assert [one["names"] for one in found] == [list(check(BytesIO(content)).problems) for content in contents]
    assert {one["kind"] for one in found} == {"bad"}


@pytest.mark.javascript
def test_files_larger_than_what_is_read_at_once(run: Run, tmp_path: Path) -> None:
    whole = written(tmp_path, files={"a.bin": bytes(9 << 20), "b.bin": b"b" * (5 << 20)}).read_bytes()
    contents = [whole, whole[: 8 << 20], whole[: 13 << 20], whole[:-1], whole + b"x", _flipped(whole, 6 << 20)]
    files = [tmp_path / f"{number}.zip" for number in range(len(contents))]
    for path, content in zip(files, contents, strict=True):
        path.write_bytes(content)

    found = [one["names"] for one in run(*({"check": str(path)} for path in files))]

    assert found == [list(check(BytesIO(content)).problems) for content in contents]
    assert found == [[], ["a.bin"], ["b.bin"], ["end of the archive"], ["end of the archive"], ["a.bin"]]


def _flipped(whole: bytes, at: int) -> bytes:
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


@pytest.mark.javascript
def test_its_signatures_are_those_of_rfc_8032_and_it_is_as_strict(run: Run) -> None:
    good = [{"key": key, "message": message, "signature": signature} for key, message, signature in VECTORS]
    bad = [
        {"key": public.hex(), "message": MESSAGE.hex(), "signature": signature.hex()}
        for public, signature in REFUSED.values()
    ]
    altered = [{**one, "message": one["message"] + "00"} for one in good]

    assert run(*good, *altered, *bad) == [True] * len(good) + [False] * (len(altered) + len(bad))


@pytest.mark.javascript
def test_it_knows_the_signer_by_any_form_of_the_key(run: Run, tmp_path: Path) -> None:
    bundle = str(written(tmp_path))
    keys = [KEY.id, KEY.public.hex().upper(), public_pem(KEY.public).decode(), minisign_public(KEY.public).decode()]

    found = run(*({"check": bundle, "key": key} for key in [*keys, "", OTHER_KEY.id]))

    assert [one["kind"] for one in found] == ["good"] * 4 + ["warned", "bad"]
    assert found[0]["verdict"].startswith("verified: 3 items, root ")
    assert "not the one you entered" in found[-1]["problems"][0]


@pytest.mark.javascript
def test_a_bundle_with_its_programs_verifies(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, *(b"%d" % one for one in range(70_000)), cells=[], verifiers=None)

    (found,) = run({"check": str(path), "key": KEY.id})

    assert found["verdict"].startswith("verified: 70000 items")
