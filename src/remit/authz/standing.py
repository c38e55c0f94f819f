"""Callers without a request: who somebody would be if they signed one. For questions that people ask.

Source: `cli-and-python` reference, section 1 (`can WHO ACTION`).
"""

from remit.directory.roles import role
from remit.directory.users import user
from remit.ids import AccountId
from remit.request import Caller, CallerKind
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
        return Caller(
            kind=CallerKind.ROOT,
            account=account,
            arn=f"arn:aws:iam::{account}:root",
            principal_id=account,
            entity_id=account,
        )
    kind, slash, path = name.partition("/")
    last = path.rsplit("/", 1)[-1]
    match kind:
        case "user" if slash:
            found = user(tx, account, last)
            return Caller(
                kind=CallerKind.USER,
                account=account,
                partition=found.partition,
                arn=found.arn,
                principal_id=found.id,
                entity_id=found.id,
                name=found.name,
                path=found.path,
                tags=found.tags,
            )
        case "role" if slash:
            held = role(tx, account, last)
            return Caller(
                kind=CallerKind.ROLE_SESSION,
                account=account,
                partition=held.partition,
                arn=f"arn:{held.partition}:sts::{account}:assumed-role/{held.name}/{_SESSION}",
                principal_id=f"{held.id}:{_SESSION}",
                entity_id=held.id,
                name=held.name,
                path=held.path,
                tags=held.tags,
            )
        case _:
            raise ValueError(f"not a user, a role or root: `{who}`; say user/NAME, role/NAME, root or an ARN")
