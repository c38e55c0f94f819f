"""Where the operations register themselves that are for the provider alone.

Source: `artifact` reference, sections 5 and 6, "Extension of the wire".
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from remit.directory.artifact.providers import check_provider
from remit.request import Call
from remit.services.artifact.registry import operation
from remit.services.service import Handler
from remit.store import Transaction

H = TypeVar("H", bound=Callable[..., Any])


def publisher_operation(name: str) -> Callable[[H], H]:
    """Register the decorated function; other accounts than the provider's are refused, whatever their policies say."""

    def register(handler: H) -> H:
        carry_out: Handler = handler

        @wraps(handler)
        def by_provider(call: Call[Any], tx: Transaction) -> Mapping[str, Any] | None:
            check_provider(tx, call.account)
            return carry_out(call, tx)

        operation(name)(by_provider)
        return handler

    return register
