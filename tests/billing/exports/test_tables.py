"""CUR 2.0 and FOCUS 1.2: what they say of each line, that they add up, that they come back."""

import csv
import gzip
import io
import json
import re
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from billing.exports.months import NAMES, month
from billing.facts import MEMBER, PAYER, is_ours

from remit.billing.exports.cur import CUR
from remit.billing.exports.focus import FOCUS
from remit.billing.exports.tables import Form, exported
from remit.billing.ledger import Ledger, LedgerError
from remit.billing.ledger.readers import source_of

FORMS = {"cur": CUR, "focus": FOCUS}
VALIDATOR = Path(__file__).parents[3] / ".venv" / "focus" / "bin" / "focus-validator"
Row = dict[str, str]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    found = Ledger(tmp_path / "billing")
    found.write_month("2026-03", month(), {})
    return found


def write(ledger: Ledger, form: Form, path: Path) -> Path:
    billed = ledger.month("2026-03")
    assert billed is not None
    exported(ledger, billed, form, NAMES, "R-1", path)
    return path


def rows(ledger: Ledger, form: Form, folder: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(write(ledger, form, folder / "out.csv").read_text())))


def total(found: list[Row], column: str) -> Fraction:
    return sum((Fraction(row[column]) for row in found if row[column]), Fraction(0))


def expected(column: str) -> Fraction:
    return sum((getattr(line, column) for line in month()), Fraction(0))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz", "out.parquet"])
def test_the_same_month_gives_the_same_bytes(ledger, tmp_path, form, name):
    first = write(ledger, FORMS[form], tmp_path / name).read_bytes()
    other = Ledger(tmp_path / "other")
    other.write_month("2026-03", month(), {"billed": "again"})

    assert write(other, FORMS[form], tmp_path / f"again-{name}").read_bytes() == first


@pytest.mark.parametrize("form", FORMS)
def test_csv_packed_csv_and_parquet_say_the_same(ledger, tmp_path, form):
    plain = write(ledger, FORMS[form], tmp_path / "out.csv").read_bytes()
    packed = gzip.decompress(write(ledger, FORMS[form], tmp_path / "out.csv.gz").read_bytes())
    parquet = write(ledger, FORMS[form], tmp_path / "out.parquet")

    assert packed == plain
    text = list(csv.DictReader(io.StringIO(plain.decode())))
    with duckdb.connect() as connection:
        found = connection.execute(f"FROM '{parquet}'")
        names = [column[0] for column in found.description]
        columns = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert names == list(text[0])
    for written, kept in zip(text, columns, strict=True):
        assert written == {name: shown(value) for name, value in kept.items()}


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return json.dumps(value, separators=(",", ":"))
    if hasattr(value, "strftime"):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, str):
        return value
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def test_a_cost_and_usage_report_adds_up_to_the_bill(ledger, tmp_path):
    found = rows(ledger, CUR, tmp_path)

    assert len(found) == len(month())
    assert total(found, "line_item_unblended_cost") == expected("unblended")
    assert total(found, "line_item_net_unblended_cost") == expected("net_unblended")
    assert total(found, "line_item_blended_cost") == expected("blended")


def test_focus_adds_up_to_the_bill_and_to_the_amortized_cost(ledger, tmp_path):
    found = rows(ledger, FOCUS, tmp_path)

    assert total(found, "BilledCost") == expected("net_unblended")
    assert total(found, "EffectiveCost") == expected("net_amortized")


def test_usage_without_a_price_costs_nothing_known(ledger, tmp_path):
    (cur,) = [row for row in rows(ledger, CUR, tmp_path) if row["pricing_term"] == "Unpriced"]
    (focus,) = [row for row in rows(ledger, FOCUS, tmp_path) if row["x_Pricing"] == "Unpriced"]

    assert (cur["line_item_unblended_cost"], cur["line_item_usage_amount"]) == ("", "1")
    assert (focus["ListUnitPrice"], focus["SkuPriceId"], focus["ConsumedQuantity"]) == ("", "", "1")
    assert focus["ChargeDescription"] == "no price is known"


def test_a_report_names_what_covers_usage(ledger, tmp_path):
    found = {row["identity_line_item_id"]: row for row in rows(ledger, CUR, tmp_path)}

    reserved, plan, fee = found["reserved"], found["plan"], found["ri-fee"]
    assert (reserved["reservation_reservation_a_r_n"], reserved["reservation_effective_cost"]) == ("ri-1", "0.06")
    assert (plan["savings_plan_savings_plan_a_r_n"], plan["savings_plan_savings_plan_effective_cost"]) == (
        "sp-1",
        "0.07",
    )
    assert fee["reservation_unused_recurring_fee"] == "44.58"
    assert json.loads(found["on-demand"]["resource_tags"]) == {"user_team": "blue, green"}
    assert found["on-demand"]["identity_time_interval"] == "2026-03-01T00:00:00Z/2026-03-01T01:00:00Z"
    assert found["market"]["bill_billing_entity"] == "AWS Marketplace"
    assert found["on-demand"]["line_item_usage_account_name"] == "Member"


