"""Cost and Usage Reports, and FOCUS data sets."""

import csv
import gzip
import io
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from billing.facts import is_ours, usage

from remit.billing.ledger import Ledger, UsageRefused
from remit.billing.ledger.readers import source_of

CUR = {
    "identity_line_item_id": "l-1",
    "identity_time_interval": "2026-03-01T00:00:00Z/2026-03-01T01:00:00Z",
    "line_item_usage_account_id": "444455556666",
    "line_item_line_item_type": "Usage",
    "line_item_product_code": "AmazonEC2",
    "line_item_usage_type": "USE2-BoxUsage:m5.large",
    "line_item_operation": "RunInstances",
    "line_item_usage_start_date": "2026-03-01T00:00:00.000Z",
    "line_item_usage_end_date": "2026-03-01T01:00:00.000Z",
    "line_item_usage_amount": "0.2500000000",
    "line_item_currency_code": "USD",
    "line_item_unblended_cost": "12.5",
    "product_region_code": "us-east-2",
    "product_servicecode": "",
    "pricing_unit": "Hrs",
    "resource_tags": '{"user_team":"blue"}',
}
FOCUS = {
    "SubAccountId": "444455556666",
    "ChargeCategory": "Usage",
    "ChargePeriodStart": "2026-03-01T00:00:00Z",
    "ChargePeriodEnd": "2026-03-01T01:00:00Z",
    "ConsumedQuantity": "0.25",
    "ConsumedUnit": "Hrs",
    "PricingQuantity": "0.25",
    "PricingUnit": "Hrs",
    "BillingCurrency": "USD",
    "ServiceName": "Amazon Elastic Compute Cloud",
    "RegionId": "us-east-2",
    "SkuMeter": "BoxUsage",
    "CommitmentDiscountStatus": "",
    "Tags": '{"user_team": "blue"}',
    "x_ServiceCode": "AmazonEC2",
    "x_UsageType": "USE2-BoxUsage:m5.large",
    "x_Operation": "RunInstances",
}
EXPECTED = usage("", quantity=Fraction(1, 4), tags={"user_team": "blue"})


def rows(folder: Path, form: dict[str, str], *changes: dict[str, str], name: str = "report.csv") -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(form), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**form, **change} for change in changes)
    path = folder / name
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "billing")


def taken(ledger: Ledger) -> list[tuple[str, Fraction]]:
    return sorted((recorded.usage.resource, recorded.usage.quantity) for recorded in ledger.usage("2026-03"))


@pytest.mark.parametrize("form", [CUR, FOCUS], ids=["cur", "focus"])
@pytest.mark.parametrize("name", ["report.csv", "report.csv.gz", "report.parquet"])
def test_usage_is_taken_from_each_kind_of_file(ledger, tmp_path, form, name):
    path = rows(tmp_path, form, {}, name=name.replace("parquet", "csv"))
    if name.endswith("parquet"):
        path = tmp_path / name
        with duckdb.connect() as connection:
            connection.execute(f"COPY (FROM read_csv('{tmp_path / 'report.csv'}')) TO '{path}' (FORMAT parquet)")

    ledger.add_source(source_of(path), is_ours)

    assert [recorded.usage._replace(usage_id="") for recorded in ledger.usage("2026-03")] == [EXPECTED]


@pytest.mark.parametrize(
    ("kind", "is_usage"),
    [
        ("Usage", True),
        ("DiscountedUsage", True),
        ("SavingsPlanCoveredUsage", True),
        ("SavingsPlanNegation", False),
        ("SavingsPlanRecurringFee", False),
        ("SavingsPlanUpfrontFee", False),
        ("RIFee", False),
        ("Fee", False),
        ("Credit", False),
        ("Refund", False),
        ("Tax", False),
        ("PrivateRateDiscount", False),
    ],
)
def test_only_lines_of_usage_are_usage(ledger, tmp_path, kind, is_usage):
    added = ledger.add_source(source_of(rows(tmp_path, CUR, {"line_item_line_item_type": kind})), is_ours)

    assert added.added == ({"2026-03": 1} if is_usage else {})


@pytest.mark.parametrize(
    ("change", "is_usage"),
    [
        ({}, True),
        ({"ChargeCategory": "Purchase"}, False),
        ({"ChargeCategory": "Tax"}, False),
        ({"CommitmentDiscountStatus": "Used"}, True),
        ({"CommitmentDiscountStatus": "Unused", "ConsumedQuantity": ""}, False),
    ],
)
def test_only_rows_of_usage_that_was_consumed_are_usage(ledger, tmp_path, change, is_usage):
    added = ledger.add_source(source_of(rows(tmp_path, FOCUS, change)), is_ours)

    assert added.added == ({"2026-03": 1} if is_usage else {})


