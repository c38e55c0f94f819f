"""A row for each operation of AWS Budgets: an input that succeeds, and one for each error that it can come to."""

import json
from typing import Any

from bills import PAYER, Family, at
from services.every_operation import Given, Row, same

from remit.billing.budgets.actions import execute
from remit.directory.billing.budgets import BUDGET_ACTIONS

INVALID, MISSING, TWICE, FULL, TOKEN, LOCKED, HEALTH, QUOTA = (
    "InvalidParameterException",
    "NotFoundException",
    "DuplicateRecordException",
    "CreationLimitExceededException",
    "InvalidNextTokenException",
    "ResourceLockedException",
    "BillingViewHealthStatusException",
    "ServiceQuotaExceededException",
)
US = {"AccountId": PAYER}
OURS = {**US, "BudgetName": "Ours"}
NONE = {**US, "BudgetName": "None"}
BUDGET = {
    "BudgetName": "Ours",
    "BudgetType": "COST",
    "TimeUnit": "MONTHLY",
    "BudgetLimit": {"Amount": "100", "Unit": "USD"},
}
EIGHTY = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
NINETY = {**EIGHTY, "Threshold": 90.0}
ANA, BEN = ({"SubscriptionType": "EMAIL", "Address": f"{name}@example.com"} for name in ("ana", "ben"))
TOLD = {"Notification": EIGHTY, "Subscribers": [ANA]}
NO_ID = "00000000-0000-0000-0000-000000000000"
BUDGET_ARN = f"arn:aws:budgets::{PAYER}:budget/Ours"
NO_ARN = f"arn:aws:budgets::{PAYER}:budget/None"
NO_VIEW = f"arn:aws:billing::{PAYER}:billingview/custom-none"
DENY = "arn:aws:iam::aws:policy/AWSDenyAll"
ROLE = f"arn:aws:iam::{PAYER}:role/budgets"
_TRUST = {"Effect": "Allow", "Principal": {"Service": "budgets.amazonaws.com"}, "Action": "sts:AssumeRole"}


def budget(family: Family, **members: Any) -> dict[str, Any]:
    family.client("budgets").create_budget(**US, Budget={**BUDGET, **members}, NotificationsWithSubscribers=[TOLD])
    return OURS


def after(make: Given, **members: Any) -> Given:
    """Return an input that is given once something was made."""

    def given(family: Family) -> dict[str, Any]:
        make(family)
        return members

    return given


def of_budget(**members: Any) -> Given:
    return lambda family: {**budget(family), **members}


def role(family: Family, *allowed: str) -> None:
    """Make the execution role, which may do what is *allowed*."""
    iam = family.client("iam")
    trust = {"Version": "2012-10-17", "Statement": _TRUST}
    iam.create_role(RoleName="budgets", AssumeRolePolicyDocument=json.dumps(trust))
    if allowed:
        document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": list(allowed), "Resource": "*"}}
        iam.put_role_policy(RoleName="budgets", PolicyName="budgets", PolicyDocument=json.dumps(document))


def acting(**members: Any) -> dict[str, Any]:
    return {
        **OURS,
        "NotificationType": "ACTUAL",
        "ActionType": "APPLY_IAM_POLICY",
        "ActionThreshold": {"ActionThresholdValue": 80.0, "ActionThresholdType": "PERCENTAGE"},
        "Definition": {"IamActionDefinition": {"PolicyArn": DENY, "Users": ["spender"]}},
        "ExecutionRoleArn": ROLE,
        "ApprovalModel": "MANUAL",
        "Subscribers": [ANA],
        **members,
    }


def action(family: Family, **members: Any) -> dict[str, Any]:
    """Make an action, whose role may do it; return what names it."""
    role(family, "iam:*", "organizations:*")
    family.client("iam").create_user(UserName="spender")
    budget(family)
    return {**OURS, "ActionId": family.client("budgets").create_budget_action(**acting(**members))["ActionId"]}


def of_action(**members: Any) -> Given:
    return lambda family: {**action(family), **members}


