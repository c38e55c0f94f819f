"""One account pays for all, and somebody is told when costs are not as planned.

Source: `shared-responsibility` reference, 4, SR-O3; Budgets, Cost Explorer and Organizations API references.
"""

import json

from remit.compliance.checks.check import Account, Subject, check
from remit.compliance.checks.findings import Judgement, failed, passed
from remit.compliance.checks.seen import Seen

_DESCRIBED, _TRANSFERS = "organizations:DescribeOrganization", "organizations:ListOutboundResponsibilityTransfers"
_BUDGETS, _NOTIFICATIONS = "budgets:DescribeBudgets", "budgets:DescribeNotificationsForBudget"
_SUBSCRIBERS = "budgets:DescribeSubscribersForNotification"
_MONITORS, _SUBSCRIPTIONS = "ce:GetAnomalyMonitors", "ce:GetAnomalySubscriptions"


def _payer(seen: Seen) -> Seen:
    return seen.organization if seen.is_in_organization else seen


@check("org.billing.payer", version=1, each=Account(), reads=(_DESCRIBED, _TRANSFERS))
def payer(_account: Subject, seen: Seen) -> Judgement:
    """The management account pays."""
    if not seen.is_in_organization:
        return failed("pays for itself: it is in no organization")
    organization = seen.organization
    for transfer in organization.items(_TRANSFERS, "ResponsibilityTransfers"):
        if transfer["Status"] == "ACCEPTED":
            target = transfer.get("Target", {}).get("ManagementAccountId", "another organization")
            return failed(f"the organization's bills go to {target}")
    return passed(f"the management account {organization.account} pays")


@check("org.billing.budget", version=1, each=Account(), reads=(_DESCRIBED, _BUDGETS, _NOTIFICATIONS, _SUBSCRIBERS))
def budget(_account: Subject, seen: Seen) -> Judgement:
    """Somebody is told before the money is gone."""
    paying = _payer(seen)
    # The service leaves the list out where there is none.
    budgets = [one["BudgetName"] for one in paying.answer(_BUDGETS).get("Budgets") or ()]
    for name in sorted(budgets):
        told = paying.maybe(_NOTIFICATIONS, BudgetName=name)
        for notification in (told or {}).get("Notifications") or ():
            asked = json.dumps(notification, sort_keys=True, separators=(",", ":"))
            answer = paying.maybe(_SUBSCRIBERS, BudgetName=name, Notification=asked)
            if answer is not None and answer.get("Subscribers"):
                return passed(f"of budget {name} of account {paying.account} somebody is told")
    if budgets:
        return failed(f"of {len(budgets)} budgets of account {paying.account} nobody is told")
    return failed(f"the paying account {paying.account} has no budget")


@check("org.billing.anomaly", version=1, each=Account(), reads=(_DESCRIBED, _MONITORS, _SUBSCRIPTIONS))
def anomaly(_account: Subject, seen: Seen) -> Judgement:
    """Somebody is told of costs that are not as usual."""
    paying = _payer(seen)
    monitors = {one["MonitorArn"] for one in paying.items(_MONITORS, "AnomalyMonitors")}
    if not monitors:
        return failed(f"the paying account {paying.account} watches for no unusual costs")
    for subscription in paying.items(_SUBSCRIPTIONS, "AnomalySubscriptions"):
        subscribers = [one for one in subscription["Subscribers"] if one.get("Status") != "DECLINED"]
        if subscribers and monitors & set(subscription["MonitorArnList"]):
            return passed(f"of unusual costs {subscribers[0]['Address']} is told")
    return failed(f"the paying account {paying.account} watches for unusual costs, and nobody is told")
