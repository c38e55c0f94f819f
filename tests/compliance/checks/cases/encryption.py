from check_cases import FAIL, NA, PASS, UNKNOWN, Case

ACCOUNT, REGION = "111122223333", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k1"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/t"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/q"
RDS = "rds:Describe"


def listed(read, path, *things):
    return {read: {path: list(things)}}


def databases(*instances, clusters=()):
    return listed(f"{RDS}DBInstances", "DBInstances", *instances) | listed(f"{RDS}DBClusters", "DBClusters", *clusters)


def database(*, encrypted, name="d", kind="Instance"):
    return {f"DB{kind}Arn": f"arn:{name}", "StorageEncrypted": encrypted}


def snapshots(manual=(), automated=(), clusters=(), automated_clusters=()):
    return {
        f"{RDS}DBSnapshots SnapshotType=manual": {"DBSnapshots": list(manual)},
        f"{RDS}DBSnapshots SnapshotType=automated": {"DBSnapshots": list(automated)},
        f"{RDS}DBClusterSnapshots SnapshotType=manual": {"DBClusterSnapshots": list(clusters)},
        f"{RDS}DBClusterSnapshots SnapshotType=automated": {"DBClusterSnapshots": list(automated_clusters)},
    }


def table(tags=(), manager="CUSTOMER", **described):
    return {
        "dynamodb:ListTables": {"TableNames": ["t"]},
        "dynamodb:DescribeTable TableName=t": {"Table": {"TableArn": TABLE, **described}},
        f"dynamodb:ListTagsOfResource ResourceArn={TABLE}": {"Tags": list(tags)},
        "kms:DescribeKey KeyId=k1": {"KeyMetadata": {"KeyManager": manager}},
    }


def queue(attributes):
    return {"sqs:ListQueues": {"QueueUrls": [QUEUE]}, f"sqs:GetQueueAttributes QueueUrl={QUEUE}": attributes}


RESTRICTED = ({"Key": "DataClass", "Value": "restricted"},)
SSE = {"SSEDescription": {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": KEY}}
OWN = {"OwnerId": ACCOUNT}
PLAIN, SAFE = {"Encrypted": False}, {"Encrypted": True}

CASES = (
    Case("enc.ebs.default", PASS, {"ec2:GetEbsEncryptionByDefault": {"EbsEncryptionByDefault": True}}),
    Case("enc.ebs.default", FAIL, {"ec2:GetEbsEncryptionByDefault": {"EbsEncryptionByDefault": False}}),
    Case("enc.ebs.default", UNKNOWN, {"ec2:GetEbsEncryptionByDefault": {}}),
    Case("enc.ebs.volumes", PASS, listed("ec2:DescribeVolumes", "Volumes", {"VolumeId": "v", **SAFE})),
    Case("enc.ebs.volumes", FAIL, listed("ec2:DescribeVolumes", "Volumes", {"VolumeId": "v", **PLAIN})),
    Case("enc.ebs.volumes", UNKNOWN, listed("ec2:DescribeVolumes", "Volumes", {"VolumeId": "v"})),
    Case("enc.ebs.volumes", NA, listed("ec2:DescribeVolumes", "Volumes")),
    Case("enc.ebs.snapshots", PASS, listed("ec2:DescribeSnapshots", "Snapshots", {"SnapshotId": "s", **OWN, **SAFE})),
    Case("enc.ebs.snapshots", FAIL, listed("ec2:DescribeSnapshots", "Snapshots", {"SnapshotId": "s", **OWN, **PLAIN})),
    Case("enc.ebs.snapshots", UNKNOWN, listed("ec2:DescribeSnapshots", "Snapshots", {"SnapshotId": "s", **OWN})),
    Case("enc.ebs.snapshots", NA, listed("ec2:DescribeSnapshots", "Snapshots")),
    Case("enc.ebs.snapshots", NA, listed("ec2:DescribeSnapshots", "Snapshots", {"OwnerId": "4" * 12, **PLAIN})),
    Case("enc.rds", PASS, databases(database(encrypted=True))),
    Case("enc.rds", FAIL, databases(database(encrypted=True), clusters=[database(encrypted=False, kind="Cluster")])),
    Case("enc.rds", FAIL, {**databases(database(encrypted=False)), f"{RDS}DBClusters": "AccessDenied"}),
    Case("enc.rds", UNKNOWN, {**databases(database(encrypted=True)), f"{RDS}DBClusters": "AccessDenied"}, "was denied"),
    Case("enc.rds", UNKNOWN, databases({"DBInstanceArn": "arn:d"})),
    Case("enc.rds", NA, databases()),
    Case("enc.rds.snap", PASS, snapshots([{"DBSnapshotArn": "arn:s", **SAFE}])),
    Case("enc.rds.snap", FAIL, snapshots(automated=[{"DBSnapshotArn": "arn:s", **PLAIN}])),
    Case("enc.rds.snap", FAIL, snapshots(clusters=[{"DBClusterSnapshotArn": "arn:s", "StorageEncrypted": False}])),
    Case("enc.rds.snap", UNKNOWN, snapshots(clusters=[{"DBClusterSnapshotArn": "arn:s"}])),
    Case("enc.rds.snap", UNKNOWN, {**snapshots(), f"{RDS}DBSnapshots SnapshotType=automated": "Hangs"}),
    Case("enc.rds.snap", NA, snapshots()),
    Case("enc.efs", PASS, listed("efs:DescribeFileSystems", "FileSystems", {"FileSystemArn": "arn:f", **SAFE})),
    Case("enc.efs", FAIL, listed("efs:DescribeFileSystems", "FileSystems", {"FileSystemArn": "arn:f", **PLAIN})),
    Case("enc.efs", UNKNOWN, listed("efs:DescribeFileSystems", "FileSystems", {"FileSystemArn": "arn:f"})),
    Case("enc.efs", NA, listed("efs:DescribeFileSystems", "FileSystems")),
    Case("enc.ddb", PASS, table(), "a key that DynamoDB owns"),
    Case("enc.ddb", PASS, table(RESTRICTED, **SSE), KEY),
    Case("enc.ddb", FAIL, table(RESTRICTED), "none of the customer's keys"),
    Case("enc.ddb", FAIL, table(RESTRICTED, "AWS", **SSE), "none of the customer's keys"),
    Case("enc.ddb", UNKNOWN, {**table(RESTRICTED), f"dynamodb:ListTagsOfResource ResourceArn={TABLE}": "Hangs"}),
    Case("enc.ddb", UNKNOWN, {**table(RESTRICTED, **SSE), "kms:DescribeKey KeyId=k1": "AccessDeniedException"}),
    Case("enc.ddb", NA, {"dynamodb:ListTables": {"TableNames": []}}),
    Case("enc.queue", PASS, queue({"Attributes": {"SqsManagedSseEnabled": "true"}})),
    Case("enc.queue", PASS, queue({"Attributes": {"KmsMasterKeyId": "alias/aws/sqs"}})),
    Case("enc.queue", FAIL, queue({"Attributes": {"SqsManagedSseEnabled": "false"}})),
    Case("enc.queue", UNKNOWN, queue({"Attributes": {}})),
    Case("enc.queue", NA, {"sqs:ListQueues": {}}),
)
