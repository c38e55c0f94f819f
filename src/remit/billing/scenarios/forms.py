"""What says which instance is meant, in every part of a scenario."""

from collections.abc import Mapping

import msgspec


class InstanceForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What says which instance is meant, in prices, usage and commitments alike.

    Attributes:
        instance: its type: `m4.large`, `db.m5.large`.
        platform, tenancy: of EC2.
        attributes: further ones, with the names of offer files: `databaseEngine`, `deploymentOption`, `cacheEngine`.
    """

    service: str = ""
    instance: str = ""
    platform: str = "Linux"
    tenancy: str = "Shared"
    region: str = ""
    attributes: Mapping[str, str] = {}
