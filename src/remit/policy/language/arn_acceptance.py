"""Which resources AWS stores in a policy, and in which words it refuses the others.

Source: `iam-sts` reference, section 9 (7) and appendix A; `policy-evaluation` reference, R7 and part 8.
"""

from remit.policy.language.patterns import ARN_PARTS, EVERYTHING
from remit.policy.language.variables import split_outside_variables
from remit.policy.language.wildcards import Wildcard, glob, pieces

_PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc")
_IAM_RESOURCES = (
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
)
# Newer than the recorded text; AWS's own managed policies name them.
_IAM_RESOURCES_UNLISTED = ("role-template/",)
# What S3 has in regions; buckets and objects have none in their ARNs.
_S3_IN_REGIONS = ("accesspoint/", "access-grants/", "async-request/", "job/", "storage-lens/", "storage-lens-group/")


def resource_failure(resource: str) -> str | None:
    """Return AWS's text if it does not store *resource*; None if it does."""
    if resource == EVERYTHING:
        return None
    parts = split_outside_variables(resource, ARN_PARTS - 1)
    if len(parts) == 1:
        return _no_arn(resource)
    padded = [*parts, *[EVERYTHING] * (ARN_PARTS - len(parts))]
    if not any(glob(pieces(parts[1])).matches(partition) for partition in _PARTITIONS):
        return f'Partition "{parts[1]}" is not valid for resource "arn:{":".join(padded[1:])}".'
    if parts[0] != "arn":
        return _no_arn(resource)
    vendor = parts[2] if len(parts) > 2 else ""  # noqa: PLR2004  # arn:partition
    if not vendor or any(isinstance(piece, Wildcard) for piece in pieces(vendor)):
        return "Resource vendor must be fully qualified and cannot contain regexes."
    return _of_vendor(vendor, resource, padded[3] if len(parts) == ARN_PARTS else "", padded[5])


def _no_arn(resource: str) -> str:
    return f'Resource {resource} must be in ARN format or "*".'


def _of_vendor(vendor: str, resource: str, region: str, path: str) -> str | None:
    if vendor == "s3" and region and not path.startswith(_S3_IN_REGIONS):
        return f"Resource {resource} can not contain region information."
    if vendor != "iam":
        return None
    if region:
        return f"IAM resource {resource} cannot contain region information."
    if path in (EVERYTHING, "root") or path.startswith(_IAM_RESOURCES + _IAM_RESOURCES_UNLISTED):
        return None
    return f'IAM resource path must either be "*", root, or start with {", ".join(_IAM_RESOURCES)}.'
