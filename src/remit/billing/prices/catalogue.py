"""What a service sells: each product as the newest version of its offer describes it, with its terms at a moment.

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
        product: with its On-Demand prices of all times.
        reserved: the prices of reservations of all times, in order of time.
        values: what it is found by, beside the kinds of its terms: name -> value.
        version, published: of the newest offer that describes it.
    """

    product: Product
    reserved: Sequence[ReservedPrice]
    values: Mapping[str, str]
    version: str
    published: datetime

    def held(self, name: str, at: datetime) -> tuple[str, ...]:
        """Return what the product has under a name at a moment; of kinds of terms it may be several."""
        if name != TERM_TYPE:
            return (self.values[name],) if name in self.values else ()
        kinds = ((ON_DEMAND, self.product.price_at(at)), (RESERVED, _in_force(self.reserved, at)))
        return tuple(kind for kind, has in kinds if has)

    def text(self, at: datetime) -> str:
        """Return the product with its terms in force at a moment as JSON, in AWS's form."""
        product, sku = product_written(self.product), self.product.sku
        terms: dict[str, Any] = {}
        price, reserved = self.product.price_at(at), _in_force(self.reserved, at)
        if price is not None:
            sold = self.product._replace(prices=(price,))
            terms[ON_DEMAND] = {key: _whole(term) for key, term in terms_written(sold)}
        if reserved:
            terms[RESERVED] = {key: _whole(term) for key, term in reserved_written(reserved)[sku].items()}
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


def _in_force(prices: Iterable[ReservedPrice], at: datetime) -> list[ReservedPrice]:
    """Return the prices of reservations at a moment: of each kind the one that began last; *prices* are in order."""
    chosen = {(price.years, price.offering, price.option): price for price in prices if price.since <= at}
    return [chosen[kind] for kind in sorted(chosen)]


def listed(offers: Iterable[Offer]) -> list[Listed]:
    """Return what versions of one service's offer sell, by SKU.

    Raises:
        PriceMistake: two versions contradict each other.
    """
    versions = in_order(offers)
    newest: dict[str, Offer] = {}
    reserved: dict[str, list[ReservedPrice]] = {}
    for offer in versions:
        newest.update(dict.fromkeys((product.sku for product in offer.products), offer))
        for price in offer.reserved:
            reserved.setdefault(price.sku, []).append(price)
    return [
        Listed(
            product,
            sorted(reserved.get(product.sku, ()), key=lambda price: price.since),
            _values(product),
            newest[product.sku].version,
            newest[product.sku].published,
        )
        for product in merged(versions)
    ]


def _values(product: Product) -> dict[str, str]:
    family = {FAMILY: product.family} if product.family else {}
    return {**product_written(product).attributes, **family, SKU: product.sku}


def in_order(offers: Iterable[Offer]) -> list[Offer]:
    """Return versions of an offer, the newest last."""
    return sorted(offers, key=lambda offer: (offer.published, offer.version))
