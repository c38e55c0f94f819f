"""Facts of usage: who used how much of what, when. No price is among them.

The record is the one of `remit usage import`, one JSON object a line; `docs/usage-records.md` shows it.
"""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple


class Usage(NamedTuple):
    """One record of usage.

    Attributes:
        usage_id: names the record: a second one with the same id is the same one.
        account: twelve digits, or a name in a scenario.
        service: the code of the price list: `AmazonEC2`.
        usage_type: `USE2-BoxUsage:m5.large`.
        operation: `RunInstances`; empty where a price does not depend on it.
        start, end: UTC, end exclusive and after *start*.
        quantity: in *unit*; negative only for corrections of the same usage.
    """

    usage_id: str
    account: str
    service: str
    usage_type: str
    operation: str
    region: str
    start: datetime
    end: datetime
    quantity: Fraction
    unit: str
    zone: str = ""
    resource: str = ""
    tags: Mapping[str, str] = {}
