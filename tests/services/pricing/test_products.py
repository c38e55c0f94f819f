"""Products: found by filters, with the terms in force, in the form that clients read."""

import json
from typing import Any

import pytest
from bills import Family
from services.every_operation import refused
from services.pricing.conftest import SERVICE, offer

from remit.billing.ledger.price_shelf import PriceShelf, price_folder

SMALL = {"sku": "A", "usagetype": "Small", "since": "2026-01-01", "price": "0.1", "size": "small", "engine": "a,b"}
LARGE = {"sku": "B", "usagetype": "Large", "since": "2026-01-01", "price": "0.4", "size": "large", "family": "Big"}
EUROPE = {**SMALL, "sku": "C", "usagetype": "EU-Small", "regionCode": "eu-west-1", "engine": "b"}


@pytest.fixture
def client(family: Family, shelf: PriceShelf) -> Any:
    shelf.add_content(offer("1", "2026-01-01", SMALL, LARGE, EUROPE, reserved="0.06"))
    return family.client("pricing")


def products(client: Any, code: str = SERVICE, *filters: tuple[str, str, str]) -> dict[str, dict[str, Any]]:
    given = [{"Type": kind, "Field": name, "Value": value} for kind, name, value in filters]
    pages = client.get_paginator("get_products").paginate(ServiceCode=code, Filters=given, FormatVersion="aws_v1")
    found = [json.loads(text) for page in pages for text in page["PriceList"]]
    return {one["product"]["sku"]: one for one in found}


def price(one: dict[str, Any], kind: str = "OnDemand") -> str:
    (term,) = one["terms"][kind].values()
    *_, rate = sorted(term["priceDimensions"].values(), key=lambda rate: rate["description"])
    return str(rate["pricePerUnit"]["USD"])


def test_a_product_has_the_form_of_price_list_files(client: Any) -> None:
    one = products(client)["A"]

    assert set(one) == {"product", "serviceCode", "terms", "version", "publicationDate"}
    assert (one["serviceCode"], one["version"], one["publicationDate"]) == (SERVICE, "1", "2026-01-01T00:00:00Z")
    assert one["product"] == {
        "sku": "A",
        "productFamily": "Compute",
        "attributes": {
            "servicecode": SERVICE,
            "usagetype": "Small",
            "operation": "Run",
            "regionCode": "us-east-1",
            "size": "small",
            "engine": "a,b",
        },
    }
    ((key, term),) = one["terms"]["OnDemand"].items()
    ((rate_key, rate),) = term["priceDimensions"].items()
    assert term["sku"] == "A"
    assert key == f"A.{term['offerTermCode']}"
    assert rate["rateCode"] == rate_key
    assert rate_key.startswith(key)
    assert (term["effectiveDate"], term["termAttributes"]) == ("2026-01-01T00:00:00Z", {})
    assert (rate["beginRange"], rate["endRange"], rate["unit"], rate["appliesTo"]) == ("0", "Inf", "Hrs", [])
    assert rate["pricePerUnit"] == {"USD": "0.1"}


def test_reservations_are_terms(client: Any) -> None:
    found = products(client)

    (term,) = found["A"]["terms"]["Reserved"].values()
    assert term["termAttributes"] == {
        "LeaseContractLength": "1yr",
        "OfferingClass": "standard",
        "PurchaseOption": "No Upfront",
    }
    assert price(found["A"], "Reserved") == "0.06"
    assert "Reserved" not in found["B"]["terms"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([], "ABC"),
        ([("TERM_MATCH", "size", "small")], "AC"),
        ([("TERM_MATCH", "size", "Small")], ""),
        ([("EQUALS", "size", "small"), ("EQUALS", "regionCode", "eu-west-1")], "C"),
        ([("CONTAINS", "usagetype", "mall")], "AC"),
        ([("CONTAINS", "usagetype", "MALL")], ""),
        ([("ANY_OF", "usagetype", "Small,Large")], "AB"),
        ([("ANY_OF", "usagetype", "Small, EU-Small")], "AC"),
        ([("NONE_OF", "usagetype", "Small,Large")], "C"),
        ([("NONE_OF", "engine", "b")], "AB"),
        ([("NONE_OF", "nothing", "x")], "ABC"),
        ([("EQUALS", "nothing", "x")], ""),
        ([("EQUALS", "engine", "a,b")], "A"),
        ([("TERM_MATCH", "ServiceCode", SERVICE)], "ABC"),
        ([("TERM_MATCH", "serviceCode", "AmazonEC2")], ""),
        ([("TERM_MATCH", "productFamily", "Big")], "B"),
        ([("TERM_MATCH", "termType", "Reserved")], "A"),
        ([("TERM_MATCH", "termType", "OnDemand")], "ABC"),
        ([("TERM_MATCH", "sku", "B")], "B"),
    ],
)
def test_every_filter_must_match(client: Any, filters: list[tuple[str, str, str]], found: str) -> None:
    assert "".join(sorted(products(client, SERVICE, *filters))) == found


