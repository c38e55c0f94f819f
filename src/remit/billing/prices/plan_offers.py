"""Offer files of Savings Plans: what usage costs that a plan covers.

    {"version":"…","publicationDate":"…","products":[{"sku","productFamily":"ComputeSavingsPlans","attributes":
     {"purchaseOption","purchaseTerm"}}],"terms":{"savingsPlan":[{"sku","effectiveDate","leaseContractLength":
     {"duration":1,"unit":"year"},"rates":[{"discountedSku","discountedRate":{"price","currency"}}]}]}}

Source: AWS Billing user guide, "Reading the service price list file for a Savings Plan".
"""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

import msgspec

from remit.billing.money import NotANumber, exact
from remit.billing.prices.offers import CURRENCY
from remit.billing.prices.products import PriceMistake, Product

# Product family -> kind of plan, as `Product.plan_rates` has it.
_KINDS = {
    "ComputeSavingsPlans": "COMPUTE",
    "EC2InstanceSavingsPlans": "EC2_INSTANCE",
    "SageMakerSavingsPlans": "SAGEMAKER",
    "MachineLearningSavingsPlans": "SAGEMAKER",
    "DatabaseSavingsPlans": "DATABASE",
}


class _Rate(msgspec.Struct, frozen=True):
    price: str
    currency: str


class _Discount(msgspec.Struct, frozen=True):
    discountedSku: str  # noqa: N815  # the names are AWS's
    discountedRate: _Rate  # noqa: N815


class _Length(msgspec.Struct, frozen=True):
    duration: int | str
    unit: str


class _Plan(msgspec.Struct, frozen=True):
    sku: str
    effectiveDate: datetime  # noqa: N815
    leaseContractLength: _Length  # noqa: N815
    rates: list[_Discount]


class _Product(msgspec.Struct, frozen=True):
    sku: str
    productFamily: str  # noqa: N815
    attributes: dict[str, str]


class _Terms(msgspec.Struct, frozen=True):
    savingsPlan: list[_Plan]  # noqa: N815


class _PlanFile(msgspec.Struct, frozen=True):
    version: str
    publicationDate: datetime  # noqa: N815
    products: list[_Product]
    terms: _Terms


class PlanRate(NamedTuple):
    """What a unit of a product costs under a plan.

    Attributes:
        sku: of the product that is covered.
        kind: of plan: `COMPUTE`, `EC2_INSTANCE`, `SAGEMAKER`, `DATABASE`.
        years: of the term.
        option: `No Upfront`, `Partial Upfront` or `All Upfront`.
    """

    sku: str
    kind: str
    years: int
    option: str
    since: datetime
    rate: Fraction


class PlanOffer(NamedTuple):
    """A version of the rates of Savings Plans."""

    version: str
    published: datetime
    rates: tuple[PlanRate, ...]


def plan_offer_read(content: bytes) -> PlanOffer:
    """Read an offer file of Savings Plans.

    Raises:
        PriceMistake: it is none, or has another currency than USD.
    """
    try:
        file = msgspec.json.decode(content, type=_PlanFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PriceMistake(f"no offer file of Savings Plans: {error}") from None
    products = {product.sku: product for product in file.products}
    rates = [rate for plan in file.terms.savingsPlan for rate in _rates(plan, products.get(plan.sku))]
    return PlanOffer(file.version, file.publicationDate, tuple(sorted(rates)))


def _rates(plan: _Plan, product: _Product | None) -> Iterable[PlanRate]:
    if product is None:
        raise PriceMistake(f"a term of plan {plan.sku}, which is no product of the file")
    kind = _KINDS.get(product.productFamily)
    if kind is None:
        raise PriceMistake(f"plan {plan.sku} is of the family `{product.productFamily}`; known are {', '.join(_KINDS)}")
    if plan.leaseContractLength.unit != "year":
        raise PriceMistake(f"plan {plan.sku} runs for {plan.leaseContractLength.unit}s; plans run for years")
    for one in plan.rates:
        if one.discountedRate.currency != CURRENCY:
            raise PriceMistake(f"plan {plan.sku}: a rate in {one.discountedRate.currency}: bills are in USD")
        try:
            rate = exact(one.discountedRate.price)
        except NotANumber as error:
            raise PriceMistake(f"plan {plan.sku}, product {one.discountedSku}: {error}") from None
        option = product.attributes.get("purchaseOption", "No Upfront")
        years = int(plan.leaseContractLength.duration)
        yield PlanRate(one.discountedSku, kind, years, option, plan.effectiveDate, rate)


def with_plan_rates(
    products: Iterable[Product], rates: Iterable[PlanRate], at: datetime, years: int = 1, option: str = "No Upfront"
) -> list[Product]:
    """Return products with the rates of plans of *years* and *option* that are in force *at* a moment."""
    found: dict[str, dict[str, Fraction]] = {}
    for one in sorted(rates, key=lambda rate: rate.since):
        if one.since <= at and (one.years, one.option) == (years, option):
            found.setdefault(one.sku, {})[one.kind] = one.rate
    return [
        product._replace(plan_rates={**product.plan_rates, **found[product.sku]}) if product.sku in found else product
        for product in products
    ]
