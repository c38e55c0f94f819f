"""What is in the files of exports."""

from decimal import Decimal
from pathlib import Path

import pytest
from bills import MEMBER, NOW, PAYER, Family, at, line, written
from deliveries import (
    CUR,
    FOCUS,
    MARCH,
    PARQUET,
    RECOMMENDATIONS,
    TEXT,
    delivered,
    made,
    rows_of,
    spoken,
    states,
    total,
)

from remit.billing.exports import deliveries
from remit.billing.ledger import Ledger, ledger_folder
from remit.directory.billing.allocation_tags import set_active


@pytest.mark.parametrize("output", [PARQUET, TEXT])
@pytest.mark.parametrize(
    ("query", "column"),
    [
        (f"SELECT line_item_unblended_cost FROM {CUR}", "line_item_unblended_cost"),
        (f"SELECT BilledCost AS cost FROM {FOCUS}", "cost"),
        ("SELECT BilledCost FROM FOCUS_1_0_AWS", "BilledCost"),
    ],
)
def test_it_adds_up_to_what_cost_explorer_says(
    family: Family, folder: Path, query: str, column: str, output: dict[str, str]
) -> None:
    made(family, query=query, **output)

    delivered(family, folder)

    assert total(rows_of(folder, MARCH), column) == Decimal(spoken(family, "2026-03")) == Decimal("10.5")


def test_a_member_exports_its_own_lines_and_the_payer_all(family: Family, folder: Path) -> None:
    member = family.client("bcm-data-exports", family.member)
    made(family, "members", client=member, bucket="research")
    made(family)

    delivered(family, folder)

    own = rows_of(folder, "research/a/b/members/metadata/BILLING_PERIOD=2026-03/members-Manifest.json")
    assert {row["line_item_usage_account_id"] for row in own} == {MEMBER}
    assert total(own) == Decimal(spoken(family, "2026-03", identity=family.member)) == Decimal("3.5")
    assert {row["line_item_usage_account_id"] for row in rows_of(folder, MARCH)} == {MEMBER, PAYER}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (f"line_item_usage_account_id = '{MEMBER}'", "3.5"),
        (f"line_item_usage_account_id != '{MEMBER}'", "7"),
        ("line_item_unblended_cost >= 2", "9"),
        ("NOT line_item_unblended_cost > 1.5", "1.5"),
        ("line_item_product_code IN ('AmazonS3', 'none') OR line_item_unblended_cost < 2", "8.5"),
        ("(line_item_product_code = 'AmazonS3' OR line_item_unblended_cost = 2) AND product.region = 'us-east-1'", "2"),
        ("line_item_product_code NOT IN ('AmazonS3')", "3.5"),
        ("line_item_usage_start_date >= '2026-03-01T02:00:00Z'", "9"),
        ("line_item_usage_start_date < '2026-03-01T03:00:00+02:00'", "0"),
        ("line_item_operation = 'it''s'", "0"),
        ("line_item_product_code = 'x'' OR true --'", "0"),
    ],
)
def test_only_rows_that_the_query_wants(family: Family, folder: Path, where: str, expected: str) -> None:
    made(family, query=f"SELECT line_item_unblended_cost FROM {CUR} WHERE {where}")

    delivered(family, folder)

    assert total(rows_of(folder, MARCH)) == Decimal(expected)


def test_only_as_many_rows_as_the_query_wants(family: Family, folder: Path) -> None:
    made(family, query=f"select line_item_unblended_cost from {CUR} limit 2")

    delivered(family, folder)

    assert [row["line_item_unblended_cost"] for row in rows_of(folder, MARCH)] == [Decimal("1.5"), 2]


@pytest.mark.parametrize("granularity", ["HOURLY", "DAILY", "MONTHLY"])
@pytest.mark.parametrize("resources", ["TRUE", "FALSE"])
def test_lines_are_told_apart_as_finely_as_the_table_says(
    family: Family, folder: Path, granularity: str, resources: str
) -> None:
    columns = "identity_time_interval, line_item_unblended_cost, line_item_usage_amount"
    query = f"SELECT {columns}{', line_item_resource_id' * (resources == 'TRUE')} FROM {CUR}"
    tables = {CUR: {"TIME_GRANULARITY": granularity, "INCLUDE_RESOURCES": resources}}
    made(family, query=query, tables=tables)

    delivered(family, folder)

    rows = rows_of(folder, MARCH)
    is_apart = granularity == "HOURLY" or resources == "TRUE"
    assert len(rows) == (3 if is_apart else 2)
    assert total(rows) == Decimal("10.5")
    assert total(rows, "line_item_usage_amount") == 3
    lengths = {"HOURLY": "T01:00:00Z/2026-03-01T02", "DAILY": "01T00:00:00Z/2026-03-02T00", "MONTHLY": "2026-04-01T00"}
    assert lengths[granularity] in rows[0]["identity_time_interval"]
    if resources == "TRUE":
        assert [row["line_item_resource_id"] for row in rows] == ["i-1", "i-2", None]


