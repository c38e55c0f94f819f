"""What was spent of budgets: by type, filter and period; who is alarmed; and which actions are done then."""

import json
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from bills import MEMBER, NOW, PAYER, Family, at, line, written
from botocore.exceptions import ClientError
from services.budgets.rows import ANA, BUDGET, DENY, EIGHTY, OURS, US, acting, role
from services.budgets.rows import budget as make_budget

from remit.billing.analysis.bills import LedgerBills
from remit.billing.budgets.looking import look, spending
from remit.billing.lines import Line, LineType
from remit.directory.organizations import organization_of


def bill(daily: str = "5") -> list[Line]:
    """Return a bill of February and of March until today, of the same every day."""
    days = [at("2026-02-01") + timedelta(days=number) for number in range(48)]
    lines = [line(number, f"{day:%Y-%m-%d}", daily) for number, day in enumerate(days)]
    tax = line(900, "2026-03-01", "10", line_type=LineType.TAX, unit="", quantity=Fraction(0))
    own = line(901, "2026-03-02", "7", account=PAYER, region="eu-west-1", service="AmazonS3", tags={"team": "red"})
    return [*lines, tax, own]


@pytest.fixture
def family(family: Family) -> Family:
    written(family.remit.folder, bill())
    return family


def looks(family: Family, days: int = 0) -> list[tuple[str, float]]:
    """Hold budgets against the bill; return what went to alarm."""
    now = NOW + timedelta(days=days)
    works = family.remit.change(lambda tx: spending(tx, LedgerBills(family.remit.folder), now))
    results = {id_: work() for id_, work in works.items()}
    return [(budget.name, one.threshold) for budget, one in family.remit.change(lambda tx: look(tx, results, now))]


def spent(family: Family, **members: Any) -> str:
    make_budget(family, **members)
    shown = family.client("budgets").describe_budget(**OURS)["Budget"]
    return str(shown["CalculatedSpend"]["ActualSpend"]["Amount"])


# March has twenty days of five dollars by now: those of this bill are 28 to 47.
@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, "117"),
        ({"CostTypes": {"IncludeTax": False}}, "107"),
        ({"CostFilters": {"LinkedAccount": [MEMBER]}}, "110"),
        ({"CostFilters": {"Region": ["eu-west-1"]}}, "7"),
        ({"CostFilters": {"Service": ["Amazon Simple Storage Service"], "LinkedAccount": [PAYER]}}, "7"),
        ({"FilterExpression": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Tax"]}}}, "10"),
        ({"TimeUnit": "DAILY"}, "5"),
        ({"TimeUnit": "QUARTERLY"}, "257"),
        ({"TimeUnit": "ANNUALLY"}, "257"),
        ({"TimeUnit": "CUSTOM", "TimePeriod": {"Start": at("2026-02-27"), "End": at("2026-03-03")}}, "37"),
        ({"CostTypes": {"UseBlended": True}}, "117"),
    ],
)
def test_what_was_spent(family: Family, members: dict[str, Any], expected: str) -> None:
    if members.get("TimeUnit") == "DAILY":
        written(family.remit.folder, [line(1, "2026-03-20", "5")])
    assert spent(family, **members) == expected


def test_usage_is_counted_in_its_unit(family: Family) -> None:
    usage = {"BudgetType": "USAGE", "BudgetLimit": {"Amount": "100", "Unit": "Hrs"}}

    assert spent(family, **usage, CostFilters={"UsageType": ["BoxUsage:m5.large"]}) == "21"


def test_what_will_be_spent_goes_on_as_it_went(family: Family) -> None:
    make_budget(family, CostFilters={"LinkedAccount": [MEMBER]}, CostTypes={"IncludeTax": False})

    shown = family.client("budgets").describe_budget(**OURS)["Budget"]["CalculatedSpend"]

    assert Decimal(shown["ForecastedSpend"]["Amount"]) == pytest.approx(Decimal(155), abs=12)


def test_a_members_budget_is_about_its_own_lines(family: Family) -> None:
    member = family.client("budgets", family.member)
    member.create_budget(AccountId=MEMBER, Budget=BUDGET)

    shown = member.describe_budget(AccountId=MEMBER, BudgetName="Ours")["Budget"]

    assert shown["CalculatedSpend"]["ActualSpend"]["Amount"] == "110"
    assert family.client("budgets").describe_budgets(**US)["Budgets"] == []


