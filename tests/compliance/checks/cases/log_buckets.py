from check_cases import FAIL, NA, PASS, UNKNOWN, Case

ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t"
URI = "http://acs.amazonaws.com/groups/global/AllUsers"
OWN = {"Grants": [{"Grantee": {"ID": "me"}}]}


def bucket(*, listed=("logs",), **answers):
    usual = {
        "GetBucketPolicyStatus": "NoSuchBucketPolicy",
        "GetBucketAcl": OWN,
        "GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
        "GetBucketVersioning": {"Status": "Enabled"},
        "GetBucketLogging": {},
        "GetObjectLockConfiguration": "ObjectLockConfigurationNotFoundError",
        "GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
    }
    return {
        "cloudtrail:DescribeTrails": {
            "trailList": [{"TrailARN": ARN, "HomeRegion": "eu-west-1", "S3BucketName": "logs"}]
        },
        "s3:ListBuckets": {"Buckets": [{"Name": name} for name in listed]},
        **{f"s3:{name} Bucket=logs": answer for name, answer in {**usual, **answers}.items()},
    }


def block(**members):
    return {"PublicAccessBlockConfiguration": members}


PUBLIC = {"PolicyStatus": {"IsPublic": True}}
EVERYBODY = {"Grants": [{"Grantee": {"URI": URI}}]}
LOCKED = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}}}


def kept(*rules, groups=()):
    lifecycle = {"Rules": list(rules)} if rules else "NoSuchLifecycleConfiguration"
    return {**bucket(GetBucketLifecycleConfiguration=lifecycle), "logs:DescribeLogGroups": {"logGroups": list(groups)}}


def rule(status="Enabled", **members):
    return {"Status": status, "Expiration": {"Days": 364}, **members}


CASES = (
    Case("log.bucket", PASS, bucket()),
    Case(
        "log.bucket", PASS, bucket(GetBucketPolicyStatus=PUBLIC, GetPublicAccessBlock=block(RestrictPublicBuckets=True))
    ),
    Case("log.bucket", PASS, bucket(GetBucketAcl=EVERYBODY, GetPublicAccessBlock=block(IgnorePublicAcls=True))),
    Case("log.bucket", FAIL, bucket(GetBucketPolicyStatus=PUBLIC), "public by its policy"),
    Case("log.bucket", FAIL, bucket(GetBucketAcl=EVERYBODY, GetPublicAccessBlock=block()), "access control list"),
    Case("log.bucket", FAIL, bucket(GetBucketVersioning={}), "no versions"),
    Case("log.bucket", UNKNOWN, bucket(GetBucketAcl="AccessDenied")),
    Case("log.bucket", UNKNOWN, {**bucket(), "s3:ListBuckets": "AccessDenied"}),
    Case("log.bucket", NA, bucket(listed=("other",))),
    Case("log.bucket.access", PASS, bucket(GetBucketLogging={"LoggingEnabled": {"TargetBucket": "x"}}), "in x"),
    Case("log.bucket.access", FAIL, bucket()),
    Case("log.bucket.access", UNKNOWN, bucket(GetBucketLogging="AccessDenied")),
    Case("log.bucket.access", NA, bucket(listed=())),
    Case("log.bucket.lock", PASS, bucket(GetObjectLockConfiguration={"ObjectLockConfiguration": LOCKED}), "COMPLIANCE"),
    Case("log.bucket.lock", PASS, bucket(GetBucketVersioning={"MFADelete": "Enabled"}), "second factor"),
    Case("log.bucket.lock", FAIL, bucket()),
    Case(
        "log.bucket.lock",
        FAIL,
        bucket(GetObjectLockConfiguration={"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}),
    ),
    Case("log.bucket.lock", UNKNOWN, bucket(GetObjectLockConfiguration="AccessDenied")),
    Case("log.bucket.lock", NA, bucket(listed=())),
    Case("log.retention", PASS, kept(groups=[{"arn": "g"}, {"arn": "h", "retentionInDays": 365}])),
    Case("log.retention", PASS, kept(rule(Expiration={"Days": 365}), rule("Disabled"), rule(Filter={"Prefix": "x/"}))),
    Case("log.retention", FAIL, kept(groups=[{"arn": "g", "retentionInDays": 364}]), "for 364 days; it takes 365"),
    Case("log.retention", FAIL, kept(rule()), "for 364 days"),
    Case("log.retention", FAIL, kept(rule(Filter={"And": {"Prefix": "AWSLogs/1"}})), "for 364 days"),
    Case("log.retention", FAIL, kept(rule(Expiration={"Date": "2027-01-01T00:00:00Z"})), "for 0 days"),
    Case("log.retention", UNKNOWN, {**kept(), "logs:DescribeLogGroups": "AccessDeniedException"}),
    Case("log.retention", UNKNOWN, bucket(GetBucketLifecycleConfiguration="AccessDenied")),
    Case(
        "log.retention",
        NA,
        {
            "cloudtrail:DescribeTrails": {"trailList": []},
            "s3:ListBuckets": {"Buckets": []},
            "logs:DescribeLogGroups": {"logGroups": []},
        },
    ),
)
