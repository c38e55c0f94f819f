import json

from check_cases import FAIL, NA, PASS, UNKNOWN, Case

ACCOUNT, REGION, FRIEND = "111122223333", "eu-west-1", "444455556666"
ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k1"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
MANAGEMENT = "999999999999"
IN_ORGANIZATION = {
    "organizations:DescribeOrganization": {"Organization": {"Id": "o-own", "MasterAccountId": MANAGEMENT}}
}
ALONE = {"organizations:DescribeOrganization": "AWSOrganizationsNotInUseException"}
ACCOUNTS = {"organizations:ListAccounts": {"Accounts": [{"Id": ACCOUNT}, {"Id": FRIEND}, {"Id": MANAGEMENT}]}}


def key(**members):
    described = {"KeyManager": "CUSTOMER", "KeyState": "Enabled", "KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS"}
    return {
        "kms:ListKeys": {"Keys": [{"KeyId": "k1", "KeyArn": ARN}]},
        "kms:DescribeKey KeyId=k1": {"KeyMetadata": {**described, **members}},
    }


def rotates(rotation, **members):
    return {**key(**members), "kms:GetKeyRotationStatus KeyId=k1": rotation}


def users(**lists):
    answers = {
        "ec2:DescribeVolumes": {"Volumes": lists.get("volumes", [])},
        "rds:DescribeDBInstances": {"DBInstances": []},
        "rds:DescribeDBClusters": {"DBClusters": []},
        "cloudtrail:DescribeTrails": {"trailList": lists.get("trails", [])},
        "dynamodb:ListTables": {"TableNames": ["t"]},
        "dynamodb:DescribeTable TableName=t": {"Table": {"TableArn": "arn:t"}},
        "s3:ListBuckets": {"Buckets": [{"Name": "b"}]},
        "s3:GetBucketEncryption Bucket=b": lists.get("bucket", "ServerSideEncryptionConfigurationNotFoundError"),
    }
    return {**key(KeyState=lists.get("state", "PendingDeletion")), **answers}


BUCKET = {
    "ServerSideEncryptionConfiguration": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": ARN}}]
    }
}


def policy(principal, action="kms:*", effect="Allow", **condition):
    statement = {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*"}
    return {**statement, "Condition": condition} if condition else statement


def guarded(*statements, organization=ALONE, **members):
    text = json.dumps({"Version": "2012-10-17", "Statement": [policy({"AWS": ROOT}), *statements]})
    return {**key(**members), "kms:GetKeyPolicy KeyId=k1": {"Policy": text}, **organization}


ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-own"}}

CASES = (
    Case("enc.kms.rotation", PASS, rotates({"KeyRotationEnabled": True})),
    Case("enc.kms.rotation", FAIL, rotates({"KeyRotationEnabled": False})),
    Case("enc.kms.rotation", UNKNOWN, rotates("AccessDeniedException")),
    Case("enc.kms.rotation", NA, rotates({"KeyRotationEnabled": False}, KeyManager="AWS")),
    Case("enc.kms.rotation", NA, rotates({"KeyRotationEnabled": False}, Origin="EXTERNAL")),
    Case("enc.kms.rotation", NA, rotates({"KeyRotationEnabled": False}, KeyState="Disabled")),
    Case("enc.kms.deletion", PASS, key(), "is Enabled"),
    Case("enc.kms.deletion", PASS, users(), "nothing names it"),
    Case("enc.kms.deletion", FAIL, users(volumes=[{"VolumeId": "v", "KmsKeyId": ARN}]), "v is encrypted with it"),
    Case("enc.kms.deletion", FAIL, users(bucket=BUCKET), "bucket b is encrypted with it"),
    Case("enc.kms.deletion", UNKNOWN, {**users(), "rds:DescribeDBClusters": "AccessDenied"}),
    Case("enc.kms.deletion", UNKNOWN, key(KeyState=None) | {"kms:DescribeKey KeyId=k1": "Hangs"}),
    Case("enc.kms.deletion", NA, {"kms:ListKeys": {"Keys": []}}),
    Case("enc.kms.policy", PASS, guarded(), "nobody outside may use the key"),
    Case("enc.kms.policy", PASS, guarded(policy("*", **ORG), organization=IN_ORGANIZATION)),
    Case("enc.kms.policy", PASS, guarded(policy({"AWS": FRIEND}), organization=IN_ORGANIZATION), organization=ACCOUNTS),
    Case("enc.kms.policy", PASS, guarded(policy({"AWS": FRIEND}, "kms:DescribeKey"))),
    Case("enc.kms.policy", PASS, guarded(policy("*", StringEquals={"kms:CallerAccount": ACCOUNT}))),
    Case("enc.kms.policy", PASS, guarded(policy({"AWS": FRIEND}), policy("*", effect="Deny"))),
    Case("enc.kms.policy", FAIL, guarded(policy("*")), "of account 999999999999 may kms:Decrypt on"),
    Case("enc.kms.policy", FAIL, guarded(policy("*"), organization=IN_ORGANIZATION)),
    Case("enc.kms.policy", FAIL, guarded(policy({"AWS": FRIEND})), f"of account {FRIEND} may kms:Decrypt"),
    Case("enc.kms.policy", FAIL, guarded(policy("*", StringLike={"kms:ViaService": "s3.*"})), "kms:ViaService s3."),
    Case(
        "enc.kms.policy",
        FAIL,
        guarded(policy({"AWS": "123412341234"}, "kms:CreateGrant"), organization=IN_ORGANIZATION),
        "of account 123412341234 may kms:CreateGrant",
        ACCOUNTS,
    ),
    Case("enc.kms.policy", UNKNOWN, guarded(policy({"AWS": FRIEND}), organization=IN_ORGANIZATION), "no snapshot of"),
    Case("enc.kms.policy", UNKNOWN, {**guarded(), "kms:GetKeyPolicy KeyId=k1": {"Policy": "{"}}, "makes no sense"),
    Case("enc.kms.policy", UNKNOWN, {**guarded(), "kms:GetKeyPolicy KeyId=k1": "AccessDeniedException"}),
    Case("enc.kms.policy", NA, guarded(policy("*"), KeyManager="AWS")),
)
