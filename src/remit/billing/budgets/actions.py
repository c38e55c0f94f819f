"""Actions of budgets: a policy is attached to users, groups and roles, or a control policy to accounts and units.

It is done as the execution role, which must exist, trust AWS Budgets and be allowed to: nothing is done that a session
of it could not do. What an action attached it can take back; what was attached before, stays.
Source: AWS Cost Management user guide, "Configuring a role for AWS Budgets to run budget actions"; API reference,
`Definition`, ExecuteBudgetAction.
"""

from datetime import datetime
from typing import Any, cast

import msgspec

from remit.authz import question_of
from remit.directory import attachments
from remit.directory.attachments import Holder, policy_by_arn
from remit.directory.billing.budgets import ActionStatus, BudgetAction, happened
from remit.directory.callers import role_caller
from remit.directory.facts import AlreadyExists, DirectoryFact, NotFound, Noun
from remit.directory.groups import GROUPS
from remit.directory.organizations import attachments as in_organization
from remit.directory.organizations import organization_of
from remit.directory.organizations.policies import known_policy
from remit.directory.roles import ROLES, Role
from remit.directory.users import USERS
from remit.policy import parse
from remit.store import Transaction

PRINCIPAL = "budgets.amazonaws.com"
_SESSION = "AWSBudgetsAction"
_ASSUME = frozenset({"sts:AssumeRole", "sts:*", "*"})
_NOUNS = {"user": Noun.USER, "group": Noun.GROUP, "role": Noun.ROLE}
_VERBS = {"user": "UserPolicy", "group": "GroupPolicy", "role": "RolePolicy"}


class ActionRefused(Exception):
    """Why an action cannot be done; a sentence for people."""


def execute(tx: Transaction, action: BudgetAction, at: datetime, event: str) -> BudgetAction:
    """Do an action, whole or not at all; return it as it is then, with what happened."""
    try:
        done = _done(tx, action, at)
    except (ActionRefused, DirectoryFact) as error:
        failed = msgspec.structs.replace(action, status=ActionStatus.FAILED)
        return happened(failed, at, event, f"The action failed: {error}")
    executed = msgspec.structs.replace(action, status=ActionStatus.EXECUTED, done=done)
    return happened(executed, at, event, "The action was executed.")


def reverse(tx: Transaction, action: BudgetAction, at: datetime, event: str) -> BudgetAction:
    """Take back what an action attached; return it as it is then, with what happened."""
    try:
        role = _role(tx, action)
        for policy, target in action.done:
            _attach(tx, action, role, policy, target, at, is_back=True)
    except (ActionRefused, DirectoryFact) as error:
        failed = msgspec.structs.replace(action, status=ActionStatus.REVERSE_FAILED)
        return happened(failed, at, event, f"The action could not be reversed: {error}")
    reversed_ = msgspec.structs.replace(action, status=ActionStatus.REVERSED, done=())
    return happened(reversed_, at, event, "The action was reversed.")


def _done(tx: Transaction, action: BudgetAction, at: datetime) -> tuple[tuple[str, str], ...]:
    """Attach what the action says; return what was not attached before.

    Everything is looked at before anything is changed: an action that cannot be done as a whole changes nothing.
    """
    role = _role(tx, action)
    wanted = _wanted(action)
    for policy, target in wanted:
        _check(tx, action, role, policy, target, at, is_back=False)
    done: list[tuple[str, str]] = []
    try:
        for policy, target in wanted:
            if _attach(tx, action, role, policy, target, at, is_back=False):
                done.append((policy, target))
    except DirectoryFact:
        for policy, target in done:
            _attach(tx, action, role, policy, target, at, is_back=True)
        raise
    return tuple(done)