def test_tags_are_there_once_they_are_active_and_categories_are(family: Family, folder: Path) -> None:
    family.remit.change(lambda tx: set_active(tx, PAYER, "team", is_active=True, at=at("2026-01-01")))
    rule = {"Value": "Ours", "Rule": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [MEMBER]}}}
    family.client("ce").create_cost_category_definition(
        Name="Cost Owner", RuleVersion="CostCategoryExpression.v1", Rules=[rule], EffectiveStart="2026-03-01T00:00:00Z"
    )
    columns = "resource_tags, resource_tags.user_team, cost_category, cost_category.cost_owner, tags"
    made(family, query=f"SELECT {columns} FROM {CUR}")

    delivered(family, folder)

    rows = rows_of(folder, MARCH)
    assert rows[0] == {
        "resource_tags": {"user_team": "red"},
        "user_team": "red",
        "cost_category": {"cost_owner": "Ours"},
        "cost_owner": "Ours",
        "tags": {"resourceTags/team": "red", "costCategory/Cost Owner": "Ours"},
    }
    assert rows[2] == {"resource_tags": {}, "user_team": None, "cost_category": {}, "cost_owner": None, "tags": {}}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"CostCenter": "1"}, {"user_cost_center": "1"}),
        ({"aws:createdBy": "a"}, {"aws_created_by": "a"}),
        ({"user_team": "imported"}, {"user_team": "imported"}),
        ({"Owner": "first", "owner": "second"}, {"user_owner": "first"}),
    ],
)
def test_tags_are_called_as_cur_calls_them(
    family: Family, folder: Path, tags: dict[str, str], expected: dict[str, str]
) -> None:
    for key in tags:
        family.remit.change(lambda tx, key=key: set_active(tx, PAYER, key, is_active=True, at=at("2026-01-01")))
    written(family.remit.folder, [line(1, "2026-03-01", "1", tags=tags)])
    made(family, query=f"SELECT resource_tags, tags FROM {CUR}", tables={CUR: {"TIME_GRANULARITY": "MONTHLY"}})

    delivered(family, folder)

    (row,) = rows_of(folder, MARCH)
    assert row == {"resource_tags": expected, "tags": {f"resourceTags/{key}": value for key, value in tags.items()}}


def test_rows_are_chosen_by_tags_and_categories(family: Family, folder: Path) -> None:
    family.remit.change(lambda tx: set_active(tx, PAYER, "team", is_active=True, at=at("2026-01-01")))
    made(family, query=f"SELECT line_item_unblended_cost FROM {CUR} WHERE resource_tags.user_team = 'red'")

    delivered(family, folder)

    assert total(rows_of(folder, MARCH)) == Decimal("3.5")


def test_tags_that_are_not_active_are_in_no_export(family: Family, folder: Path) -> None:
    made(family, query=f"SELECT resource_tags, tags FROM {CUR}")

    delivered(family, folder)

    assert rows_of(folder, MARCH) == [{"resource_tags": {}, "tags": {}}] * 3


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT line_item_usage_account_id AS account, bill_invoice_id AS invoice FROM {CUR}",
        f"SELECT SubAccountId AS account, InvoiceId AS invoice FROM {FOCUS}",
    ],
)
def test_lines_say_on_which_invoice_they_are(family: Family, folder: Path, query: str) -> None:
    unit = family.client("invoicing").create_invoice_unit(
        Name="Research", InvoiceReceiver=MEMBER, Rule={"LinkedAccounts": [MEMBER]}
    )["InvoiceUnitArn"]
    made(family, query=query)
    delivered(family, folder)
    before = rows_of(folder, MARCH)
    written(family.remit.folder, [line(1, "2026-03-01", "1"), line(2, "2026-03-01", "1", account=PAYER)])
    Ledger(ledger_folder(family.remit.folder, PAYER)).close("2026-03")
    family.remit.change(lambda tx: deliveries.billed(tx, PAYER, ["2026-03"], NOW))

    delivered(family, folder)

    assert {row["invoice"] for row in before} == {None}
    (summary,) = family.client("invoicing").list_invoice_summaries(
        Selector={"ResourceType": "ACCOUNT_ID", "Value": MEMBER},
        Filter={"BillingPeriod": {"Year": 2026, "Month": 3}},
    )["InvoiceSummaries"]
    assert rows_of(folder, MARCH) == [
        {"account": MEMBER, "invoice": summary["InvoiceId"]},
        {"account": PAYER, "invoice": f"R-202603-{PAYER}"},
    ]
    assert summary["InvoiceId"].rpartition("-")[2] in unit


def test_recommendations_are_a_table_without_rows(family: Family, folder: Path) -> None:
    columns = "account_id, estimated_monthly_savings_before_discount, restart_needed"
    arn = made(family, query=f"SELECT {columns} FROM {RECOMMENDATIONS}")

    delivered(family, folder)

    assert states(family, arn) == [("DELIVERY_SUCCESS", None)]
    assert rows_of(folder, MARCH.replace("BILLING_PERIOD=2026-03", "date=2026-03-20")) == []


def test_a_view_shows_what_its_filter_lets_through(family: Family, folder: Path) -> None:
    billing = family.client("billing")
    (primary,) = billing.list_billing_views(billingViewTypes=["PRIMARY"])["billingViews"]
    view = billing.create_billing_view(
        name="Storage",
        sourceViews=[primary["arn"]],
        dataFilterExpression={"dimensions": {"key": "LINKED_ACCOUNT", "values": [PAYER]}},
    )["arn"]
    made(family, tables={CUR: {"BILLING_VIEW_ARN": view}})

    delivered(family, folder)

    assert total(rows_of(folder, MARCH)) == 7
