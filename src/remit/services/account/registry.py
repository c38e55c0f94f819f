"""Where Account Management's operations register themselves.

Each of them is about the caller's own account, or about another one that it may speak for: that is asked first.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from remit.request import Parsed
from remit.services.account.errors import in_words_of_account
from remit.services.account.targets import check_target
from remit.services.service import Service
from remit.store import Transaction

H = TypeVar("H", bound=Callable[..., Any])

ACCOUNT = Service("account", in_words_of_account)


def operation(name: str, *, also: Callable[[Parsed], None] | None = None) -> Callable[[H], H]:
    """Register the decorated function as what carries out the operation *name*.

    Args:
        also: refuses more, after the account and before the policies are asked.
    """

    def before(parsed: Parsed, tx: Transaction) -> None:
        check_target(parsed, tx)
        if also is not None:
            also(parsed)

    return ACCOUNT.operation(name, before=before)
