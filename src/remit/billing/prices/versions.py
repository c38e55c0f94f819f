"""Several versions of offers become one price list, with each price while it was in force.

A later version of an offer says what holds from its effective dates on; what was before stays as it was.
"""

from collections.abc import Iterable

from remit.billing.prices.offers import Offer, ended
from remit.billing.prices.products import Price, PriceMistake, Product


def merged(offers: Iterable[Offer]) -> list[Product]:
    """Return the products of all *offers*, by SKU; a product is described as the latest offer does.

    Raises:
        PriceMistake: two versions give a product different prices from the same moment.
    """
    products: dict[str, Product] = {}
    prices: dict[str, dict[object, tuple[Price, str]]] = {}
    for offer in sorted(offers, key=lambda one: (one.published, one.service, one.version)):
        for product in offer.products:
            products[product.sku] = product
            of_product = prices.setdefault(product.sku, {})
            for price in product.prices:
                known = of_product.get(price.since)
                if known is not None and _said(known[0]) != _said(price):
                    raise PriceMistake(
                        f"{product.sku}: versions {known[1]} and {offer.version} of {offer.service} give different"
                        f" prices from {price.since:%Y-%m-%dT%H:%M:%SZ}; take one of them away"
                    )
                of_product[price.since] = price, offer.version
    return [
        product._replace(prices=ended(sorted((price for price, _ in prices[sku].values()), key=lambda one: one.since)))
        for sku, product in sorted(products.items())
    ]


def _said(price: Price) -> tuple[object, ...]:
    return price.unit, price.tiers
