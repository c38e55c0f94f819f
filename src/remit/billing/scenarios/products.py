"""What is sold in a scenario: prices as they are written, and instances for which none is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import NamedTuple

from remit.billing.money import exact
from remit.billing.prices.products import Price, Product, Tier
from remit.billing.scenarios.form import PriceForm, ScenarioForm, UsageForm
from remit.billing.scenarios.forms import InstanceForm
from remit.billing.scenarios.times import ScenarioMistake, moment

EC2 = "AmazonEC2"
_OPERATIONS = {
    "Linux": "RunInstances",
    "Windows": "RunInstances:0002",
    "RHEL": "RunInstances:0010",
    "SUSE": "RunInstances:000g",
}
_USAGE_TYPES = {
    EC2: "BoxUsage",
    "AmazonRDS": "InstanceUsage",
    "AmazonElastiCache": "NodeUsage",
    "AmazonES": "ESInstance",
}
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Sold(NamedTuple):
    """Which product is meant."""

    service: str
    usage_type: str
    operation: str
    region: str


def attributes(form: InstanceForm) -> dict[str, str]:
    """Return the attributes of offer files that *form* writes."""
    found: dict[str, str] = {}
    if form.instance:
        found["instanceType"] = form.instance
        if (form.service or EC2) == EC2:
            found["operatingSystem"] = "Linux" if form.platform == "Linux/UNIX" else form.platform
            found["tenancy"] = "Shared" if form.tenancy in ("default", "shared") else form.tenancy
    return {**found, **form.attributes}


def sold(form: PriceForm | UsageForm, region: str) -> Sold:
    """Return which product *form* means.

    Raises:
        ScenarioMistake: it does not say enough.
    """
    service = form.service or (EC2 if form.instance else "")
    if not service:
        raise ScenarioMistake("no service: write `service`, `instance` or `sku`")
    given = attributes(form)
    usage_type = form.usage_type
    if not usage_type and form.instance:
        name = "DedicatedUsage" if given.get("tenancy") == "Dedicated" else _USAGE_TYPES.get(service, "InstanceUsage")
        usage_type = f"{name}:{form.instance}"
    if not usage_type:
        raise ScenarioMistake(f"no usage type of {service}: write `usage_type` or `instance`")
    operation = form.operation
    if operation is None:
        operation = _operation(service, given) if form.instance else ""
    return Sold(service, usage_type, operation, form.region or region)


def _operation(service: str, given: Mapping[str, str]) -> str:
    if service == EC2:
        system = given.get("operatingSystem", "Linux")
        return _OPERATIONS.get(system, f"RunInstances:{system}")
    return "/".join(value for name, value in sorted(given.items()) if name != "instanceType")


def products(form: ScenarioForm) -> list[Product]:
    """Return what is sold: prices, and instances that are used without one, which stay unpriced.

    Raises:
        ScenarioMistake: a price says too little or too much.
    """
    by_sold: dict[Sold, list[PriceForm]] = {}
    for one in form.prices:
        by_sold.setdefault(sold(one, form.region), []).append(one)
    found = {key: _product(key, forms, form) for key, forms in by_sold.items()}
    for usage in form.usage:
        if usage.instance and not usage.sku:
            key = sold(usage, form.region)
            if key not in found:
                found[key] = Product(_sku(key), *key, "Compute Instance", attributes(usage), _sku(key), ())
    return list(found.values())


def _sku(key: Sold) -> str:
    return "/".join(part for part in key if part)


def _product(key: Sold, forms: Sequence[PriceForm], form: ScenarioForm) -> Product:
    first = forms[0]
    sku = first.sku or _sku(key)
    prices = sorted((_price(one, form) for one in forms), key=lambda price: price.since)
    return Product(
        sku,
        *key,
        first.family or ("Compute Instance" if first.instance else ""),
        attributes(first),
        first.tier_group or sku,
        tuple(prices),
        {kind: exact(rate) for kind, rate in first.savings_plans.items()},
    )


def _price(one: PriceForm, form: ScenarioForm) -> Price:
    if (one.price is None) == (not one.tiers):
        raise ScenarioMistake(f"price of {one.sku or one.usage_type or one.instance}: write `price` or `tiers`")
    tiers = (Tier(Fraction(0), None, exact(one.price)),) if one.price is not None else tuple(_tiers(one))
    return Price(
        moment(one.since, form.month) if one.since else _BEGINNING,
        moment(one.until, form.month) if one.until else None,
        one.unit or ("Hrs" if one.instance else ""),
        tiers,
    )


def _tiers(one: PriceForm) -> Iterator[Tier]:
    begin: Fraction = Fraction(0)
    for number, tier in enumerate(one.tiers):
        if tier.up_to is not None and tier.next is not None:
            raise ScenarioMistake(f"a tier of {one.sku or one.usage_type}: write `up_to` or `next`, not both")
        end: Fraction | None = None
        if tier.up_to is not None:
            end = exact(tier.up_to)
        elif tier.next is not None:
            end = begin + exact(tier.next)
        elif number != len(one.tiers) - 1:
            raise ScenarioMistake(f"a tier of {one.sku or one.usage_type} has no end: write `up_to` or `next`")
        yield Tier(begin, end, exact(tier.price))
        begin = end if end is not None else begin
