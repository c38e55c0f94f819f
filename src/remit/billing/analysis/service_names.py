"""What Cost Explorer calls services, by their codes in price lists; a service that is not here is called by its code.

Source: values of the dimension SERVICE in AWS's Cost Explorer documentation and examples.
"""

from collections.abc import Mapping

EC2 = "AmazonEC2"
# Of EC2, instances are a service of their own; volumes, addresses and transfer are the other one.
EC2_COMPUTE, EC2_OTHER = "Amazon Elastic Compute Cloud - Compute", "EC2 - Other"

SERVICE_NAMES: Mapping[str, str] = {
    "AWSBackup": "AWS Backup",
    "AWSCloudTrail": "AWS CloudTrail",
    "AWSConfig": "AWS Config",
    "AWSDataTransfer": "AWS Data Transfer",
    "AWSDirectConnect": "AWS Direct Connect",
    "AWSDirectoryService": "AWS Directory Service",
    "AWSELB": "Amazon Elastic Load Balancing",
    "AWSEvents": "CloudWatch Events",
    "AWSFMS": "AWS Firewall Manager",
    "AWSGlue": "AWS Glue",
    "AWSLambda": "AWS Lambda",
    "AWSNetworkFirewall": "AWS Network Firewall",
    "AWSQueueService": "Amazon Simple Queue Service",
    "AWSSecretsManager": "AWS Secrets Manager",
    "AWSSecurityHub": "AWS Security Hub",
    "AWSServiceCatalog": "AWS Service Catalog",
    "AWSShield": "AWS Shield",
    "AWSStorageGateway": "AWS Storage Gateway",
    "AWSSupportBusiness": "AWS Support (Business)",
    "AWSSupportDeveloper": "AWS Support (Developer)",
    "AWSSupportEnterprise": "AWS Support (Enterprise)",
    "AWSSystemsManager": "AWS Systems Manager",
    "AWSTransfer": "AWS Transfer Family",
    "AWSXRay": "AWS X-Ray",
    "AmazonApiGateway": "Amazon API Gateway",
    "AmazonAppStream": "Amazon AppStream",
    "AmazonAthena": "Amazon Athena",
    "AmazonBedrock": "Amazon Bedrock",
    "AmazonCloudFront": "Amazon CloudFront",
    "AmazonCloudWatch": "AmazonCloudWatch",
    "AmazonCognito": "Amazon Cognito",
    "AmazonDocDB": "Amazon DocumentDB (with MongoDB compatibility)",
    "AmazonDynamoDB": "Amazon DynamoDB",
    "AmazonECR": "Amazon EC2 Container Registry (ECR)",
    "AmazonECS": "Amazon Elastic Container Service",
    "AmazonEFS": "Amazon Elastic File System",
    "AmazonEKS": "Amazon Elastic Container Service for Kubernetes",
    "AmazonES": "Amazon OpenSearch Service",
    "AmazonElastiCache": "Amazon ElastiCache",
    "AmazonFSx": "Amazon FSx",
    "AmazonGlacier": "Amazon Glacier",
    "AmazonGuardDuty": "Amazon GuardDuty",
    "AmazonInspectorV2": "Amazon Inspector",
    "AmazonKinesis": "Amazon Kinesis",
    "AmazonKinesisFirehose": "Amazon Kinesis Firehose",
    "AmazonLightsail": "Amazon Lightsail",
    "AmazonMQ": "Amazon MQ",
    "AmazonMSK": "Amazon Managed Streaming for Apache Kafka",
    "AmazonMacie": "Amazon Macie",
    "AmazonMemoryDB": "Amazon MemoryDB",
    "AmazonNeptune": "Amazon Neptune",
    "AmazonQuickSight": "Amazon QuickSight",
    "AmazonRDS": "Amazon Relational Database Service",
    "AmazonRedshift": "Amazon Redshift",
    "AmazonRoute53": "Amazon Route 53",
    "AmazonS3": "Amazon Simple Storage Service",
    "AmazonSES": "Amazon Simple Email Service",
    "AmazonSNS": "Amazon Simple Notification Service",
    "AmazonSageMaker": "Amazon SageMaker",
    "AmazonStates": "AWS Step Functions",
    "AmazonVPC": "Amazon Virtual Private Cloud",
    "AmazonWorkSpaces": "Amazon WorkSpaces",
    "CodeBuild": "AWS CodeBuild",
    "ComputeSavingsPlans": "Savings Plans for AWS Compute usage",
    "ElasticMapReduce": "Amazon Elastic MapReduce",
    "awskms": "AWS Key Management Service",
    "awswaf": "AWS WAF",
}

# Where a service is one, whatever part of it was used.
WHOLE_SERVICE_NAMES: Mapping[str, str] = {**SERVICE_NAMES, EC2: "Amazon Elastic Compute Cloud"}
