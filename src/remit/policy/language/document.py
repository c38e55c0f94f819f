"""What a policy document says, taken apart once: every backend reads this form and none reads JSON.

Documents and statements are equal only to themselves and hash by identity, so that they can be keys of a memo at no
cost; what they are made of compares by value. Where each element stands in the text `positions` finds out.
Source: `policy-evaluation` reference, part 1 and part 7; positions: `iam-sts` reference, "Policy simulator".
"""

from enum import StrEnum

import msgspec

from remit.policy.language.operators import Operand, Operator, Qualifier
from remit.policy.language.patterns import ActionPattern, ResourcePattern


class Effect(StrEnum):
    """What a statement does when it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


class Version(StrEnum):
    """The versions of the language; a document without one is of the older (V1)."""

    V2008 = "2008-10-17"
    V2012 = "2012-10-17"

    @property
    def has_variables(self) -> bool:
        """Whether `${...}` means something (V2)."""
        return self is Version.V2012


class Element(StrEnum):
    """The elements of a statement, by their names in a document."""

    SID = "Sid"
    EFFECT = "Effect"
    PRINCIPAL = "Principal"
    NOT_PRINCIPAL = "NotPrincipal"
    ACTION = "Action"
    NOT_ACTION = "NotAction"
    RESOURCE = "Resource"
    NOT_RESOURCE = "NotResource"
    CONDITION = "Condition"


class PrincipalType(StrEnum):
    """The keys of a `Principal` object."""

    AWS = "AWS"
    FEDERATED = "Federated"
    SERVICE = "Service"
    CANONICAL_USER = "CanonicalUser"


class PrincipalEntry(msgspec.Struct, frozen=True):
    """One name in a `Principal`, as written: `*`, an account, an ARN, an id, a service, a provider."""

    type: PrincipalType
    name: str

    @property
    def is_everyone(self) -> bool:
        """Whether it is `{"AWS": "*"}`, which says the same as `"*"` (P1)."""
        return self.type is PrincipalType.AWS and self.name == "*"


class Principals(msgspec.Struct, frozen=True):
    """A `Principal` or `NotPrincipal`.

    Attributes:
        is_everyone: written as `"*"`; *entries* is empty then.
    """

    entries: tuple[PrincipalEntry, ...] = ()
    is_everyone: bool = False


class Condition(msgspec.Struct, frozen=True):
    """One key of one operator's block.

    Attributes:
        key: the condition key in lower case, as a request's context has it (C2).
        name: the key as written.
        values: one of them must fit (C1); may be empty, and then none does.
    """

    qualifier: Qualifier
    operator: Operator
    if_exists: bool
    key: str
    name: str
    values: tuple[Operand, ...]

    @property
    def operator_name(self) -> str:
        """The operator with qualifier and suffix, in AWS's spelling: `ForAnyValue:StringLikeIfExists`."""
        before = f"{self.qualifier}:" if self.qualifier else ""
        return f"{before}{self.operator.name}{'IfExists' if self.if_exists else ''}"


class Statement(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One statement.

    INVARIANT: exactly one of *actions* and *not_actions* has entries, at most one of *resources* and *not_resources*,
    and at most one of *principal* and *not_principal* is there (G5); an element that is not there is empty or None.
    """

    effect: Effect
    sid: str = ""
    principal: Principals | None = None
    not_principal: Principals | None = None
    actions: tuple[ActionPattern, ...] = ()
    not_actions: tuple[ActionPattern, ...] = ()
    resources: tuple[ResourcePattern, ...] = ()
    not_resources: tuple[ResourcePattern, ...] = ()
    conditions: tuple[Condition, ...] = ()


class Document(msgspec.Struct, frozen=True, eq=False, weakref=True):
    """A policy document.

    Attributes:
        id: its `Id`; kept and ignored (G7).
        text: what it was read from.
    """

    version: Version
    id: str
    statements: tuple[Statement, ...]
    text: str
