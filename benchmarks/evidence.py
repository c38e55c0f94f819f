"""A bundle of 1,000,000 pieces of evidence: written, verified by the one file, one piece proved; seconds and memory.

python benchmarks/evidence.py [--items 1000000]

Each step runs in a process of its own, so that its memory is its own.
"""

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ANSWER = (
    '{"Operation":"GetAccountPasswordPolicy","Region":"eu-central-1","Number":%d,'
    '"Answer":{"MinimumPasswordLength":14,"RequireSymbols":true}}'
)
AT = datetime(2026, 1, 1, tzinfo=UTC)


def write(folder, _):
    from remit.compliance.evidence.attestation import Collection
    from remit.compliance.evidence.bundle import write_bundle
    from remit.compliance.evidence.signing import SigningKey

    key = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    collection = Collection(
        {"accounts": 1000}, AT, AT, "arn:aws:iam::123456789012:user/auditor", "http://127.0.0.1:7364"
    )
    with (folder / "stored").open("rb") as file:
        lines = (line.rstrip(b"\n").split(b" ", 1) for line in file)
        evidence = ((sha256.decode(), content) for sha256, content in lines)
        started = time.perf_counter()
        written = write_bundle(folder / "bundle.zip", collection, key, evidence=evidence)
        print(json.dumps({"seconds": time.perf_counter() - started, "peak": peak(), "items": written.items}))


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def prepare(folder, items):
    answers = ((ANSWER % number).encode() for number in range(items))
    rows = sorted((hashlib.sha256(answer).hexdigest().encode(), answer) for answer in answers)
    with (folder / "stored").open("wb") as file:
        file.writelines(b"%b %b\n" % row for row in rows)
    print(json.dumps({"bytes": sum(len(row[1]) for row in rows), "middle": rows[items // 2][0].decode()}))


def prove(folder, sha256):
    from remit.compliance.evidence.disclosure import prove as prove_item

    started = time.perf_counter()
    proof = prove_item(folder / "bundle.zip", sha256)
    (folder / "proof.json").write_bytes(proof)
    print(
        json.dumps({"seconds": time.perf_counter() - started, "peak": peak(), "path": len(json.loads(proof)["path"])})
    )


def verify(folder, _):
    started = time.perf_counter()
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), str(folder / "bundle.zip")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    last = done.stdout.splitlines()[-1]
    print(json.dumps({"seconds": time.perf_counter() - started, "peak": memory, "last": last}))


def step(*arguments):
    done = subprocess.run([sys.executable, __file__, *map(str, arguments)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--step", nargs=3)
    asked = parser.parse_args()
    if asked.step:
        name, folder, argument = asked.step
        steps = {"prepare": prepare, "write": write, "verify": verify, "prove": prove}
        steps[name](Path(folder), argument if name == "prove" else int(argument))
        return
    from remit.compliance.evidence.standalone.assembly import program

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared = step("--step", "prepare", folder, asked.items)
        print(f"{asked.items:,} pieces of evidence, {prepared['bytes'] / 1e6:.0f} MB:")
        made = step("--step", "write", folder, asked.items)
        size = (folder / "bundle.zip").stat().st_size / 1e6
        print(f"  written   {made['seconds']:6.1f} s, {made['peak']:4.0f} MiB at most, {size:.0f} MB (bar: 60 s)")
        (folder / "verify.py").write_bytes(program())
        seen = step("--step", "verify", folder, asked.items)
        print(f"  verified  {seen['seconds']:6.1f} s, {seen['peak']:4.0f} MiB at most (bar: 60 s)")
        proved = step("--step", "prove", folder, prepared["middle"])
        print(
            f"  one piece proved {proved['seconds']:.1f} s, {proved['peak']:.0f} MiB at most, {proved['path']} hashes"
        )


if __name__ == "__main__":
    main()
