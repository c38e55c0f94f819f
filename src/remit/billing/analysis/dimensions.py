"""What Cost Explorer can group and filter by, as expressions over the columns of lines.

A line that has nothing there is in a group of its own, whose name begins with `No`.
Source: Cost Explorer API reference, `Dimension`, `GroupDefinition`; user guide, "Filtering the data that you want to
view"; names of record types as tools that read Cost Explorer have them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from remit.billing.analysis.fragments import EMPTY, Fragment, formed, value
from remit.billing.analysis.service_names import EC2, EC2_COMPUTE, EC2_OTHER, SERVICE_NAMES
from remit.billing.lines import LineType, Pricing


class Unknown(Exception):
    """There is no such dimension; a sentence for the caller."""


class Known(NamedTuple):
    """What is known of lines from elsewhere.

    Attributes:
        names: account -> its name.
        tags: key of a cost allocation tag that is active -> since when it counts.
        categories: cost category -> the value that a line has.
    """

    names: Mapping[str, str] = {}
    tags: Mapping[str, datetime] = {}
    categories: Mapping[str, Fragment] = {}


def _text(word: str) -> str:
    """Write a literal of SQL; for words of ours alone."""
    return "'" + word.replace("'", "''") + "'"


def _or(column: str, none: str) -> str:
    return f"coalesce(nullif({column}, ''), {_text(none)})"


def _case(column: str, words: Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN {_text(key)} THEN {_text(word)}" for key, word in words.items())
    return f"CASE {column} {cases} ELSE {column} END"


_PLANS = ", ".join(
    map(
        _text,
        (
            LineType.SAVINGS_PLAN_COVERED_USAGE,
            LineType.SAVINGS_PLAN_NEGATION,
            LineType.SAVINGS_PLAN_RECURRING_FEE,
            LineType.SAVINGS_PLAN_UPFRONT_FEE,
        ),
    )
)
_OF_INSTANCES = "regexp_matches(usage_type, 'BoxUsage|SpotUsage|HeavyUsage|DedicatedUsage|HostUsage|Reservation')"
_RESERVED = f"(line_type IN ({_text(LineType.DISCOUNTED_USAGE)}, {_text(LineType.RI_FEE)}))"
_LEGAL = "CASE WHEN seller = 'AWS' THEN 'Amazon Web Services, Inc.' ELSE seller END"
# RIFee and Fee have names of their own in Cost Explorer.
_RECORD_TYPES = {str(LineType.RI_FEE): "Recurring", str(LineType.FEE): "Upfront"}

DIMENSIONS: Mapping[str, str] = {
    "AZ": _or("zone", "NoAZ"),
    "BILLING_ENTITY": "CASE WHEN seller = 'AWS' THEN 'AWS' ELSE 'AWS Marketplace' END",
    "INSTANCE_TYPE": _or("instance_type", "NoInstanceType"),
    "INSTANCE_TYPE_FAMILY": _or(
        "CASE WHEN starts_with(instance_type, 'db.') OR starts_with(instance_type, 'cache.')"
        " THEN split_part(instance_type, '.', 1) || '.' || split_part(instance_type, '.', 2)"
        " ELSE split_part(instance_type, '.', 1) END",
        "NoInstanceTypeFamily",
    ),
    "INVOICING_ENTITY": _LEGAL,
    "LEGAL_ENTITY_NAME": _LEGAL,
    "LINKED_ACCOUNT": "account",
    "OPERATING_SYSTEM": _or("platform", "NoOperatingSystem"),
    "OPERATION": _or("operation", "NoOperation"),
    "PAYER_ACCOUNT": "payer",
    "PLATFORM": _or("platform", "NoPlatform"),
    "PURCHASE_TYPE": (
        f"CASE WHEN {_RESERVED} THEN 'Standard Reserved Instances' WHEN line_type IN ({_PLANS}) THEN 'Savings Plans'"
        " WHEN contains(usage_type, 'SpotUsage') THEN 'Spot Instances'"
        f" WHEN instance_type <> '' AND pricing = {_text(Pricing.ON_DEMAND)} THEN 'On Demand Instances'"
        " ELSE 'NoPurchaseType' END"
    ),
    "RECORD_TYPE": (
        "CASE WHEN starts_with(service, 'AWSSupport') AND line_type = 'Fee' THEN 'Support'"
        f" ELSE {_case('line_type', _RECORD_TYPES)} END"
    ),
    "REGION": _or("region", "NoRegion"),
    "RESERVATION_ID": f"CASE WHEN {_RESERVED} THEN {_or('commitment', 'NoReservationId')} ELSE 'NoReservationId' END",
    "RESOURCE_ID": _or("resource", "NoResourceId"),
    "SAVINGS_PLAN_ARN": (
        f"CASE WHEN line_type IN ({_PLANS}) THEN {_or('commitment', 'NoSavingsPlanArn')} ELSE 'NoSavingsPlanArn' END"
    ),
    "SERVICE": (
        f"CASE WHEN service = {_text(EC2)} THEN CASE WHEN instance_type <> '' OR {_OF_INSTANCES}"
        f" THEN {_text(EC2_COMPUTE)} ELSE {_text(EC2_OTHER)} END"
        f" ELSE {_case('service', SERVICE_NAMES)} END"
    ),
    "SERVICE_CODE": "service",
    "SUBSCRIPTION_ID": _or("commitment", "NoSubscriptionId"),
    "TENANCY": _or("tenancy", "NoTenancy"),
    "USAGE_TYPE": _or("usage_type", "NoUsageType"),
    "USAGE_TYPE_GROUP": (
        f"CASE WHEN service = {_text(EC2)} AND unit = 'Hrs' AND {_OF_INSTANCES} THEN 'EC2: Running Hours'"
        " WHEN contains(usage_type, 'EBS:VolumeUsage') THEN 'EC2: EBS - SSD(gp2)'"
        " WHEN contains(usage_type, 'EBS:Snapshot') THEN 'EC2: EBS - Snapshots'"
        " WHEN contains(usage_type, 'NatGateway-Hours') THEN 'EC2: NAT Gateway - Running Hours'"
        " WHEN contains(usage_type, 'NatGateway-Bytes') THEN 'EC2: NAT Gateway - Data Processed'"
        f" WHEN service = {_text(EC2)} AND contains(usage_type, 'DataTransfer-Out-Bytes')"
        " THEN 'EC2: Data Transfer - Internet (Out)'"
        " WHEN contains(usage_type, 'TimedStorage-ByteHrs') THEN 'S3: Storage - Standard'"
        " WHEN service = 'AmazonRDS' AND contains(usage_type, 'InstanceUsage') THEN 'RDS: Running Hours'"
        " WHEN service = 'AmazonElastiCache' AND contains(usage_type, 'NodeUsage')"
        " THEN 'ElastiCache: Running Hours' ELSE 'NoUsageTypeGroup' END"
    ),
}
# Of these lines say nothing: everything is in one group.
NOT_ON_LINES: Mapping[str, str] = {
    "CACHE_ENGINE": "NoCacheEngine",
    "DATABASE_ENGINE": "NoDatabaseEngine",
    "DEPLOYMENT_OPTION": "NoDeploymentOption",
    "SCOPE": "NoScope",
}
ACCOUNT_NAME = "LINKED_ACCOUNT_NAME"
RESOURCE = "RESOURCE_ID"


def dimension(key: str, known: Known) -> Fragment:
    """Return what a line has in a dimension.

    Raises:
        Unknown: there is no such dimension.
    """
    if key in DIMENSIONS:
        return Fragment(DIMENSIONS[key])
    if key in NOT_ON_LINES:
        return Fragment(_text(NOT_ON_LINES[key]))
    if key == ACCOUNT_NAME:
        names = dict(sorted(known.names.items()))
        return Fragment(
            "coalesce(list_extract(?, list_position(?, account)), account)", (list(names.values()), list(names))
        )
    raise Unknown(f"The dimension {key} is not supported.")


def tag(key: str, known: Known) -> Fragment:
    """Return the value of a cost allocation tag; empty where it is not active yet."""
    since = known.tags.get(key)
    if since is None:
        return EMPTY
    held = formed("coalesce(map_extract_value(tags, {}), '')", value(key))
    return formed("CASE WHEN \"start\" >= {} THEN {} ELSE '' END", value(naive(since)), held)


def category(name: str, known: Known) -> Fragment:
    """Return the value of a cost category; empty for one that is not there."""
    return known.categories.get(name, EMPTY)


def naive(at: datetime) -> datetime:
    """Return a moment as columns have them: in UTC, without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None)
