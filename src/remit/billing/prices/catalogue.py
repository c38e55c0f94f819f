"""What a service sells at a moment: each product as the newest version of its offer describes it, with its terms.

The terms are those in force: what a bill would ask of usage at that moment, and what a reservation would cost.
Source: Price List API reference, GetProducts, `PriceList`; AWS Price List user guide, "Reading the service price list
files"; what AWS leaves open is in `docs/choices-billing.md`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from remit.billing.prices.offers import Offer, ReservedPrice, Term, product_written, reserved_written, terms_written
from remit.billing.prices.products import Product
from remit.billing.prices.versions import merged

ON_DEMAND, RESERVED = "OnDemand", "Reserved"
# What products are found by beside their attributes.
FAMILY, TERM_TYPE, SKU, SERVICE_CODE = "productFamily", "termType", "sku", "servicecode"


class Listed(NamedTuple):
    """A product that is sold.

    Attributes:
        product: with its On-Demand price in force; without any where there is none.
        reserved: the prices of reservations in force.
        version, published: of the newest offer that describes it.
    """

    product: Product
    reserved: tuple[ReservedPrice, ...]
    version: str
    published: datetime

    def values(self) -> dict[str, tuple[str, ...]]:
        """Return what the product is found by: name -> its values; only kinds of terms are several."""
        attributes = product_written(self.product).attributes
        found = {name: (value,) for name, value in attributes.items()}
        terms = [name for name, has in ((ON_DEMAND, self.product.prices), (RESERVED, self.reserved)) if has]
        family = {FAMILY: (self.product.family,)} if self.product.family else {}
        return {**found, **family, SKU: (self.product.sku,), TERM_TYPE: tuple(terms)}

    def text(self) -> str:
        """Return the product with its terms as JSON, in AWS's form."""
        product, sku = product_written(self.product), self.product.sku
        terms: dict[str, Any] = {}
        if self.product.prices:
            terms[ON_DEMAND] = {key: _whole(term) for key, term in terms_written(self.product)}
        if self.reserved:
            terms[RESERVED] = {key: _whole(term) for key, term in reserved_written(self.reserved)[sku].items()}
        shown = {
            "product": {FAMILY: product.productFamily, "attributes": product.attributes, SKU: sku},
            "serviceCode": self.product.service,
            "terms": terms,
            "version": self.version,
            "publicationDate": self.published,
        }
        return msgspec.json.encode(shown, order="sorted").decode()


def _whole(term: Term) -> dict[str, Any]:
    """Return a term with every member that AWS's have, also where it says nothing."""
    dimensions = {
        key: {**msgspec.structs.asdict(one), "appliesTo": list[str]()} for key, one in term.priceDimensions.items()
    }
    return {**msgspec.structs.asdict(term), "priceDimensions": dimensions}


def listed(offers: Sequence[Offer], at: datetime) -> list[Listed]:
    """Return what the versions of one service's offer sell at a moment, by SKU; versions to come say nothing yet.

    Raises:
        PriceMistake: two versions contradict each other.
    """
    known = [offer for offer in offers if offer.published <= at]
    newest: dict[str, Offer] = {}
    for offer in in_order(known):
        newest.update(dict.fromkeys((product.sku for product in offer.products), offer))
    reserved = _reserved_at((price for offer in in_order(known) for price in offer.reserved), at)
    found: list[Listed] = []
    for product in merged(known):
        price = product.price_at(at)
        offer = newest[product.sku]
        sold = product._replace(prices=(price,) if price else ())
        found.append(Listed(sold, reserved.get(product.sku, ()), offer.version, offer.published))
    return found


def in_order(offers: Iterable[Offer]) -> list[Offer]:
    """Return versions of an offer, the newest last."""
    return sorted(offers, key=lambda offer: (offer.published, offer.version))


def _reserved_at(prices: Iterable[ReservedPrice], at: datetime) -> Mapping[str, tuple[ReservedPrice, ...]]:
    """Return SKU -> the prices of reservations in force: of each kind the one that began last."""
    chosen: dict[tuple[str, int, str, str], ReservedPrice] = {}
    for price in prices:
        key = price.sku, price.years, price.offering, price.option
        if price.since <= at and (key not in chosen or chosen[key].since <= price.since):
            chosen[key] = price
    found: dict[str, list[ReservedPrice]] = {}
    for key in sorted(chosen):
        found.setdefault(key[0], []).append(chosen[key])
    return {sku: tuple(of_product) for sku, of_product in found.items()}
