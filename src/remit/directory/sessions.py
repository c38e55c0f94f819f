"""Temporary credentials: everything about a session travels sealed inside its session token.

So any process verifies them without a look-up, and there is nothing to clean away. Whether the role or user still
exists, and what it may do, is asked on every use.
Source: STS API reference, AssumeRole and GetSessionToken; `iam-sts` reference, section 13.11.
"""

import base64
import binascii
import zlib
from typing import Any

import msgspec

from remit.ids import Secret
from remit.request import Session
from remit.store import Keyring, SealBroken

_PURPOSE = "session"
# AWS says a token is usually under 4,096 bytes and fixes no limit; fifty tags and a policy take more.
TOKEN_CHARACTERS_MAX = 32_768
# What is shorter is not packed: to begin takes longer than to seal it, and it gets no shorter.
_PACKED_FROM = 512
_PLAIN, _PACKED = b"\0", b"\1"


class TokenInvalid(Exception):
    """The session token was altered, or no store of ours made it."""


def _encode(value: Any) -> Any:
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError(f"cannot seal a {type(value).__name__}")


def _decode(kind: type, value: Any) -> Any:
    if kind is Secret:
        return Secret(value)
    raise NotImplementedError(f"cannot open a {kind.__name__}")


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode)
_decoder = msgspec.msgpack.Decoder(Session, dec_hook=_decode)


def seal_session(keyring: Keyring, session: Session) -> str:
    """Return the session token: base64 text that only this store can read."""
    written = _encoder.encode(session)
    written = _PLAIN + written if len(written) < _PACKED_FROM else _PACKED + zlib.compress(written, 1)
    return base64.b64encode(keyring.seal(_PURPOSE, written)).decode()


def open_session(keyring: Keyring, token: str) -> Session:
    """Read a session token.

    Raises:
        TokenInvalid: it is none of ours, or was altered.
    """
    if len(token) > TOKEN_CHARACTERS_MAX:
        raise TokenInvalid
    try:
        sealed = base64.b64decode(token, validate=True)
        written = keyring.open(_PURPOSE, sealed)
        session = _decoder.decode(zlib.decompress(written[1:]) if written[:1] == _PACKED else written[1:])
    except (SealBroken, binascii.Error, ValueError, zlib.error, msgspec.DecodeError):
        raise TokenInvalid from None
    if base64.b64encode(sealed).decode() != token:  # the last bits of base64 may carry nothing, and then be anything
        raise TokenInvalid
    return session
