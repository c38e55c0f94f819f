import json

from check_cases import FAIL, NA, PASS, UNKNOWN, Case

ACCOUNT, FRIEND, REGION = "111122223333", "444455556666", "eu-west-1"
ALONE = {"organizations:DescribeOrganization": "AWSOrganizationsNotInUseException"}
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"
URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/q"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:s-AbCdEf"
ALL_EBS = 'RestorableByUserIds=["all"]'


def image(**members):
    return {"ec2:DescribeImages": {"Images": [{"ImageId": "ami-1", "OwnerId": ACCOUNT, **members}]}}


def instance(**members):
    return {"ec2:DescribeInstances": {"Reservations": [{"Instances": [{"InstanceId": "i-1", **members}]}]}}


def snapshots(*, ebs=(), public=(), groups=(), database=None, cluster=None):
    answers = {
        "ec2:DescribeSnapshots": {"Snapshots": [{"SnapshotId": name, "OwnerId": ACCOUNT} for name in ebs]},
        f"ec2:DescribeSnapshots {ALL_EBS}": {"Snapshots": [{"SnapshotId": name} for name in public]},
        "ec2:DescribeSnapshotAttribute SnapshotId=snap-1": {"CreateVolumePermissions": list(groups)},
        "rds:DescribeDBSnapshots SnapshotType=manual": {"DBSnapshots": []},
        "rds:DescribeDBClusterSnapshots SnapshotType=manual": {"DBClusterSnapshots": []},
    }
    for kind, values in (("DBSnapshot", database), ("DBClusterSnapshot", cluster)):
        if values is not None:
            one = {f"{kind}Identifier": "s", f"{kind}Arn": "arn:s"}
            attribute = {"AttributeName": "restore", "AttributeValues": values}
            answers[f"rds:Describe{kind}s SnapshotType=manual"] = {f"{kind}s": [one]}
            answers[f"rds:Describe{kind}Attributes {kind}Identifier=s"] = {
                f"{kind}AttributesResult": {f"{kind}Attributes": [attribute]}
            }
    return answers


def document(*shared, owner=ACCOUNT):
    return {
        "ssm:ListDocuments": {"DocumentIdentifiers": [{"Name": "d", "Owner": owner}]},
        "ssm:DescribeDocumentPermission Name=d": {"AccountIds": list(shared)},
    }


def database(**members):
    return {"rds:DescribeDBInstances": {"DBInstances": [{"DBInstanceArn": "arn:d", **members}]}}


