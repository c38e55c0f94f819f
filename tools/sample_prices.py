"""Write the sample of prices: round figures of our own, in the form of AWS's offer files.

The forms and the names of services, usage types and operations are AWS's, so that usage of AWS finds a price. No
figure is: they are made by the rules below.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import msgspec

from remit.billing.money import text
from remit.billing.prices.offers import Offer, ReservedPrice, offer_written
from remit.billing.prices.products import Price, Product, Tier

FOLDER = Path(__file__).parents[1] / "src" / "remit" / "billing" / "prices" / "data"
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
VERSION = "20250101000000"
# Region -> prefix of its usage types, and what everything costs there in percent.
REGIONS = {"us-east-1": ("", 100), "eu-west-1": ("EU-", 110)}
SIZES = {"nano": 1, "micro": 2, "small": 4, "medium": 8, "large": 16, "xlarge": 32, "2xlarge": 64, "4xlarge": 128}
# Family -> USD of the smallest unit of size, a sixteenth of `large`, in an hour; and its sizes.
FAMILIES = {
    "t3": (Fraction(5, 1000), ("nano", "micro", "small", "medium", "large", "xlarge", "2xlarge")),
    "m5": (Fraction(6, 1000), ("large", "xlarge", "2xlarge", "4xlarge")),
    "c5": (Fraction(5, 1000), ("large", "xlarge", "2xlarge", "4xlarge")),
    "r5": (Fraction(8, 1000), ("large", "xlarge", "2xlarge", "4xlarge")),
}
WINDOWS_FACTOR = 2
SYSTEMS = {"Linux": "RunInstances", "Windows": "RunInstances:0002"}
# Years and payment option -> what is left of the On-Demand price, in percent.
RESERVED = {(1, "No Upfront"): 65, (1, "All Upfront"): 60, (3, "No Upfront"): 45, (3, "All Upfront"): 40}
PLANS = {"ComputeSavingsPlans": 75, "EC2InstanceSavingsPlans": 70}
HOURS_OF_YEAR = 8760


def _flat(unit: str, price: Fraction) -> tuple[Price, ...]:
    return (Price(SINCE, None, unit, (Tier(Fraction(0), None, price),)),)


def _tiered(unit: str, *tiers: tuple[int, Fraction]) -> tuple[Price, ...]:
    ends = [Fraction(begin) for begin, _ in tiers[1:]] + [None]
    found = tuple(Tier(Fraction(begin), end, price) for (begin, price), end in zip(tiers, ends, strict=True))
    return (Price(SINCE, None, unit, found),)


def _sku(*parts: str) -> str:
    return "".join(part for part in parts if part).upper().replace(":", "").replace(".", "").replace("-", "")


def _product(
    service: str, usage_type: str, family: str, region: str, prices: tuple[Price, ...], operation: str = "", **more: str
) -> Product:
    sku = _sku("SAMPLE", service, usage_type, operation, region)
    return Product(sku, service, usage_type, operation, region, family, more, sku, prices)


def instances() -> Iterator[Product]:
    """Yield EC2 instances."""
    for region, (prefix, percent) in REGIONS.items():
        for family, (unit, sizes) in FAMILIES.items():
            for size in sizes:
                for system, operation in SYSTEMS.items():
                    price = unit * SIZES[size] * percent / 100 * (WINDOWS_FACTOR if system == "Windows" else 1)
                    yield _product(
                        "AmazonEC2",
                        f"{prefix}BoxUsage:{family}.{size}",
                        "Compute Instance",
                        region,
                        _flat("Hrs", price),
                        operation,
                        instanceType=f"{family}.{size}",
                        operatingSystem=system,
                        tenancy="Shared",
                    )


def others() -> Iterator[Product]:
    """Yield what else is sold."""
    for region, (prefix, percent) in REGIONS.items():
        cost = Fraction(percent, 100)
        yield _product(
            "AmazonS3",
            f"{prefix}TimedStorage-ByteHrs",
            "Storage",
            region,
            _tiered("GB-Mo", (0, cost * 25 / 1000), (51200, cost * 24 / 1000), (512000, cost * 23 / 1000)),
        )
        yield _product("AmazonS3", f"{prefix}Requests-Tier1", "API Request", region, _flat("Requests", cost / 200_000))
        yield _product(
            "AWSDataTransfer",
            f"{prefix}DataTransfer-Out-Bytes",
            "Data Transfer",
            region,
            _tiered(
                "GB",
                (0, Fraction(0)),
                (100, cost / 10),
                (10240, cost * 8 / 100),
                (51200, cost * 6 / 100),
                (153600, cost * 5 / 100),
            ),
        )
        yield _product("AWSLambda", f"{prefix}Request", "Serverless", region, _flat("Requests", cost / 5_000_000))
        yield _product(
            "AWSLambda",
            f"{prefix}Lambda-GB-Second",
            "Serverless",
            region,
            _tiered("Lambda-GB-Second", (0, cost * 16 / 1_000_000), (6_000_000_000, cost * 15 / 1_000_000)),
        )
        yield _product("AmazonECS", f"{prefix}Fargate-vCPU-Hours:perCPU", "Compute", region, _flat("hours", cost / 25))
        yield _product("AmazonECS", f"{prefix}Fargate-GB-Hours", "Compute", region, _flat("hours", cost / 250))
        for size in ("large", "xlarge"):
            yield _product(
                "AmazonRDS",
                f"{prefix}InstanceUsage:db.m5.{size}",
                "Database Instance",
                region,
                _flat("Hrs", cost * SIZES[size] / 100),
                "CreateDBInstance:0002",
                instanceType=f"db.m5.{size}",
                databaseEngine="MySQL",
            )


def reserved(product: Product) -> Iterator[ReservedPrice]:
    """Yield what reservations of a product cost."""
    on_demand = product.prices[0].tiers[0].price
    for (years, option), percent in RESERVED.items():
        hourly = on_demand * percent / 100
        upfront = hourly * HOURS_OF_YEAR * years if option == "All Upfront" else Fraction(0)
        left = Fraction(0) if upfront else hourly
        yield ReservedPrice(product.sku, SINCE, years, "standard", option, upfront, left)


def plans(products: list[Product]) -> bytes:
    """Write the rates of Savings Plans for one year, without upfront payment."""
    sold = [
        {
            "sku": f"SAMPLE{family.upper()}",
            "productFamily": family,
            "serviceCode": "ComputeSavingsPlans",
            "attributes": {"purchaseOption": "No Upfront", "purchaseTerm": "1yr"},
        }
        for family in PLANS
    ]
    terms = [
        {
            "sku": f"SAMPLE{family.upper()}",
            "effectiveDate": SINCE,
            "leaseContractLength": {"duration": 1, "unit": "year"},
            "rates": [
                {
                    "discountedSku": product.sku,
                    "discountedUsageType": product.usage_type,
                    "discountedOperation": product.operation,
                    "discountedServiceCode": product.service,
                    "discountedRate": {
                        "price": text(product.prices[0].tiers[0].price * percent / 100),
                        "currency": "USD",
                    },
                    "unit": product.prices[0].unit,
                }
                for product in products
                if product.family == "Compute Instance" or family == "ComputeSavingsPlans"
            ],
        }
        for family, percent in PLANS.items()
    ]
    file = {"version": VERSION, "publicationDate": SINCE, "products": sold, "terms": {"savingsPlan": terms}}
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


def main() -> int:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    every = [*instances(), *others()]
    for service in sorted({product.service for product in every}):
        of_service = tuple(sorted((one for one in every if one.service == service), key=lambda one: one.sku))
        prices = tuple(price for one in of_service if "instanceType" in one.attributes for price in reserved(one))
        _write(service, offer_written(Offer(service, VERSION, SINCE, of_service, prices)))
    covered = [one for one in every if one.family in ("Compute Instance", "Compute")]
    _write("plans", plans(sorted(covered, key=lambda one: one.sku)))
    return 0


def _write(name: str, content: bytes) -> None:
    (FOLDER / f"{name}.json").write_bytes(content)


if __name__ == "__main__":
    main()
