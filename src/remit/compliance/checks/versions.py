"""What others build is replaced in time: machine images, runtimes of functions, engines of databases.

Source: `shared-responsibility` reference, 5, `patch.*`; EC2, Lambda and RDS API references.
"""

from datetime import datetime, timedelta

from remit.compliance.checks.check import Each, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed, unknown
from remit.compliance.checks.outside import LIST_ACCOUNTS, ORGANIZATION_READS
from remit.compliance.checks.runtimes import RUNTIMES
from remit.compliance.checks.seen import Seen

_INSTANCES = Each(
    "ec2:DescribeInstances",
    "Reservations[].Instances[]",
    "arn:{partition}:ec2:{region}:{account}:instance/{InstanceId}",
)
_IMAGES = "ec2:DescribeImages"
_FUNCTIONS = Each("lambda:ListFunctions", "Functions", "FunctionArn")
_DATABASES = Each("rds:DescribeDBInstances", "DBInstances", "DBInstanceArn")
IMAGE_DAYS = 180


@check("patch.image", version=1, each=_INSTANCES, reads=(_IMAGES, *ORGANIZATION_READS))
def images(instance: Subject, seen: Seen) -> Judgement:
    """Instances come of images that are known, kept up and young."""
    if instance["State"]["Name"] in {"terminated", "shutting-down"}:
        return not_applicable("the instance is gone")
    name = instance["ImageId"]
    answer = seen.maybe(_IMAGES, instance.region, ImageIds=name)
    image = next((one for one in answer["Images"] if one["ImageId"] == name), None) if answer is not None else None
    if image is None:
        return failed(f"comes of the image {name}, which is no longer there, or no longer shared")
    deprecated = image.get("DeprecationTime")
    if deprecated and datetime.fromisoformat(deprecated) <= seen.now:
        return failed(f"comes of the image {name}, which is deprecated since {deprecated[:10]}")
    made = datetime.fromisoformat(image["CreationDate"])
    if made < seen.now - timedelta(days=IMAGE_DAYS):
        return failed(f"comes of the image {name} of {made:%Y-%m-%d}, over {IMAGE_DAYS} days old")
    owner = image["OwnerId"]
    alias = "self" if owner == seen.account else image.get("ImageOwnerAlias", owner)
    if {owner, alias}.isdisjoint(seen.parameters.image_owners) and not _is_ours(owner, seen):
        return failed(f"comes of the image {name} of account {owner}, whose images may not be used")
    return passed(f"comes of the image {name} of {alias}, made on {made:%Y-%m-%d}")


def _is_ours(account: str, seen: Seen) -> bool:
    if not seen.is_in_organization:
        return False
    return any(one["Id"] == account for one in seen.organization.items(LIST_ACCOUNTS, "Accounts"))


@check("patch.lambda", version=1, each=_FUNCTIONS)
def runtimes(function: Subject, seen: Seen) -> Judgement:
    """AWS still patches the runtimes of functions."""
    # Functions that are container images have none.
    if function.get("PackageType") == "Image":
        return not_applicable("is a container image")
    name = function["Runtime"]
    ends = RUNTIMES.get(name)
    if ends is None:
        return unknown(f"nothing is known of the runtime {name}: look it up in AWS's list of runtimes")
    if ends <= seen.now.date():
        return failed(f"has the runtime {name}, which is not patched since {ends}")
    return passed(f"has the runtime {name}, which is patched until {ends}")


@check("patch.rds.minor", version=1, each=_DATABASES)
def databases(database: Subject, seen: Seen) -> Judgement:
    """Databases get minor versions by themselves."""
    if database["AutoMinorVersionUpgrade"]:
        return passed("gets minor versions by itself")
    return failed("does not get minor versions by itself")
