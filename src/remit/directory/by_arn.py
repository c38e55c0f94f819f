"""Users, groups and roles by their ARN. Names in ARNs are compared with case, and with their path.

Source: `iam-sts` reference, section 4.
"""

from remit.arn import Arn
from remit.directory.attachments import Holder
from remit.directory.groups import GROUPS
from remit.directory.roles import ROLES
from remit.directory.users import USERS
from remit.store import Transaction


def holder_by_arn(tx: Transaction, text: str) -> Holder | None:
    """Find the user, group or role with this ARN, of whatever account; None when there is none, or it is no ARN."""
    try:
        arn = Arn.parse(text)
    except ValueError:
        return None
    kind, _, path_and_name = arn.resource.partition("/")
    key = (arn.account, path_and_name.rsplit("/", 1)[-1].lower())
    found: Holder | None = None
    match arn.service, kind:
        case "iam", "user":
            found = tx.find(USERS, "name", key)
        case "iam", "group":
            found = tx.find(GROUPS, "name", key)
        case "iam", "role":
            found = tx.find(ROLES, "name", key)
        case _:
            pass
    return found if found is not None and found.arn == text else None
