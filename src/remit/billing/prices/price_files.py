"""Price list files of a service in a region, as JSON and as CSV; the same offer gives the same bytes.

Source: AWS Price List user guide, "Reading the service price list files"; columns of the CSV are AWS's, then the
attributes.
"""

import csv
import io
from collections.abc import Iterator

from remit.billing.prices.offers import (
    CURRENCY,
    FORMAT,
    Offer,
    Term,
    offer_written,
    product_written,
    reserved_written,
    terms_written,
)

# What is sold in no region in particular.
EVERYWHERE = "aws-global"
_COLUMNS = (
    "SKU",
    "OfferTermCode",
    "RateCode",
    "TermType",
    "PriceDescription",
    "EffectiveDate",
    "StartingRange",
    "EndingRange",
    "Unit",
    "PricePerUnit",
    "Currency",
    "LeaseContractLength",
    "PurchaseOption",
    "OfferingClass",
    "Product Family",
)


def regions_of(offer: Offer) -> list[str]:
    """Return the regions that an offer has products in."""
    return sorted({product.region or EVERYWHERE for product in offer.products})


def in_region(offer: Offer, region: str) -> Offer:
    """Return what of an offer is sold in a region."""
    products = tuple(product for product in offer.products if (product.region or EVERYWHERE) == region)
    sold = frozenset(product.sku for product in products)
    return offer._replace(products=products, reserved=tuple(price for price in offer.reserved if price.sku in sold))


def price_file(offer: Offer, form: str) -> bytes:
    """Return an offer as a file: `json` or `csv`."""
    return offer_written(offer) if form == "json" else _csv(offer)


def _csv(offer: Offer) -> bytes:
    products = {product.sku: product_written(product) for product in offer.products}
    names = sorted({name for product in products.values() for name in product.attributes})
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["FormatVersion", FORMAT])
    writer.writerow(["Disclaimer", ""])
    writer.writerow(["Publication Date", f"{offer.published:%Y-%m-%dT%H:%M:%SZ}"])
    writer.writerow(["Version", offer.version])
    writer.writerow(["OfferCode", offer.service])
    writer.writerow([*_COLUMNS, *names])
    for kind, term in _terms(offer):
        product = products[term.sku]
        own = [product.attributes.get(name, "") for name in names]
        length = [term.termAttributes.get(name, "") for name in _COLUMNS[11:14]]
        for rate in term.priceDimensions.values():
            begins = f"{term.effectiveDate:%Y-%m-%d}"
            price = [rate.beginRange, rate.endRange, rate.unit, rate.pricePerUnit[CURRENCY], CURRENCY]
            lead = [term.sku, term.offerTermCode, rate.rateCode, kind, rate.description, begins]
            writer.writerow([*lead, *price, *length, product.productFamily, *own])
    return out.getvalue().encode()


def _terms(offer: Offer) -> Iterator[tuple[str, Term]]:
    reserved = reserved_written(offer.reserved)
    for product in offer.products:
        for _, term in terms_written(product):
            yield "OnDemand", term
        for _, term in sorted(reserved.get(product.sku, {}).items()):
            yield "Reserved", term