@pytest.mark.parametrize(
    "members",
    [
        {"BudgetLimit": {"Amount": "100", "Unit": "EUR"}},
        {"BudgetLimit": {"Amount": "100", "Unit": "USD"}, "PlannedBudgetLimits": {"1": {"Amount": "1", "Unit": "USD"}}},
        {"TimePeriod": {"Start": at("2026-03-02"), "End": at("2026-03-01")}},
        {"CostFilters": {"Colour": ["red"]}},
        {"FilterExpression": {"Dimensions": {"Key": "REGION", "Values": ["x"]}}, "CostFilters": {"Region": ["x"]}},
        {"CostTypes": {"UseBlended": True, "UseAmortized": True}},
        {"BudgetType": "USAGE"},
        {"BudgetType": "RI_COVERAGE"},
        {"BudgetType": "RI_UTILIZATION", "BudgetLimit": {"Amount": "101", "Unit": "PERCENTAGE"}},
    ],
)
def test_what_no_budget_can_say(family: Family, members: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        make_budget(family, **members)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


def test_a_limit_follows_history(family: Family) -> None:
    options = {"BudgetAdjustmentPeriod": 3}
    data = {"AutoAdjustType": "HISTORICAL", "HistoricalOptions": options}
    given = {name: value for name, value in BUDGET.items() if name != "BudgetLimit"}

    family.client("budgets").create_budget(**US, Budget={**given, "AutoAdjustData": data})

    shown = family.client("budgets").describe_budget(**OURS)["Budget"]
    assert shown["BudgetLimit"] == {"Amount": "140", "Unit": "USD"}
    assert shown["AutoAdjustData"]["HistoricalOptions"] == {**options, "LookBackAvailablePeriods": 1}


def test_history_is_shown_by_period(family: Family) -> None:
    make_budget(family, TimePeriod={"Start": at("2026-01-01")})

    history = family.client("budgets").describe_budget_performance_history(**OURS)["BudgetPerformanceHistory"]

    amounts = [one["ActualAmount"]["Amount"] for one in history["BudgetedAndActualAmountsList"]]
    assert amounts == ["0", "140", "117"]
    assert history["BudgetedAndActualAmountsList"][0]["BudgetedAmount"] == {"Amount": "100", "Unit": "USD"}


# -- alarms and actions


def state(family: Family) -> str:
    found = family.client("budgets").describe_notifications_for_budget(**OURS)["Notifications"]
    return str(found[0]["NotificationState"])


def test_a_threshold_alarms_once_it_is_passed_and_once_only(family: Family) -> None:
    make_budget(family, BudgetLimit={"Amount": "147", "Unit": "USD"})  # 80 % are 117.6

    assert looks(family) == []
    assert state(family) == "OK"
    family.client("budgets").update_budget(**US, NewBudget={**BUDGET, "BudgetLimit": {"Amount": "146", "Unit": "USD"}})
    assert looks(family) == [("Ours", 80.0)]
    assert looks(family) == []
    assert state(family) == "ALARM"


def status(family: Family, named: dict[str, Any]) -> str:
    return str(family.client("budgets").describe_budget_action(**named)["Action"]["Status"])


def messages(family: Family, named: dict[str, Any]) -> list[str]:
    found = family.client("budgets").describe_budget_action_histories(**named)["ActionHistories"]
    return [one["ActionHistoryDetails"]["Message"] for one in found]


def action(family: Family, *allowed: str, **members: Any) -> dict[str, Any]:
    role(family, *allowed)
    family.client("iam").create_user(UserName="spender")
    make_budget(family)
    asked = acting(ApprovalModel="AUTOMATIC", **members)
    return {**OURS, "ActionId": family.client("budgets").create_budget_action(**asked)["ActionId"]}


def attached(family: Family) -> list[str]:
    found = family.client("iam").list_attached_user_policies(UserName="spender")["AttachedPolicies"]
    return [one["PolicyArn"] for one in found]


def test_a_policy_is_attached_when_the_budget_is_passed_and_taken_back(family: Family) -> None:
    named = action(family, "iam:AttachUserPolicy", "iam:DetachUserPolicy")
    assert (status(family, named), attached(family)) == ("STANDBY", [])

    looks(family)
    assert (status(family, named), attached(family)) == ("EXECUTION_SUCCESS", [DENY])
    looks(family)
    assert len(messages(family, named)) == 2

    family.client("budgets").execute_budget_action(**named, ExecutionType="REVERSE_BUDGET_ACTION")
    assert (status(family, named), attached(family)) == ("REVERSE_SUCCESS", [])
    looks(family)
    assert attached(family) == []
    looks(family, days=20)
    assert status(family, named) == "STANDBY"


def test_what_was_attached_before_stays(family: Family) -> None:
    named = action(family, "iam:*")
    family.client("iam").attach_user_policy(UserName="spender", PolicyArn=DENY)

    looks(family)
    family.client("budgets").execute_budget_action(**named, ExecutionType="REVERSE_BUDGET_ACTION")

    assert attached(family) == [DENY]


def test_a_role_that_may_not_do_it_does_nothing_and_says_why(family: Family) -> None:
    named = action(family, "iam:DetachUserPolicy")

    looks(family)

    assert (status(family, named), attached(family)) == ("EXECUTION_FAILURE", [])
    assert "may not do iam:AttachUserPolicy" in messages(family, named)[-1]


def test_of_two_that_are_named_none_is_done_when_one_is_missing(family: Family) -> None:
    definition = {"IamActionDefinition": {"PolicyArn": DENY, "Users": ["spender", "nobody"]}}
    named = action(family, "iam:*", Definition=definition)

    looks(family)

    assert (status(family, named), attached(family)) == ("EXECUTION_FAILURE", [])


def test_a_role_that_does_not_trust_budgets_does_nothing(family: Family) -> None:
    named = action(family, "iam:*")
    statement = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": statement})
    family.client("iam").update_assume_role_policy(RoleName="budgets", PolicyDocument=trust)

    looks(family)

    assert "does not trust budgets.amazonaws.com" in messages(family, named)[-1]
    assert attached(family) == []


def test_an_action_waits_for_approval(family: Family) -> None:
    role(family, "iam:*")
    family.client("iam").create_user(UserName="spender")
    make_budget(family)
    budgets = family.client("budgets")
    named = {**OURS, "ActionId": budgets.create_budget_action(**acting())["ActionId"]}

    looks(family)
    assert (status(family, named), attached(family)) == ("PENDING", [])
    budgets.execute_budget_action(**named, ExecutionType="APPROVE_BUDGET_ACTION")

    assert (status(family, named), attached(family)) == ("EXECUTION_SUCCESS", [DENY])


def test_a_control_policy_is_attached_to_an_account_and_denies(family: Family) -> None:
    organizations = family.client("organizations")
    document = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*"}}'
    policy = organizations.create_policy(Content=document, Name="Stop", Description="", Type="SERVICE_CONTROL_POLICY")[
        "Policy"
    ]["PolicySummary"]["Id"]
    definition = {"ScpActionDefinition": {"PolicyId": policy, "TargetIds": [MEMBER]}}
    allowed = ("organizations:AttachPolicy", "organizations:DetachPolicy")
    named = action(family, *allowed, ActionType="APPLY_SCP_POLICY", Definition=definition)
    member = family.client("iam", family.member)
    member.create_user(UserName="before")

    looks(family)

    assert status(family, named) == "EXECUTION_SUCCESS"
    with pytest.raises(ClientError, match="service control policy"):
        member.create_user(UserName="after")
    family.client("budgets").execute_budget_action(**named, ExecutionType="REVERSE_BUDGET_ACTION")
    member.create_user(UserName="after")
    assert family.remit.change(lambda tx: organization_of(tx, MEMBER)) is not None


def test_who_may_not_pass_the_role_makes_no_action(family: Family) -> None:
    role(family, "iam:*")
    make_budget(family)
    ana = family.remit.user("ana", {"Effect": "Allow", "Action": "budgets:*", "Resource": "*"})

    with pytest.raises(ClientError) as caught:
        family.client("budgets", ana).create_budget_action(**acting())

    assert "iam:PassRole" in str(caught.value)


def test_ten_are_told_by_mail_and_no_more(family: Family) -> None:
    make_budget(family)
    budgets = family.client("budgets")
    for number in range(9):
        told = {**ANA, "Address": f"{number}@example.com"}
        budgets.create_subscriber(**OURS, Notification=EIGHTY, Subscriber=told)

    with pytest.raises(ClientError) as caught:
        budgets.create_subscriber(**OURS, Notification=EIGHTY, Subscriber={**ANA, "Address": "x@example.com"})
    assert caught.value.response["Error"]["Code"] == "CreationLimitExceededException"
