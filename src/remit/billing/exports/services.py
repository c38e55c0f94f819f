"""What FOCUS calls the services of a price list.

Source: FOCUS specification 1.2, ServiceCategory and ServiceSubcategory, their allowed values.
"""

from typing import NamedTuple


class Service(NamedTuple):
    """Name, category and subcategory of a service."""

    name: str
    category: str
    subcategory: str


SERVICES = {
    "AmazonEC2": Service("Amazon Elastic Compute Cloud", "Compute", "Virtual Machines"),
    "AmazonS3": Service("Amazon Simple Storage Service", "Storage", "Object Storage"),
    "AWSDataTransfer": Service("AWS Data Transfer", "Networking", "Other (Networking)"),
    "AWSLambda": Service("AWS Lambda", "Compute", "Serverless Compute"),
    "AmazonECS": Service("Amazon Elastic Container Service", "Compute", "Containers"),
    "AmazonEKS": Service("Amazon Elastic Kubernetes Service", "Compute", "Containers"),
    "AmazonRDS": Service("Amazon Relational Database Service", "Databases", "Relational Databases"),
    "AmazonDynamoDB": Service("Amazon DynamoDB", "Databases", "NoSQL Databases"),
    "AmazonElastiCache": Service("Amazon ElastiCache", "Databases", "Caching"),
    "AmazonVPC": Service("Amazon Virtual Private Cloud", "Networking", "Network Infrastructure"),
    "AmazonCloudFront": Service("Amazon CloudFront", "Networking", "Content Delivery"),
    "AmazonCloudWatch": Service("Amazon CloudWatch", "Management and Governance", "Observability"),
    "AmazonSageMaker": Service("Amazon SageMaker", "AI and Machine Learning", "Machine Learning"),
    "awskms": Service("AWS Key Management Service", "Security", "Other (Security)"),
    "ComputeSavingsPlans": Service("Savings Plans for AWS Compute usage", "Compute", "Other (Compute)"),
}
OTHER = ("Other", "Other (Other)")


def named(part: str) -> str:
    """Write an expression for one part of a service: `name`, `category` or `subcategory`."""
    cases = " ".join(f"WHEN '{code}' THEN '{getattr(service, part)}'" for code, service in SERVICES.items())
    other = {"name": "service", "category": f"'{OTHER[0]}'", "subcategory": f"'{OTHER[1]}'"}[part]
    return f"CASE service {cases} ELSE {other} END"
