"""Policies without their conditions: what they allow is more than what the policies do, and easy to ask.

A statement that names resources by variables means every resource here.
"""

from collections.abc import Iterator, Sequence

from remit.policy import Policies, Policy, Statement
from remit.policy.language.document import Document, Effect, Version
from remit.policy.language.keys_used import keys_used
from remit.policy.language.patterns import ResourcePattern
from remit.policy.language.variables import has_variables

_EVERYTHING = ResourcePattern("*", has_variables=False)


class Stripped:
    """Statements of some effects, without conditions, in their places.

    Attributes:
        policies: as they take part in a decision.
    """

    def __init__(self, policies: Policies, *effects: Effect) -> None:
        self._effects = effects
        self._written: dict[int, Statement] = {}
        self.policies = Policies(
            identity=self._level(policies.identity),
            boundary=self._maybe(policies.boundary),
            session=self._level(policies.session),
            scopes=tuple(self._level(one) for one in policies.scopes),
            resource=self._maybe(policies.resource),
            scps=None if policies.scps is None else tuple(self._level(one) for one in policies.scps),
            rcps=None if policies.rcps is None else tuple(self._level(one) for one in policies.rcps),
            vpc_endpoint=self._maybe(policies.vpc_endpoint),
        )

    def written(self, statement: Statement) -> Statement:
        """Return what *statement* was, with its conditions."""
        return self._written[id(statement)]

    def _level(self, policies: Sequence[Policy]) -> tuple[Policy, ...]:
        return tuple(self._strip(one) for one in policies)

    def _maybe(self, policy: Policy | None) -> Policy | None:
        return None if policy is None else self._strip(policy)

    def _strip(self, policy: Policy) -> Policy:
        kept = [self._bare(one) for one in policy.document.statements if one.effect in self._effects]
        return Policy(Document(Version.V2012, "", tuple(kept), ""))

    def _bare(self, statement: Statement) -> Statement:
        is_anywhere = has_resource_variables(statement)
        bare = Statement(
            effect=statement.effect,
            principal=statement.principal,
            not_principal=statement.not_principal,
            actions=statement.actions,
            not_actions=statement.not_actions,
            resources=(_EVERYTHING,) if is_anywhere else statement.resources,
            not_resources=() if is_anywhere else statement.not_resources,
        )
        self._written[id(bare)] = statement
        return bare


def has_resource_variables(statement: Statement) -> bool:
    """Say whether the request has a say in which resources *statement* means."""
    return any(
        has_variables(segment)
        for pattern in (*statement.resources, *statement.not_resources)
        for segment in pattern.segments
    )


def statements(policies: Policies) -> Iterator[Statement]:
    """Return all statements of policies."""
    several = [policies.identity, policies.session]
    several += [level for levels in (policies.scopes, policies.scps or (), policies.rcps or ()) for level in levels]
    single = [one for one in (policies.boundary, policies.resource, policies.vpc_endpoint) if one is not None]
    for policy in (*(one for level in several for one in level), *single):
        yield from policy.document.statements


def keys(statements: Sequence[Statement]) -> dict[str, str]:
    """Return the condition keys that statements ask for, variables included: in lower case -> as they spell them."""
    document = Document(Version.V2012, "", tuple(statements), "")
    return {name.lower(): name for name in keys_used(document)}
