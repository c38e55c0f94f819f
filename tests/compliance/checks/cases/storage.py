import json

from check_cases import FAIL, NA, PASS, UNKNOWN, Case

from remit.compliance.checks.parameters import Parameters

ACCOUNT, FRIEND, REGION = "111122223333", "444455556666", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k1"
BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
OFF = "NoSuchPublicAccessBlockConfiguration"
ALONE = {"organizations:DescribeOrganization": "AWSOrganizationsNotInUseException"}
BOTH = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]
OWNER = {"Grantee": {"Type": "CanonicalUser", "ID": "c0ffee"}, "Permission": "FULL_CONTROL"}
EVERYBODY = {
    "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
    "Permission": "READ",
}


def blocking(*on):
    return {"PublicAccessBlockConfiguration": {name: name in on for name in BLOCKS}}


def owned(how):
    return {"OwnershipControls": {"Rules": [{"ObjectOwnership": how}]}}


ENFORCED = owned("BucketOwnerEnforced")


def bucket(names=("b",), **answers):
    found = {"s3:ListBuckets": {"Buckets": [{"Name": name} for name in names], "Owner": {"ID": "c0ffee"}}}
    return {**found, **{f"s3:{operation} Bucket=b": answer for operation, answer in answers.items()}}


def encrypted(tag="", **default):
    rule = {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}}
    return bucket(
        GetBucketEncryption=rule if default else "ServerSideEncryptionConfigurationNotFoundError",
        GetBucketTagging={"TagSet": [{"Key": "DataClass", "Value": tag}]} if tag else "NoSuchTagSet",
        GetBucketLocation={"LocationConstraint": "EU"},
    )


def key(manager):
    return {"kms:DescribeKey KeyId=k1": {"KeyMetadata": {"KeyManager": manager}}}


def versions(status, tagging="NoSuchTagSet", **other):
    answer = {"Status": status} if status else {}
    found = bucket(("b", "c") if other else ("b",), GetBucketVersioning=answer, GetBucketTagging=tagging)
    return {**found, **{f"s3:{operation} Bucket=c": answer for operation, answer in other.items()}}


def allow(principal, action="s3:GetObject", **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": BOTH}
    return {**statement, "Condition": condition} if condition else statement


def exposed(*statements, grants=(OWNER,), ownership=ENFORCED, block=OFF, account=OFF, organization=ALONE):
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return {
        **bucket(
            GetBucketPolicy={"Policy": text} if statements else "NoSuchBucketPolicy",
            GetBucketAcl={"Grants": list(grants)},
            GetBucketOwnershipControls=ownership,
            GetPublicAccessBlock=block,
        ),
        "s3control:GetPublicAccessBlock": account,
        **organization,
    }


REQUIRED = {"TagSet": [{"Key": "Backup", "Value": "required"}]}
NETWORK = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
DENY_REST = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": BOTH,
    "Condition": {"StringNotLike": {"aws:Referer": "https://own.example/*"}},
}
TRUSTING = Parameters(trusted_accounts=(FRIEND,))

