"""Verify an evidence bundle with Python 3.9 or later, its standard library, and no network.

python3 verify.py bundle.zip                     check every byte, the tree and the signature
python3 verify.py bundle.zip --key KEY           and that KEY signed it: a file, or the key or its id in hexadecimal
python3 verify.py bundle.zip --item SHA256       check, then write one piece of evidence to standard output
python3 verify.py bundle.zip --key KEY --replay  check, then run the bundle's own checks on its evidence again
python3 verify.py --proof FILE                   check a piece of evidence that was disclosed alone

Exit status: 0 verified, 1 something is wrong, 2 used wrongly or cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from remit.compliance.evidence.standalone.archive import printable
from remit.compliance.evidence.standalone.attestation import Attested
from remit.compliance.evidence.standalone.checking import Report, check
from remit.compliance.evidence.standalone.curve import KEY_BYTES, key_id
from remit.compliance.evidence.standalone.proofs import read_proof
from remit.compliance.evidence.standalone.replaying import Items, ReplayFailed, in_replay, replay
from remit.compliance.evidence.standalone.tree import ATTESTATION

_PEM = re.compile(r"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----")
_MINISIGN = re.compile(r"^RW[A-Za-z0-9+/]{54}$", re.MULTILINE)
_HEX = re.compile(r"\b[0-9a-fA-F]{64}\b")
_SPKI = bytes.fromhex("302a300506032b6570032100")  # what precedes an Ed25519 key in DER
_MINISIGN_HEAD_BYTES = 10
_UNKNOWN = (
    "WARNING: the signature is by a key that you have not named, so anybody can have made this.\n"
    "         Ask whoever collected it, in another way, for the key, and name it with --key."
)


class Unusable(Exception):
    """What was named cannot be used; the message says why."""


def read_keys(named: str) -> set[str]:
    """Return keys or ids of keys, in hexadecimal: *named* is one, or a file of PEM, of minisign or of hexadecimal text.

    Raises:
        Unusable: there is none.
    """
    text = named
    if _HEX.fullmatch(named) is None:
        try:
            text = Path(named).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise Unusable(
                f"--key {named}: neither 64 hexadecimal digits nor a file that can be read: {error}"
            ) from None
    keys: set[str] = set()
    try:
        for block in _PEM.findall(text):
            der = base64.b64decode("".join(block.split()), validate=True)
            if der.startswith(_SPKI) and len(der) == len(_SPKI) + KEY_BYTES:
                keys.add(der[len(_SPKI) :].hex())
        keys |= {base64.b64decode(line)[_MINISIGN_HEAD_BYTES:].hex() for line in _MINISIGN.findall(text)}
    except binascii.Error:
        pass
    if not keys:
        keys = {one.lower() for one in _HEX.findall(text)}
    if not keys:
        raise Unusable(f"--key {named}: no Ed25519 public key in it")
    return keys


def is_by(attested: Attested, keys: set[str]) -> bool:
    """Return whether one of *keys*, which are keys or their ids, made the signature."""
    return not keys.isdisjoint({attested.public.hex(), key_id(attested.public)})


def pin(report: Report, keys: set[str] | None) -> None:
    """Note it as wrong if none of *keys* made the signature; None is nobody in particular."""
    if report.attested is not None and keys is not None and not is_by(report.attested, keys):
        report.wrong(ATTESTATION, _by_another(report.attested))


def told(report: Report, *, is_pinned: bool) -> Iterator[str]:
    """Yield the lines that tell what was checked and what is wrong; the last one is the verdict."""
    attested = report.attested
    for name, what in report.problems.items():
        yield f"WRONG {name}: {what}"
    count = len(report.problems) + report.more
    if attested is None or count:
        more = f", {report.more} of them not shown" if report.more else ""
        yield f"NOT verified: {count} {'thing is' if count == 1 else 'things are'} wrong{more}"
        return
    signer, others = key_id(attested.public), len(report.files)
    yield f"archive    {report.archive_bytes:,} bytes: {report.items:,} pieces of evidence, {others} other files"
    yield f"tree       {report.tree.size:,} leaves, as merkle.json lists them, root {report.tree.root().hex()}"
    yield f"signature  Ed25519 by key {signer}"
    yield from told_of(attested)
    if not is_pinned:
        yield _UNKNOWN
    yield f"verified: {report.items} items, root {report.tree.root().hex()}, signed by key {signer}"


def told_of(attested: Attested) -> Iterator[str]:
    """Yield what the signer says of the evidence."""
    for name in ("scope", "period", "collector", "endpoint", "versions"):
        if name in attested.predicate:
            yield f"{name:<10} {json.dumps(attested.predicate[name], sort_keys=True)}"


def tell_bundle(path: str, keys: set[str] | None, item: str | None, verifier: bytes | None) -> int:
    """Check a bundle and tell of it; write an item; run its checks, if *verifier*, this program, is given."""
    with Path(path).open("rb", buffering=1 << 20) as file:
        report = check(file)
        pin(report, keys)
        out = sys.stdout if item is None else sys.stderr
        for line in told(report, is_pinned=keys is not None):
            print(line, file=out)
        if report.problems:
            return 1
        if item is not None:
            return _write_item(file, item)
        return 0 if verifier is None else _tell_replay(file, report, verifier)


def _write_item(file: BinaryIO, item: str) -> int:
    try:
        content = Items(file)(item.lower())
    except KeyError:
        print(f"there is no evidence {item!a} in the bundle", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(content)
    return 0


def _tell_replay(file: BinaryIO, report: Report, verifier: bytes) -> int:
    sys.stdout.flush()
    count = 0
    try:
        for difference in replay(file, report, verifier):
            count += 1
            print(f"DIFFERS {difference}")
    except ReplayFailed as failure:
        print(f"NOT replayed: {failure}")
        return 1
    print(f"NOT the same: {count} differences" if count else "replayed: every verdict is the same")
    return 1 if count else 0


def tell_proof(path: str, keys: set[str] | None) -> int:
    """Check the proof of one piece of evidence and tell of it."""
    try:
        proved = read_proof(Path(path).read_bytes())
    except ValueError as error:
        return _tell_wrong(path, str(error))
    if keys is not None and not is_by(proved.attested, keys):
        return _tell_wrong(path, _by_another(proved.attested))
    for line in proved.content.decode("utf-8", "backslashreplace").split("\n"):
        print(printable(line))
    for pointer, value in proved.disclosed.items():
        print(f"disclosed  {ascii(pointer)[1:-1]} is {json.dumps(value)}")
    for line in told_of(proved.attested):
        print(line)
    if keys is None:
        print(_UNKNOWN)
    attested = proved.attested
    print(f"verified: {proved.name}, root {attested.root}, signed by key {key_id(attested.public)}")
    return 0


def _tell_wrong(name: str, what: str) -> int:
    print(f"WRONG {name}: {what}\nNOT verified: 1 thing is wrong")
    return 1


def _by_another(attested: Attested) -> str:
    return f"signed by key {key_id(attested.public)}, which is not the one you named"


def main(arguments: list[str] | None = None) -> int:
    """Run the program; return the exit status."""
    if (arguments or sys.argv[1:])[:1] == ["--in-replay"]:
        return in_replay((arguments or sys.argv[1:])[1])
    parser = argparse.ArgumentParser(description="Verify an evidence bundle, offline.")
    parser.add_argument("bundle", nargs="?", help="the bundle, bundle.zip")
    parser.add_argument(
        "--key", help="whose signature it must be: a file (PEM, minisign), a key or key id in hexadecimal"
    )
    parser.add_argument("--item", metavar="SHA256", help="write this piece of evidence to standard output")
    parser.add_argument("--replay", action="store_true", help="run the bundle's own checks on its evidence again")
    parser.add_argument("--proof", metavar="FILE", help="check a piece of evidence that was disclosed alone")
    asked = parser.parse_args(arguments)
    if (asked.bundle is None) == (asked.proof is None):
        parser.error("name a bundle, or a proof with --proof")
    if asked.replay and asked.key is None:
        parser.error("--replay runs programs out of the bundle: name with --key whose you run")
    try:
        keys = None if asked.key is None else read_keys(asked.key)
        if asked.proof is not None:
            return tell_proof(asked.proof, keys)
        verifier = Path(__file__).read_bytes() if asked.replay else None
        return tell_bundle(asked.bundle, keys, asked.item, verifier)
    except (Unusable, OSError) as error:
        print(f"cannot verify: {error}", file=sys.stderr)
        return 2