def test_a_line_of_a_report_is_known_by_its_id_and_interval(ledger, tmp_path):
    later = {
        "identity_time_interval": "2026-03-01T01:00:00Z/2026-03-01T02:00:00Z",
        "line_item_usage_start_date": "2026-03-01T01:00:00Z",
        "line_item_usage_end_date": "2026-03-01T02:00:00Z",
    }
    path = rows(tmp_path, CUR, {}, later)

    first = ledger.add_source(source_of(path), is_ours)
    again = ledger.add_source(source_of(path), is_ours)

    assert (first.added, again.added, again.known) == ({"2026-03": 2}, {}, 2)


@pytest.mark.parametrize("form", [{k: v for k, v in CUR.items() if "identity" not in k}, FOCUS], ids=["cur", "focus"])
def test_rows_without_ids_that_say_the_same_are_each_counted_once(ledger, tmp_path, form):
    quantity = "line_item_usage_amount" if "line_item_usage_amount" in form else "ConsumedQuantity"
    path = rows(tmp_path, form, {}, {quantity: "3"}, {})
    other_order = rows(tmp_path, form, {quantity: "3"}, {}, {}, name="other.csv")

    first = ledger.add_source(source_of(path), is_ours)
    again = ledger.add_source(source_of(other_order), is_ours)

    assert (first.added, again.known) == ({"2026-03": 3}, 3)
    assert sum(quantity for _, quantity in taken(ledger)) == Fraction("3.5")


@pytest.mark.parametrize(
    ("form", "column"), [(CUR, "line_item_currency_code"), (FOCUS, "BillingCurrency")], ids=["cur", "focus"]
)
def test_another_currency_anywhere_refuses_the_file(ledger, tmp_path, form, column):
    kind = "line_item_line_item_type" if form is CUR else "ChargeCategory"

    with pytest.raises(UsageRefused, match=f"row 2: {column} `EUR` is not USD"):
        ledger.add_source(source_of(rows(tmp_path, form, {}, {column: "EUR", kind: "Tax"})), is_ours)

    assert ledger.usage_months() == {}


@pytest.mark.parametrize(
    ("form", "change", "message"),
    [
        (CUR, {"line_item_usage_amount": "nan"}, "row 1: quantity `nan` is no finite number"),
        (CUR, {"line_item_usage_start_date": "2026-03-01 00:00:00"}, "row 1: start .* has no time zone"),
        (CUR, {"resource_tags": "team"}, "row 1: resource_tags is no JSON object"),
        (CUR, {"line_item_usage_account_id": "4444"}, "row 1: account `4444` is not twelve digits"),
        (FOCUS, {"Tags": "[1"}, "row 1: Tags is no JSON object"),
        (FOCUS, {"x_UsageType": "", "SkuMeter": ""}, "row 1: usage_type is missing"),
    ],
)
def test_a_bad_row_refuses_the_report(ledger, tmp_path, form, change, message):
    with pytest.raises(UsageRefused, match=message):
        ledger.add_source(source_of(rows(tmp_path, form, change)), is_ours)


@pytest.mark.parametrize(
    ("form", "column"), [(CUR, "line_item_usage_amount"), (FOCUS, "ConsumedQuantity")], ids=["cur", "focus"]
)
def test_a_report_without_a_column_that_is_needed_says_which(ledger, tmp_path, form, column):
    less = {key: value for key, value in form.items() if key != column}

    with pytest.raises(UsageRefused, match=f"without {column}; select them in the export"):
        ledger.add_source(source_of(rows(tmp_path, less, {})), is_ours)


def test_numbers_of_parquet_are_read_as_they_are_printed(ledger, tmp_path):
    path = tmp_path / "report.parquet"
    columns = ", ".join(
        f"{value}::DOUBLE AS {name}"
        if name == "line_item_usage_amount"
        else f"TIMESTAMP '{value[:19]}' AS {name}"
        if name.endswith("_date")
        else f"MAP {{'user_team': 'blue'}} AS {name}"
        if name == "resource_tags"
        else f"'{value}' AS {name}"
        for name, value in {**CUR, "line_item_usage_amount": "0.1"}.items()
    )
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {columns}) TO '{path}' (FORMAT parquet)")

    ledger.add_source(source_of(path), is_ours)

    assert [recorded.usage._replace(usage_id="") for recorded in ledger.usage("2026-03")] == [
        EXPECTED._replace(quantity=Fraction(1, 10))
    ]
