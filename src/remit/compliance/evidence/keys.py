"""The keys of a collector: a folder that only its owner reads.

`ring.json` says which keys there were and which one signs; `KEYID.pem` is the public half of each, `KEYID.private.pem`
the private half of the one that signs. Rotating makes a new key and destroys the old private half: what it signed can
be verified for ever, and nothing more can be signed with it.
"""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from remit.clock import Clock, whole_second
from remit.compliance.evidence.errors import KeyRingError
from remit.compliance.evidence.signing import SigningKey, public_pem

# Where they lie in a data folder.
FOLDER = "evidence-keys"
_RING, _SECRET = "ring.json", "disclosure.secret"
_OTHERS = 0o077
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key of the ring.

    Attributes:
        id: 64 hexadecimal digits.
        public: 32 bytes.
        made_at: since when it signs.
        retired_at: until when it signed; None for the one that signs.
    """

    id: str
    public: bytes
    made_at: datetime
    retired_at: datetime | None = None


class KeyRing:
    """The keys in a folder, which is made when the first key is."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock

    def public_keys(self) -> list[PublicKey]:
        """Return every key there ever was, the newest first; none if there is no ring yet.

        Raises:
            KeyRingError: the ring cannot be read.
        """
        path = self._folder / _RING
        try:
            return [_key(**one) for one in json.loads(path.read_bytes())]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError) as error:
            raise KeyRingError(f"{path} cannot be read: {error}; put it back from a backup") from None

    def signing_key(self) -> SigningKey:
        """Return the key that signs; make the first one if there is none.

        Raises:
            KeyRingError: its file is missing, damaged, another key's, or can be read by others.
        """
        keys = self.public_keys() or [self.rotate()]
        path = self._private(keys[0].id)
        try:
            if os.name == "posix" and path.stat().st_mode & _OTHERS:
                raise KeyRingError(f"others can read the private key {path}: chmod 600 it, and rotate it if they have")
            private = load_pem_private_key(path.read_bytes(), None)
        except (OSError, ValueError, TypeError) as error:
            raise KeyRingError(f"the private key {path} cannot be read: {error}; `keys rotate` makes another") from None
        if not isinstance(private, Ed25519PrivateKey) or (key := SigningKey(private)).id != keys[0].id:
            raise KeyRingError(f"{path} is not the private half of key {keys[0].id}; `keys rotate` makes another")
        return key

    def rotate(self) -> PublicKey:
        """Make a key that signs from now on, and destroy the private half of the one before; return the new key.

        Raises:
            KeyRingError: the folder cannot be written.
        """
        before, now = self.public_keys(), whole_second(self._clock.now())
        key = SigningKey(Ed25519PrivateKey.generate())
        made = PublicKey(key.id, key.public, now)
        retired = [PublicKey(one.id, one.public, one.made_at, one.retired_at or now) for one in before]
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._private(key.id), key.private_pem())
            _write(self._folder / f"{key.id}.pem", public_pem(key.public), 0o644)
            # From here the new one signs. A private half that a crash leaves behind goes at the next rotation.
            _write(self._folder / _RING, json.dumps([_row(one) for one in (made, *retired)], indent=1).encode())
            for path in self._folder.glob("*.private.pem"):
                if path != self._private(key.id):
                    path.unlink()
        except OSError as error:
            raise KeyRingError(f"no key can be written to {self._folder}: {error.strerror}") from None
        return made

    def secret(self) -> bytes:
        """Return the secret of which salts of hidden fields are made; make it if there is none.

        Raises:
            KeyRingError: it cannot be read or written.
        """
        path = self._folder / _SECRET
        try:
            if not path.exists():
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _write(path, secrets.token_bytes(SECRET_BYTES))
            found = path.read_bytes()
        except OSError as error:
            raise KeyRingError(f"{path} cannot be read or written: {error.strerror}") from None
        if len(found) != SECRET_BYTES:
            raise KeyRingError(f"{path} has {len(found)} bytes, not {SECRET_BYTES}; put it back from a backup")
        return found

    def _private(self, key: str) -> Path:
        return self._folder / f"{key}.private.pem"


def _write(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file whole or not at all, so that nobody else could ever read it if *mode* says so."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with suppress(FileNotFoundError):
        part.unlink()
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _row(key: PublicKey) -> dict[str, str | None]:
    retired = key.retired_at.isoformat() if key.retired_at else None
    return {"id": key.id, "public": key.public.hex(), "made_at": key.made_at.isoformat(), "retired_at": retired}


def _key(*, id: str, public: str, made_at: str, retired_at: str | None) -> PublicKey:  # noqa: A002  # the file's name
    retired = datetime.fromisoformat(retired_at) if retired_at else None
    return PublicKey(id, bytes.fromhex(public), datetime.fromisoformat(made_at), retired)
