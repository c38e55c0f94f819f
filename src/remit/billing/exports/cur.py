"""Cost and Usage Report 2.0: its fixed columns, by their names, in their order.

What the ledger does not know is NULL, as the dictionary lets it be. The cost of usage without a price is NULL as well,
never zero; `pricing_term` says `Unpriced`.

Source: AWS Data Exports user guide, "Cost and Usage Report (CUR) 2.0", the table dictionary.
"""

from collections.abc import Iterator

from remit.billing.exports.tables import MAP, MONEY, TEXT, TIME, Column, Form, month_bounds, printed_rate

_START, _END = month_bounds()
_IS_RI = "line_type IN ('DiscountedUsage', 'RIFee') OR (line_type = 'Fee' AND commitment != '')"
_IS_PLAN = "line_type LIKE 'SavingsPlan%'"
_COVERED = "line_type = 'DiscountedUsage'"
_PLAN_COVERED = "line_type = 'SavingsPlanCoveredUsage'"
_RECURRING = "line_type = 'SavingsPlanRecurringFee'"
_ISO = "'%Y-%m-%dT%H:%M:%SZ'"


def _some(text: str) -> str:
    return f"nullif({text}, '')"


def _priced(amount: str) -> str:
    return f"CASE WHEN pricing = 'Unpriced' THEN NULL ELSE {amount} END"


def _when(condition: str, amount: str) -> str:
    return f"CASE WHEN {condition} THEN {amount} END"