def _wanted(action: BudgetAction) -> list[tuple[str, str]]:
    """Return the policies and targets of an action: `user/ana`, or the id of an account or unit."""
    definition = action.said["Definition"]
    if "IamActionDefinition" in definition:
        iam = definition["IamActionDefinition"]
        names = [("Users", "user"), ("Groups", "group"), ("Roles", "role")]
        found = [f"{kind}/{name.rpartition('/')[2]}" for member, kind in names for name in iam.get(member) or ()]
        return [(iam["PolicyArn"], target) for target in found]
    if "ScpActionDefinition" in definition:
        scp = definition["ScpActionDefinition"]
        return [(scp["PolicyId"], target) for target in scp["TargetIds"]]
    raise ActionRefused("instances are not part of Remit, so none can be stopped")


def _role(tx: Transaction, action: BudgetAction) -> Role:
    arn: str = action.said["ExecutionRoleArn"]
    role = tx.find(ROLES, "name", (action.account, arn.rpartition("/")[2].lower()))
    if role is None or role.arn != arn:
        raise ActionRefused(f"the execution role {arn} does not exist")
    if PRINCIPAL not in _trusted(role):
        raise ActionRefused(f"the execution role {arn} does not trust {PRINCIPAL}")
    return role


def _trusted(role: Role) -> set[str]:
    """Return the services that a role's trust policy lets assume it without a condition."""
    found: set[str] = set()
    document = msgspec.json.decode(parse(role.trust).text)
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    for statement in statements:
        principal = statement.get("Principal")
        actions = statement.get("Action", [])
        assumes = _ASSUME & ({actions} if isinstance(actions, str) else set(actions))
        if statement["Effect"] != "Allow" or not assumes or "Condition" in statement or not isinstance(principal, dict):
            continue
        services: str | list[str] = cast("dict[str, Any]", principal).get("Service", [])
        found |= {services} if isinstance(services, str) else set(services)
    return found


def _check(
    tx: Transaction, action: BudgetAction, role: Role, policy: str, target: str, at: datetime, *, is_back: bool
) -> None:
    """Look whether the role may do it, and whether there is what it is done to."""
    verb = "Detach" if is_back else "Attach"
    caller = role_caller(role, _SESSION)
    if "/" in target:
        holder = _holder(tx, action, target)
        policy_by_arn(tx, action.account, policy)
        name, resource = f"iam:{verb}{_VERBS[target.partition('/')[0]]}", holder.arn
    else:
        organization = organization_of(tx, action.account)
        if organization is None or not organization.is_managed_by(action.account):
            raise ActionRefused("only the management account of an organization can attach control policies")
        found = known_policy(tx, organization, policy)
        in_organization.find_target(tx, organization, target)
        name, resource = f"organizations:{verb}Policy", found.arn
    if not question_of(tx, caller, name, resource, at=at).is_allowed:
        raise ActionRefused(f"the execution role may not do {name} on {resource}")


def _attach(
    tx: Transaction, action: BudgetAction, role: Role, policy: str, target: str, at: datetime, *, is_back: bool
) -> bool:
    """Attach a policy, or take it back; say whether that was a change."""
    _check(tx, action, role, policy, target, at, is_back=is_back)
    if "/" in target:
        holder = _holder(tx, action, target)
        if (policy in holder.attached) is not is_back:
            return False
        if is_back:
            attachments.detach(tx, holder, policy)
        else:
            attachments.attach(tx, holder, policy_by_arn(tx, action.account, policy))
        return True
    organization = organization_of(tx, action.account)
    if organization is None:
        raise ActionRefused("the account is in no organization")
    found = known_policy(tx, organization, policy)
    there = in_organization.find_target(tx, organization, target)
    try:
        change = in_organization.detach if is_back else in_organization.attach
        change(tx, organization, found, there)
    except AlreadyExists:
        return False
    return True


def _holder(tx: Transaction, action: BudgetAction, target: str) -> Holder:
    kind, _, name = target.partition("/")
    key = (action.account, name.lower())
    found: Holder | None
    match kind:
        case "user":
            found = tx.find(USERS, "name", key)
        case "group":
            found = tx.find(GROUPS, "name", key)
        case _:
            found = tx.find(ROLES, "name", key)
    if found is None:
        raise NotFound(_NOUNS[kind], name)
    return found