def executed(**members: Any) -> Given:
    """Return what names an action that was executed."""

    def given(family: Family) -> dict[str, Any]:

        named = action(family)

        def work(tx: Any) -> None:
            held = tx.get(BUDGET_ACTIONS, named["ActionId"])
            tx.put(BUDGET_ACTIONS, execute(tx, held, at("2026-03-20"), "SYSTEM"))

        family.remit.change(work)
        return {**named, **members}

    return given


def unhealthy(family: Family) -> dict[str, Any]:
    billing = family.client("billing")
    primary = f"arn:aws:billing::{PAYER}:billingview/primary"
    below = billing.create_billing_view(name="Below", sourceViews=[primary])["arn"]
    above = billing.create_billing_view(name="Above", sourceViews=[below])["arn"]
    billing.delete_billing_view(arn=below, force=True)
    return {**US, "Budget": {**BUDGET, "BillingViewArn": above}}


def sick(family: Family) -> dict[str, Any]:
    billing = family.client("billing")
    primary = f"arn:aws:billing::{PAYER}:billingview/primary"
    view = billing.create_billing_view(name="View", sourceViews=[primary])["arn"]
    budget(family, BillingViewArn=view)
    billing.delete_billing_view(arn=view, force=True)
    return OURS


def many(family: Family) -> dict[str, Any]:
    budget(family)
    for number in range(9):
        notification = {**EIGHTY, "Threshold": float(number)}
        family.client("budgets").create_notification(**OURS, Notification=notification, Subscribers=[ANA])
    return {**OURS, "Notification": NINETY, "Subscribers": [ANA]}


NO_ACTION = {**OURS, "ActionId": NO_ID}
OF_TOLD = {"Notification": EIGHTY}
_NEW = {**BUDGET, "BudgetLimit": {"Amount": "200", "Unit": "USD"}}


def about(operation: str, **members: Any) -> Row:
    """Return the row of an operation on what a budget has."""
    del operation
    return Row(of_budget(**members), {MISSING: same(**{**NONE, **members})})


