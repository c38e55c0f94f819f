"""What a call acts on, as the policy engine and messages know it. How it is found is in `resources`.

Source: `policy-evaluation` reference, R1 and R2.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from remit.directory.roles import Role
from remit.directory.users import User
from remit.policy import ContextValue, Resource
from remit.request import Caller
from remit.store import Transaction


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What a call acts on.

    Attributes:
        shown: the resource in messages.
        tags: of the resource.
        keys: condition keys that the resource itself gives values to.
        tag_keys: the condition keys that tell them, without the slash.
        boundary: ARN of the entity's permissions boundary; empty for none.
        policy: what the resource itself allows, beside what the caller's policies do; empty for nothing.
        owner: ARN of who owns a delegation request; empty for everything else.
        role: the role whose trust policy is the resource's policy; None for everything else, and for a role that is not
            there.
    """

    resource: Resource
    shown: str
    tags: Mapping[str, str] = {}
    tag_keys: tuple[str, ...] = ("aws:ResourceTag",)
    boundary: str = ""
    keys: Mapping[str, ContextValue] = {}
    role: Role | None = None
    policy: str = ""
    owner: str = ""


class Asked(msgspec.Struct, frozen=True):
    """What finders look at."""

    tx: Transaction
    caller: Caller
    partition: str
    input: Mapping[str, Any]

    def arn(self, resource: str) -> str:
        """Make the ARN of something in the caller's account."""
        return f"arn:{self.partition}:iam::{self.caller.account}:{resource}"


def nothing(asked: Asked) -> Target:
    """Return the target of an action without resource types."""
    return Target(resource=Resource(arn="*", account=asked.caller.account), shown="*")


def own(asked: Asked, arn: str, shown: str, entity: Any = None) -> Target:
    """Return something of the caller's account as a target; *entity* is what there is of it in the directory."""
    return Target(
        resource=Resource(arn=arn, account=asked.caller.account),
        shown=shown,
        tags=getattr(entity, "tags", {}),
        tag_keys=tag_keys(entity),
        boundary=getattr(entity, "boundary", ""),
    )


def tag_keys(entity: Any) -> tuple[str, ...]:
    """Tell which keys have the tags: of users and roles there are two, of everything else one (`data/SOURCE.md`)."""
    return ("aws:ResourceTag", "iam:ResourceTag") if isinstance(entity, User | Role) else ("aws:ResourceTag",)
