"""`verify.py` as an auditor runs it: one file, an interpreter without packages, no Remit."""

import ast
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from evidence import KEY, OTHER_KEY, archived, cells_of, contents_of, pieces, written

from remit.compliance.evidence.disclosure import hide, prove
from remit.compliance.evidence.signing import public_pem
from remit.compliance.evidence.standalone.assembly import page, program

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
A = pieces(b'{"a":1}')[0][0]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "verify.py").write_bytes(program())

    def verify(*arguments: object) -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "-I", "-S", "-W", "error", "verify.py", *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)

    return verify


def test_it_is_one_file_in_old_syntax_that_imports_the_standard_library_alone() -> None:
    tree = ast.parse(program(), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported <= sys.stdlib_module_names
    assert not imported & {"socket", "http", "urllib", "ssl", "ctypes", "pickle"}


def test_no_part_of_it_hides_a_name_of_another() -> None:
    named = [node.name for node in ast.parse(program()).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    named += [
        name.id
        for node in ast.parse(program()).body
        if isinstance(node, ast.Assign)
        for name in ast.walk(node)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    ]

    assert sorted(named) == sorted(set(named))


def test_it_lies_in_every_bundle(tmp_path: Path) -> None:
    found = dict(contents_of(written(tmp_path, verifiers=None)))

    assert (found["verify.py"], found["verify.html"]) == (program(), page())


def test_a_bundle_by_a_known_key_verifies(run: Run, tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "key.pem").write_bytes(public_pem(KEY.public))

    for key in ("key.pem", KEY.id, KEY.public.hex()):
        done = run("bundle.zip", "--key", key)
        lines = done.stdout.decode().splitlines()
        assert (done.returncode, done.stderr) == (0, b"")
        assert lines[-1].startswith("verified: 3 items, root ")
        assert lines[-1].endswith(f"signed by key {KEY.id}")
        assert b"WARNING" not in done.stdout
        assert b"arn:aws:iam::123456789012:user/auditor" in done.stdout


def test_without_a_key_it_says_loudly_that_anybody_can_have_signed(run: Run, tmp_path: Path) -> None:
    written(tmp_path, key=OTHER_KEY)

    done = run("bundle.zip")

    assert done.returncode == 0
    assert b"WARNING: the signature is by a key that you have not named" in done.stdout


def test_another_signer_is_refused(run: Run, tmp_path: Path) -> None:
    written(tmp_path, key=OTHER_KEY)

    done = run("bundle.zip", "--key", KEY.id)

    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        f"WRONG attestation.dsse.json: signed by key {OTHER_KEY.id}, which is not the one you named",
        "NOT verified: 1 thing is wrong",
    ]


def test_what_is_wrong_is_told_by_file(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"<p>Report", b"<p>Resort"))

    done = run("bundle.zip", "--key", KEY.id)

    assert done.returncode == 1
    assert done.stdout.startswith(b"WRONG report.html: altered")
    assert b"verified:" not in done.stdout.replace(b"NOT verified:", b"")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("absent.zip",),
        (".",),
        ("bundle.zip", "--key", "absent.pem"),
        ("bundle.zip", "--key", "verify.py"),
        ("bundle.zip", "--replay"),
        ("bundle.zip", "--proof", "x"),
        ("--proof", "absent"),
        ("bundle.zip", "--nonsense"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_trace(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    written(tmp_path)

    done = run(*arguments)

    assert done.returncode == 2
    assert done.stderr
    assert b"Traceback" not in done.stderr


def test_a_piece_is_written_byte_for_byte_after_the_check(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path)
    binary = hashlib.sha256(b"\x00\xff").hexdigest()

    assert run("bundle.zip", "--item", binary).stdout == b"\x00\xff"
    assert run("bundle.zip", "--item", A.upper()).stdout == b'{"a":1}'
    for none in ("0" * 64, "f" * 64, "x", ""):
        done = run("bundle.zip", "--item", none)
        assert (done.returncode, done.stdout) == (1, b"")
    path.write_bytes(path.read_bytes() + b"\0")
    done = run("bundle.zip", "--item", A)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"WRONG" in done.stderr


def test_a_piece_alone_verifies_with_its_proof(run: Run, tmp_path: Path) -> None:
    hidden = hide(b'{"name":"anna","mail":"a@example.com\\u001b"}', ["/name", "/mail"], bytes(32))
    sha256 = hashlib.sha256(hidden.content).hexdigest()
    bundle = written(tmp_path, hidden.content, b"other")
    (tmp_path / "proof.json").write_bytes(prove(bundle, sha256, [hidden.disclosures["/mail"]]))
    bundle.unlink()

    done = run("--proof", "proof.json", "--key", KEY.id)
    lines = done.stdout.decode().splitlines()

    assert done.returncode == 0
    assert 'disclosed  /mail is "a@example.com\\u001b"' in lines
    assert lines[-1].startswith(f"verified: evidence/{sha256}, root ")
    assert run("--proof", "proof.json", "--key", OTHER_KEY.id).returncode == 1
    assert b"WARNING" in run("--proof", "proof.json").stdout
    (tmp_path / "proof.json").write_bytes(b"{}")
    assert run("--proof", "proof.json").returncode == 1


def test_a_name_for_a_terminal_does_not_reach_it(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, b"\x1b[2Jcontent")
    (tmp_path / "proof.json").write_bytes(prove(path, pieces(b"\x1b[2Jcontent")[0][0]))
    path.write_bytes(archived([("\x1b[2J", b""), *contents_of(path)]))

    assert b"\x1b" not in run("bundle.zip").stdout
    assert b"\x1b" not in run("--proof", "proof.json").stdout


def test_the_checks_run_again_and_say_the_same(run: Run, tmp_path: Path) -> None:
    written(tmp_path)

    done = run("bundle.zip", "--key", KEY.id, "--replay")

    assert done.returncode == 0
    assert done.stdout.decode().splitlines()[-1] == "replayed: every verdict is the same"


def test_a_verdict_that_its_evidence_does_not_give_is_told(run: Run, tmp_path: Path) -> None:
    cells = [dict(cell) for cell in cells_of(pieces(b'{"a":1}', b'{"b":2}', b"\x00"))]
    cells[1]["verdict"] = "all is well"
    written(tmp_path, b'{"a":1}', b'{"b":2}', b"\x00", cells=cells)

    done = run("bundle.zip", "--key", KEY.id, "--replay")

    assert done.returncode == 1
    assert done.stdout.decode().splitlines()[-2:] == [
        f"DIFFERS {cells[1]['evidence']} says something else",
        "NOT the same: 1 differences",
    ]


# What the checks of a bundle can see: no packages, no variables, no folder but their own; and files beside them.
_LOOKING = b"""
import os, sys, pathlib
from beside import VALUE
def replay(items, cells):
    yield "packages " + str([one for one in sys.path if "site-packages" in one])
    yield "variables " + str(sorted(set(os.environ) - {"LC_CTYPE"}))
    yield "here " + str(sorted(one.name for one in pathlib.Path(__file__).parent.iterdir())) + VALUE
    yield "two\\nlines \\x1b"
    try:
        items("0" * 64)
    except KeyError:
        yield "no such evidence"
"""


def test_the_checks_run_apart(run: Run, tmp_path: Path) -> None:
    written(tmp_path, checks={"replay.py": _LOOKING, "beside.py": b"VALUE = '!'", "iam.root.mfa@1.py": b""})

    done = run("bundle.zip", "--key", KEY.id, "--replay")

    assert done.stdout.decode().splitlines()[-6:] == [
        "DIFFERS packages []",
        "DIFFERS variables []",
        "DIFFERS here ['beside.py', 'iam.root.mfa@1.py', 'replay.py']!",
        "DIFFERS two lines \\x1b",
        "DIFFERS no such evidence",
        "NOT the same: 5 differences",
    ]


@pytest.mark.parametrize(
    ("checks", "told"),
    [
        ({}, b"no checks/replay.py"),
        ({"replay.py": b"raise SystemExit(3)"}, b"ended with status 3"),
        ({"replay.py": b"def replay(items, cells):\n    yield 'x'\n    raise ValueError"}, b"NOT replayed"),
        ({"replay.py": b"def replay(items, cells):\n    raise SystemExit(1)"}, b"ended with status 1"),
        ({"replay.py": b"import os\nos.abort()"}, b"NOT replayed"),
        ({"replay.py": b"nothing"}, b"NOT replayed"),
    ],
)
def test_checks_that_do_not_end_well_say_nothing_is_the_same(
    run: Run, tmp_path: Path, checks: dict[str, bytes], told: bytes
) -> None:
    written(tmp_path, checks=checks)

    done = run("bundle.zip", "--key", KEY.id, "--replay")

    assert done.returncode == 1
    assert told in done.stdout
    assert b"every verdict" not in done.stdout


def test_nothing_runs_of_a_bundle_that_is_altered_or_by_another(run: Run, tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'ran')!r}, 'w')\ndef replay(items, cells): return []".encode()
    path = written(tmp_path, checks={"replay.py": trap})
    whole = path.read_bytes()

    assert run("bundle.zip", "--key", OTHER_KEY.id, "--replay").returncode == 1
    path.write_bytes(whole.replace(b"<p>Report", b"<p>Resort"))
    assert run("bundle.zip", "--key", KEY.id, "--replay").returncode == 1
    assert not (tmp_path / "ran").exists()
    path.write_bytes(whole)
    assert run("bundle.zip", "--key", KEY.id, "--replay").returncode == 0
    assert (tmp_path / "ran").exists()


def test_cells_are_read_while_evidence_is(run: Run, tmp_path: Path) -> None:
    evidence = pieces(*(b"%d" % one * 400 for one in range(3000)))
    written(tmp_path, evidence=evidence, cells=cells_of(evidence))

    assert run("bundle.zip", "--key", KEY.id, "--replay").stdout.endswith(b"every verdict is the same\n")
    assert (
        json.loads(dict(contents_of(tmp_path / "bundle.zip"))["cells.jsonl"].split(b"\n")[2999])
        == cells_of(evidence)[-1]
    )
