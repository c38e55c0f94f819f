"""Recommendations that lower costs: the table's columns, without rows.

Bills do not tell how busy a resource is, and what Cost Explorer recommends to buy is a question of its own.
Source: AWS Data Exports user guide, "Cost optimization recommendations columns".
"""

from remit.billing.exports.tables import MAP, MONEY, TEXT, TIME, Column, Form

_BOOLEAN, _INTEGER = "BOOLEAN", "INTEGER"
_COLUMNS = {
    TEXT: (
        "account_id",
        "account_name",
        "action_type",
        "currency_code",
        "current_resource_details",
        "current_resource_summary",
        "current_resource_type",
        "implementation_effort",
        "recommendation_id",
        "recommendation_source",
        "recommended_resource_details",
        "recommended_resource_summary",
        "recommended_resource_type",
        "region",
        "resource_arn",
    ),
    MONEY: (
        "estimated_monthly_cost_after_discount",
        "estimated_monthly_cost_before_discount",
        "estimated_monthly_savings_after_discount",
        "estimated_monthly_savings_before_discount",
        "estimated_savings_percentage_after_discount",
        "estimated_savings_percentage_before_discount",
    ),
    TIME: ("last_refresh_timestamp",),
    _INTEGER: ("recommendation_lookback_period_in_days",),
    _BOOLEAN: ("restart_needed", "rollback_possible"),
    MAP: ("tags",),
}

RECOMMENDATIONS = Form(
    tuple(sorted(Column(name, kind, f"CAST(NULL AS {kind})") for kind, names in _COLUMNS.items() for name in names)),
    "(SELECT 1 WHERE false)",
)