FOCUS_ROWS = [
    # description of the row, how it is found, what it says
    ({"SubAccountId": MEMBER, "ResourceId": "i-1"}, {"ChargeCategory": "Usage", "PricingCategory": "Standard"}),
    (
        {"CommitmentDiscountStatus": "Used", "CommitmentDiscountId": "ri-1"},
        {"BilledCost": "0", "EffectiveCost": "0.06"},
    ),
    ({"CommitmentDiscountStatus": "Used", "CommitmentDiscountId": "sp-1"}, {"CommitmentDiscountCategory": "Spend"}),
    ({"CommitmentDiscountStatus": "Unused", "CommitmentDiscountId": "ri-1"}, {"BilledCost": "0", "ConsumedUnit": ""}),
    ({"ChargeFrequency": "Recurring", "CommitmentDiscountId": "sp-1"}, {"BilledCost": "74.4", "EffectiveCost": "0"}),
    ({"ChargeCategory": "Tax"}, {"SkuId": "", "PricingCategory": "", "BilledCost": "0.333"}),
    ({"ChargeCategory": "Credit"}, {"BilledCost": "-1.114"}),
    ({"ChargeCategory": "Adjustment"}, {"ChargeClass": "Correction", "BilledCost": "-0.5"}),
    ({"ChargeCategory": "Usage", "ChargeClass": "Correction"}, {"BilledCost": "0.004"}),
    ({"PublisherName": "A Seller, Ltd."}, {"ProviderName": "AWS", "InvoiceIssuerName": "Remit"}),
]


@pytest.mark.parametrize(("which", "says"), FOCUS_ROWS)
def test_a_row_of_focus_says_what_a_line_is(ledger, tmp_path, which, says):
    found = [row for row in rows(ledger, FOCUS, tmp_path) if which.items() <= row.items()]

    assert len(found) == 1
    assert says.items() <= found[0].items()


NOT_NULL = [
    "BilledCost",
    "BillingAccountId",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
]


@pytest.mark.parametrize("column", NOT_NULL)
def test_what_focus_needs_is_never_null(ledger, tmp_path, column):
    assert all(row[column] for row in rows(ledger, FOCUS, tmp_path))


def test_only_a_closed_month_has_an_invoice(ledger, tmp_path):
    before = {row["InvoiceId"] for row in rows(ledger, FOCUS, tmp_path)}
    ledger.close("2026-03")

    assert before == {""}
    assert {row["bill_invoice_id"] for row in rows(ledger, CUR, tmp_path)} == {"R-1"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz", "out.parquet"])
def test_an_export_that_is_imported_gives_the_same_usage(ledger, tmp_path, form, name):
    path = write(ledger, FORMS[form], tmp_path / name)
    other = Ledger(tmp_path / "other")

    other.add_source(source_of(path), is_ours)

    kinds = ("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage")
    wanted: dict[tuple[Any, ...], Fraction] = {}
    for line in month():
        if line.line_type in kinds:
            key = (line.account, line.service, line.usage_type, line.operation, line.region, line.start, line.unit)
            wanted[key] = wanted.get(key, Fraction(0)) + line.quantity
    found: dict[tuple[Any, ...], Fraction] = {}
    for one, _ in other.usage("2026-03"):
        key = (one.account, one.service, one.usage_type, one.operation, one.region, one.start, one.unit)
        found[key] = found.get(key, Fraction(0)) + one.quantity
    assert found == wanted


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.json"])
def test_a_file_of_another_form_is_refused(ledger, tmp_path, name):
    with pytest.raises(LedgerError, match=r"name it \.csv"):
        write(ledger, CUR, tmp_path / name)


def test_an_export_that_cannot_be_written_leaves_nothing(ledger, tmp_path):
    with pytest.raises(LedgerError, match="cannot write"):
        write(ledger, CUR, tmp_path / "missing" / "out.csv")

    assert not (tmp_path / "missing").exists()


def test_names_and_texts_of_accounts_come_from_the_directory(ledger, tmp_path):
    found = rows(ledger, FOCUS, tmp_path)

    assert {row["BillingAccountName"] for row in found} == {NAMES[PAYER]}


# Names of a draft, which the validator's rules for 1.0 still ask for -> the names of the specification.
DRAFT = {
    "InvoiceIssuer": "InvoiceIssuerName",
    "Provider": "ProviderName",
    "Publisher": "PublisherName",
    "ResourceID": "ResourceId",
}
# What it cannot find right in any CSV file.
ITS_OWN = {
    "BillingAccountId_IsString",  # it reads digits as numbers
    "SubAccountId_IsString",
    "BillingCurrency_IsCurrencyCode",  # its list of currencies is not in the package
    "SkuPriceId_Nullable",  # it asks for a column ChargeType, which no version has
}


def failed_rules(found: list[Row], path: Path) -> set[str]:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*found[0], *DRAFT])
        writer.writeheader()
        writer.writerows({**row, **{draft: row[name] for draft, name in DRAFT.items()}} for row in found)
    done = subprocess.run(
        [VALIDATOR, "--data-file", path, "--validate-version", "1.0"],
        capture_output=True,
        text=True,
        check=False,
        cwd=path.parent,
    )
    assert "Errors encountered" in done.stdout, done.stdout + done.stderr
    return set(re.findall(r"^\s*([\w.]+) failed:", done.stdout, re.MULTILINE))


@pytest.mark.focus
def test_the_validator_of_the_focus_project_finds_nothing_but_its_own_slips(ledger, tmp_path):
    assert failed_rules(rows(ledger, FOCUS, tmp_path), tmp_path / "focus.csv") == ITS_OWN


@pytest.mark.focus
@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("ChargeFrequency", "Sometimes", "ChargeFrequency_Enum"),
        ("ServiceCategory", "Cloud", "ServiceCategory_Enum"),
        ("PricingCategory", "On-Demand", "PricingCategory_Enum_1.0"),
        ("BilledCost", "much", "BilledCost_IsDecimal"),
        ("ChargePeriodStart", "today", "ChargePeriodStart_IsDateTime"),
        ("Tags", "team", "Tags_IsJSONObject"),
    ],
)
def test_the_validator_finds_what_is_wrong(ledger, tmp_path, column, value, rule):
    found = rows(ledger, FOCUS, tmp_path)
    found[0][column] = value

    assert failed_rules(found, tmp_path / "focus.csv") - ITS_OWN == {rule}
