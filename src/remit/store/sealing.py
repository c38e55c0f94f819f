"""Secrets at rest: AES-256-GCM under a data key that the store keeps sealed under the master key.

The master key is 32 random bytes in a file of mode 0600. Who has only the store, or only a backup, reads no secret.
Each purpose (`access-key`, `session`) has a key of its own, derived with HKDF-SHA256, so that a sealed text of one kind
never opens as another. The first byte of a sealed text is the format, the next four name the data key.
"""

import base64
import binascii
import os
import secrets
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from remit.store.failures import StoreDamaged, StoreUnusable
from remit.store.new_files import new_file

_FORMAT = b"\x01"
_KEY_BYTES = 32
_ID_BYTES = 4
_NONCE_BYTES = 12
_HEADER_BYTES = 1 + _ID_BYTES


class SealBroken(Exception):
    """A sealed text was altered, belongs to another context, or its key is not ours."""


class DataKey(msgspec.Struct, frozen=True):
    """A data key as the store keeps it: its id, and itself sealed under the master key."""

    id: str
    sealed: bytes


def new_data_key(master: bytes) -> DataKey:
    """Invent a data key and seal it under *master*."""
    key_id = secrets.token_bytes(_ID_BYTES)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return DataKey(
        key_id.hex(), nonce + AESGCM(master).encrypt(nonce, secrets.token_bytes(_KEY_BYTES), b"data-key" + key_id)
    )


class Keyring:
    """Seals and opens secrets with the data keys of one store.

    Nonces are random, so one data key is good for some 2^32 secrets of a purpose (NIST SP 800-38D, 8.3). The newest key
    seals, every key opens: a store gets a new key by adding one to its list.
    """

    def __init__(self, master: bytes, keys: list[DataKey]) -> None:
        if not keys:
            raise StoreDamaged("the store has no data key")
        self._data = dict(_opened(master, key) for key in keys)
        self._newest = bytes.fromhex(keys[-1].id)
        self._ciphers: dict[tuple[bytes, str], AESGCM] = {}

    def _cipher(self, key_id: bytes, purpose: str) -> AESGCM:
        cipher = self._ciphers.get((key_id, purpose))
        if cipher is None:
            try:
                data = self._data[key_id]
            except KeyError:
                raise SealBroken("sealed with a key that this store does not have") from None
            derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"remit:" + purpose.encode()).derive(data)
            cipher = self._ciphers[key_id, purpose] = AESGCM(derived)
        return cipher

    def seal(self, purpose: str, plain: bytes, context: bytes = b"") -> bytes:
        """Encrypt *plain*; it opens only for the same *purpose* and *context*."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher(self._newest, purpose).encrypt(nonce, plain, context)
        return _FORMAT + self._newest + nonce + sealed

    def open(self, purpose: str, sealed: bytes, context: bytes = b"") -> bytes:
        """Decrypt what `seal` made.

        Raises:
            SealBroken: it was altered, was sealed for something else, or with a key of another store.
        """
        if len(sealed) < _HEADER_BYTES + _NONCE_BYTES or sealed[:1] != _FORMAT:
            raise SealBroken("not a sealed text")
        cipher = self._cipher(sealed[1:_HEADER_BYTES], purpose)
        nonce = sealed[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES]
        try:
            return cipher.decrypt(nonce, sealed[_HEADER_BYTES + _NONCE_BYTES :], context)
        except InvalidTag:
            raise SealBroken("altered, or sealed for something else") from None


def printed(sealed: bytes) -> str:
    """Return a sealed text in letters, digits, hyphens and underscores, as tokens and links have it."""
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unprinted(text: str) -> bytes:
    """Read what `printed` wrote, in the one form that it writes.

    Raises:
        SealBroken: it is nothing that `printed` wrote.
    """
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise SealBroken("not base64") from None
    if printed(found) != text:  # bits that stand for nothing
        raise SealBroken("not base64 as it is written")
    return found


def _opened(master: bytes, key: DataKey) -> tuple[bytes, bytes]:
    """Return the id of *key*, and the key itself."""
    try:
        key_id = bytes.fromhex(key.id)
        data = AESGCM(master).decrypt(key.sealed[:_NONCE_BYTES], key.sealed[_NONCE_BYTES:], b"data-key" + key_id)
    except InvalidTag:
        raise StoreUnusable(
            "the master key does not open this store; set REMIT_MASTER_KEY_FILE to the one it was made with"
        ) from None
    except ValueError:
        raise StoreDamaged("the store's data keys cannot be read; restore a backup with `remit restore`") from None
    return key_id, data


def master_key(path: Path) -> bytes:
    """Read the master key, or make one with mode 0600 where there is none.

    Raises:
        StoreUnusable: the file cannot be read or written, others may read it, or it is no key.
    """
    try:
        # Whole or not at all: who is killed here leaves no half key, and of two first starts one key is read by both.
        with new_file(path) as file:
            file.write_bytes(secrets.token_bytes(_KEY_BYTES).hex().encode() + b"\n")
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreUnusable(f"cannot write the master key {path}: {error.strerror}") from None
    return _read_master_key(path)


def _read_master_key(path: Path) -> bytes:
    try:
        text = path.read_text(encoding="ascii").strip()
        if path.stat().st_mode & 0o077:
            raise StoreUnusable(f"others may read the master key {path}; run: chmod 600 {path}")
        key = bytes.fromhex(text)
    except OSError as error:
        raise StoreUnusable(f"cannot read the master key {path}: {error.strerror}") from None
    except ValueError:
        raise StoreUnusable(f"not a master key (64 hexadecimal digits): {path}") from None
    if len(key) != _KEY_BYTES:
        raise StoreUnusable(f"not a master key (64 hexadecimal digits): {path}")
    return key
