"""On-Demand Capacity Reservations: slots that are paid for whether an instance runs in them or not.

Source: CUR user guide, "Monitor your On-Demand Capacity Reservations"; reference, 2.1.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from remit.billing.prices.products import Product

_HOUR = timedelta(hours=1)


class CapacityReservation(NamedTuple):
    """Slots for one kind of instance in one zone.

    Attributes:
        attributes: that instances must have, with the names of offer files.
        slots: how many instances fit.
        accounts: with whom it is shared, the owner apart.
    """

    reservation_id: str
    owner: str
    region: str
    zone: str
    attributes: Mapping[str, str]
    slots: int
    start: datetime
    end: datetime
    accounts: frozenset[str] = frozenset()

    def active(self, hour: datetime) -> bool:
        """Tell whether the clock hour that begins at *hour* is in its time."""
        return self.start < hour + _HOUR and hour < self.end

    def matches(self, product: Product) -> bool:
        """Tell whether instances of *product* fit, zone and owner apart."""
        return (
            product.service == "AmazonEC2"
            and (not product.region or product.region == self.region)
            and all(product.attributes.get(name, "") == value for name, value in self.attributes.items())
        )
