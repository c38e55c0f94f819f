"""Statements made into checks: what is left of one once its action and its principal are known to fit."""

import msgspec

from remit.policy.evaluate.checks import Check, all_of, never
from remit.policy.evaluate.conditions import condition_check, required_heads, requires_key
from remit.policy.evaluate.index import Head
from remit.policy.evaluate.resources import heads, resource_check
from remit.policy.language.document import Effect, Statement
from remit.policy.language.layers import WITH_PRINCIPAL, Layer


class Need(msgspec.Struct, frozen=True):
    """What a request must have in its context for a statement to apply.

    Attributes:
        heads: what one of the key's values begins with; None if any value will do.
    """

    key: str
    heads: tuple[Head, ...] | None


class CompiledStatement(msgspec.Struct, frozen=True, eq=False):
    """A statement, made ready.

    Attributes:
        index: of the statement in its document.
        check: that resource and conditions fit; None if every request's do.
        first, others: the same in two steps; *others* is None for a single one.
    """

    statement: Statement
    index: int
    check: Check | None
    first: Check | None
    others: Check | None

    @property
    def sameness(self) -> object:
        """Equal for statements that apply to the same requests for the same action."""
        statement = self.statement
        return statement.resources, statement.not_resources, statement.conditions

    @property
    def heads(self) -> tuple[Head, ...] | None:
        """What the sixth part of its resources begins with; None if it may be anything."""
        return heads(self.statement.resources) if self.statement.resources else None

    @property
    def need(self) -> Need | None:
        """What its conditions need of a request; None for nothing in particular."""
        return _need(self.statement)

    def belongs(self, layer: Layer) -> bool:
        """Say whether its elements have a meaning in *layer*; those of a document of the wrong type do not."""
        statement = self.statement
        has_principal = statement.principal is not None or statement.not_principal is not None
        has_resource = bool(statement.resources or statement.not_resources)
        return has_principal == (layer in WITH_PRINCIPAL) and (has_resource or layer is Layer.RESOURCE)

    @property
    def is_deny(self) -> bool:
        """Whether it denies."""
        return self.statement.effect is Effect.DENY


def compile_statement(statement: Statement, index: int) -> CompiledStatement:
    """Make *statement* ready."""
    conditions = [condition_check(condition) for condition in statement.conditions]
    resource = _resource_check(statement)
    # A Deny usually guards its resources from the few who do not keep its conditions: those are asked first.
    steps = [*conditions, resource] if statement.effect is Effect.DENY else [resource, *conditions]
    asked = [step for step in steps if step is not None]
    return CompiledStatement(
        statement=statement,
        index=index,
        check=all_of(asked),
        first=asked[0] if asked else None,
        others=all_of(asked[1:]),
    )


def _resource_check(statement: Statement) -> Check | None:
    if statement.resources:
        return resource_check(statement.resources)
    if not statement.not_resources:  # a trust policy has no Resource: it stands for its role (K4)
        return None
    fits = resource_check(statement.not_resources)
    if fits is None:
        return never
    return None if fits is never else lambda request: not fits(request)


def _need(statement: Statement) -> Need | None:
    found: Need | None = None
    for condition in statement.conditions:
        if requires_key(condition):
            required = required_heads(condition)
            if required is not None:
                return Need(condition.key, required)
            found = found or Need(condition.key, None)
    return found
