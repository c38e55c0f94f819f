from check_cases import FAIL, NA, PASS, UNKNOWN, Case

from remit.compliance.checks.parameters import Parameters

ALTERNATE = "account:GetAlternateContact AlternateContactType"
NONE = "ResourceNotFoundException"
IN_ONE = {"organizations:DescribeOrganization": {"Organization": {"MasterAccountId": "999999999999"}}}
ALONE = {"organizations:DescribeOrganization": "AWSOrganizationsNotInUseException"}
ACCOUNT_TAGS = "organizations:ListTagsForResource ResourceId=111122223333"
SHARED = {"parameters": Parameters(security_contact="Security@x.example")}


def contacts(billing="b@x.example", operations="o@x.example", security="s@x.example", phone="+1"):
    answers = {
        f"{ALTERNATE}={kind}": {"AlternateContact": {"EmailAddress": address}} if address else NONE
        for kind, address in (("BILLING", billing), ("OPERATIONS", operations), ("SECURITY", security))
    }
    return {**answers, "account:GetContactInformation": {"ContactInformation": {"PhoneNumber": phone}}}


def owned(owner="Alice"):
    return {
        "iam:ListUsers": {"Users": [{"UserName": "alice"}]},
        "iam:ListUserTags UserName=alice": {"Tags": [{"Key": "Owner", "Value": owner}]},
    }


def tagged(**tags):
    return {ACCOUNT_TAGS: {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}}


def region(status, instances=(), volumes=()):
    return {
        "account:ListRegions": {"Regions": [{"RegionName": "eu-west-1", "RegionOptStatus": status}]},
        "ec2:DescribeInstances": {"Reservations": [{"Instances": list(instances)}]},
        "ec2:DescribeVolumes": {"Volumes": list(volumes)},
    }


ELSEWHERE = {"parameters": Parameters(regions=("us-*",))}
HERE = {"parameters": Parameters(regions=("eu-*",))}
BOTH = [{"Key": "Owner", "Value": "a"}, {"Key": "DataClass", "Value": "internal"}]


def things(instance=BOTH, volume=BOTH, database=BOTH, bucket=BOTH):
    return {
        "ec2:DescribeInstances": {"Reservations": [{"Instances": [{"InstanceId": "i-1", "Tags": instance}]}]},
        "ec2:DescribeVolumes": {"Volumes": [{"VolumeId": "vol-1", "Tags": volume}]},
        "rds:DescribeDBInstances": {"DBInstances": [{"DBInstanceArn": "db", "TagList": database}]},
        "s3:ListBuckets": {"Buckets": [{"Name": "b"}]},
        "s3:GetBucketTagging Bucket=b": {"TagSet": bucket} if bucket else "NoSuchTagSet",
    }


NOTHING = {
    "ec2:DescribeInstances": {"Reservations": []},
    "ec2:DescribeVolumes": {"Volumes": []},
    "rds:DescribeDBInstances": {"DBInstances": []},
    "s3:ListBuckets": {"Buckets": []},
}

CASES = (
    Case("acc.contacts", PASS, contacts()),
    Case("acc.contacts", FAIL, contacts(operations=""), "no contact for operations"),
    Case("acc.contacts", FAIL, contacts(security="B@x.example "), "one address for billing and security"),
    Case("acc.contacts", FAIL, contacts(phone=""), "telephone"),
    Case("acc.contacts", FAIL, {**contacts(), "account:GetContactInformation": NONE}, "no primary contact"),
    Case("acc.contacts", UNKNOWN, {**contacts(), f"{ALTERNATE}=SECURITY": "AccessDeniedException"}),
    Case("acc.contacts.security", PASS, {**contacts(), **owned(), **ALONE}, "calls s@x.example"),
    Case("acc.contacts.security", PASS, {**contacts(), **owned(), **IN_ONE}, organization=contacts()),
    Case("acc.contacts.security", PASS, {**contacts(security="security@x.example"), **owned()}, more=SHARED),
    Case("acc.contacts.security", FAIL, {**contacts(security=""), **owned(), **ALONE}, "no contact"),
    Case("acc.contacts.security", FAIL, {**contacts(), **owned()}, "elsewhere security@x.example", more=SHARED),
    Case(
        "acc.contacts.security",
        FAIL,
        {**contacts(), **owned(), **IN_ONE},
        "elsewhere other@x.example",
        contacts(security="other@x.example"),
    ),
    Case(
        "acc.contacts.security", FAIL, {**contacts(), **owned("S@x.example"), **ALONE}, "one person, the owner of alice"
    ),
    Case("acc.contacts.security", UNKNOWN, {**contacts(), **owned(), **IN_ONE}, "no snapshot of the management"),
    Case("acc.owner", PASS, IN_ONE, "belongs to x", tagged(Owner="x")),
    Case("acc.owner", FAIL, IN_ONE, "no tag Owner", tagged(Owner=" ")),
    Case("acc.owner", UNKNOWN, IN_ONE, organization={ACCOUNT_TAGS: "AccessDenied"}),
    Case("acc.owner", NA, ALONE),
    Case("acc.data", PASS, IN_ONE, "internal", tagged(DataClass="internal")),
    Case("acc.data", FAIL, IN_ONE, "no tag DataClass", tagged(Owner="x")),
    Case("acc.data", FAIL, IN_ONE, "`secret`", tagged(DataClass="secret")),
    Case("acc.data", UNKNOWN, IN_ONE),
    Case("acc.data", NA, ALONE),
    Case("acc.regions", PASS, region("ENABLED_BY_DEFAULT"), "is approved"),
    Case("acc.regions", PASS, region("ENABLED"), "is approved", more=HERE),
    Case("acc.regions", PASS, region("DISABLED"), "disabled"),
    Case("acc.regions", PASS, region("ENABLED_BY_DEFAULT"), "no instances", more=ELSEWHERE),
    Case("acc.regions", FAIL, region("ENABLED"), "nobody has approved it"),
    Case("acc.regions", FAIL, region("ENABLED_BY_DEFAULT", [{"InstanceId": "i-1"}]), "instance/i-1", more=ELSEWHERE),
    Case("acc.regions", FAIL, region("ENABLED_BY_DEFAULT", (), [{"VolumeId": "vol-1"}]), "vol-1", more=ELSEWHERE),
    Case(
        "acc.regions", UNKNOWN, {**region("ENABLED_BY_DEFAULT"), "ec2:DescribeVolumes": "AccessDenied"}, more=ELSEWHERE
    ),
    Case("acc.regions", UNKNOWN, {"account:ListRegions": "AccessDeniedException"}),
    Case("acc.regions", NA, {"account:ListRegions": {"Regions": []}}),
    Case("acc.tags", PASS, things()),
    Case("acc.tags", FAIL, things(instance=[]), "no tag Owner and no tag DataClass"),
    Case("acc.tags", FAIL, things(volume=BOTH[:1]), "no tag DataClass"),
    Case("acc.tags", FAIL, things(database=BOTH[1:]), "no tag Owner"),
    Case("acc.tags", FAIL, things(bucket=[])),
    Case("acc.tags", UNKNOWN, {**things(), "rds:DescribeDBInstances": "AccessDenied"}),
    Case("acc.tags", UNKNOWN, {**things(), "s3:GetBucketTagging Bucket=b": "AccessDenied"}),
    Case("acc.tags", NA, NOTHING),
)
