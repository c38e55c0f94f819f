"""It is known whose an account is, whom to call, and what may be in it.

Source: `shared-responsibility` reference, 4 and 5, SR-R1 and SR-S2; CIS AWS Foundations 6.0, 2.1, 2.2.
"""

from collections.abc import Iterator, Mapping

from remit.compliance.checks.check import Account, Derived, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.patterns import fits_any
from remit.compliance.checks.places import BUCKETS, DATABASES, INSTANCES, VOLUMES, things
from remit.compliance.checks.seen import Seen

_CONTACT, _ALTERNATE = "account:GetContactInformation", "account:GetAlternateContact"
_KINDS = ("BILLING", "OPERATIONS", "SECURITY")
_ORGANIZATION = "organizations:DescribeOrganization"
_ACCOUNT_TAGS = "organizations:ListTagsForResource"
_REGIONS = "account:ListRegions"
_USERS, _USER_TAGS, _BUCKET_TAGS = "iam:ListUsers", "iam:ListUserTags", "s3:GetBucketTagging"
_ON, _BY_DEFAULT = ("ENABLED", "ENABLING"), "ENABLED_BY_DEFAULT"


def _address(seen: Seen, kind: str) -> str:
    """Return the e-mail address of an alternate contact; empty for none."""
    contact = seen.maybe(_ALTERNATE, AlternateContactType=kind)
    return "" if contact is None else str(contact["AlternateContact"]["EmailAddress"]).strip().lower()


@check("acc.contacts", version=1, each=Account(), reads=(_CONTACT, _ALTERNATE))
def contacts(_account: Subject, seen: Seen) -> Judgement:
    """AWS knows whom to call, and not always the same."""
    primary = seen.maybe(_CONTACT)
    if primary is None or not primary["ContactInformation"].get("PhoneNumber"):
        return failed("has no primary contact with a telephone number")
    found: dict[str, str] = {}
    for kind in _KINDS:
        address = _address(seen, kind)
        if not address:
            return failed(f"has no contact for {kind.lower()}")
        if address in found:
            return failed(f"has one address for {found[address].lower()} and {kind.lower()}: {address}")
        found[address] = kind
    return passed("has a primary contact, and others for billing, operations and security")


@check(
    "acc.contacts.security",
    version=1,
    each=Account(),
    reads=(_ALTERNATE, _ORGANIZATION, _USERS, _USER_TAGS),
)
def security_contact(_account: Subject, seen: Seen) -> Judgement:
    """In each account AWS calls the same security team."""
    address = _address(seen, "SECURITY")
    if not address:
        return failed("has no contact for security")
    laid_down = seen.parameters.security_contact.lower()
    if not laid_down and seen.is_in_organization:
        laid_down = _address(seen.organization, "SECURITY")
    if laid_down and address != laid_down:
        return failed(f"AWS calls {address} about security, elsewhere {laid_down}")
    for user in seen.items(_USERS, "Users"):
        for tag in seen.items(_USER_TAGS, "Tags", UserName=user["UserName"]):
            if tag["Key"] == "Owner" and tag["Value"].strip().lower() == address:
                return failed(f"the contact for security, {address}, is one person, the owner of {user['UserName']}")
    return passed(f"AWS calls {address} about security")


def _tag(seen: Seen, key: str) -> str:
    tags = seen.organization.items(_ACCOUNT_TAGS, "Tags", ResourceId=seen.account)
    return next((str(tag["Value"]).strip() for tag in tags if tag["Key"] == key), "")


@check("acc.owner", version=1, each=Account(), reads=(_ORGANIZATION, _ACCOUNT_TAGS))
def owner(_account: Subject, seen: Seen) -> Judgement:
    """It is known whose the account is."""
    if not seen.is_in_organization:
        return not_applicable("the account is in no organization, so it cannot have tags")
    name = _tag(seen, "Owner")
    return passed(f"belongs to {name}") if name else failed("has no tag Owner")


@check("acc.data", version=1, each=Account(), reads=(_ORGANIZATION, _ACCOUNT_TAGS))
def data(_account: Subject, seen: Seen) -> Judgement:
    """It is known what data the account holds."""
    if not seen.is_in_organization:
        return not_applicable("the account is in no organization, so it cannot have tags")
    value = _tag(seen, "DataClass")
    if not value:
        return failed("has no tag DataClass")
    if value not in seen.parameters.data_classes:
        return failed(f"has DataClass `{value}`, which is none of {', '.join(seen.parameters.data_classes)}")
    return passed(f"holds data of class {value}")


def _regions(seen: Seen) -> Iterator[Subject]:
    for region in seen.items(_REGIONS, "Regions"):
        yield Subject(f"{seen.account}/{region['RegionName']}", region["RegionName"], region)


@check(
    "acc.regions",
    version=1,
    each=Derived("regions", _regions, frozenset((_REGIONS,))),
    reads=(INSTANCES.read, VOLUMES.read),
)
def regions(region: Subject, seen: Seen) -> Judgement:
    """Nothing is where nobody looks."""
    name, status = region["RegionName"], region["RegionOptStatus"]
    approved = seen.parameters.regions
    if fits_any(name, approved) or (not approved and status == _BY_DEFAULT):
        return passed("is approved")
    if status in _ON:
        return failed("is enabled, and nobody has approved it")
    if status != _BY_DEFAULT:
        return passed(f"is not approved, and {status.lower()}")
    found = next(things(seen, (INSTANCES, VOLUMES), (name,)), None)
    if found is not None:
        return failed(f"is not approved, and has {found.name}")
    return passed("is not approved, and has no instances nor volumes")


def _tagged(seen: Seen) -> Iterator[Subject]:
    yield from things(seen, (INSTANCES, VOLUMES, DATABASES, BUCKETS))


_TAGGED_READS = frozenset((INSTANCES.read, VOLUMES.read, DATABASES.read, BUCKETS.read))


@check("acc.tags", version=1, each=Derived("resources", _tagged, _TAGGED_READS), reads=(_BUCKET_TAGS,))
def tags(thing: Subject, seen: Seen) -> Judgement:
    """It is known whose each thing is, and what data it holds."""
    found = _tags_of(thing, seen)
    missing = [key for key in ("Owner", "DataClass") if not str(found.get(key, "")).strip()]
    return failed(f"has no tag {' and no tag '.join(missing)}") if missing else passed("has its tags")


def _tags_of(thing: Subject, seen: Seen) -> Mapping[str, str]:
    kind = thing["kind"]
    if kind is BUCKETS:
        tagging = seen.maybe(_BUCKET_TAGS, Bucket=thing["Name"])
        listed = () if tagging is None else tagging["TagSet"]
    else:
        listed = thing.get(kind.tags, ())
    return {tag["Key"]: tag["Value"] for tag in listed}
