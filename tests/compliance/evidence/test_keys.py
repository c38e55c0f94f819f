"""The ring of keys: what it keeps, whom it lets read, what it destroys."""

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from evidence import KEY

from remit.clock import FixedClock
from remit.compliance.evidence.errors import KeyRingError
from remit.compliance.evidence.keys import KeyRing
from remit.compliance.evidence.signing import public_pem
from remit.compliance.evidence.standalone.curve import verify_ed25519

AT = datetime(2026, 10, 1, 8, 0, 0, 5, tzinfo=UTC)
WHOLE = AT.replace(microsecond=0)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(AT)


@pytest.fixture
def ring(tmp_path: Path, clock: FixedClock) -> KeyRing:
    return KeyRing(tmp_path / "keys", clock)


def private(folder: Path) -> list[Path]:
    return list((folder / "keys").glob("*.private.pem"))


def test_a_ring_without_a_key_makes_one_to_sign(ring: KeyRing) -> None:
    assert ring.public_keys() == []

    key = ring.signing_key()

    assert [(one.id, one.public, one.made_at, one.retired_at) for one in ring.public_keys()] == [
        (key.id, key.public, WHOLE, None)
    ]
    assert ring.signing_key().id == key.id
    verify_ed25519(key.public, b"x", ring.signing_key().sign(b"x"))


def test_a_rotation_keeps_public_keys_and_destroys_the_private_one(
    ring: KeyRing, clock: FixedClock, tmp_path: Path
) -> None:
    first = ring.signing_key()
    (tmp_path / "keys" / "left-by-a-crash.private.pem").write_bytes(KEY.private_pem())
    clock.advance(timedelta(days=90))
    second = ring.rotate()

    assert [(one.id, one.made_at, one.retired_at) for one in ring.public_keys()] == [
        (second.id, WHOLE + timedelta(days=90), None),
        (first.id, WHOLE, WHOLE + timedelta(days=90)),
    ]
    assert ring.signing_key().id == second.id != first.id
    assert [one.name for one in private(tmp_path)] == [f"{second.id}.private.pem"]
    for one in ring.public_keys():
        assert (tmp_path / "keys" / f"{one.id}.pem").read_bytes() == public_pem(one.public)


def test_a_public_key_is_read_by_others() -> None:
    assert load_pem_public_key(public_pem(KEY.public)).public_bytes_raw() == KEY.public  # type: ignore[union-attr]


@pytest.mark.skipif(os.name != "posix", reason="files have modes on POSIX")
def test_only_the_owner_reads_private_keys(ring: KeyRing, tmp_path: Path) -> None:
    ring.signing_key()
    ring.secret()
    folder = tmp_path / "keys"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (path,) = private(tmp_path)
    assert {stat.S_IMODE(one.stat().st_mode) for one in (path, folder / "disclosure.secret")} == {0o600}
    path.chmod(0o640)
    with pytest.raises(KeyRingError, match="others can read the private key"):
        ring.signing_key()


@pytest.mark.parametrize("content", [b"", b"nonsense", KEY.private_pem()], ids=["empty", "nonsense", "another key"])
def test_a_private_key_that_is_not_the_rings_is_refused(content: bytes, ring: KeyRing, tmp_path: Path) -> None:
    ring.signing_key()
    (path,) = private(tmp_path)
    path.write_bytes(content)

    with pytest.raises(KeyRingError, match="keys rotate"):
        ring.signing_key()
    path.unlink()
    with pytest.raises(KeyRingError, match="keys rotate"):
        ring.signing_key()
    assert ring.rotate().id == ring.signing_key().id


@pytest.mark.parametrize("content", [b"", b"[", b"{}x", b'[{"id": 1}]', b'[["a"]]'])
def test_a_damaged_ring_is_not_taken_for_an_empty_one(content: bytes, ring: KeyRing, tmp_path: Path) -> None:
    ring.signing_key()
    (tmp_path / "keys" / "ring.json").write_bytes(content)

    with pytest.raises(KeyRingError, match=r"ring\.json cannot be read"):
        ring.signing_key()
    with pytest.raises(KeyRingError, match=r"ring\.json cannot be read"):
        ring.rotate()


def test_a_ring_that_cannot_be_written_says_so(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(KeyRingError, match=r"no key can be written|cannot be read"):
        KeyRing(tmp_path / "file" / "keys", clock).signing_key()


def test_the_secret_of_disclosures_stays_the_same(ring: KeyRing, tmp_path: Path) -> None:
    secret = ring.secret()

    assert ring.secret() == secret
    assert len(secret) == 32
    assert json.dumps(secret.hex()) not in (tmp_path / "keys" / "disclosure.secret").read_text("latin-1")
    (tmp_path / "keys" / "disclosure.secret").write_bytes(secret[:5])
    with pytest.raises(KeyRingError, match="has 5 bytes"):
        ring.secret()
