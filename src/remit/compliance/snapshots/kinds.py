"""What a read is, before it is one: which operation, where, with which parameters, following from what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Scope(StrEnum):
    """Where a service is asked.

    GLOBAL: once, in the partition's first region. REGIONAL: in each region that the account has enabled.
    """

    GLOBAL = "global"
    REGIONAL = "regional"


@dataclass(frozen=True, slots=True)
class Following:
    """A read is made once for each thing that another one listed; that may be itself, as with units within units.

    Attributes:
        read: name of the other read; a list in the same region.
        path: of the things in its answer, as `items` takes it.
        params: parameter of this read -> member of the thing, with dots from a member into it; empty for the thing
            itself. What is no text is written as JSON. Of a thing without a member that has `?` behind it nothing is
            asked.
        only: parameters that the other read must have had.
        keeps: parameters of the other read that this one has as well.
        owner: the member with the account that a thing belongs to, where an endpoint may list others' beside one's own;
            of those nothing is asked.
        where: members of a thing, and the values of which each has to have one; nothing is asked about others.
        told: path of things in the same answer, and their member: a thing whose parameter is among the members is
            known from there, and nothing is asked about it.
    """

    read: str
    path: str
    params: Mapping[str, str]
    only: Mapping[str, object] = field(default_factory=dict[str, object])
    keeps: tuple[str, ...] = ()
    owner: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    told: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class ReadKind:
    """A kind of read.

    Attributes:
        name: `ec2:DescribeVolumes`: the SDK's name of the service, and the operation.
        follows: what gives its parameters; None where it needs none, or *fixed* has them.
        fixed: parameters that are always the same; `{account}` stands for the account's id.
        absent: codes of errors that say that there is none.
        prepared_by: name of an operation that has to be called first, with the same parameters; the read is repeated
            until it says that the answer is whole, with the `JobId` that the operation gave where it gave one.
        is_made: whether its value is made of more than one answer, by what a collector is given; without that it is not
            asked.
        needs_management: whether only an organization's management account, or a delegated administrator, is answered.
    """

    name: str
    scope: Scope = Scope.REGIONAL
    follows: Following | None = None
    fixed: Mapping[str, object] = field(default_factory=dict[str, object])
    absent: tuple[str, ...] = ()
    prepared_by: str = ""
    is_made: bool = False
    needs_management: bool = False

    @property
    def service(self) -> str:
        """The SDK's name of the service."""
        return self.name.partition(":")[0]

    @property
    def operation(self) -> str:
        """The operation."""
        return self.name.partition(":")[2]


def regional(name: str, **more: object) -> ReadKind:
    """Return a kind of read that is made in each region; *more* is as `ReadKind` has it."""
    return ReadKind(name, Scope.REGIONAL, **more)  # type: ignore[arg-type]  # the names are ReadKind's own


def worldwide(name: str, **more: object) -> ReadKind:
    """Return a kind of read that is made once; *more* is as `ReadKind` has it."""
    return ReadKind(name, Scope.GLOBAL, **more)  # type: ignore[arg-type]  # the names are ReadKind's own
