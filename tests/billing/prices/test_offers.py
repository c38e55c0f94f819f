"""Offer files: read, written, merged, kept."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.ledger.price_shelf import PriceShelf, sample_offers
from remit.billing.prices.offers import Offer, ReservedPrice, offer_read, offer_written
from remit.billing.prices.plan_offers import plan_offer_read, with_plan_rates
from remit.billing.prices.products import Price, PriceList, PriceMistake, Product, Tier
from remit.billing.prices.versions import merged

JANUARY, MARCH = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
# As AWS writes them, with a product and figures of our own.
FILE: dict[str, Any] = {
    "formatVersion": "v1.0",
    "disclaimer": "an example",
    "offerCode": "AmazonEC2",
    "version": "20260101000000",
    "publicationDate": "2026-01-01T00:00:00Z",
    "products": {
        "SKU1": {
            "sku": "SKU1",
            "productFamily": "Compute Instance",
            "attributes": {
                "servicecode": "AmazonEC2",
                "location": "EU (Ireland)",
                "regionCode": "eu-west-1",
                "usagetype": "EU-BoxUsage:m5.large",
                "operation": "RunInstances",
                "instanceType": "m5.large",
            },
        }
    },
    "terms": {
        "OnDemand": {
            "SKU1": {
                "SKU1.JRTCKXETXF": {
                    "offerTermCode": "JRTCKXETXF",
                    "sku": "SKU1",
                    "effectiveDate": "2026-01-01T00:00:00Z",
                    "priceDimensions": {
                        "SKU1.JRTCKXETXF.B": {
                            "rateCode": "SKU1.JRTCKXETXF.B",
                            "description": "over 10",
                            "beginRange": "10",
                            "endRange": "Inf",
                            "unit": "Hrs",
                            "pricePerUnit": {"USD": "0.0800000000"},
                            "appliesTo": [],
                        },
                        "SKU1.JRTCKXETXF.A": {
                            "rateCode": "SKU1.JRTCKXETXF.A",
                            "description": "first 10",
                            "beginRange": "0",
                            "endRange": "10",
                            "unit": "Hrs",
                            "pricePerUnit": {"USD": "0.1000000000"},
                            "appliesTo": [],
                        },
                    },
                    "termAttributes": {},
                }
            }
        },
        "Reserved": {
            "SKU1": {
                "SKU1.R": {
                    "offerTermCode": "R",
                    "sku": "SKU1",
                    "effectiveDate": "2026-01-01T00:00:00Z",
                    "priceDimensions": {
                        "SKU1.R.U": {
                            "rateCode": "SKU1.R.U",
                            "description": "Upfront Fee",
                            "unit": "Quantity",
                            "pricePerUnit": {"USD": "100"},
                        },
                        "SKU1.R.H": {
                            "rateCode": "SKU1.R.H",
                            "description": "Linux, m5.large reserved instance applied",
                            "beginRange": "0",
                            "endRange": "Inf",
                            "unit": "Hrs",
                            "pricePerUnit": {"USD": "0.03"},
                        },
                    },
                    "termAttributes": {
                        "LeaseContractLength": "3yr",
                        "OfferingClass": "convertible",
                        "PurchaseOption": "Partial Upfront",
                    },
                }
            }
        },
    },
}
PLAN: dict[str, Any] = {
    "version": "20260101000000",
    "publicationDate": "2026-01-01T00:00:00Z",
    "regionCode": "eu-west-1",
    "products": [
        {
            "sku": "P1",
            "productFamily": "ComputeSavingsPlans",
            "serviceCode": "ComputeSavingsPlans",
            "attributes": {"purchaseOption": "No Upfront", "purchaseTerm": "1yr"},
        }
    ],
    "terms": {
        "savingsPlan": [
            {
                "sku": "P1",
                "description": "1 year",
                "effectiveDate": "2026-01-01T00:00:00Z",
                "leaseContractLength": {"duration": 1, "unit": "year"},
                "rates": [
                    {"discountedSku": "SKU1", "unit": "Hrs", "discountedRate": {"price": "0.06", "currency": "USD"}}
                ],
            }
        ]
    },
}


def changed(file: dict[str, Any], path: str, value: Any) -> bytes:
    copy = deepcopy(file)
    *parents, last = path.split("/")
    place: Any = copy
    for parent in parents:
        place = place[int(parent) if isinstance(place, list) else parent]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return json.dumps(copy).encode()


def test_an_offer_file_of_the_form_of_aws_is_read():
    offer = offer_read(json.dumps(FILE).encode())

    assert offer.products == (
        Product(
            "SKU1",
            "AmazonEC2",
            "EU-BoxUsage:m5.large",
            "RunInstances",
            "eu-west-1",
            "Compute Instance",
            {"instanceType": "m5.large", "location": "EU (Ireland)"},
            "SKU1",
            (
                Price(
                    JANUARY,
                    None,
                    "Hrs",
                    (Tier(Fraction(0), Fraction(10), Fraction(1, 10)), Tier(Fraction(10), None, Fraction(8, 100))),
                ),
            ),
        ),
    )
    assert offer.reserved == (
        ReservedPrice("SKU1", JANUARY, 3, "convertible", "Partial Upfront", Fraction(100), Fraction(3, 100)),
    )


TERM = "terms/OnDemand/SKU1/SKU1.JRTCKXETXF"
RATE = f"{TERM}/priceDimensions/SKU1.JRTCKXETXF.A"
BAD = {
    "another currency": (f"{RATE}/pricePerUnit", {"CNY": "1"}, "a price in CNY: bills are in USD"),
    "no number": (f"{RATE}/pricePerUnit", {"USD": "NaN"}, "is no finite number"),
    "below zero": (f"{RATE}/pricePerUnit", {"USD": "-1"}, "is below zero"),
    "two units": (f"{RATE}/unit", "GB", "prices of 2 units: GB, Hrs"),
    "no prices": (f"{TERM}/priceDimensions", {}, "prices of 0 units: none"),
    "a term of nothing": ("products/SKU1", None, "terms of SKU1, which is no product"),
    "no usage type": ("products/SKU1/attributes/usagetype", None, "has no attribute usagetype"),
    "another name": ("products/SKU1/sku", "SKU2", "product SKU1 calls itself SKU2"),
    "another format": ("formatVersion", "v2.0", "format `v2.0`"),
    "no date": (f"{TERM}/effectiveDate", "soon", "no offer file"),
    "no zone": (f"{TERM}/effectiveDate", "2026-01-01T00:00:00", "no time zone"),
    "no length": ("terms/Reserved/SKU1/SKU1.R/termAttributes", {}, "LeaseContractLength"),
    "no terms": ("terms", None, "no offer file"),
}


@pytest.mark.parametrize(("path", "value", "message"), BAD.values(), ids=BAD)
def test_a_bad_offer_file_is_refused(path, value, message):
    with pytest.raises(PriceMistake, match=message):
        offer_read(changed(FILE, path, value))


def test_a_gap_between_tiers_is_refused():
    offer = offer_read(changed(FILE, f"{RATE}/endRange", "9"))

    with pytest.raises(PriceMistake, match="a tier begins at 10"):
        PriceList(offer.products)


def test_a_product_with_two_terms_has_each_price_in_its_time():
    later = deepcopy(FILE["terms"]["OnDemand"]["SKU1"]["SKU1.JRTCKXETXF"])
    later["effectiveDate"] = "2026-03-01T00:00:00Z"

    (product,) = offer_read(changed(FILE, "terms/OnDemand/SKU1/SKU1.LATER", later)).products

    assert [(price.since, price.until) for price in product.prices] == [(JANUARY, MARCH), (MARCH, None)]


def test_two_terms_from_the_same_day_are_refused():
    other = FILE["terms"]["OnDemand"]["SKU1"]["SKU1.JRTCKXETXF"]

    with pytest.raises(PriceMistake, match="two On-Demand terms from 2026-01-01"):
        offer_read(changed(FILE, "terms/OnDemand/SKU1/SKU1.OTHER", other))


def version(number: int, since: datetime, price: str, sku: str = "S", usage_type: str = "t") -> Offer:
    prices = (Price(since, None, "Hrs", (Tier(Fraction(0), None, Fraction(price)),)),)
    product = Product(sku, "AmazonEC2", usage_type, "", "", "", {"is": str(number)}, sku, prices)
    return Offer("AmazonEC2", str(number), JANUARY.replace(day=number), (product,), ())


def test_versions_give_prices_in_order_whatever_order_they_come_in():
    versions = [version(1, JANUARY, "1"), version(2, MARCH, "2")]

    for offers in (versions, versions[::-1]):
        (product,) = merged(offers)

        assert [(price.since, price.until, price.tiers[0].price) for price in product.prices] == [
            (JANUARY, MARCH, 1),
            (MARCH, None, 2),
        ]
        assert product.attributes == {"is": "2"}


def test_a_version_that_says_the_same_again_changes_nothing_and_another_price_is_refused():
    assert len(merged([version(1, JANUARY, "1"), version(2, JANUARY, "1")])[0].prices) == 1

    with pytest.raises(PriceMistake, match="versions 1 and 2 of AmazonEC2 give different prices from 2026-01-01"):
        merged([version(1, JANUARY, "1"), version(2, JANUARY, "2")])


def test_rates_of_plans_join_the_products_of_their_time_term_and_option():
    rates = plan_offer_read(json.dumps(PLAN).encode()).rates
    products = offer_read(json.dumps(FILE).encode()).products

    assert with_plan_rates(products, rates, JANUARY)[0].plan_rates == {"COMPUTE": Fraction(6, 100)}
    assert with_plan_rates(products, rates, JANUARY.replace(year=2025))[0].plan_rates == {}
    assert with_plan_rates(products, rates, JANUARY, years=3)[0].plan_rates == {}
    assert with_plan_rates(products, rates, JANUARY, option="All Upfront")[0].plan_rates == {}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("terms/savingsPlan/0/rates/0/discountedRate", {"price": "1", "currency": "CNY"}, "a rate in CNY"),
        ("terms/savingsPlan/0/rates/0/discountedRate", {"price": "x", "currency": "USD"}, "is no decimal number"),
        ("terms/savingsPlan/0/sku", "P2", "a term of plan P2, which is no product"),
        ("terms/savingsPlan/0/leaseContractLength", {"duration": 1, "unit": "month"}, "plans run for years"),
        ("products/0/productFamily", "Other", "is of the family `Other`"),
        ("version", None, "no offer file of Savings Plans"),
    ],
)
def test_a_bad_file_of_plans_is_refused(path, value, message):
    with pytest.raises(PriceMistake, match=message):
        plan_offer_read(changed(PLAN, path, value))


_amounts = st.decimals(min_value=0, max_value=10**9, places=10).map(Fraction)
_names = st.text("abcXYZ019:.-", min_size=1, max_size=12)


@st.composite
def offers(draw: st.DrawFn) -> Offer:
    skus = draw(st.lists(_names, unique=True, max_size=4))
    products = []
    for sku in sorted(skus):
        ends = sorted({draw(_amounts) + 1 for _ in range(draw(st.integers(0, 2)))})
        tiers = tuple(
            Tier(begin, end, draw(_amounts)) for begin, end in zip([Fraction(0), *ends], [*ends, None], strict=True)
        )
        price = Price(JANUARY, None, "Hrs", tiers)
        group = draw(st.sampled_from([sku, "together"]))
        products.append(
            Product(sku, "AmazonEC2", draw(_names), draw(_names), "", draw(_names), {"a": "b"}, group, (price,))
        )
    return Offer("AmazonEC2", "1", MARCH, tuple(products), ())


@given(offers())
def test_what_is_written_is_read_again(offer):
    assert offer_read(offer_written(offer)) == offer


def test_a_reservation_that_is_written_is_read_again():
    offer = offer_read(json.dumps(FILE).encode())

    assert offer_read(offer_written(offer)) == offer


def test_the_sample_is_a_price_list(tmp_path: Path):
    shelf = PriceShelf(tmp_path)
    for content in sample_offers():
        shelf.add_content(content)

    prices = shelf.price_list(MARCH)

    found = prices.find("AmazonEC2", "BoxUsage:m5.large", "RunInstances", "us-east-1")
    assert found is not None
    price = found.price_at(MARCH)
    assert price is not None
    assert price.tiers[0].price == Fraction("0.096")
    assert found.plan_rates == {"COMPUTE": Fraction("0.072"), "EC2_INSTANCE": Fraction("0.0672")}
    assert {product.service for product in prices.products} == {
        "AWSDataTransfer",
        "AWSLambda",
        "AmazonEC2",
        "AmazonECS",
        "AmazonRDS",
        "AmazonS3",
    }


def test_a_version_is_kept_once(tmp_path: Path):
    shelf = PriceShelf(tmp_path)
    content = json.dumps(FILE).encode()

    assert shelf.add_content(content).is_new
    assert not shelf.add_content(content).is_new
    with pytest.raises(PriceMistake, match="is there and says something else"):
        shelf.add_content(changed(FILE, "disclaimer", "another"))
    with pytest.raises(PriceMistake, match="give different prices"):
        shelf.add_content(changed(json.loads(changed(FILE, "version", "2")), f"{RATE}/pricePerUnit", {"USD": "9"}))
    assert [offer.version for offer in shelf.offers()] == ["20260101000000"]


@pytest.mark.parametrize("name", ["../x", "", "a/b", "a b"])
def test_a_version_is_no_path(tmp_path: Path, name: str):
    with pytest.raises(PriceMistake, match="letters, digits"):
        PriceShelf(tmp_path / "prices").add_content(changed(FILE, "version", name))
