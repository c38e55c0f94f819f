from check_cases import FAIL, PASS, UNKNOWN, Case

DESCRIBED = "organizations:DescribeOrganization"
ALONE = {DESCRIBED: "AWSOrganizationsNotInUseException"}
IN_ONE = {DESCRIBED: {"Organization": {"MasterAccountId": "999999999999"}}}
TRANSFERS = "organizations:ListOutboundResponsibilityTransfers"
BUDGETS, NOTIFICATIONS = "budgets:DescribeBudgets", "budgets:DescribeNotificationsForBudget BudgetName=b"
SUBSCRIBERS = 'budgets:DescribeSubscribersForNotification BudgetName=b Notification={"Threshold":80.0}'
MONITORS, SUBSCRIPTIONS = "ce:GetAnomalyMonitors", "ce:GetAnomalySubscriptions"


def transfers(*statuses):
    return {TRANSFERS: {"ResponsibilityTransfers": [{"Status": status} for status in statuses]}}


def budget(budgets=("b",), notifications=({"Threshold": 80.0},), subscribers=({"Address": "x"},)):
    return {
        BUDGETS: {"Budgets": [{"BudgetName": name} for name in budgets]},
        NOTIFICATIONS: {"Notifications": list(notifications)},
        SUBSCRIBERS: {"Subscribers": list(subscribers)},
    }


def anomaly(monitors=("m",), watched=("m",), status="CONFIRMED"):
    subscription = {"MonitorArnList": list(watched), "Subscribers": [{"Address": "x", "Status": status}]}
    return {
        MONITORS: {"AnomalyMonitors": [{"MonitorArn": arn} for arn in monitors]},
        SUBSCRIPTIONS: {"AnomalySubscriptions": [subscription]},
    }


CASES = (
    Case("org.billing.payer", PASS, IN_ONE, "999999999999 pays", transfers()),
    Case("org.billing.payer", PASS, IN_ONE, organization=transfers("DECLINED")),
    Case("org.billing.payer", FAIL, IN_ONE, "bills go to another organization", transfers("ACCEPTED")),
    Case("org.billing.payer", FAIL, ALONE, "pays for itself"),
    Case("org.billing.payer", UNKNOWN, IN_ONE, organization={TRANSFERS: "AccessDenied"}),
    Case("org.billing.budget", PASS, IN_ONE, "of budget b of account 999999999999", budget()),
    Case("org.billing.budget", PASS, {**ALONE, **budget()}, "account 111122223333"),
    Case("org.billing.budget", FAIL, IN_ONE, "has no budget", budget(())),
    Case("org.billing.budget", FAIL, IN_ONE, "has no budget", {BUDGETS: {}}),
    Case("org.billing.budget", FAIL, IN_ONE, "nobody is told", budget(notifications=())),
    Case("org.billing.budget", FAIL, IN_ONE, "nobody is told", budget(subscribers=())),
    Case("org.billing.budget", UNKNOWN, IN_ONE, organization={**budget(), SUBSCRIBERS: "AccessDeniedException"}),
    Case("org.billing.budget", UNKNOWN, IN_ONE),
    Case("org.billing.anomaly", PASS, IN_ONE, "x is told", anomaly()),
    Case("org.billing.anomaly", FAIL, IN_ONE, "watches for no", anomaly(())),
    Case("org.billing.anomaly", FAIL, IN_ONE, "nobody is told", anomaly(watched=("other",))),
    Case("org.billing.anomaly", FAIL, IN_ONE, "nobody is told", anomaly(status="DECLINED")),
    Case("org.billing.anomaly", UNKNOWN, IN_ONE, organization={**anomaly(), SUBSCRIPTIONS: "AccessDenied"}),
)
