"""Tokens that stand for an acceptance: of the terms of a report, of a non-disclosure agreement, of an agreement.

A token is given with the document that is accepted, and brought back as the act of acceptance. It is sealed, holds
nothing but when it ends, and opens only for what it is bound to: who was shown the document, and which version of it.
Source: `artifact` reference, section 5, "Token rules".
"""

from datetime import datetime

import msgspec

from remit.directory.artifact.facts import TokenRefused
from remit.request import Caller
from remit.store import Keyring, SealBroken, printed, unprinted

TOKEN_SECONDS = 3_600
_SECONDS_BYTES = 8


def holder_of(caller: Caller) -> tuple[str, str, str]:
    """Return to whom a token is bound: account, principal and session; the last is empty for long-term keys."""
    return caller.account, caller.arn, "" if caller.session is None else caller.session.access_key_id


def seal_token(keyring: Keyring, purpose: str, bound_to: tuple[str, ...], at: datetime) -> str:
    """Make a token of *purpose*, `term-token`, that is good for an hour.

    Args:
        bound_to: what `check_token` has to be given, too.

    Returns:
        *purpose*, a hyphen, and letters, digits, hyphens and underscores.
    """
    ends = (int(at.timestamp()) + TOKEN_SECONDS).to_bytes(_SECONDS_BYTES)
    sealed = keyring.seal(purpose, ends, msgspec.json.encode(bound_to))
    return f"{purpose}-{printed(sealed)}"


def check_token(keyring: Keyring, purpose: str, token: str, bound_to: tuple[str, ...], at: datetime) -> None:
    """Let pass a token that `seal_token` made for the same purpose and of the same *bound_to* within the hour.

    Raises:
        TokenRefused: it is none.
    """
    try:
        sealed = unprinted(token.removeprefix(f"{purpose}-"))
        ends = keyring.open(purpose, sealed, msgspec.json.encode(bound_to))
    except SealBroken:
        raise TokenRefused from None
    if not token.startswith(f"{purpose}-") or at.timestamp() >= int.from_bytes(ends):
        raise TokenRefused
