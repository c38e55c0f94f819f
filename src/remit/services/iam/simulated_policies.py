"""The policies of a user, group or role as the simulator names them, and those that a question leaves out.

Source: `iam-sts` reference, "Policy simulator"; IAM API reference, PolicyIdentifier.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from remit.arn import Arn
from remit.directory.attachments import Holder, policy_by_arn
from remit.directory.aws_managed import is_aws_managed
from remit.directory.facts import NotFound
from remit.directory.groups import Group, groups_of
from remit.directory.policies import Policy as ManagedPolicy
from remit.directory.roles import Role
from remit.directory.users import User
from remit.errors import ServiceError
from remit.policy import DocumentMalformed, Policy, parse
from remit.policy.language.wildcards import Glob, glob, pieces
from remit.services.iam import shapes
from remit.services.iam.errors import invalid_input
from remit.store import Transaction

_KINDS = {User: "user", Group: "group", Role: "role"}
_STATUS = 500


class _Inline(msgspec.Struct, frozen=True):
    """Inline policies of one name, on holders of one kind."""

    name: str
    kind: str
    owner: Glob


class Exclusions(msgspec.Struct, frozen=True):
    """What a question leaves out.

    Attributes:
        types: kinds of policies, as `PolicyIdentifier` names them.
        arns: of managed policies.
    """

    types: frozenset[str] = frozenset()
    arns: tuple[Glob, ...] = ()
    inline: tuple[_Inline, ...] = ()

    def leave_out_inline(self, holder: Holder, name: str) -> bool:
        """Say whether the inline policy *name* of *holder* is left out."""
        kind = _KINDS[type(holder)]
        return "inline" in self.types or any(
            one.name == name and one.kind == kind and one.owner.matches(holder.name) for one in self.inline
        )

    def leave_out_managed(self, policy: ManagedPolicy) -> bool:
        """Say whether a managed policy is left out; its ARN may be written without the path."""
        pathless = f"arn:{policy.partition}:iam::{policy.account}:policy/{policy.name}"
        kind = "aws-managed" if is_aws_managed(policy.arn) else "user-managed"
        return kind in self.types or any(arn.matches(policy.arn) or arn.matches(pathless) for arn in self.arns)

    @property
    def leave_out_boundary(self) -> bool:
        """Whether the permissions boundary is left out."""
        return "permission-boundary" in self.types


NOTHING = Exclusions()


def exclusions(identifiers: Sequence[shapes.PolicyIdentifier]) -> Exclusions:
    """Read what a question leaves out; of control policies none is there to leave out.

    Raises:
        ServiceError: InvalidInput, an identifier is none.
    """
    types: set[str] = set()
    arns: list[Glob] = []
    inline: list[_Inline] = []
    for identifier in identifiers:
        if len(identifier) != 1:
            raise invalid_input("A policy identifier must have exactly one member.")
        if (kind := identifier.get("PolicyType")) is not None:
            types.add(kind)
        elif (arn := identifier.get("PolicyArn")) is not None:
            arns.append(_arn(arn))
        elif (named := identifier.get("InlinePolicyIdentifier")) is not None:
            owner = _pattern(named["AttachmentName"])
            inline.append(_Inline(named["PolicyName"], named["AttachmentType"], owner))
    return Exclusions(frozenset(types), tuple(arns), tuple(inline))


def _arn(text: str) -> Glob:
    """Read the ARN of managed policies, whose name may have wildcards."""
    try:
        path, slash, _ = Arn.parse(text).resource.rpartition("/")
    except ValueError:
        raise _invalid(text) from None
    before = text[: len(text) - len(text.rpartition("/")[2])]
    if not slash or not path.startswith("policy") or "*" in before or "?" in before:
        raise _invalid(text)
    return _pattern(text)


def _pattern(text: str) -> Glob:
    if text.count("*") > 1:
        raise _invalid(text)
    return glob(pieces(text))


def _invalid(text: str) -> ServiceError:
    return invalid_input(f"Invalid policy identifier: {text}.")


def identity_policies(tx: Transaction, holder: Holder, left_out: Exclusions = NOTHING) -> tuple[Policy, ...]:
    """Return the policies on *holder*, a user's groups included.

    Raises:
        ServiceError: PolicyEvaluation, a stored policy cannot be read.
    """
    holders: list[Holder] = [holder, *groups_of(tx, holder)] if isinstance(holder, User) else [holder]
    inline = [
        _policy(text, f"{_KINDS[type(one)]}_{one.name}_{name}")
        for one in holders
        for name, text in one.inline.items()
        if not left_out.leave_out_inline(one, name)
    ]
    managed = [
        _policy(policy.document, policy.name, policy.arn)
        for policy in _managed(tx, holders)
        if not left_out.leave_out_managed(policy)
    ]
    return (*inline, *managed)


def _managed(tx: Transaction, holders: Iterable[Holder]) -> Iterator[ManagedPolicy]:
    """Find the managed policies on *holders*, each once."""
    seen: set[str] = set()
    for holder in holders:
        for arn in holder.attached:
            if arn not in seen:
                seen.add(arn)
                yield _find(tx, holder, arn)


def boundary(tx: Transaction, holder: Holder, left_out: Exclusions = NOTHING) -> Policy | None:
    """Return the permissions boundary of *holder*; None for none, and for groups, which have none.

    Raises:
        ServiceError: PolicyEvaluation, it cannot be read.
    """
    if isinstance(holder, Group) or not holder.boundary or left_out.leave_out_boundary:
        return None
    found = _find(tx, holder, holder.boundary)
    return _policy(found.document, found.name, found.arn)


def _find(tx: Transaction, holder: Holder, arn: str) -> ManagedPolicy:
    try:
        return policy_by_arn(tx, holder.account, arn)
    except NotFound:
        raise _unreadable(arn) from None


def _policy(text: str, name: str, arn: str = "") -> Policy:
    try:
        return Policy(parse(text), name, arn)
    except DocumentMalformed:
        raise _unreadable(arn or name) from None


def _unreadable(name: str) -> ServiceError:
    return ServiceError("PolicyEvaluation", f"The policy {name} cannot be evaluated.", _STATUS)