_TEXTS = {
    "bill_bill_type": "CASE WHEN line_type IN ('Fee', 'SavingsPlanUpfrontFee') THEN 'Purchase'"
    " WHEN line_type = 'Refund' THEN 'Refund' ELSE 'Anniversary' END",
    "bill_billing_entity": "CASE WHEN seller = 'AWS' THEN 'AWS' ELSE 'AWS Marketplace' END",
    "bill_invoice_id": "invoice_id",
    "bill_invoicing_entity": "'Remit'",
    "bill_payer_account_id": "payer",
    "bill_payer_account_name": "payer_name",
    "identity_line_item_id": "line_id",
    "identity_time_interval": f'strftime("start", {_ISO}) || \'/\' || strftime("end", {_ISO})',
    "line_item_availability_zone": _some("zone"),
    "line_item_currency_code": "'USD'",
    "line_item_legal_entity": "seller",
    "line_item_line_item_description": _some("description"),
    "line_item_line_item_type": "line_type",
    "line_item_operation": _some("operation"),
    "line_item_product_code": "service",
    "line_item_resource_id": _some("resource"),
    "line_item_tax_type": _when("line_type = 'Tax'", "service"),
    "line_item_usage_account_id": "account",
    "line_item_usage_account_name": "account_name",
    "line_item_usage_type": _some("usage_type"),
    "pricing_currency": "'USD'",
    "pricing_rate_code": _some("sku"),
    "pricing_term": _some(
        "CASE pricing WHEN 'FreeTier' THEN 'OnDemand' WHEN 'SavingsPlan' THEN 'OnDemand' ELSE pricing END"
    ),
    "pricing_unit": _some("unit"),
    "product_instance_type": _some("instance_type"),
    "product_operation": _some("operation"),
    "product_pricing_unit": _some("unit"),
    "product_product_family": _some("product_family"),
    "product_region_code": _some("region"),
    "product_servicecode": "service",
    "product_sku": _some("sku"),
    "product_usagetype": _some("usage_type"),
    "reservation_reservation_a_r_n": _when(_IS_RI, _some("commitment")),
    "savings_plan_region": _when(_IS_PLAN, _some("region")),
    "savings_plan_savings_plan_a_r_n": _when(_IS_PLAN, _some("commitment")),
}
_AMOUNTS = {
    "line_item_blended_cost": _priced("blended"),
    "line_item_blended_rate": _priced(printed_rate("blended", "quantity")),
    "line_item_net_unblended_cost": _priced("net_unblended"),
    "line_item_net_unblended_rate": _priced(printed_rate("net_unblended", "quantity")),
    "line_item_normalization_factor": _when("normalized != 0", printed_rate("normalized", "quantity")),
    "line_item_normalized_usage_amount": _when("normalized != 0", "normalized"),
    "line_item_unblended_cost": _priced("unblended"),
    "line_item_unblended_rate": _when("quantity != 0 AND pricing != 'Unpriced'", "rate"),
    "line_item_usage_amount": "quantity",
    "pricing_public_on_demand_cost": _priced("list_cost"),
    "pricing_public_on_demand_rate": _priced(printed_rate("list_cost", "quantity")),
    "reservation_effective_cost": _when(_COVERED, "amortized"),
    "reservation_net_effective_cost": _when(_COVERED, "net_amortized"),
    "reservation_unused_recurring_fee": _when("line_type = 'RIFee'", "amortized"),
    "reservation_net_unused_recurring_fee": _when("line_type = 'RIFee'", "net_amortized"),
    "savings_plan_net_recurring_commitment_for_billing_period": _when(_RECURRING, "net_unblended"),
    "savings_plan_net_savings_plan_effective_cost": _when(_PLAN_COVERED, "net_amortized"),
    "savings_plan_recurring_commitment_for_billing_period": _when(_RECURRING, "unblended"),
    "savings_plan_savings_plan_effective_cost": _when(_PLAN_COVERED, "amortized"),
    "savings_plan_savings_plan_rate": _when(_PLAN_COVERED, printed_rate("amortized", "quantity")),
}
_TIMES = {
    "bill_billing_period_end_date": _END,
    "bill_billing_period_start_date": _START,
    "line_item_usage_end_date": '"end"',
    "line_item_usage_start_date": '"start"',
}
_MAPS = {
    "product": "map_from_entries(list_filter([('region', region), ('instance_type', instance_type),"
    " ('operating_system', platform), ('product_family', product_family), ('tenancy', tenancy)],"
    " lambda one: one[2] != ''))",
    "resource_tags": "tags",
}
# Columns of the dictionary that no line of a ledger fills.
_UNKNOWN: dict[str, str] = {
    **dict.fromkeys(("cost_category", "discount"), MAP),
    **dict.fromkeys(
        (
            "pricing_lease_contract_length",
            "pricing_offering_class",
            "pricing_purchase_option",
            "pricing_rate_id",
            "product_comment",
            "product_fee_code",
            "product_fee_description",
            "product_from_location",
            "product_from_location_type",
            "product_from_region_code",
            "product_instance_family",
            "product_instancesku",
            "product_location",
            "product_location_type",
            "product_to_location",
            "product_to_location_type",
            "product_to_region_code",
            "reservation_availability_zone",
            "reservation_end_time",
            "reservation_modification_status",
            "reservation_normalized_units_per_reservation",
            "reservation_number_of_reservations",
            "reservation_start_time",
            "reservation_subscription_id",
            "reservation_total_reserved_normalized_units",
            "reservation_total_reserved_units",
            "reservation_units_per_reservation",
            "savings_plan_end_time",
            "savings_plan_instance_type_family",
            "savings_plan_offering_type",
            "savings_plan_payment_option",
            "savings_plan_purchase_term",
            "savings_plan_start_time",
        ),
        TEXT,
    ),
    **dict.fromkeys(
        (
            "discount_bundled_discount",
            "discount_total_discount",
            "reservation_amortized_upfront_cost_for_usage",
            "reservation_amortized_upfront_fee_for_billing_period",
            "reservation_net_amortized_upfront_cost_for_usage",
            "reservation_net_amortized_upfront_fee_for_billing_period",
            "reservation_net_recurring_fee_for_usage",
            "reservation_net_unused_amortized_upfront_fee_for_billing_period",
            "reservation_net_upfront_value",
            "reservation_recurring_fee_for_usage",
            "reservation_unused_amortized_upfront_fee_for_billing_period",
            "reservation_unused_normalized_unit_quantity",
            "reservation_unused_quantity",
            "reservation_upfront_value",
            "savings_plan_amortized_upfront_commitment_for_billing_period",
            "savings_plan_net_amortized_upfront_commitment_for_billing_period",
            "savings_plan_total_commitment_to_date",
            "savings_plan_used_commitment",
        ),
        MONEY,
    ),
}


def _columns() -> Iterator[Column]:
    for kind, found in ((TEXT, _TEXTS), (MONEY, _AMOUNTS), (TIME, _TIMES), (MAP, _MAPS)):
        yield from (Column(name, kind, sql) for name, sql in found.items())
    yield from (Column(name, kind, "NULL") for name, kind in _UNKNOWN.items())


CUR = Form(tuple(sorted(_columns())), "named")
