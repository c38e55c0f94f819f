"""What an explanation is made of: layers, statements, what they failed in, and what would change the answer.

Source: `policy-evaluation` reference, 5.3.
"""

from enum import StrEnum

import msgspec

from remit.policy.language.decision import Decision, Verdict
from remit.policy.language.document import Condition, Document, Element, Statement
from remit.policy.language.layers import Layer, Named
from remit.policy.language.policies import Policy
from remit.policy.language.positions import Position, Span, position, spans


class Says(StrEnum):
    """What a layer contributes to an answer."""

    DENIES = "denies"
    ALLOWS = "allows"
    SILENT = "is silent"
    NONE = "none"
    EXEMPT = "does not bind"


class Miss(msgspec.Struct, frozen=True, gc=False):
    """The one element that keeps a statement from applying.

    Attributes:
        condition: which of the statement's conditions, if *element* is `Condition`; otherwise -1.
        asked: what the request has there; empty when it has nothing.
        written: what the statement has there.
    """

    element: Element
    condition: int
    asked: tuple[str, ...]
    written: tuple[str, ...]


class Finding(msgspec.Struct, frozen=True, gc=False):
    """A statement that applies (*miss* is None), or that one element keeps from it.

    Attributes:
        index: of the statement in its document, from 0.
        named: how it names the caller, in layers where statements do.
    """

    layer: Layer
    policy: Policy
    index: int
    miss: Miss | None = None
    named: Named | None = None

    @property
    def document(self) -> Document:
        """The document it stands in."""
        return self.policy.document

    @property
    def statement(self) -> Statement:
        """The statement itself."""
        return self.policy.document.statements[self.index]

    @property
    def condition(self) -> Condition | None:
        """The condition that failed, if one did."""
        is_condition = self.miss is not None and self.miss.condition >= 0
        return self.statement.conditions[self.miss.condition] if self.miss is not None and is_condition else None

    @property
    def span(self) -> Span:
        """Where in the document's text to look: the element that failed, or the statement."""
        place = spans(self.document)[self.index]
        if self.miss is None:
            return place.statement
        if self.miss.condition >= 0:
            return place.conditions[self.miss.condition]
        return place.of(self.miss.element)

    @property
    def position(self) -> Position:
        """The same in lines and columns, both from 1."""
        return position(self.document.text, self.span.start)


class LayerFindings(msgspec.Struct, frozen=True, gc=False):
    """One layer: what it says, and the statements that made it say so or nearly something else.

    Attributes:
        policies: how many there are in it.
        applying: statements that apply, in their order.
        near: statements that one element keeps from applying.
        lacking: ARNs of the levels that allow nothing, where it is known what they are.
    """

    layer: Layer
    says: Says
    policies: int
    applying: tuple[Finding, ...] = ()
    near: tuple[Finding, ...] = ()
    lacking: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True, gc=False):
    """A change of one element of one statement that would turn the answer; it was tried out.

    Attributes:
        finding: the statement: one that would apply without its miss, or one that applies and would not any more.
        element: which one would have to change; of a statement that applies, one that could.
        verdict: what the answer would be.
    """

    finding: Finding
    element: Element
    verdict: Verdict


class Explanation(msgspec.Struct, frozen=True, gc=False):
    """Why a request is answered as it is.

    Attributes:
        layers: all of them, in the order of messages.
        changes: those that turn the answer, if a single one does.
    """

    decision: Decision
    layers: tuple[LayerFindings, ...]
    changes: tuple[Change, ...]
