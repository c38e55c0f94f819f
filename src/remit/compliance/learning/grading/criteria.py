"""What a lab is graded by: predicates over the tenant, the trail, the engine's answers and the learner's.

`says` is what the learner reads; `hint` is added where it is not met. Accounts are named as the lab names them.
`who` is `user/NAME`, `role/NAME`, `root`; `imagined`, for a principal that may do whatever the organization lets it;
`imagined:role/NAME` for one of that name; or `everybody`, for every user and role of the account but the learner's
own way in.
"""

from typing import Annotated, Any

import msgspec

Some = Annotated[list[str], msgspec.Meta(min_length=1)]
Context = dict[str, str | list[str] | None]


class _Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every criterion has."""

    says: str
    hint: str = ""


# -- (1) the state of the tenant


class Gone(_Criterion, frozen=True, kw_only=True, tag="gone"):
    """Users, groups, roles and policies that are not there any more: `user/NAME`; `key/user/NAME` for its keys."""

    account: str
    what: Some


class There(_Criterion, frozen=True, kw_only=True, tag="there"):
    """Users, groups, roles and policies that are there."""

    account: str
    what: Some


class Members(_Criterion, frozen=True, kw_only=True, tag="members"):
    """Users who are in a group, exactly these."""

    account: str
    group: str
    users: list[str]


class RootBare(_Criterion, frozen=True, kw_only=True, tag="root-bare"):
    """Accounts whose root user has neither a key nor a password."""

    accounts: Some


class InUnit(_Criterion, frozen=True, kw_only=True, tag="in-unit"):
    """An account that is in a unit, named by its path; empty for the root."""

    account: str
    unit: str


class Delegated(_Criterion, frozen=True, kw_only=True, tag="delegated"):
    """Who administers which service, exactly these: principal of a service -> accounts."""

    services: dict[str, list[str]]


class AgreementInForce(_Criterion, frozen=True, kw_only=True, tag="agreement"):
    """An agreement that the management account accepted for the organization, itself and in this attempt."""


# -- (2) the trail


class NoRoot(_Criterion, frozen=True, kw_only=True, tag="no-root"):
    """Since the lab began no root user was at work; sessions of AssumeRoot do not count."""


class Never(_Criterion, frozen=True, kw_only=True, tag="never"):
    """Since the lab began nobody made any of these calls with success."""

    calls: Some


class Did(_Criterion, frozen=True, kw_only=True, tag="did"):
    """Since the lab began somebody made a call in an account, with success."""

    account: str
    call: str


# -- (3) proofs, and (4) what must still work


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request that is asked of the engine."""

    action: str
    resource: str = "*"
    context: dict[str, str | list[str]] = {}


class May(_Criterion, frozen=True, kw_only=True, tag="may"):
    """Every one of these may make every one of these requests."""

    account: str
    who: Some
    requests: Annotated[list[Wanted], msgspec.Meta(min_length=1)]


class MayNot(_Criterion, frozen=True, kw_only=True, tag="may-not"):
    """None of these may do any of this in any circumstances.

    Attributes:
        besides: of `everybody`, who is not asked about.
        resources: ARNs; with wildcards for all that fit.
        context: condition keys that are settled, null for one that no request has; all others are left open.
        outside: condition keys that every request has -> values that are not meant.
    """

    account: str
    who: Some
    besides: list[str] = []
    actions: Some
    resources: Some = msgspec.field(default_factory=lambda: ["*"])
    context: Context = {}
    outside: dict[str, list[str]] = {}


class NoAdministrator(_Criterion, frozen=True, kw_only=True, tag="no-administrator"):
    """Nobody but *besides* can come to administer the account, by whatever steps.

    Attributes:
        who: who is asked about; everybody by default.
    """

    account: str
    who: Some = msgspec.field(default_factory=lambda: ["everybody"])
    besides: list[str] = []


# -- what the learner says


class Answered(_Criterion, frozen=True, kw_only=True, tag="answer"):
    """What stands in `answers.yaml`: a text, a number, a list in any order, or an object.

    Attributes:
        wrong: how many members of an object may be wrong.
    """

    key: str
    right: Any
    wrong: int = 0


class Judged(_Criterion, frozen=True, kw_only=True, tag="judged"):
    """What a function of `judges` looks at; it says in the learner's words what is wrong."""

    by: str
    given: dict[str, Any] = {}


Criterion = (
    Gone
    | There
    | Members
    | RootBare
    | InUnit
    | Delegated
    | AgreementInForce
    | NoRoot
    | Never
    | Did
    | May
    | MayNot
    | NoAdministrator
    | Answered
    | Judged
)
