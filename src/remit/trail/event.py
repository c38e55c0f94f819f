"""An event while it happens: what is known of a request, step by step."""

from collections.abc import Mapping
from typing import Any

from remit.errors import ServiceError
from remit.ids import AccountId
from remit.request import Caller, Routed, Signed


class Event:
    """One request.

    Attributes:
        caller: None until the signature was verified; nothing else in the request is believed until then.
        region: of the credential scope, once verified.
        claimed_key: the key id that the request named, unverified; empty when it named none.
        claimed_account: the account that the key belongs to; None when no account has it.
        input, output: by the model's names; None until known.
        error: None when all went well.
    """

    __slots__ = ("caller", "claimed_account", "claimed_key", "error", "input", "output", "region", "routed")

    def __init__(self, routed: Routed) -> None:
        self.routed = routed
        self.caller: Caller | None = None
        self.region = ""
        self.claimed_key = ""
        self.claimed_account: AccountId | None = None
        self.input: Mapping[str, Any] | None = None
        self.output: Mapping[str, Any] | None = None
        self.error: ServiceError | None = None

    def claim(self, key: str, account: AccountId | None) -> None:
        """Note which key the request says it was signed with, and whose that key is."""
        self.claimed_key, self.claimed_account = key, account

    def signed(self, signed: Signed) -> None:
        """Note who signed."""
        self.caller, self.region = signed.caller, signed.region
