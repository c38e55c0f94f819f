"""Makes the change that an explanation proposes, so that the reference can be asked about it."""

from typing import Any

import msgspec

from remit.policy import Document, Layer, Policies, Policy, Statement
from remit.policy.explain import Finding
from remit.policy.language.document import Element, Principals
from remit.policy.language.patterns import ActionPattern, ResourcePattern

ANY_ACTION, NO_ACTION = ActionPattern("*"), ActionPattern("nobody:DoesThis")
ANY_RESOURCE, NO_RESOURCE = ResourcePattern("*", False), ResourcePattern("arn:none:of:::these", False)


def with_element_changed(policies: Policies, finding: Finding, element: Element) -> Policies:
    """Return *policies* in which the statement's element fits if it failed, or fails if the statement applies."""
    old = finding.document
    fits = finding.miss is not None
    statement = _changed(finding.statement, element, finding.miss.condition if finding.miss is not None else 0, fits)
    statements = [statement if place == finding.index else other for place, other in enumerate(old.statements)]
    new = Document(version=old.version, id=old.id, statements=tuple(statements), text=old.text)

    def one(policy: Policy | None) -> Policy | None:
        return None if policy is None or policy.document is not old else msgspec.structs.replace(policy, document=new)

    return msgspec.structs.replace(policies, **_replaced(policies, finding.layer, one))


def _changed(statement: Statement, element: Element, condition: int, fits: bool) -> Statement:  # noqa: FBT001
    change: dict[str, Any]
    match element:
        case Element.ACTION:
            change = {"actions": (ANY_ACTION if fits else NO_ACTION,)}
        case Element.NOT_ACTION:
            change = {"not_actions": (NO_ACTION if fits else ANY_ACTION,)}
        case Element.RESOURCE:
            change = {"resources": (ANY_RESOURCE,)}
        case Element.NOT_RESOURCE:
            change = {"not_resources": (NO_RESOURCE,)}
        case Element.PRINCIPAL:
            change = {"principal": Principals(is_everyone=True)}
        case Element.NOT_PRINCIPAL:
            change = {"not_principal": Principals()}
        case _ if fits:
            kept = [other for place, other in enumerate(statement.conditions) if place != condition]
            change = {"conditions": tuple(kept)}
        case _:
            never = msgspec.structs.replace(statement.conditions[0], values=(), if_exists=False)
            change = {"conditions": (_never(never),)}
    return msgspec.structs.replace(statement, **change)


def _never(condition: Any) -> Any:
    from remit.policy.language.operators import OPERATORS, Qualifier

    return msgspec.structs.replace(
        condition, operator=OPERATORS["stringequals"], qualifier=Qualifier.NONE, key="nobody:knows"
    )


def _replaced(policies: Policies, layer: Layer, one: Any) -> dict[str, Any]:
    match layer:
        case Layer.IDENTITY:
            return {"identity": tuple(one(policy) or policy for policy in policies.identity)}
        case Layer.SESSION:
            return {
                "session": tuple(one(policy) or policy for policy in policies.session),
                "scopes": tuple(tuple(one(policy) or policy for policy in level) for level in policies.scopes),
            }
        case Layer.SCP | Layer.RCP:
            name = f"{layer}s"
            levels = getattr(policies, name)
            return {name: tuple(tuple(one(policy) or policy for policy in level) for level in levels)}
        case _:
            name = str(layer)
            return {name: one(getattr(policies, name))}
