"""Which category of FOCUS the services of a price list are in, and what they are called.

Source: FOCUS specification 1.2, ServiceCategory and ServiceSubcategory, their allowed values.
"""

from collections.abc import Mapping

from remit.billing.analysis.service_names import EC2, WHOLE_SERVICE_NAMES
from remit.billing.ledger.columnar import quoted

_CATEGORIES = {
    "AWSDataTransfer": ("Networking", "Other (Networking)"),
    "AWSLambda": ("Compute", "Serverless Compute"),
    "AmazonCloudFront": ("Networking", "Content Delivery"),
    "AmazonCloudWatch": ("Management and Governance", "Observability"),
    "AmazonDynamoDB": ("Databases", "NoSQL Databases"),
    EC2: ("Compute", "Virtual Machines"),
    "AmazonECS": ("Compute", "Containers"),
    "AmazonEKS": ("Compute", "Containers"),
    "AmazonElastiCache": ("Databases", "Caching"),
    "AmazonRDS": ("Databases", "Relational Databases"),
    "AmazonS3": ("Storage", "Object Storage"),
    "AmazonSageMaker": ("AI and Machine Learning", "Machine Learning"),
    "AmazonVPC": ("Networking", "Network Infrastructure"),
    "ComputeSavingsPlans": ("Compute", "Other (Compute)"),
    "awskms": ("Security", "Other (Security)"),
}


def _chosen(found: Mapping[str, str], other: str) -> str:
    """Write an expression for what stands beside the code of a service, or *other*."""
    cases = " ".join(f"WHEN {quoted(code)} THEN {quoted(value)}" for code, value in sorted(found.items()))
    return f"CASE service {cases} ELSE {other} END"


NAME = _chosen(WHOLE_SERVICE_NAMES, "service")
CATEGORY = _chosen({code: category for code, (category, _) in _CATEGORIES.items()}, "'Other'")
SUBCATEGORY = _chosen({code: subcategory for code, (_, subcategory) in _CATEGORIES.items()}, "'Other (Other)'")
