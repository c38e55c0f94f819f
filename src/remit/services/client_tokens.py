"""Client tokens: a call that comes again is answered as it was the first time, and does nothing.

The same token with another input is refused, in the words of the service.
Source: AWS Billing API reference, `clientToken`; Invoicing API reference, `ClientToken`.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec

from remit.directory.billing.client_tokens import repeated, used_token
from remit.errors import ServiceError
from remit.request import Call
from remit.store import Transaction


class ClientTokens:
    """The client tokens of a service.

    Args:
        member: of the input that has the token.
        refuse: says that a token came with something else before.
        scope: tells tokens of this service from those of others.
        secret: members of the input of which nothing is kept, not even a digest.
    """

    def __init__(
        self, member: str, refuse: Callable[[], ServiceError], scope: str = "", secret: frozenset[str] = frozenset()
    ) -> None:
        self._member = member
        self._refuse = refuse
        self._scope = scope
        self._left_out = secret | {member}

    def once(self, call: Call[Any], tx: Transaction, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return what *work* returns, and the same to a call that comes again.

        Raises:
            ServiceError: the token came with another input before.
        """
        answer = self.answered(call, tx)
        return self.noted(call, tx, work()) if answer is None else answer

    def answered(self, call: Call[Any], tx: Transaction) -> dict[str, Any] | None:
        """Return what was answered to the same call; None to a new one, and to one without a token.

        Raises:
            ServiceError: the token came with another input before.
        """
        found = repeated(tx, call.account, self._token(call)) if call.input.get(self._member) else None
        if found is None:
            return None
        if found.digest != self._digest(call):
            raise self._refuse()
        answer: dict[str, Any] = msgspec.json.decode(found.answer)
        return answer

    def noted(self, call: Call[Any], tx: Transaction, answer: dict[str, Any]) -> dict[str, Any]:
        """Keep what is answered to a call that has a token; return it."""
        if call.input.get(self._member):
            said = msgspec.json.encode(answer).decode()
            used_token(tx, call.account, self._token(call), self._digest(call), said, at=call.at)
        return answer

    def _token(self, call: Call[Any]) -> str:
        return f"{self._scope}{call.input[self._member]}"

    def _digest(self, call: Call[Any]) -> str:
        said = {name: value for name, value in call.input.items() if name not in self._left_out}
        return sha256(msgspec.json.encode([call.operation, said], order="sorted")).hexdigest()
