"""Account aliases: other names for accounts. Source: `iam-sts` reference, sections 4 and 18."""

import re

from remit.directory.accounts import known_account, remove_alias, set_alias
from remit.errors import ValidationError
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.pages import page
from remit.services.iam.registry import operation
from remit.store import Transaction

_ACCOUNT = re.compile(r"[0-9]{12}")


@operation("CreateAccountAlias")
def create_account_alias(call: Call[shapes.CreateAccountAliasRequest], tx: Transaction) -> None:
    """Give the account an alias, in the place of the one it has.

    Raises:
        AlreadyExists: another account has it.
        ValidationError: it looks like an account id.
    """
    alias = call.input["AccountAlias"]
    if _ACCOUNT.fullmatch(alias) is not None:
        raise ValidationError("The account alias must not be a 12-digit number.")
    set_alias(tx, known_account(tx, call.account), alias)


@operation("ListAccountAliases")
def list_account_aliases(
    call: Call[shapes.ListAccountAliasesRequest], tx: Transaction
) -> shapes.ListAccountAliasesResponse:
    """List the account's alias, if it has one."""
    alias = known_account(tx, call.account).alias
    aliases, more = page(call, tx, [alias] if alias else [], lambda found: found)
    return {"AccountAliases": aliases, **more}


@operation("DeleteAccountAlias")
def delete_account_alias(call: Call[shapes.DeleteAccountAliasRequest], tx: Transaction) -> None:
    """Take the account's alias away; it is free for everybody."""
    remove_alias(tx, known_account(tx, call.account), call.input["AccountAlias"])
