"""Callers without a request: who somebody would be if they signed one. For questions that people ask.

Source: `cli-and-python` reference, section 1 (`can WHO ACTION`).
"""

from remit.directory.callers import role_caller, root_caller, user_caller
from remit.directory.roles import role
from remit.directory.users import user
from remit.ids import AccountId
from remit.request import Caller
from remit.store import Transaction

_SESSION = "can"


def caller_named(tx: Transaction, account: AccountId, who: str) -> Caller:
    """Return the caller that *who* names: `user/NAME`, `role/NAME`, `root`, or an ARN of one of these.

    Raises:
        NotFound: the account has no such user or role.
        ValueError: *who* is none of these forms.
    """
    name = who.split(":", 5)[5] if who.startswith("arn:") and who.count(":") >= 5 else who  # noqa: PLR2004  # six parts
    if name == "root":
        return root_caller(account)
    kind, slash, path = name.partition("/")
    last = path.rsplit("/", 1)[-1]
    match kind:
        case "user" if slash:
            return user_caller(user(tx, account, last))
        case "role" if slash:
            return role_caller(role(tx, account, last), _SESSION)
        case _:
            raise ValueError(f"not a user, a role or root: `{who}`; say user/NAME, role/NAME, root or an ARN")
