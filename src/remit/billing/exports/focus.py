"""FOCUS 1.2: every column that the specification has for a provider with commitments, and AWS's own `x_` columns.

What AWS splits into lines, FOCUS puts together: covered usage costs nothing of its own, so negations have no row; a
recurring fee is a purchase, and what of it nobody used is a row of usage that is `Unused`. So `BilledCost` adds up to
the bill, and `EffectiveCost` to the amortized cost.

Source: FOCUS specification 1.2; AWS Data Exports user guide, "FOCUS 1.2 with AWS columns".
"""

from remit.billing.exports.services import CATEGORY, NAME, SUBCATEGORY
from remit.billing.exports.tables import MAP, MONEY, TEXT, TIME, Column, Form, month_bounds, printed_rate

PROVIDER, ISSUER = "AWS", "Remit"
_START, _END = month_bounds()
_FEES = "line_type IN ('RIFee', 'SavingsPlanRecurringFee')"
_UPFRONT = "line_type IN ('Fee', 'SavingsPlanUpfrontFee')"
_COVERED = "line_type IN ('DiscountedUsage', 'SavingsPlanCoveredUsage')"
_IS_USAGE = "category = 'Usage'"
_IS_PURCHASE = "category = 'Purchase'"
_IS_SOLD = "category IN ('Usage', 'Purchase')"
_UNUSED = "status = 'Unused'"
_PRICED = "pricing != 'Unpriced'"
_IS_PLAN = "line_type LIKE 'SavingsPlan%'"
# What is priced: of a purchase without a quantity, one.
_PRICED_QUANTITY = "CASE WHEN quantity = 0 THEN 1 ELSE quantity END"
_LIST = f"CASE WHEN {_IS_PURCHASE} AND list_cost = 0 THEN unblended ELSE list_cost END"
_CONTRACTED = (
    f"CASE WHEN line_type = 'Usage' THEN list_cost + net_unblended - unblended"
    f" WHEN {_IS_PURCHASE} AND list_cost = 0 THEN net_unblended ELSE list_cost END"
)

_CATEGORY = (
    "CASE line_type WHEN 'Tax' THEN 'Tax' WHEN 'Credit' THEN 'Credit' WHEN 'Refund' THEN 'Adjustment'"
    " WHEN 'PrivateRateDiscount' THEN 'Adjustment' WHEN 'Usage' THEN 'Usage' WHEN 'DiscountedUsage' THEN 'Usage'"
    " WHEN 'SavingsPlanCoveredUsage' THEN 'Usage' ELSE 'Purchase' END"
)
# Each line once, without negations and without discounts that are in the net cost already; then what is unused.
_SOURCE = (
    f"(SELECT *, {_CATEGORY} AS category,"
    f" CASE WHEN {_COVERED} THEN 0 ELSE net_unblended END AS billed,"
    f" CASE WHEN {_FEES} THEN 0 ELSE net_amortized END AS effective,"
    f" CASE WHEN {_COVERED} THEN 'Used' END AS status"
    " FROM named WHERE line_type != 'SavingsPlanNegation'"
    " AND NOT (line_type = 'PrivateRateDiscount' AND net_unblended = 0 AND net_amortized = 0)"
    " UNION ALL"
    " SELECT *, 'Usage' AS category, 0 AS billed, net_amortized AS effective, 'Unused' AS status"
    f" FROM named WHERE {_FEES} AND net_amortized != 0)"
)


def _some(text: str) -> str:
    return f"nullif({text}, '')"


def _when(condition: str, value: str) -> str:
    return f"CASE WHEN {condition} THEN {value} END"