ROWS: dict[str, Row] = {
    "CreateBudget": Row(
        same(**US, Budget=BUDGET, NotificationsWithSubscribers=[TOLD]),
        {
            INVALID: same(**US, Budget={**BUDGET, "BudgetLimit": {"Amount": "0", "Unit": "USD"}}),
            TWICE: after(budget, **US, Budget=BUDGET),
            FULL: same(**US, Budget=BUDGET),
            MISSING: same(**US, Budget={**BUDGET, "BillingViewArn": NO_VIEW}),
            HEALTH: unhealthy,
        },
    ),
    "CreateBudgetAction": Row(
        after(budget, **acting()),
        {
            INVALID: after(budget, **acting(ActionType="APPLY_SCP_POLICY")),
            MISSING: same(**acting(BudgetName="None")),
            TWICE: after(action, **acting()),
        },
    ),
    "CreateNotification": Row(
        of_budget(Notification=NINETY, Subscribers=[ANA]),
        {
            MISSING: same(**NONE, Notification=NINETY, Subscribers=[ANA]),
            TWICE: of_budget(Notification=EIGHTY, Subscribers=[ANA]),
            FULL: many,
            INVALID: of_budget(Notification=NINETY, Subscribers=[{**ANA, "Address": "nobody"}]),
        },
    ),
    "CreateSubscriber": Row(
        of_budget(**OF_TOLD, Subscriber=BEN),
        {
            MISSING: of_budget(Notification=NINETY, Subscriber=BEN),
            TWICE: of_budget(**OF_TOLD, Subscriber=ANA),
            INVALID: of_budget(**OF_TOLD, Subscriber={**ANA, "SubscriptionType": "SNS"}),
        },
    ),
    "DeleteBudget": about("DeleteBudget"),
    "DeleteBudgetAction": Row(of_action(), {MISSING: same(**NO_ACTION), LOCKED: executed()}),
    "DeleteNotification": Row(of_budget(**OF_TOLD), {MISSING: of_budget(Notification=NINETY)}),
    "DeleteSubscriber": Row(
        lambda family: {
            **budget(family),
            **OF_TOLD,
            "Subscriber": BEN if family.client("budgets").create_subscriber(**OURS, **OF_TOLD, Subscriber=BEN) else ANA,
        },
        {MISSING: of_budget(**OF_TOLD, Subscriber=BEN), INVALID: of_budget(**OF_TOLD, Subscriber=ANA)},
    ),
    "DescribeBudget": about("DescribeBudget"),
    "DescribeBudgetAction": Row(of_action(), {MISSING: same(**NO_ACTION)}),
    "DescribeBudgetActionHistories": Row(of_action(), {MISSING: same(**NO_ACTION), TOKEN: of_action(NextToken="x")}),
    "DescribeBudgetActionsForAccount": Row(same(**US), {TOKEN: same(**US, NextToken="x")}),
    "DescribeBudgetActionsForBudget": Row(of_budget(), {MISSING: same(**NONE), TOKEN: of_budget(NextToken="x")}),
    "DescribeBudgetNotificationsForAccount": Row(same(**US), {TOKEN: same(**US, NextToken="x")}),
    "DescribeBudgetPerformanceHistory": Row(
        of_budget(), {MISSING: same(**NONE), TOKEN: of_budget(NextToken="x"), HEALTH: sick}
    ),
    "DescribeBudgets": Row(same(**US), {TOKEN: same(**US, NextToken="x")}),
    "DescribeNotificationsForBudget": Row(of_budget(), {MISSING: same(**NONE), TOKEN: of_budget(NextToken="x")}),
    "DescribeSubscribersForNotification": Row(
        of_budget(**OF_TOLD), {MISSING: of_budget(Notification=NINETY), TOKEN: of_budget(**OF_TOLD, NextToken="x")}
    ),
    "ExecuteBudgetAction": Row(
        executed(ExecutionType="REVERSE_BUDGET_ACTION"),
        {
            MISSING: same(**NO_ACTION, ExecutionType="REVERSE_BUDGET_ACTION"),
            LOCKED: of_action(ExecutionType="APPROVE_BUDGET_ACTION"),
        },
    ),
    "ListTagsForResource": Row(
        lambda family: {"ResourceARN": BUDGET_ARN if budget(family) else ""}, {MISSING: same(ResourceARN=NO_ARN)}
    ),
    "TagResource": Row(
        lambda family: {
            "ResourceARN": BUDGET_ARN if budget(family) else "",
            "ResourceTags": [{"Key": "team", "Value": "red"}],
        },
        {
            MISSING: same(ResourceARN=NO_ARN, ResourceTags=[]),
            INVALID: lambda family: {
                "ResourceARN": BUDGET_ARN if budget(family) else "",
                "ResourceTags": [{"Key": "aws:x", "Value": "y"}],
            },
            QUOTA: lambda family: {
                "ResourceARN": BUDGET_ARN if budget(family) else "",
                "ResourceTags": [{"Key": f"k{number}", "Value": ""} for number in range(51)],
            },
        },
    ),
    "UntagResource": Row(
        lambda family: {"ResourceARN": BUDGET_ARN if budget(family) else "", "ResourceTagKeys": ["team"]},
        {MISSING: same(ResourceARN=NO_ARN, ResourceTagKeys=[])},
    ),
    "UpdateBudget": Row(
        lambda family: {**US, "NewBudget": _NEW if budget(family) else {}},
        {
            MISSING: same(**US, NewBudget={**_NEW, "BudgetName": "None"}),
            INVALID: lambda family: {**US, "NewBudget": {**_NEW, "TimeUnit": "CUSTOM"} if budget(family) else {}},
        },
    ),
    "UpdateBudgetAction": Row(
        of_action(ApprovalModel="AUTOMATIC"),
        {MISSING: same(**NO_ACTION), LOCKED: executed(ApprovalModel="AUTOMATIC")},
    ),
    "UpdateNotification": Row(
        of_budget(OldNotification=EIGHTY, NewNotification=NINETY),
        {MISSING: of_budget(OldNotification=NINETY, NewNotification=EIGHTY)},
    ),
    "UpdateSubscriber": Row(
        of_budget(**OF_TOLD, OldSubscriber=ANA, NewSubscriber=BEN),
        {MISSING: of_budget(**OF_TOLD, OldSubscriber=BEN, NewSubscriber=ANA)},
    ),
}
