"""A row for each operation of AWS Free Tier."""

from services.every_operation import Row, same

INVALID, MISSING = "ValidationException", "ResourceNotFoundException"
# No activity is there to be shown.
ROWS: dict[str, Row] = {
    "GetAccountActivity": Row(None, {MISSING: same(activityId="a" * 32), INVALID: same(activityId="a-" * 16)}),
    "GetAccountPlanState": Row(same()),
    "GetFreeTierUsage": Row(same(), {INVALID: same(nextToken="x")}),
    "ListAccountActivities": Row(same(), {INVALID: same(nextToken="x")}),
    "UpgradeAccountPlan": Row(same(accountPlanType="PAID"), {INVALID: same(accountPlanType="FREE")}),
}
