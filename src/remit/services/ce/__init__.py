"""AWS Cost Explorer: questions about bills, cost categories, cost allocation tags, anomalies, recommendations."""

from remit.services.ce import (
    allocation_tags,
    anomalies,
    anomaly_monitors,
    anomaly_subscriptions,
    category_definitions,
    comparisons,
    cost_and_usage,
    forecasts,
    plan_recommendations,
    purchase_analyses,
    reservation_recommendations,
    reservations,
    savings_plans,
    tags,
    usage_records,
    values,
)
from remit.services.ce.registry import COST_EXPLORER

# Importing a module registers its operations.
MODULES = (
    allocation_tags,
    anomalies,
    anomaly_monitors,
    anomaly_subscriptions,
    category_definitions,
    comparisons,
    cost_and_usage,
    forecasts,
    plan_recommendations,
    purchase_analyses,
    reservation_recommendations,
    reservations,
    savings_plans,
    tags,
    usage_records,
    values,
)

__all__ = ["COST_EXPLORER"]
