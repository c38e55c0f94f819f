"""Price list files: which there are at a date, and what links to them give."""

import csv
import io
from typing import Any

import pytest
from bills import Family, at
from services.every_operation import refused
from services.pricing.conftest import SERVICE, offer
from services.pricing.rows import FILE
from services.pricing.test_products import EUROPE, LARGE, SMALL

from remit.billing.ledger.price_shelf import PriceShelf, sample_offers
from remit.billing.prices.offers import offer_read

EVERYWHERE = {**SMALL, "sku": "D", "usagetype": "Global", "regionCode": ""}


@pytest.fixture
def client(family: Family, shelf: PriceShelf) -> Any:
    shelf.add_content(offer("1", "2026-01-01", SMALL, LARGE, EUROPE, EVERYWHERE, reserved="0.06"))
    shelf.add_content(offer("2", "2026-02-01", {**SMALL, "since": "2026-02-01", "price": "0.2"}))
    return family.client("pricing")


def lists(client: Any, date: str = "2026-01-15", code: str = SERVICE, **asked: Any) -> list[dict[str, Any]]:
    given = {"ServiceCode": code, "EffectiveDate": at(date), "CurrencyCode": "USD", **asked}
    pages = client.get_paginator("list_price_lists").paginate(**given, PaginationConfig={"PageSize": 1})
    return [one for page in pages for one in page["PriceLists"]]


def arn(version: str, region: str) -> str:
    return f"arn:aws:pricing:::price-list/aws/{SERVICE}/USD/{version}/{region}"


def fetched(family: Family, form: str, arn_: str) -> Any:
    url = family.client("pricing").get_price_list_file_url(PriceListArn=arn_, FileFormat=form)["Url"]
    return family.remit.fetch(url)


def test_the_version_of_a_date_is_listed_by_region(client: Any) -> None:
    assert lists(client) == [
        {
            "PriceListArn": arn("1", region),
            "RegionCode": region,
            "CurrencyCode": "USD",
            "FileFormats": ["json", "csv"],
        }
        for region in ("aws-global", "eu-west-1", "us-east-1")
    ]


@pytest.mark.parametrize(
    ("date", "asked", "found"),
    [
        ("2026-01-01", {"RegionCode": "us-east-1"}, [arn("1", "us-east-1")]),
        ("2026-02-01", {}, [arn("2", "us-east-1")]),
        ("2026-01-31T23:59", {"RegionCode": "eu-west-1"}, [arn("1", "eu-west-1")]),
        ("2025-12-31", {}, []),
        ("2026-01-15", {"CurrencyCode": "CNY"}, []),
        ("2026-01-15", {"RegionCode": "us-west-2"}, []),
    ],
)
def test_date_region_and_currency_choose(client: Any, date: str, asked: dict[str, str], found: list[str]) -> None:
    assert [one["PriceListArn"] for one in lists(client, date, **asked)] == found


@pytest.mark.usefixtures("client")
def test_a_link_gives_the_products_of_its_region(family: Family) -> None:
    answer = fetched(family, "json", arn("1", "us-east-1"))

    read = offer_read(answer.body)
    headers = dict(answer.headers)
    assert (answer.status, headers["content-type"]) == (200, "application/json")
    assert headers["content-disposition"] == f'attachment; filename="{SERVICE}-1-us-east-1.json"'
    assert (read.service, read.version) == (SERVICE, "1")
    assert [product.sku for product in read.products] == ["A", "B"]
    assert [price.sku for price in read.reserved] == ["A"]
    assert fetched(family, "json", arn("1", "us-east-1")).body == answer.body


@pytest.mark.usefixtures("client")
def test_a_csv_has_a_row_for_each_rate(family: Family) -> None:
    answer = fetched(family, "csv", arn("1", "us-east-1"))

    text = answer.body.decode()
    lead, rows = text.splitlines()[:5], list(csv.DictReader(io.StringIO("\n".join(text.splitlines()[5:]))))
    assert lead[3:] == ['"Version","1"', f'"OfferCode","{SERVICE}"']
    chosen = ("SKU", "TermType", "PricePerUnit", "LeaseContractLength", "Product Family", "usagetype", "engine")
    assert [tuple(row[name] for name in chosen) for row in rows] == [
        ("A", "OnDemand", "0.1", "", "Compute", "Small", "a,b"),
        ("A", "Reserved", "0", "1yr", "Compute", "Small", "a,b"),
        ("A", "Reserved", "0.06", "1yr", "Compute", "Small", "a,b"),
        ("B", "OnDemand", "0.4", "", "Big", "Large", ""),
    ]


@pytest.mark.usefixtures("sample")
def test_rates_of_savings_plans_are_one_file(family: Family) -> None:
    (one,) = lists(family.client("pricing"), code="ComputeSavingsPlans")

    assert one["FileFormats"] == ["json"]
    assert one["PriceListArn"] == "arn:aws:pricing:::price-list/aws/ComputeSavingsPlans/USD/20250101000000"
    assert "RegionCode" not in one
    assert fetched(family, "json", one["PriceListArn"]).body in sample_offers()
    csv_ = {"PriceListArn": one["PriceListArn"], "FileFormat": "csv"}
    assert refused(family.client("pricing"), "GetPriceListFileUrl", csv_)["Code"] == "InvalidParameterException"


@pytest.mark.parametrize(
    "name",
    [
        arn("3", "us-east-1"),
        arn("2", "eu-west-1"),
        f"arn:aws:pricing:::price-list/aws/{SERVICE}/USD/1",
        f"arn:aws:pricing:::price-list/aws/{SERVICE}/CNY/1/us-east-1",
        "arn:aws:pricing:::price-list/aws/../../secret/USD/1/us-east-1",
        "arn:aws:pricing:::price-list/aws/ComputeSavingsPlans/USD/1",
    ],
)
def test_no_other_file_has_a_link(client: Any, name: str) -> None:
    given = {**FILE, "PriceListArn": name}

    assert refused(client, "GetPriceListFileUrl", given)["Code"] == "ResourceNotFoundException"


@pytest.mark.usefixtures("shelf")
def test_a_version_that_is_gone_is_told(client: Any, family: Family) -> None:
    url = client.get_price_list_file_url(PriceListArn=arn("1", "us-east-1"), FileFormat="json")["Url"]
    for file in (family.remit.folder / "billing" / "prices").glob("*.json"):
        file.unlink()

    assert family.remit.fetch(url).status == 410
