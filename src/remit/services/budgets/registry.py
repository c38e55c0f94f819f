"""Where AWS Budgets' operations register themselves. Each names the account that it is about: the caller's own."""

from collections.abc import Callable
from typing import Any, TypeVar

from remit.errors import AccessDenied
from remit.request import Parsed
from remit.services.budgets.errors import in_words_of_budgets, invalid
from remit.services.service import Service
from remit.store import Transaction

H = TypeVar("H", bound=Callable[..., Any])

BUDGETS = Service("budgets", in_words_of_budgets, invalid)


def operation(name: str) -> Callable[[H], H]:
    """Register the decorated function as what carries out the operation *name*."""
    return BUDGETS.operation(name, before=_check_account)


def _check_account(parsed: Parsed, tx: Transaction) -> None:
    """Refuse a call about another account.

    Raises:
        AccessDenied: it is.
    """
    del tx
    caller = parsed.signed.caller
    named = parsed.input.get("AccountId", caller.account)
    if named != caller.account:
        raise AccessDenied(f"Account {caller.account} is not authorized to access budgets of account {named}.")
