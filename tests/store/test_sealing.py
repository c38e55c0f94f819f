"""What is sealed opens only as what it was, for what it was, with the key of its store."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.store import Keyring, SealBroken, StoreDamaged, StoreUnusable, master_key
from remit.store.sealing import DataKey, new_data_key

MASTER = b"m" * 32
KEYS = [new_data_key(MASTER), new_data_key(MASTER)]
RING = Keyring(MASTER, KEYS)
SECRET = b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@given(plain=st.binary(max_size=200), purpose=st.text(max_size=20), context=st.binary(max_size=50))
def test_what_is_sealed_opens_for_its_purpose_and_context(plain: bytes, purpose: str, context: bytes) -> None:
    sealed = RING.seal(purpose, plain, context)

    assert RING.open(purpose, sealed, context) == plain
    assert Keyring(MASTER, KEYS).open(purpose, sealed, context) == plain
    assert len(plain) < 8 or plain not in sealed


def test_a_change_of_any_bit_is_noticed() -> None:
    sealed = RING.seal("session", SECRET, b"AKIA")
    for at in range(len(sealed)):
        for bit in range(8):
            altered = sealed[:at] + bytes([sealed[at] ^ (1 << bit)]) + sealed[at + 1 :]
            with pytest.raises(SealBroken):
                RING.open("session", altered, b"AKIA")


def test_a_text_of_another_length_is_noticed() -> None:
    sealed = RING.seal("session", SECRET)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            RING.open("session", sealed[:length])
    with pytest.raises(SealBroken):
        RING.open("session", sealed + b"\0")


def test_a_text_that_names_the_other_key_is_noticed() -> None:
    sealed = RING.seal("session", SECRET)
    other = bytes.fromhex(KEYS[0].id)
    assert sealed[1:5] == bytes.fromhex(KEYS[1].id)

    with pytest.raises(SealBroken):
        RING.open("session", sealed[:1] + other + sealed[5:])


@pytest.mark.parametrize(
    ("purpose", "context"), [("sessions", b"AKIA"), ("", b"AKIA"), ("session", b"AKIB"), ("session", b"")]
)
def test_a_text_opens_for_nothing_else(purpose: str, context: bytes) -> None:
    sealed = RING.seal("session", SECRET, b"AKIA")

    with pytest.raises(SealBroken):
        RING.open(purpose, sealed, context)


def test_a_text_of_another_store_does_not_open() -> None:
    other = Keyring(MASTER, [new_data_key(MASTER)])

    with pytest.raises(SealBroken, match="key that this store does not have"):
        RING.open("session", other.seal("session", SECRET))


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert len({RING.seal("session", SECRET) for _ in range(100)}) == 100


def test_the_newest_key_seals_and_every_key_opens() -> None:
    before = Keyring(MASTER, KEYS[:1])
    old = before.seal("session", SECRET)
    new = RING.seal("session", SECRET)

    assert RING.open("session", old) == RING.open("session", new) == SECRET
    assert (old[1:5].hex(), new[1:5].hex()) == (KEYS[0].id, KEYS[1].id)
    with pytest.raises(SealBroken):
        before.open("session", new)
    with pytest.raises(SealBroken):
        Keyring(MASTER, KEYS[1:]).open("session", old)


def test_nothing_shows_a_key() -> None:
    shown = f"{RING!r} {RING} {KEYS!r}"

    for key in RING._data.values():
        assert key not in msgspec.json.encode(KEYS)
        assert key.hex() not in shown
        assert repr(key) not in shown


def test_a_keyring_needs_the_master_key_of_every_key() -> None:
    for keys in ([new_data_key(b"x" * 32)], [*KEYS, new_data_key(b"x" * 32)], [new_data_key(b"x" * 32), *KEYS]):
        with pytest.raises(StoreUnusable, match="the master key does not open this store; set REMIT_MASTER_KEY_FILE"):
            Keyring(MASTER, keys)


@pytest.mark.parametrize(
    "keys", [[], [DataKey("xy", KEYS[0].sealed)], [DataKey(KEYS[0].id, b"")], [DataKey(KEYS[0].id, b"short")]]
)
def test_a_list_of_keys_that_cannot_be_read_is_damage(keys: list[DataKey]) -> None:
    with pytest.raises(StoreDamaged):
        Keyring(MASTER, keys)


def test_a_data_key_under_another_id_does_not_open() -> None:
    with pytest.raises(StoreUnusable):
        Keyring(MASTER, [DataKey(KEYS[1].id, KEYS[0].sealed)])


# -- the master key


@contextmanager
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)


def test_a_master_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    with no_umask():
        key = master_key(path)

    assert len(key) == 32
    assert path.read_text() == key.hex() + "\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert master_key(path) == key
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]
    assert master_key(tmp_path / "other.key") != key


def test_several_first_starts_share_one_master_key(tmp_path: Path) -> None:
    together, found = threading.Barrier(8), []

    def start() -> None:
        together.wait(10)
        found.append(master_key(tmp_path / "master.key"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o777])
def test_a_master_key_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    master_key(path)
    path.chmod(mode)

    with pytest.raises(StoreUnusable, match=rf"^others may read the master key {path}; run: chmod 600 {path}$"):
        master_key(path)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_master_key_of_its_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    key = master_key(path)
    path.chmod(mode)

    assert master_key(path) == key


@pytest.mark.parametrize("text", ["ab" * 32, "AB" * 32 + "\n", " " + "ab" * 32 + " \n\n"])
def test_a_master_key_may_be_written_by_hand(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(text)
    path.chmod(0o600)

    assert master_key(path) == b"\xab" * 32


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"ab" * 31, b"ab" * 33, b"xy" * 32, b"\xff" * 64, b"a" * 63, os.urandom(32)]
)
def test_a_file_that_is_no_master_key_is_refused_without_showing_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(StoreUnusable, match=re.escape(f"not a master key (64 hexadecimal digits): {path}") + "$"):
        master_key(path)
    assert path.read_bytes() == content


def test_a_master_key_that_cannot_be_there_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to(tmp_path / "none")
    for path, reason in (
        (tmp_path / "none" / "master.key", "cannot write the master key {}: No such file or directory"),
        (tmp_path, "cannot read the master key {}: Is a directory"),
        (tmp_path / "dangling", "cannot read the master key {}: No such file or directory"),
    ):
        with pytest.raises(StoreUnusable, match=f"^{re.escape(reason.format(path))}$"):
            master_key(path)
