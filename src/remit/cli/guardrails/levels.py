"""Which control policy decides, and at which level of the tree it is attached."""

from collections.abc import Iterator

from remit.authz import Question
from remit.authz.belonging import Levels, belonging
from remit.directory.accounts import Account, known_account
from remit.directory.organizations import Organization, OrganizationalUnit, organization_of
from remit.directory.organizations.attachments import Target
from remit.directory.organizations.putting_tree import place_of
from remit.directory.organizations.tree import ancestry
from remit.ids import AccountId
from remit.policy import Decision, Layer, Verdict
from remit.store import Transaction

_NAMES = {Layer.SCP: "service control policy", Layer.RCP: "resource control policy"}


def levels_said(tx: Transaction, question: Question) -> list[str]:
    """Say which control policies made the answer, and where in the tree they are; nothing if none did."""
    return list(_said(tx, question))


def _said(tx: Transaction, question: Question) -> Iterator[str]:
    decision, request = question.decision, question.request
    if decision is None:
        return
    sides = ((Layer.SCP, request.principal.account), (Layer.RCP, request.resource.account))
    for layer, account in sides:
        organization = organization_of(tx, AccountId(account))
        there = belonging(tx, AccountId(account))
        if organization is None or there is None:
            continue
        if there.is_management and layer is Layer.SCP and decision.is_allowed:
            yield "no control policy binds the management account"
        levels = there.scps if layer is Layer.SCP else there.rcps
        if layer in decision.causes and levels is not None:
            targets = ancestry(tx, organization, known_account(tx, AccountId(account)))
            names = [_name(tx, organization, target) for target in targets]
            yield from _of_layer(layer, decision, levels, names)


def _of_layer(layer: Layer, decision: Decision, levels: Levels, names: list[str]) -> Iterator[str]:
    if decision.verdict is Verdict.EXPLICIT_DENY:
        denying = {match.policy.arn: match for match in decision.denies if match.layer is layer}
        for level, name in zip(levels, names, strict=True):
            for policy in level:
                if policy.arn in denying:
                    match = denying[policy.arn]
                    statement = f'"{match.statement.sid}"' if match.statement.sid else str(match.index + 1)
                    yield f"{_NAMES[layer]} `{policy.name}` at {name} denies it: statement {statement}"
        return
    allowing = {match.policy.arn for match in decision.allows if match.layer is layer}
    for level, name in zip(levels, names, strict=True):
        if not any(policy.arn in allowing for policy in level):
            held = ", ".join(f"`{policy.name}`" for policy in level)
            yield f"no {_NAMES[layer]} at {name} allows it: {held}"


def _name(tx: Transaction, organization: Organization, target: Target) -> str:
    match target:
        case Organization():
            return "the root"
        case OrganizationalUnit():
            return f"unit {place_of(tx, organization, target.id)}"
        case Account():
            return f"account {target.id} ({target.name})"
