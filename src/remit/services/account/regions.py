"""Regions of an account: which it has, and how it gets and gives up those that are not everybody's.

Source: AWS Account Management API reference; order, size of a page, and the words as AWS was recorded in September
2026.
"""

import re

from remit.directory import regions as directory
from remit.request import Call, Parsed
from remit.services.account import shapes
from remit.services.account.errors import invalid
from remit.services.account.registry import operation
from remit.services.account.targets import denied, target_of
from remit.services.pages import TokenInvalid, cut
from remit.store import Transaction

_PAGE = 20
_MEMBERS = ("NextToken", "MaxResults")
_NAME = re.compile(r"[a-z0-9-]+", re.ASCII)


def _check_name(parsed: Parsed) -> None:
    """Refuse what cannot be a region: AWS looks at it where it asks who may.

    Raises:
        AccessDenied: it cannot.
    """
    if _NAME.fullmatch(parsed.input["RegionName"]) is None:
        raise denied(parsed, "You specified an invalid target region.")


@operation("ListRegions")
def list_regions(call: Call[shapes.ListRegionsRequest], tx: Transaction) -> shapes.ListRegionsResponse:
    """List the regions of the partition by name, those in some statuses only if asked.

    Raises:
        ServiceError: ValidationException, the token goes not with this account and filter.
    """
    asked, account = call.input, target_of(call)
    wanted = frozenset(asked.get("RegionOptStatusContains") or directory.OptStatus)
    statuses = directory.region_statuses(tx, account, call.partition, call.at)
    names = sorted(name for name, status in statuses.items() if status in wanted)
    try:
        found, token = cut(call, tx, names, str, _MEMBERS, _PAGE)
    except TokenInvalid:
        raise invalid("NextToken is malformed", "NextToken") from None
    page: shapes.ListRegionsResponse = {
        "Regions": [{"RegionName": name, "RegionOptStatus": statuses[name]} for name in found]
    }
    if token is not None:
        page["NextToken"] = token
    return page


@operation("GetRegionOptStatus", also=_check_name)
def get_region_opt_status(
    call: Call[shapes.GetRegionOptStatusRequest], tx: Transaction
) -> shapes.GetRegionOptStatusResponse:
    """Show the status of a region.

    Raises:
        NotFound: the partition has no such region.
    """
    region = call.input["RegionName"]
    status = directory.region_status(tx, target_of(call), call.partition, region, call.at)
    return {"RegionName": region, "RegionOptStatus": status}


@operation("EnableRegion", also=_check_name)
def enable_region(call: Call[shapes.EnableRegionRequest], tx: Transaction) -> None:
    """Begin to enable a region, which can be used a while later.

    Raises:
        NotFound: the partition has no such region.
        RegionRefused: it is enabled, or being changed.
        QuotaExceeded: too many regions are being changed.
    """
    directory.enable_region(tx, target_of(call), call.partition, call.input["RegionName"], call.at)


@operation("DisableRegion", also=_check_name)
def disable_region(call: Call[shapes.DisableRegionRequest], tx: Transaction) -> None:
    """Begin to disable a region, which can be used for a while.

    Raises:
        NotFound: the partition has no such region.
        RegionRefused: it is disabled, being changed, or everybody's.
        QuotaExceeded: too many regions are being changed.
    """
    directory.disable_region(tx, target_of(call), call.partition, call.input["RegionName"], call.at)
