"""Price lists of our own making, in a family's store."""

import json
from typing import Any

import pytest
from bills import Family
from families import family, remit, signed_then
from services.pricing.rows import sampled

from remit.billing.ledger.price_shelf import PriceShelf, price_folder

__all__ = ["family", "remit", "signed_then"]

SERVICE = "AmazonTest"


@pytest.fixture
def sample(family: Family) -> None:
    """Give the sample that comes with Remit."""
    sampled(family)


@pytest.fixture
def shelf(family: Family) -> PriceShelf:
    return PriceShelf(price_folder(family.remit.folder))


def offer(version: str, published: str, *products: dict[str, Any], reserved: str = "") -> bytes:
    """Return an offer file; a product has attributes, `since` and `price`.

    Args:
        reserved: what an hour of the first product costs when it is reserved for a year; empty for no reservations.
    """
    every = [{"operation": "Run", "regionCode": "us-east-1", **product} for product in products]
    listed: dict[str, Any] = {}
    terms: dict[str, Any] = {}
    for product in every:
        sku, since, price = product["sku"], product["since"], product["price"]
        given = {name: value for name, value in product.items() if name not in ("sku", "since", "price", "family")}
        listed[sku] = {"sku": sku, "attributes": given, "productFamily": product.get("family", "Compute")}
        rate = {"rateCode": f"{sku}.T.R", "unit": "Hrs", "pricePerUnit": {"USD": price}}
        term = {"offerTermCode": "T", "sku": sku, "effectiveDate": f"{since}T00:00:00Z", "priceDimensions": {"R": rate}}
        terms[sku] = {f"{sku}.T": term}
    of_reserved: dict[str, Any] = {}
    if reserved:
        sku = every[0]["sku"]
        hourly = {"rateCode": "R", "unit": "Hrs", "pricePerUnit": {"USD": reserved}, "description": "hourly"}
        attributes = {"LeaseContractLength": "1yr", "OfferingClass": "standard", "PurchaseOption": "No Upfront"}
        term = {
            "offerTermCode": "Y",
            "sku": sku,
            "effectiveDate": f"{published}T00:00:00Z",
            "priceDimensions": {"R": hourly},
        }
        of_reserved[sku] = {f"{sku}.Y": {**term, "termAttributes": attributes}}
    file = {
        "formatVersion": "v1.0",
        "offerCode": SERVICE,
        "version": version,
        "publicationDate": f"{published}T00:00:00Z",
        "products": listed,
        "terms": {"OnDemand": terms, "Reserved": of_reserved},
    }
    return json.dumps(file).encode()
