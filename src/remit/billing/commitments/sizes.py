"""Sizes of instances in normalized units, and which reservations count in them.

Source: EC2 user guide, "How Reserved Instance discounts are applied", table of normalization factors;
RDS user guide, "Size-flexible reserved DB instances".
"""

from collections.abc import Mapping
from fractions import Fraction

FACTORS: Mapping[str, Fraction] = {
    size: Fraction(factor)
    for size, factor in {
        "nano": "1/4", "micro": "1/2", "small": "1", "medium": "2", "large": "4", "xlarge": "8", "2xlarge": "16",
        "3xlarge": "24", "4xlarge": "32", "6xlarge": "48", "8xlarge": "64", "9xlarge": "72", "10xlarge": "80",
        "12xlarge": "96", "16xlarge": "128", "18xlarge": "144", "24xlarge": "192", "32xlarge": "256",
        "48xlarge": "384", "56xlarge": "448", "112xlarge": "896",
    }.items()
}  # fmt: skip

METAL_FACTORS: Mapping[str, Fraction] = {
    family: Fraction(factor)
    for factor, families in {
        32: "a1",
        96: "m5zn x2iezn z1d",
        128: "c6g c6gd i3 m6g m6gd r6g r6gd x2gd",
        144: "c5n",
        192: "c5 c5d i3en m5 m5d m5dn m5n r5 r5b r5d r5dn r5n",
        256: "c6i c6id m6i m6id r6id",
    }.items()
    for family in families.split()
}
_HIGH_MEMORY_METAL = Fraction(896)

# Families whose reservations cover the size that was bought, and no other.
FAMILIES_OF_ONE_SIZE = frozenset((
    "g4ad", "g4dn", "g5", "g5g", "g6", "g6e", "g6f", "gr6", "gr6f", "hpc7a", "inf1", "inf2", "p5", "u7i-6tb", "u7i-8tb",
))  # fmt: skip

# Engines whose reservations cover other sizes too; SQL Server and Oracle with a licence included do not.
_DATABASE_ENGINES = frozenset(("Db2", "MySQL", "MariaDB", "PostgreSQL", "Aurora MySQL", "Aurora PostgreSQL", "Oracle"))
_OPEN_LICENSES = frozenset(("", "No license required", "Bring your own license"))
# A deployment to its number of instances; those that are not named are one.
_INSTANCES = {"Multi-AZ": 2, "Multi-AZ (readable standbys)": 3}


def family(instance_type: str) -> str:
    """Return what is before the size: `m5`, `db.m5`."""
    return instance_type.rpartition(".")[0]


def factor(instance_type: str) -> Fraction | None:
    """Return the normalized units of an instance, or None for a size that has none."""
    of, _, size = instance_type.rpartition(".")
    if size == "metal":
        return _HIGH_MEMORY_METAL if of.startswith("u-") else METAL_FACTORS.get(of)
    return FACTORS.get(size)


def units(attributes: Mapping[str, str]) -> Fraction | None:
    """Return the normalized units of what *attributes* of a product describe: of all instances of a deployment."""
    found = factor(attributes.get("instanceType", ""))
    return None if found is None else found * _INSTANCES.get(attributes.get("deploymentOption", ""), 1)


def size_flexible(service: str, attributes: Mapping[str, str], zone: str) -> bool:
    """Tell whether a reservation of these attributes covers other sizes of its family.

    Args:
        service: code of the price list.
        attributes: of the reservation, with the names of offer files.
        zone: of a zonal reservation, else empty.
    """
    if zone or units(attributes) is None:
        return False
    if service == "AmazonEC2":
        return (
            attributes.get("operatingSystem", "Linux") in ("Linux", "Linux/UNIX")
            and attributes.get("tenancy", "Shared").lower() in ("shared", "default")
            and family(attributes["instanceType"]) not in FAMILIES_OF_ONE_SIZE
        )
    if service == "AmazonRDS":
        return (
            attributes.get("databaseEngine", "") in _DATABASE_ENGINES
            and attributes.get("licenseModel", "") in _OPEN_LICENSES
        )
    return False