def test_pages_give_each_product_once(client: Any) -> None:
    given = {"ServiceCode": SERVICE, "MaxResults": 1}

    one = client.get_products(**given)
    two = client.get_products(**given, NextToken=one["NextToken"])
    three = client.get_products(**given, NextToken=two["NextToken"])

    assert [json.loads(page["PriceList"][0])["product"]["sku"] for page in (one, two, three)] == ["A", "B", "C"]
    assert "NextToken" not in three
    other = {**given, "Filters": [{"Type": "EQUALS", "Field": "size", "Value": "small"}], "NextToken": one["NextToken"]}
    assert refused(client, "GetProducts", other)["Code"] == "InvalidNextTokenException"


def test_the_price_in_force_is_shown(client: Any, shelf: PriceShelf) -> None:
    shelf.add_content(offer("2", "2026-02-01", {**SMALL, "since": "2026-03-20", "price": "0.2"}, reserved="0.05"))
    shelf.add_content(offer("3", "2026-03-20", {**LARGE, "since": "2026-03-21", "price": "0.5", "size": "huge"}))
    shelf.add_content(offer("4", "2026-03-21", {**EUROPE, "since": "2026-01-02", "price": "9"}))

    found = products(client)

    assert {sku: price(one) for sku, one in found.items()} == {"A": "0.2", "B": "0.4", "C": "0.1"}
    assert {sku: one["version"] for sku, one in found.items()} == {"A": "2", "B": "3", "C": "1"}
    assert found["B"]["product"]["attributes"]["size"] == "huge"
    assert price(found["A"], "Reserved") == "0.05"


@pytest.mark.usefixtures("sample")
def test_services_have_the_attributes_that_products_are_found_by(family: Family) -> None:
    client = family.client("pricing")

    every = {one["ServiceCode"]: one["AttributeNames"] for one in client.describe_services()["Services"]}
    (s3,) = client.describe_services(ServiceCode="AmazonS3")["Services"]

    assert set(every) == {"AWSDataTransfer", "AWSLambda", "AmazonEC2", "AmazonECS", "AmazonRDS", "AmazonS3"}
    assert every["AmazonEC2"] == sorted(
        [
            *("instanceType", "operatingSystem", "operation", "productFamily", "regionCode", "servicecode"),
            *("tenancy", "termType", "usagetype"),
        ]
    )
    assert s3 == {"ServiceCode": "AmazonS3", "AttributeNames": every["AmazonS3"]}


def test_values_of_an_attribute_are_those_of_products(client: Any) -> None:
    def values(name: str) -> list[str]:
        pages = client.get_paginator("get_attribute_values").paginate(
            ServiceCode=SERVICE, AttributeName=name, PaginationConfig={"PageSize": 1}
        )
        return [one["Value"] for page in pages for one in page["AttributeValues"]]

    assert values("size") == ["large", "small"]
    assert values("termType") == ["OnDemand", "Reserved"]
    assert values("regionCode") == ["eu-west-1", "us-east-1"]


@pytest.mark.usefixtures("sample")
def test_the_sample_says_what_a_bill_asks(family: Family) -> None:
    found = products(
        family.client("pricing"),
        "AmazonEC2",
        ("TERM_MATCH", "instanceType", "m5.large"),
        ("TERM_MATCH", "operatingSystem", "Linux"),
        ("TERM_MATCH", "regionCode", "us-east-1"),
    )

    (one,) = found.values()
    assert price(one) == "0.096"


def test_without_price_lists_there_are_no_services(family: Family) -> None:
    assert family.client("pricing").describe_services()["Services"] == []


@pytest.mark.parametrize("code", ["../AmazonTest", "*", "Amazon?est", "plans"])
def test_a_code_names_no_file(client: Any, code: str) -> None:
    assert refused(client, "GetProducts", {"ServiceCode": code})["Code"] == "NotFoundException"


def test_a_price_list_that_cannot_be_read_is_told(client: Any, family: Family) -> None:
    (price_folder(family.remit.folder) / f"{SERVICE}.5.json").write_text("{")

    assert refused(client, "GetProducts", {"ServiceCode": SERVICE})["Code"] == "InternalErrorException"
