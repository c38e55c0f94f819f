"""Offer files: price lists in the form of AWS's, read and written.

    {"formatVersion":"v1.0","offerCode":"AmazonEC2","version":"…","publicationDate":"…",
     "products":{SKU:{"sku","productFamily","attributes":{"usagetype","operation","regionCode",…}}},
     "terms":{"OnDemand":{SKU:{SKU.TERM:{"effectiveDate","priceDimensions":{RATE:{"beginRange","endRange","unit",
     "pricePerUnit":{"USD":"0.096"}}}}}},"Reserved":{…}}}

An attribute of ours, `tierGroup`, names the products that fill the same tiers together; AWS keeps that to itself.

Source: AWS Billing user guide, "Reading the service price list file for an AWS service"; reference, 8.3.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import msgspec

from remit.billing.money import NotANumber, exact, text
from remit.billing.prices.products import Price, PriceMistake, Product, Tier

CURRENCY = "USD"
FORMAT = "v1.0"
TIER_GROUP = "tierGroup"
# The codes of the On-Demand term and of a rate in it, as in AWS's files.
_ON_DEMAND, _RATE = "JRTCKXETXF", "6YS6EN2CT7"
_UPFRONT = "Upfront Fee"
_INFINITE = "Inf"


class Dimension(msgspec.Struct, frozen=True, omit_defaults=True):
    """A price of a term, with AWS's names; what it costs by currency."""

    rateCode: str  # noqa: N815  # the names are AWS's
    unit: str
    pricePerUnit: dict[str, str]  # noqa: N815
    description: str = ""
    beginRange: str = "0"  # noqa: N815
    endRange: str = _INFINITE  # noqa: N815


