"""What a decision comes to."""

from enum import StrEnum

import msgspec

from remit.policy.language.document import Statement
from remit.policy.language.layers import Layer
from remit.policy.language.policies import Policy


class Verdict(StrEnum):
    """The three answers."""

    ALLOW = "allow"
    IMPLICIT_DENY = "implicit-deny"
    EXPLICIT_DENY = "explicit-deny"


class Match(msgspec.Struct, frozen=True, gc=False):
    """A statement that applies to the request.

    Attributes:
        index: of the statement in its document, from 0.
    """

    layer: Layer
    policy: Policy
    index: int
    statement: Statement


class Decision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The answer, and what led to it.

    Attributes:
        causes: for an explicit deny, every layer in which a Deny applies; for an implicit one, every layer that lacks
            an Allow it would need; in the order in which messages name them. Empty for an allow.
        denies: every Deny statement that applies, in the order of *causes*.
        allows: every Allow statement that applies, whatever the verdict.
    """

    verdict: Verdict
    causes: tuple[Layer, ...] = ()
    denies: tuple[Match, ...] = ()
    allows: tuple[Match, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether the request may go on."""
        return self.verdict is Verdict.ALLOW
