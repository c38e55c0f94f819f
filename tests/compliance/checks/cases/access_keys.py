from check_cases import FAIL, NA, PASS, UNKNOWN, Case

KEYS, USED = "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed"
DETAILS, SERVICES = "iam:GetAccountAuthorizationDetails", "iam:GetServiceLastAccessedDetails"
ROLE = "arn:aws:iam::111122223333:role/r"
DAYS_90, DAYS_91 = "2026-08-31T12:00:00Z", "2026-08-30T12:00:00Z"
DAYS_44, DAYS_45 = "2026-10-15T12:00:01Z", "2026-10-15T12:00:00Z"


def key(name="AK1", created=DAYS_45, status="Active"):
    return {"AccessKeyId": name, "CreateDate": created, "Status": status}


def user(*keys, **used):
    return {
        "iam:ListUsers": {"Users": [{"UserName": "alice", "Arn": "arn:aws:iam::111122223333:user/alice"}]},
        f"{KEYS} UserName=alice": {"AccessKeyMetadata": list(keys)},
        **{f"{USED} AccessKeyId={name}": {"AccessKeyLastUsed": last} for name, last in used.items()},
    }


def machine(state="running", **members):
    one = {"InstanceId": "i-1", "State": {"Name": state}, **members}
    return {"ec2:DescribeInstances": {"Reservations": [{"Instances": [one]}]}}


def role(services, created="2026-01-01T00:00:00Z", path="/", status="COMPLETED"):
    detail = {"Arn": ROLE, "Path": path, "CreateDate": created}
    return {
        DETAILS: {"UserDetailList": [], "RoleDetailList": [detail]},
        f"{SERVICES} Arn={ROLE}": {"JobStatus": status, "ServicesLastAccessed": services},
    }


S3 = {"ServiceNamespace": "s3"}

CASES = (
    Case("iam.key.age", PASS, user(key(created=DAYS_90))),
    Case("iam.key.age", FAIL, user(key("AK0", DAYS_90), key(created=DAYS_91)), "AK1 is 91 days old"),
    Case("iam.key.age", UNKNOWN, user({"AccessKeyId": "AK1", "Status": "Active"}), "makes no sense"),
    Case("iam.key.age", UNKNOWN, {**user(), f"{KEYS} UserName=alice": "AccessDenied"}),
    Case("iam.key.age", NA, user(key(created=DAYS_91, status="Inactive"))),
    Case("iam.key.age", NA, {"iam:ListUsers": {"Users": []}}),
    Case("iam.key.two", PASS, user(key(), key("AK2", status="Inactive"))),
    Case("iam.key.two", FAIL, user(key("AK2"), key()), "AK1, AK2"),
    Case("iam.key.two", UNKNOWN, {**user(), f"{KEYS} UserName=alice": "Hangs"}),
    Case("iam.key.two", UNKNOWN, user({"AccessKeyId": "AK1"})),
    Case("iam.key.two", NA, user()),
    Case("iam.key.unused", PASS, user(key(created=DAYS_91), AK1={"LastUsedDate": DAYS_44})),
    Case("iam.key.unused", PASS, user(key(created=DAYS_44), AK1={"ServiceName": "N/A"})),
    Case("iam.key.unused", FAIL, user(key(), AK1={"LastUsedDate": DAYS_45}), "not used for 45 days"),
    Case("iam.key.unused", FAIL, user(key(), AK1={"ServiceName": "N/A"}), "never since it was made"),
    Case("iam.key.unused", UNKNOWN, user(key()), "not in the snapshot"),
    Case("iam.key.unused", NA, user(key(status="Inactive"))),
    Case("iam.key.instance", PASS, machine(IamInstanceProfile={"Arn": "p"}), "instance profile p"),
    Case("iam.key.instance", FAIL, machine(), "without an instance profile"),
    Case("iam.key.instance", UNKNOWN, {"ec2:DescribeInstances": {"Reservations": [{"Instances": [{}]}]}}),
    Case("iam.key.instance", UNKNOWN, {"ec2:DescribeInstances": "UnauthorizedOperation"}),
    Case("iam.key.instance", NA, machine("stopped")),
    Case("iam.key.last_service", PASS, role([{**S3, "LastAuthenticated": "2026-11-01T00:00:00Z"}])),
    Case("iam.key.last_service", FAIL, role([S3]), "did not use 1 of the services it may use for 90 days: s3"),
    Case("iam.key.last_service", FAIL, role([{**S3, "LastAuthenticated": DAYS_90}])),
    Case("iam.key.last_service", UNKNOWN, role([], status="FAILED"), "came to FAILED"),
    Case("iam.key.last_service", UNKNOWN, {**role([S3]), f"{SERVICES} Arn={ROLE}": "Hangs"}),
    Case("iam.key.last_service", NA, role([S3], created="2026-11-01T00:00:00Z"), "younger than 90 days"),
    Case("iam.key.last_service", NA, role([S3], path="/aws-service-role/x.amazonaws.com/"), "AWS manages"),
)