class Term(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a product costs from a date, with AWS's names."""

    offerTermCode: str  # noqa: N815
    sku: str
    effectiveDate: datetime  # noqa: N815
    priceDimensions: dict[str, Dimension]  # noqa: N815
    termAttributes: dict[str, str] = {}  # noqa: N815


class OfferedProduct(msgspec.Struct, frozen=True, omit_defaults=True):
    """A product as offer files have it, with AWS's names."""

    sku: str
    attributes: dict[str, str]
    productFamily: str = ""  # noqa: N815


class _Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    OnDemand: dict[str, dict[str, Term]] = {}
    Reserved: dict[str, dict[str, Term]] = {}


class _OfferFile(msgspec.Struct, frozen=True):
    formatVersion: str  # noqa: N815
    offerCode: str  # noqa: N815
    version: str
    publicationDate: datetime  # noqa: N815
    products: dict[str, OfferedProduct]
    terms: _Terms
    disclaimer: str = ""


class ReservedPrice(NamedTuple):
    """What a reservation of a product costs.

    Attributes:
        years: of the term.
        offering: `standard` or `convertible`.
        option: `No Upfront`, `Partial Upfront` or `All Upfront`.
        upfront: once, for each.
        hourly: of each hour of the term.
    """

    sku: str
    since: datetime
    years: int
    offering: str
    option: str
    upfront: Fraction
    hourly: Fraction


class Offer(NamedTuple):
    """A version of a service's price list."""

    service: str
    version: str
    published: datetime
    products: tuple[Product, ...]
    reserved: tuple[ReservedPrice, ...]


def offer_read(content: bytes) -> Offer:
    """Read an offer file.

    Raises:
        PriceMistake: it is none, or says two things at once, or has another currency than USD.
    """
    try:
        file = msgspec.json.decode(content, type=_OfferFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PriceMistake(f"no offer file: {error}") from None
    if file.formatVersion != FORMAT:
        raise PriceMistake(f"format `{file.formatVersion}` of an offer file; known is {FORMAT}")
    strangers = sorted({*file.terms.OnDemand, *file.terms.Reserved} - set(file.products))
    if strangers:
        raise PriceMistake(f"terms of {strangers[0]}, which is no product of the file")
    products = tuple(
        _product(file, key, product, file.terms.OnDemand.get(key, {})) for key, product in sorted(file.products.items())
    )
    reserved = tuple(
        _reserved(term) for _, terms in sorted(file.terms.Reserved.items()) for _, term in sorted(terms.items())
    )
    return Offer(file.offerCode, file.version, file.publicationDate, products, reserved)


def _product(file: _OfferFile, sku: str, product: OfferedProduct, terms: Mapping[str, Term]) -> Product:
    given = product.attributes
    if product.sku != sku:
        raise PriceMistake(f"product {sku} calls itself {product.sku}")
    usage_type = given.get("usagetype", "")
    if not usage_type:
        raise PriceMistake(f"product {sku} has no attribute usagetype")
    starting = sorted(terms.values(), key=lambda term: term.effectiveDate)
    for one, other in pairwise(starting):
        if one.effectiveDate == other.effectiveDate:
            raise PriceMistake(f"product {sku} has two On-Demand terms from {one.effectiveDate:%Y-%m-%d}")
    return Product(
        sku,
        given.get("servicecode", file.offerCode),
        usage_type,
        given.get("operation", ""),
        given.get("regionCode", ""),
        product.productFamily,
        {name: value for name, value in sorted(given.items()) if name not in _OWN},
        given.get(TIER_GROUP, sku),
        ended(map(_price, starting)),
    )


_OWN = ("servicecode", "usagetype", "operation", "regionCode", TIER_GROUP)


def ended(prices: Iterable[Price]) -> tuple[Price, ...]:
    """Let each price end where the next one begins; *prices* are in order of time."""
    every = list(prices)
    return tuple(
        price._replace(until=following.since) if following else price._replace(until=None)
        for price, following in zip(every, [*every[1:], None], strict=True)
    )


def _price(term: Term) -> Price:
    where = f"product {term.sku} from {term.effectiveDate:%Y-%m-%d}"
    if term.effectiveDate.tzinfo is None:
        raise PriceMistake(f"{where}: the date has no time zone")
    dimensions = sorted(term.priceDimensions.values(), key=lambda one: _number(one.beginRange, where))
    units = {one.unit for one in dimensions}
    if len(units) != 1:
        raise PriceMistake(f"{where}: prices of {len(units)} units: {', '.join(sorted(units)) or 'none'}")
    tiers = tuple(
        Tier(
            _number(one.beginRange, where),
            None if one.endRange == _INFINITE else _number(one.endRange, where),
            _usd(one, where),
        )
        for one in dimensions
    )
    return Price(term.effectiveDate, None, units.pop(), tiers)


def _reserved(term: Term) -> ReservedPrice:
    where = f"reservation of product {term.sku}"
    given = term.termAttributes
    length = given.get("LeaseContractLength", "")
    if not (length.endswith("yr") and length[:-2].isdecimal()):
        raise PriceMistake(f"{where}: LeaseContractLength `{length}` is none: write 1yr or 3yr")
    upfront = hourly = Fraction(0)
    for one in term.priceDimensions.values():
        if one.description == _UPFRONT:
            upfront += _usd(one, where)
        else:
            hourly += _usd(one, where)
    return ReservedPrice(
        term.sku,
        term.effectiveDate,
        int(length[:-2]),
        given.get("OfferingClass", "standard"),
        given.get("PurchaseOption", "No Upfront"),
        upfront,
        hourly,
    )


def _usd(dimension: Dimension, where: str) -> Fraction:
    if CURRENCY not in dimension.pricePerUnit:
        raise PriceMistake(
            f"{where}: a price in {', '.join(dimension.pricePerUnit) or 'no currency'}: bills are in USD"
        )
    price = _number(dimension.pricePerUnit[CURRENCY], where)
    if price < 0:
        raise PriceMistake(f"{where}: the price {dimension.pricePerUnit[CURRENCY]} is below zero")
    return price


def _number(written: str, where: str) -> Fraction:
    try:
        return exact(written)
    except NotANumber as error:
        raise PriceMistake(f"{where}: {error}") from None


def offer_written(offer: Offer) -> bytes:
    """Write an offer file: `offer_read` reads the same offer from it. The same offer gives the same bytes."""
    file = _OfferFile(
        formatVersion=FORMAT,
        offerCode=offer.service,
        version=offer.version,
        publicationDate=offer.published,
        products={product.sku: product_written(product) for product in offer.products},
        terms=_Terms(
            OnDemand={product.sku: dict(terms_written(product)) for product in offer.products if product.prices},
            Reserved=reserved_written(offer.reserved),
        ),
    )
    return msgspec.json.format(msgspec.json.encode(file, order="sorted"), indent=1) + b"\n"


def product_written(product: Product) -> OfferedProduct:
    """Return a product as offer files have it."""
    own = (product.service, product.usage_type, product.operation, product.region, product.tier_group)
    given = {name: value for name, value in zip(_OWN, own, strict=True) if value}
    if product.tier_group == product.sku:
        del given[TIER_GROUP]
    return OfferedProduct(product.sku, {**product.attributes, **given}, product.family)


def terms_written(product: Product) -> Iterator[tuple[str, Term]]:
    """Yield the On-Demand terms of a product as offer files have them, by their keys."""
    for number, price in enumerate(product.prices):
        code = _ON_DEMAND if number == 0 else f"{_ON_DEMAND}{number}"
        key = f"{product.sku}.{code}"
        rates = [f"{key}.{_RATE}" if at == 0 else f"{key}.{_RATE}{at}" for at in range(len(price.tiers))]
        dimensions = {
            rate: Dimension(
                rate,
                price.unit,
                {CURRENCY: text(tier.price)},
                "",
                text(tier.begin),
                _INFINITE if tier.end is None else text(tier.end),
            )
            for rate, tier in zip(rates, price.tiers, strict=True)
        }
        yield key, Term(code, product.sku, price.since, dimensions)


def reserved_written(prices: Iterable[ReservedPrice]) -> dict[str, dict[str, Term]]:
    """Return the prices of reservations as offer files have them: SKU -> key -> term."""
    found: dict[str, dict[str, Term]] = {}
    for price in prices:
        terms = found.setdefault(price.sku, {})
        code = f"{price.years}{price.offering}{price.option}".upper().replace(" ", "")
        key = f"{price.sku}.{code}"
        terms[key] = Term(
            code,
            price.sku,
            price.since,
            {
                f"{key}.U": Dimension(f"{key}.U", "Quantity", {CURRENCY: text(price.upfront)}, _UPFRONT),
                f"{key}.H": Dimension(f"{key}.H", "Hrs", {CURRENCY: text(price.hourly)}, "hourly"),
            },
            {
                "LeaseContractLength": f"{price.years}yr",
                "OfferingClass": price.offering,
                "PurchaseOption": price.option,
            },
        )
    return found
