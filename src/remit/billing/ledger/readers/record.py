"""The record of usage that anybody can write: `docs/usage-records.md`.

Source: reference, 8.1.
"""

from typing import Annotated

import msgspec

_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Account = Annotated[str, msgspec.Meta(min_length=12, max_length=12, description="Twelve digits.")]
_Time = Annotated[
    str,
    msgspec.Meta(description="With its zone: `2026-03-01T00:00:00Z`.", examples=["2026-03-01T00:00:00Z"]),
]
_Quantity = Annotated[
    str, msgspec.Meta(description="A decimal number in quotes, so that nothing rounds it.", examples=["0.25"])
]


class UsageRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One object on a line. What texts must be beyond their length is asked of all forms alike: `usage_checks`.

    Attributes:
        usage_id: names the record: a second one with the same id is the same one.
    """

    usage_id: _Text
    account: _Account
    service: _Text
    usage_type: _Text
    start: _Time
    end: _Time
    quantity: _Quantity
    unit: _Text
    operation: str = ""
    region: str = ""
    zone: str = ""
    resource: str = ""
    tags: dict[str, str] = {}