CASES = (
    Case("s3.acl", PASS, bucket(GetBucketOwnershipControls=ENFORCED)),
    Case("s3.acl", FAIL, bucket(GetBucketOwnershipControls=owned("ObjectWriter"))),
    Case("s3.acl", FAIL, bucket(GetBucketOwnershipControls="OwnershipControlsNotFoundError")),
    Case("s3.acl", UNKNOWN, bucket(GetBucketOwnershipControls="AccessDenied")),
    Case("s3.acl", NA, bucket(())),
    Case("s3.block.account", PASS, {"s3control:GetPublicAccessBlock": blocking(*BLOCKS)}),
    Case("s3.block.account", FAIL, {"s3control:GetPublicAccessBlock": blocking(*BLOCKS[:3])}, "RestrictPublicBuckets"),
    Case("s3.block.account", FAIL, {"s3control:GetPublicAccessBlock": OFF}),
    Case("s3.block.account", UNKNOWN, {"s3control:GetPublicAccessBlock": {"PublicAccessBlockConfiguration": {}}}),
    Case("s3.sse", PASS, encrypted(SSEAlgorithm="AES256")),
    Case("s3.sse", FAIL, encrypted()),
    Case("s3.sse", UNKNOWN, bucket(GetBucketEncryption="AccessDenied")),
    Case("s3.sse", NA, bucket(())),
    Case(
        "s3.sse.kms", PASS, {**encrypted("restricted", SSEAlgorithm="aws:kms", KMSMasterKeyID=KEY), **key("CUSTOMER")}
    ),
    Case("s3.sse.kms", PASS, {**encrypted("health", SSEAlgorithm="aws:kms", KMSMasterKeyID="k1"), **key("CUSTOMER")}),
    Case("s3.sse.kms", FAIL, encrypted("restricted", SSEAlgorithm="AES256"), "not with a key of KMS"),
    Case("s3.sse.kms", FAIL, encrypted("restricted", SSEAlgorithm="aws:kms"), "AWS manages for S3"),
    Case("s3.sse.kms", FAIL, {**encrypted("restricted", SSEAlgorithm="aws:kms", KMSMasterKeyID=KEY), **key("AWS")}),
    Case("s3.sse.kms", UNKNOWN, encrypted("restricted", SSEAlgorithm="aws:kms", KMSMasterKeyID=KEY)),
    Case("s3.sse.kms", UNKNOWN, {**encrypted("restricted"), "s3:GetBucketTagging Bucket=b": "AccessDenied"}),
    Case("s3.sse.kms", NA, encrypted("internal", SSEAlgorithm="AES256"), "DataClass is internal"),
    Case("s3.versioning", PASS, versions("Enabled")),
    Case("s3.versioning", FAIL, versions("Suspended")),
    Case("s3.versioning", FAIL, versions("", REQUIRED)),
    Case("s3.versioning", PASS, versions("", GetBucketVersioning={"Status": "Enabled"}, GetBucketTagging=REQUIRED)),
    Case("s3.versioning", UNKNOWN, versions("", "AccessDenied")),
    Case("s3.versioning", UNKNOWN, bucket(GetBucketVersioning="AccessDenied")),
    Case("s3.versioning", NA, bucket(())),
    Case("s3.public", PASS, exposed(), "no policy"),
    Case("s3.public", PASS, exposed(allow({"AWS": FRIEND})), "nobody unknown is let in"),
    Case("s3.public", PASS, exposed(allow("*", **NETWORK))),
    Case("s3.public", PASS, exposed(allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"}))),
    Case("s3.public", PASS, exposed(allow("*", StringEquals={"aws:SourceVpce": "vpce-1"}))),
    Case("s3.public", PASS, exposed(allow("*"), block=blocking("RestrictPublicBuckets"))),
    Case("s3.public", PASS, exposed(allow("*"), account=blocking("RestrictPublicBuckets"))),
    Case("s3.public", PASS, exposed(grants=(OWNER,), ownership=owned("ObjectWriter")), "objects have access control"),
    Case("s3.public", PASS, exposed(grants=(EVERYBODY,)), "count for nothing"),
    Case(
        "s3.public",
        PASS,
        exposed(grants=(EVERYBODY,), ownership=owned("ObjectWriter"), block=blocking("IgnorePublicAcls")),
    ),
    Case("s3.public", FAIL, exposed(allow("*")), "anybody may s3:GetObject on arn:aws:s3:::b/x"),
    Case("s3.public", FAIL, exposed(allow("*"), DENY_REST), "with aws:Referer https://own.example/"),
    Case("s3.public", FAIL, exposed(allow("*", StringLike={"aws:PrincipalArn": "arn:aws:iam::*:role/app-*"}))),
    Case("s3.public", FAIL, exposed(allow("*", IpAddress={"aws:SourceIp": "0.0.0.0/1"}))),
    Case("s3.public", FAIL, exposed(allow("*", NotIpAddress={"aws:SourceIp": "203.0.113.0/24"}))),
    Case("s3.public", FAIL, exposed(allow("*"), block=blocking(*BLOCKS[:3]))),
    Case("s3.public", FAIL, exposed(grants=(OWNER, EVERYBODY), ownership=owned("ObjectWriter")), "READ for everybody"),
    Case("s3.public", UNKNOWN, exposed(allow("*"), account="AccessDenied")),
    Case("s3.public", UNKNOWN, {**exposed(), "s3:GetBucketPolicy Bucket=b": "AccessDenied"}),
    Case("s3.public", UNKNOWN, exposed(ownership="AccessDenied")),
    Case("s3.public", NA, bucket(())),
    Case("s3.outside", PASS, exposed(), "no policy"),
    Case("s3.outside", PASS, exposed(allow({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})), "nobody outside is let in"),
    Case("s3.outside", PASS, exposed(allow({"CanonicalUser": "c0ffee"}))),
    Case("s3.outside", PASS, exposed(allow("*"), block=blocking("RestrictPublicBuckets")), "RestrictPublicBuckets"),
    Case("s3.outside", PASS, exposed(allow({"AWS": FRIEND})), more={"parameters": TRUSTING}),
    Case("s3.outside", FAIL, exposed(allow({"AWS": f"arn:aws:iam::{FRIEND}:role/x"})), f"{FRIEND}:role/x may"),
    Case("s3.outside", FAIL, exposed(allow("*", StringEquals={"aws:PrincipalAccount": FRIEND})), FRIEND),
    Case("s3.outside", FAIL, exposed(allow({"CanonicalUser": "decaf"})), "canonical id decaf"),
    Case("s3.outside", FAIL, exposed(allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})), "aws:PrincipalOrgID o-1"),
    Case("s3.outside", UNKNOWN, exposed(allow({"AWS": FRIEND}), organization={})),
    Case("s3.outside", NA, bucket(())),
)
