"""Which services a report names as being in its scope, told from its text.

A service counts where its name, or the word that stands for it in ARNs and endpoints, has a line of its own in a list
or a table below a heading like "Services in scope". What is mentioned in a sentence counts for nothing, nor does what
stands below a heading like "Services not in scope".
"""

import re
from collections.abc import Sequence

# What SDKs call a service -> the word that stands for it elsewhere, and its names, without who makes it.
_SERVICES: dict[str, tuple[str, ...]] = {
    "acm": ("acm", "Certificate Manager"),
    "backup": ("backup", "Backup"),
    "cloudtrail": ("cloudtrail", "CloudTrail"),
    "dynamodb": ("dynamodb", "DynamoDB"),
    "ec2": ("ec2", "EC2", "Elastic Compute Cloud"),
    "ecr": ("ecr", "ECR", "Elastic Container Registry"),
    "efs": ("elasticfilesystem", "efs", "EFS", "Elastic File System"),
    "eks": ("eks", "EKS", "Elastic Kubernetes Service"),
    "elbv2": ("elasticloadbalancing", "Elastic Load Balancing"),
    "iam": ("iam", "IAM", "Identity and Access Management"),
    "kms": ("kms", "KMS", "Key Management Service"),
    "lambda": ("lambda", "Lambda"),
    "rds": ("rds", "RDS", "Relational Database Service"),
    "s3": ("s3", "S3", "Simple Storage Service"),
    "secretsmanager": ("secretsmanager", "Secrets Manager"),
    "sns": ("sns", "SNS", "Simple Notification Service"),
    "sqs": ("sqs", "SQS", "Simple Queue Service"),
}
_HEADING_MAX = 90
_HEADING = re.compile(r"\b(?:services?|systems?)\b.*\bin[ -]scope\b|\bin-scope services\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|out of|outside|excluded|exclusions?|excluding|without|except)\b", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[\u2022\u25cf\u25aa*\u2013-]|\d{1,3}[.)])\s*")
# `Amazon Simple Storage Service (Amazon S3)`, `AWS Lambda [3]`, and nothing behind it.
_ITEM = re.compile(r"^(?:Amazon|AWS)?\s*(?P<name>[A-Z][\w -]*?)\s*(?:\([^()]*\))?\s*[*\u2020\u2021]*(?:\[\d+\])?$")
# `Object storage s3 Stores objects`: some words, the word of the service, a description.
_ROW = re.compile(r"^(?:[A-Z][\w-]*(?: [a-z][\w-]*){0,4} )?(?P<word>[a-z][a-z0-9-]+) [A-Z]")
_ITEMS = {name: service for service, names in _SERVICES.items() for name in names[1:] if not name.islower()}
_WORDS = {name: service for service, names in _SERVICES.items() for name in names if name.islower()}
# A page that goes on with a list has at least so many lines of it.
_GOES_ON = 3


def services_in_scope(pages: Sequence[str]) -> dict[str, int]:
    """Return the services that a report names as being in its scope: what SDKs call them -> the first page with it."""
    found: dict[str, int] = {}
    goes_on = False
    for number, page in enumerate(pages, 1):
        named: list[str] = []
        is_open = goes_on
        has_heading = False
        for line in map(str.strip, page.splitlines()):
            if len(line) <= _HEADING_MAX and "scope" in line.lower() and _is_heading(line):
                is_open = not _NOT.search(line)
                has_heading |= is_open
            elif is_open:
                named += _named(line)
        if has_heading or len(named) >= _GOES_ON:
            for service in named:
                found.setdefault(service, number)
        goes_on = is_open and bool(named)
    return dict(sorted(found.items()))


def _is_heading(line: str) -> bool:
    return not line.endswith((".", ";", ",")) and (bool(_HEADING.search(line)) or bool(_NOT.search(line)))


def _named(line: str) -> list[str]:
    item = _ITEM.match(_BULLET.sub("", line))
    if item is not None and item["name"] in _ITEMS:
        return [_ITEMS[item["name"]]]
    row = _ROW.match(line)
    return [_WORDS[row["word"]]] if row is not None and row["word"] in _WORDS else []