_SKU = f"coalesce({_some('sku')}, {_some('usage_type')}, service)"
_CONSUMED = f"{_IS_USAGE} AND coalesce(status, '') != 'Unused'"
_COMMITTED = f"commitment != '' AND ({_COVERED} OR {_FEES} OR {_UPFRONT})"
_TEXTS = {
    "AvailabilityZone": _some("zone"),
    "BillingAccountId": "payer",
    "BillingAccountName": "payer_name",
    "BillingAccountType": "'Management account'",
    "BillingCurrency": "'USD'",
    "CapacityReservationId": "NULL",
    "CapacityReservationStatus": "NULL",
    "ChargeCategory": "category",
    "ChargeClass": _when("corrects != ''", "'Correction'"),
    "ChargeDescription": _some("description"),
    "ChargeFrequency": f"CASE WHEN {_IS_USAGE} THEN 'Usage-Based' WHEN {_FEES} THEN 'Recurring' ELSE 'One-Time' END",
    "CommitmentDiscountCategory": _when(_COMMITTED, f"CASE WHEN {_IS_PLAN} THEN 'Spend' ELSE 'Usage' END"),
    "CommitmentDiscountId": _when(_COMMITTED, "commitment"),
    "CommitmentDiscountName": "NULL",
    "CommitmentDiscountStatus": _when(f"{_COMMITTED} AND {_IS_USAGE}", "status"),
    "CommitmentDiscountType": _when(
        _COMMITTED, f"CASE WHEN {_IS_PLAN} THEN 'Savings Plan' ELSE 'Reserved Instance' END"
    ),
    "CommitmentDiscountUnit": _when(
        _COMMITTED, f"CASE WHEN {_IS_PLAN} THEN 'USD' ELSE coalesce({_some('unit')}, 'Hrs') END"
    ),
    "ConsumedUnit": _when(_CONSUMED, f"coalesce({_some('unit')}, 'Units')"),
    "InvoiceId": "invoice_id",
    "InvoiceIssuerName": f"'{ISSUER}'",
    "PricingCategory": _when(
        _IS_SOLD,
        f"CASE WHEN {_PRICED} THEN CASE WHEN {_COVERED} OR coalesce({_UNUSED}, false) THEN 'Committed'"
        " ELSE 'Standard' END ELSE 'Other' END",
    ),
    "PricingCurrency": "'USD'",
    "PricingUnit": _when(_IS_SOLD, f"coalesce({_some('unit')}, 'Units')"),
    "ProviderName": f"'{PROVIDER}'",
    "PublisherName": "seller",
    "RegionId": _some("region"),
    "RegionName": _some("region"),
    "ResourceId": _some("resource"),
    "ResourceName": "NULL",
    "ResourceType": _when("resource != ''", f"coalesce({_some('product_family')}, service)"),
    "ServiceCategory": CATEGORY,
    "ServiceName": NAME,
    "ServiceSubcategory": SUBCATEGORY,
    "SkuId": _when(_IS_SOLD, _SKU),
    "SkuMeter": _when(_IS_SOLD, _some("usage_type")),
    "SkuPriceId": _when(
        f"{_IS_SOLD} AND {_PRICED}", f"coalesce({_some('sku')}, {_some('usage_type')}, service) || '/' || tier"
    ),
    "SubAccountId": "account",
    "SubAccountName": "account_name",
    "SubAccountType": "'Linked account'",
    "x_Operation": _some("operation"),
    "x_Pricing": _some("pricing"),
    "x_ServiceCode": "service",
    "x_UsageType": _some("usage_type"),
}
_AMOUNTS = {
    "BilledCost": "billed",
    "CommitmentDiscountQuantity": _when(
        _COMMITTED,
        f"CASE WHEN {_IS_PLAN} THEN CASE WHEN {_IS_USAGE} THEN effective ELSE unblended END"
        f" WHEN {_UNUSED} THEN NULL ELSE quantity END",
    ),
    "ConsumedQuantity": _when(_CONSUMED, "quantity"),
    "ContractedCost": f"CASE WHEN {_UNUSED} THEN 0 WHEN {_IS_SOLD} THEN {_CONTRACTED} ELSE net_unblended END",
    "ContractedUnitPrice": _when(f"{_IS_SOLD} AND {_PRICED}", printed_rate(_CONTRACTED, _PRICED_QUANTITY)),
    "EffectiveCost": "effective",
    "ListCost": f"CASE WHEN {_UNUSED} THEN 0 WHEN {_IS_SOLD} THEN {_LIST} ELSE net_unblended END",
    "ListUnitPrice": _when(f"{_IS_SOLD} AND {_PRICED}", printed_rate(_LIST, _PRICED_QUANTITY)),
    "PricingQuantity": _when(_IS_SOLD, f"CASE WHEN {_UNUSED} THEN 0 ELSE {_PRICED_QUANTITY} END"),
}
_TIMES = {
    "BillingPeriodEnd": _END,
    "BillingPeriodStart": _START,
    "ChargePeriodEnd": '"end"',
    "ChargePeriodStart": '"start"',
}
_MAPS = {"SkuPriceDetails": f"NULL::{MAP}", "Tags": "tags"}

FOCUS = Form(
    tuple(
        sorted(
            Column(name, kind, sql)
            for kind, found in ((TEXT, _TEXTS), (MONEY, _AMOUNTS), (TIME, _TIMES), (MAP, _MAPS))
            for name, sql in found.items()
        )
    ),
    _SOURCE,
)
