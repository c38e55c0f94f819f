"""Users, roles and root users as callers: by which names messages, policies and the trail know them.

Source: `iam-sts` reference, section 4; `policy-evaluation` reference, 2.3.
"""

from collections.abc import Mapping

from remit.directory.roles import Role
from remit.directory.users import User
from remit.ids import AccountId
from remit.request import Caller, CallerKind, Session


def root_caller(
    account: AccountId, partition: str = "aws", *, key_id: str = "", session: Session | None = None
) -> Caller:
    """Return the root user of *account* as a caller."""
    return Caller(
        kind=CallerKind.ROOT,
        account=account,
        partition=partition,
        arn=f"arn:{partition}:iam::{account}:root",
        principal_id=account,
        entity_id=account,
        access_key_id=key_id,
        session=session,
    )


def user_caller(user: User, *, key_id: str = "", session: Session | None = None) -> Caller:
    """Return *user* as a caller."""
    return Caller(
        kind=CallerKind.USER,
        account=user.account,
        partition=user.partition,
        arn=user.arn,
        principal_id=user.id,
        entity_id=user.id,
        name=user.name,
        path=user.path,
        access_key_id=key_id,
        session=session,
        tags=user.tags,
    )


def role_caller(
    role: Role,
    session_name: str,
    *,
    key_id: str = "",
    session: Session | None = None,
    tags: Mapping[str, str] | None = None,
) -> Caller:
    """Return a session of *role* as a caller.

    Args:
        tags: the role's, with the session's over them; the role's own by default.
    """
    return Caller(
        kind=CallerKind.ROLE_SESSION,
        account=role.account,
        partition=role.partition,
        arn=f"arn:{role.partition}:sts::{role.account}:assumed-role/{role.name}/{session_name}",
        principal_id=f"{role.id}:{session_name}",
        entity_id=role.id,
        name=role.name,
        path=role.path,
        access_key_id=key_id,
        session=session,
        tags=role.tags if tags is None else tags,
    )
