"""Principals who do not exist, and may do everything that the organization lets them.

What is asked of them is asked of the guardrails alone: so these can be proved for whoever is made tomorrow.
Source: `policy-evaluation` reference, 4.1 and 4.6.
"""

from remit.authz.documents import policy_of
from remit.ids import AccountId
from remit.policy import Policies
from remit.request import Caller, CallerKind

# Of what does not exist there is no id; these have the form.
_ROLE, _USER = "AROAIMAGINEDPRINCIPAL", "AIDAIMAGINEDPRINCIPAL"
_SESSION = "imagined"
# An account that no store has.
STRANGE_ACCOUNT = AccountId("000000000000")

EVERYTHING = Policies(
    identity=(
        policy_of(
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
            "every permission, imagined",
        ),
    )
)
# The policy of a resource that lets everybody in.
OPEN = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}'


def imagined(account: AccountId, name: str, partition: str = "aws") -> Caller:
    """Return a principal of *account* that does not exist, with `EVERYTHING` to be lent to it.

    Args:
        name: `user/NAME` or `role/NAME`, with a path if it has one.

    Raises:
        ValueError: neither.
    """
    kind, slash, rest = name.partition("/")
    path, _, last = f"/{rest}".rpartition("/")
    if not slash or not last or kind not in ("user", "role"):
        raise ValueError(f"not a user or a role: `{name}`")
    if kind == "user":
        return Caller(
            kind=CallerKind.USER,
            account=account,
            partition=partition,
            arn=f"arn:{partition}:iam::{account}:user{path}/{last}",
            principal_id=_USER,
            entity_id=_USER,
            name=last,
            path=f"{path}/",
        )
    return Caller(
        kind=CallerKind.ROLE_SESSION,
        account=account,
        partition=partition,
        arn=f"arn:{partition}:sts::{account}:assumed-role/{last}/{_SESSION}",
        principal_id=f"{_ROLE}:{_SESSION}",
        entity_id=_ROLE,
        name=last,
        path=f"{path}/",
    )
