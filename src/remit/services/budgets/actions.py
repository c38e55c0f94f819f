"""Actions of budgets: made, shown, changed, approved, reversed.

Source: AWS Budgets API reference, CreateBudgetAction, ExecuteBudgetAction and the operations beside them.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from remit.billing.budgets.actions import execute, reverse
from remit.billing.budgets.telling import tell_of_action
from remit.clock import whole_second
from remit.directory.billing import budgets as directory
from remit.directory.billing.budgets import (
    BUDGET_ACTIONS,
    ActionStatus,
    BudgetAction,
    check_unlocked,
    happened,
    known_action,
    known_budget,
)
from remit.directory.billing.facts import Hindered, Taken, Thing
from remit.directory.organizations import organization_of
from remit.request import Call
from remit.services.budgets import shapes
from remit.services.budgets.errors import wrong
from remit.services.budgets.notifications import subscribers_of
from remit.services.budgets.pages import page
from remit.services.budgets.registry import operation
from remit.services.budgets.tags import RULES
from remit.store import Transaction

_PARTS = (
    "NotificationType",
    "ActionType",
    "ActionThreshold",
    "Definition",
    "ExecutionRoleArn",
    "ApprovalModel",
    "Subscribers",
)
_Change = Callable[[Transaction, BudgetAction, Call[Any]], BudgetAction]
_DEFINITIONS = {
    "APPLY_IAM_POLICY": "IamActionDefinition",
    "APPLY_SCP_POLICY": "ScpActionDefinition",
    "RUN_SSM_DOCUMENTS": "SsmActionDefinition",
}


def _check(call: Call[Any], tx: Transaction, said: Mapping[str, Any]) -> None:
    """Refuse what no action can be, and a role that the caller may not pass.

    Raises:
        ServiceError: InvalidParameterException.
        AccessDenied: the caller may not pass the role.
    """
    wanted = _DEFINITIONS[said["ActionType"]]
    given = [name for name in _DEFINITIONS.values() if said["Definition"].get(name)]
    if given != [wanted]:
        raise wrong(f"An action of the type {said['ActionType']} needs the definition {wanted}, and no other.")
    subscribers_of(said["Subscribers"])
    iam: Mapping[str, Any] = said["Definition"].get("IamActionDefinition") or {}
    if iam and not any(iam.get(kind) for kind in ("Users", "Groups", "Roles")):
        raise wrong("An IAM action needs a user, group or role.")
    if wanted == "ScpActionDefinition":
        organization = organization_of(tx, call.account)
        if organization is None or not organization.is_managed_by(call.account):
            raise wrong("Only the management account of an organization can have actions with control policies.")
    role: str = said["ExecutionRoleArn"]
    if role.split(":")[4] != call.account:
        raise wrong("The execution role must be one of the account.")
    call.require("iam:PassRole", role, {"iam:PassedToService": "budgets.amazonaws.com"})


@operation("CreateBudgetAction")
def create_budget_action(call: Call[shapes.CreateBudgetActionRequest], tx: Transaction) -> dict[str, Any]:
    """Say what is done once a threshold is passed."""
    asked: Any = call.input
    budget = known_budget(tx, call.account, asked["BudgetName"])
    said = {name: asked[name] for name in _PARTS}
    _check(call, tx, said)
    if any(held.said == said for held in directory.actions_of(tx, call.account, budget.name)):
        raise Taken(Thing.BUDGET_ACTION, budget.name)
    action = BudgetAction(
        id=directory.new_action_id(),
        account=call.account,
        budget=budget.name,
        said=said,
        tags=RULES.read(asked.get("ResourceTags", ())),
    )
    tx.put(BUDGET_ACTIONS, happened(action, call.at, "CREATE_ACTION", "The action was created."))
    return {"AccountId": call.account, "BudgetName": budget.name, "ActionId": action.id}


@operation("UpdateBudgetAction")
def update_budget_action(call: Call[shapes.UpdateBudgetActionRequest], tx: Transaction) -> dict[str, Any]:
    """Change what is given of an action that is not in effect."""
    asked: Any = call.input
    action = _named(call, tx)
    check_unlocked(action)
    said = {**action.said, **{name: asked[name] for name in _PARTS if name in asked}}
    _check(call, tx, said)
    changed = happened(msgspec.structs.replace(action, said=said), call.at, "UPDATE_ACTION", "The action was changed.")
    tx.put(BUDGET_ACTIONS, changed)
    return {
        "AccountId": call.account,
        "BudgetName": action.budget,
        "OldAction": shown(action),
        "NewAction": shown(changed),
    }


def _named(call: Call[Any], tx: Transaction) -> BudgetAction:
    return known_action(tx, call.account, call.input["BudgetName"], call.input["ActionId"])


def shown(action: BudgetAction) -> dict[str, Any]:
    """Return an action as answers have it."""
    return {"ActionId": action.id, "BudgetName": action.budget, **action.said, "Status": str(action.status)}


@operation("DeleteBudgetAction")
def delete_budget_action(call: Call[shapes.DeleteBudgetActionRequest], tx: Transaction) -> dict[str, Any]:
    """Remove an action that is not in effect."""
    action = _named(call, tx)
    check_unlocked(action)
    tx.delete(BUDGET_ACTIONS, action)
    return {"AccountId": call.account, "BudgetName": action.budget, "Action": shown(action)}


@operation("DescribeBudgetAction")
def describe_budget_action(call: Call[shapes.DescribeBudgetActionRequest], tx: Transaction) -> dict[str, Any]:
    """Show an action."""
    action = _named(call, tx)
    return {"AccountId": call.account, "BudgetName": action.budget, "Action": shown(action)}


@operation("DescribeBudgetActionsForAccount")
def describe_budget_actions_for_account(
    call: Call[shapes.DescribeBudgetActionsForAccountRequest], tx: Transaction
) -> dict[str, Any]:
    """List the actions of all budgets."""
    found, following = page(call, tx, directory.actions_of(tx, call.account), lambda action: action.id)
    return {"Actions": [shown(action) for action in found], **following}


@operation("DescribeBudgetActionsForBudget")
def describe_budget_actions_for_budget(
    call: Call[shapes.DescribeBudgetActionsForBudgetRequest], tx: Transaction
) -> dict[str, Any]:
    """List the actions of a budget."""
    budget = known_budget(tx, call.account, call.input["BudgetName"])
    found, following = page(call, tx, directory.actions_of(tx, call.account, budget.name), lambda action: action.id)
    return {"Actions": [shown(action) for action in found], **following}


@operation("DescribeBudgetActionHistories")
def describe_budget_action_histories(
    call: Call[shapes.DescribeBudgetActionHistoriesRequest], tx: Transaction
) -> dict[str, Any]:
    """List what happened to an action, the earliest first."""
    action = _named(call, tx)
    between = call.input.get("TimePeriod", {})
    start, end = between.get("Start"), between.get("End")
    numbered = [
        (f"{number:09}", one)
        for number, one in enumerate(action.history)
        if (start is None or one.at >= start) and (end is None or one.at < end)
    ]
    found, following = page(call, tx, numbered, lambda item: item[0])
    histories = [
        {
            "Timestamp": whole_second(one.at),
            "Status": one.status,
            "EventType": one.event,
            "ActionHistoryDetails": {"Message": one.message, "Action": one.shown},
        }
        for _, one in found
    ]
    return {"ActionHistories": histories, **following}


def _again(tx: Transaction, action: BudgetAction, call: Call[Any]) -> BudgetAction:
    return execute(tx, action, call.at, "EXECUTE_ACTION")


def _back(tx: Transaction, action: BudgetAction, call: Call[Any]) -> BudgetAction:
    return reverse(tx, action, call.at, "EXECUTE_ACTION")


def _reset(tx: Transaction, action: BudgetAction, call: Call[Any]) -> BudgetAction:
    """Let an action wait for the threshold again; what it attached stays, and is its own no more."""
    del tx
    standing = msgspec.structs.replace(action, status=ActionStatus.STANDBY, done=(), period=None)
    return happened(standing, call.at, "EXECUTE_ACTION", "The action was reset.")


# What is asked for -> from which statuses it can be, and what is done.
_EXECUTIONS: Mapping[str, tuple[frozenset[ActionStatus], _Change]] = {
    "APPROVE_BUDGET_ACTION": (frozenset({ActionStatus.PENDING}), _again),
    "RETRY_BUDGET_ACTION": (frozenset({ActionStatus.FAILED}), _again),
    "REVERSE_BUDGET_ACTION": (frozenset({ActionStatus.EXECUTED, ActionStatus.REVERSE_FAILED}), _back),
    "RESET_BUDGET_ACTION": (frozenset({ActionStatus.EXECUTED, ActionStatus.REVERSED, ActionStatus.FAILED}), _reset),
}


@operation("ExecuteBudgetAction")
def execute_budget_action(call: Call[shapes.ExecuteBudgetActionRequest], tx: Transaction) -> dict[str, Any]:
    """Approve, try again, reverse or reset an action."""
    action, kind = _named(call, tx), call.input["ExecutionType"]
    statuses, change = _EXECUTIONS[kind]
    if action.status not in statuses:
        text = f"{kind} is not possible while the action is {action.status}."
        raise Hindered(Thing.BUDGET_ACTION, action.id, text)
    changed = change(tx, action, call)
    tx.put(BUDGET_ACTIONS, changed)
    tell_of_action(tx, changed, call.at)
    return {
        "AccountId": call.account,
        "BudgetName": action.budget,
        "ActionId": action.id,
        "ExecutionType": kind,
    }
