import json

from check_cases import FAIL, NA, PASS, UNKNOWN, Case
from principals import ADMIN, DETAILS, IN_ONE, account, allow, arn, denied, document, guarded, role, statement, user

from remit.compliance.checks.parameters import Parameters

KEEPERS = {"parameters": Parameters(trail_keepers=("arn:aws:iam::*:role/Records",))}
TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/k"
POLICY = "s3:GetBucketPolicy Bucket=logs"
OWN = arn("policy", "own")


def kept(*identities, policy=None, buckets=("logs",), trails=(TRAIL,), **members):
    listed = [
        {"TrailARN": one, "HomeRegion": "eu-west-1", "S3BucketName": "logs", "KmsKeyId": KEY, **members}
        for one in trails
    ]
    return account(
        *identities,
        **{
            "cloudtrail:DescribeTrails": {"trailList": listed},
            "s3:ListBuckets": {"Buckets": [{"Name": name} for name in buckets]},
            POLICY: {"Policy": json.dumps(policy)} if policy else "NoSuchBucketPolicy",
        },
    )


def bucket(*statements):
    return document(*statements)


LOCKED = bucket(
    statement(["s3:Delete*", "s3:Put*"], ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"], "Deny", Principal="*"),
)
OPEN = bucket(statement("s3:DeleteObject", "arn:aws:s3:::logs/*", Principal={"AWS": arn("user", "alice")}))
S3 = allow("s3:*")

CASES = (
    Case("log.tamper", PASS, kept(user("alice", allow("s3:Get*", "ec2:*")))),
    Case("log.tamper", PASS, kept(user("alice", S3), policy=LOCKED)),
    Case("log.tamper", PASS, kept(user("alice", allow("cloudtrail:StopLogging", resources=f"{TRAIL}2")))),
    Case("log.tamper", FAIL, kept(user("alice", allow("cloudtrail:*"))), f"may cloudtrail:StopLogging on {TRAIL}"),
    Case("log.tamper", FAIL, kept(user("alice", allow("kms:ScheduleKeyDeletion"))), KEY),
    Case("log.tamper", FAIL, kept(user("alice", S3)), "may s3:PutBucketPolicy on arn:aws:s3:::logs"),
    Case("log.tamper", FAIL, kept(user("alice", allow("s3:DeleteObjectVersion", resources="arn:aws:s3:::logs/*")))),
    Case("log.tamper", FAIL, kept(user(), policy=OPEN), "may s3:DeleteObject on arn:aws:s3:::logs/AWSLogs"),
    Case("log.tamper", FAIL, kept(user("alice", allow("cloudtrail:*")), buckets=(), KmsKeyId="alias/x")),
    Case("log.tamper", FAIL, {**kept(user("alice", S3)), **IN_ONE}, organization=guarded(denied("cloudtrail:*"))),
    Case("log.tamper", PASS, {**kept(user("alice", S3)), **IN_ONE}, organization=guarded(denied("s3:*"))),
    Case("log.tamper", UNKNOWN, {**kept(user()), POLICY: "AccessDenied"}),
    Case("log.tamper", UNKNOWN, {**kept(user()), "cloudtrail:DescribeTrails": "AccessDenied"}),
    Case("log.tamper", UNKNOWN, kept(user(attached=[OWN])), "is not in"),
    Case("log.tamper", UNKNOWN, {**kept(user()), DETAILS: "AccessDenied"}),
    Case("log.tamper", NA, kept(role("Records", allow("cloudtrail:*"))), "approved", more=KEEPERS),
    Case("log.tamper", NA, kept(user(attached=[ADMIN]), trails=()), "no trail"),
    Case(
        "log.tamper", NA, kept(user(attached=[ADMIN]), trails=(TRAIL.replace("1111", "2222"),), buckets=(), KmsKeyId="")
    ),
)