def allow(principal, action, resource="*", **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def text(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def function(*statements, url=None, tags=None):
    return {
        "lambda:ListFunctions": {"Functions": [{"FunctionName": "f", "FunctionArn": FUNCTION}]},
        "lambda:GetPolicy FunctionName=f": {"Policy": text(*statements)} if statements else "ResourceNotFoundException",
        "lambda:GetFunctionUrlConfig FunctionName=f": {"AuthType": url} if url else "ResourceNotFoundException",
        f"lambda:ListTags Resource={FUNCTION}": {"Tags": tags or {}},
        **ALONE,
    }


def queue(*statements):
    attributes = {"QueueArn": QUEUE} | ({"Policy": text(*statements)} if statements else {})
    return {
        "sqs:ListQueues": {"QueueUrls": [URL]},
        f"sqs:GetQueueAttributes QueueUrl={URL}": {"Attributes": attributes},
        "sns:ListTopics": {"Topics": []},
        **ALONE,
    }


def topic(*statements):
    return {
        "sqs:ListQueues": {},
        "sns:ListTopics": {"Topics": [{"TopicArn": TOPIC}]},
        f"sns:GetTopicAttributes TopicArn={TOPIC}": {"Attributes": {"Policy": text(*statements)}},
        **ALONE,
    }


def secret(*statements):
    return {
        "secretsmanager:ListSecrets": {"SecretList": [{"ARN": SECRET}]},
        f"secretsmanager:GetResourcePolicy SecretId={SECRET}": {"ResourcePolicy": text(*statements)}
        if statements
        else {},
        **ALONE,
    }


EXPOSED = [{"Key": "Exposure", "Value": "public"}]
ANY = "*"
INVOKE, BY_URL = "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"
NO_AUTH = {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
THROUGH_URL = {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
SERVICE = {"Service": "s3.amazonaws.com"}


def source(arn):
    return {"ArnLike": {"aws:SourceArn": arn}}


CASES = (
    Case("pub.ami", PASS, image(Public=False)),
    Case("pub.ami", FAIL, image(Public=True)),
    Case("pub.ami", UNKNOWN, image()),
    Case("pub.ami", NA, image(OwnerId="amazon", Public=True)),
    Case("pub.ami", NA, {"ec2:DescribeImages": {"Images": []}}),
    Case("pub.instance", PASS, instance()),
    Case("pub.instance", PASS, instance(PublicIpAddress="198.51.100.7", Tags=EXPOSED)),
    Case("pub.instance", FAIL, instance(PublicIpAddress="198.51.100.7"), "198.51.100.7"),
    Case("pub.instance", UNKNOWN, instance(PublicIpAddress="198.51.100.7", Tags=[{"Value": "public"}])),
    Case("pub.instance", NA, {"ec2:DescribeInstances": {"Reservations": []}}),
    Case("pub.rds", PASS, database(PubliclyAccessible=False)),
    Case("pub.rds", FAIL, database(PubliclyAccessible=True)),
    Case("pub.rds", UNKNOWN, database()),
    Case("pub.rds", NA, {"rds:DescribeDBInstances": {"DBInstances": []}}),
    Case("pub.snapshot", PASS, snapshots(ebs=["snap-1"])),
    Case("pub.snapshot", PASS, snapshots(ebs=["snap-1"], public=["snap-1"], groups=[{"UserId": FRIEND}])),
    Case("pub.snapshot", PASS, snapshots(database=[FRIEND], cluster=[])),
    Case("pub.snapshot", FAIL, snapshots(ebs=["snap-1"], public=["snap-1"], groups=[{"Group": "all"}])),
    Case("pub.snapshot", FAIL, snapshots(database=["all"])),
    Case("pub.snapshot", FAIL, snapshots(cluster=[FRIEND, "all"])),
    Case("pub.snapshot", UNKNOWN, {**snapshots(ebs=["snap-1"]), f"ec2:DescribeSnapshots {ALL_EBS}": "Hangs"}),
    Case("pub.snapshot", NA, snapshots()),
    Case("pub.ssm", PASS, document(FRIEND), "shared with 1 accounts"),
    Case("pub.ssm", FAIL, document("all")),
    Case("pub.ssm", UNKNOWN, {**document(), "ssm:DescribeDocumentPermission Name=d": "AccessDeniedException"}),
    Case("pub.ssm", NA, document("all", owner="Amazon")),
    Case("pub.lambda", PASS, function(), "no policy"),
    Case("pub.lambda", PASS, function(allow(SERVICE, INVOKE, FUNCTION))),
    Case("pub.lambda", PASS, function(allow(ANY, BY_URL, FUNCTION, **NO_AUTH))),
    Case("pub.lambda", PASS, function(allow(ANY, BY_URL, FUNCTION, **NO_AUTH), url="AWS_IAM")),
    Case("pub.lambda", PASS, function(allow(ANY, INVOKE, FUNCTION, **THROUGH_URL), url="AWS_IAM")),
    Case("pub.lambda", FAIL, function(allow(ANY, INVOKE, FUNCTION)), "may lambda:InvokeFunction on"),
    Case("pub.lambda", FAIL, function(allow({"AWS": FRIEND}, INVOKE, f"{FUNCTION}:live")), f"{FUNCTION}:live"),
    Case("pub.lambda", FAIL, function(allow(ANY, BY_URL, FUNCTION, **NO_AUTH), url="NONE"), "anybody may lambda:"),
    Case("pub.lambda", UNKNOWN, {**function(), "lambda:GetPolicy FunctionName=f": "AccessDeniedException"}),
    Case("pub.lambda", NA, function(allow(ANY, INVOKE), tags={"Exposure": "public"})),
    Case("pub.queue", PASS, queue(), "no policy"),
    Case("pub.queue", PASS, queue(allow({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "sqs:*"))),
    Case("pub.queue", PASS, queue(allow(SERVICE, "sqs:SendMessage"))),
    Case("pub.queue", PASS, queue(allow(ANY, "sqs:SendMessage", **source(f"arn:aws:sns:*:{ACCOUNT}:*")))),
    Case("pub.queue", PASS, queue(allow(ANY, "sqs:SendMessage", **source("arn:aws:s3:*:*:our-bucket")))),
    Case("pub.queue", PASS, queue(allow(ANY, "sqs:GetQueueAttributes"))),
    Case("pub.queue", PASS, topic(allow({"AWS": ANY}, "SNS:*", StringEquals={"AWS:SourceOwner": ACCOUNT}))),
    Case("pub.queue", FAIL, queue(allow(ANY, "sqs:SendMessage")), "anybody may sqs:SendMessage"),
    Case("pub.queue", FAIL, queue(allow(ANY, "sqs:SendMessage", **source("arn:aws:s3:::*"))), "a service of AWS"),
    Case("pub.queue", FAIL, queue(allow({"AWS": FRIEND}, "sqs:*"))),
    Case("pub.queue", FAIL, topic(allow({"AWS": ANY}, "sns:Subscribe", StringEquals={"sns:Protocol": "https"}))),
    Case("pub.queue", UNKNOWN, {**queue(), f"sqs:GetQueueAttributes QueueUrl={URL}": "AccessDenied"}),
    Case("pub.queue", NA, {"sqs:ListQueues": {}, "sns:ListTopics": {"Topics": []}}),
    Case("pub.secret", PASS, secret(), "no policy"),
    Case("pub.secret", PASS, secret(allow({"AWS": FRIEND}, "secretsmanager:DescribeSecret"))),
    Case("pub.secret", FAIL, secret(allow({"AWS": FRIEND}, "secretsmanager:*")), "secretsmanager:GetSecretValue"),
    Case("pub.secret", FAIL, secret(allow(ANY, "secretsmanager:GetSecretValue"))),
    Case("pub.secret", UNKNOWN, {**secret(), f"secretsmanager:GetResourcePolicy SecretId={SECRET}": "AccessDenied"}),
    Case("pub.secret", NA, {"secretsmanager:ListSecrets": {"SecretList": []}}),
)
