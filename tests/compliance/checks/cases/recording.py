from check_cases import FAIL, NA, PASS, UNKNOWN, Case

TRAILS, STATUS, SELECTORS = "cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"
ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t"
ALL = {"EventSelectors": [{"IncludeManagementEvents": True, "ReadWriteType": "All", "DataResources": []}]}
IN_ONE = {"organizations:DescribeOrganization": {"Organization": {"MasterAccountId": "999999999999"}}}
ALONE = {"organizations:DescribeOrganization": "AWSOrganizationsNotInUseException"}
BUCKET = "arn:aws:s3:::papers"


def equals(field, *values):
    return {"Field": field, "Equals": list(values)}


def advanced(*fields):
    return {"AdvancedEventSelectors": [{"FieldSelectors": list(fields)}]}


def trail(status=None, selectors=ALL, **members):
    usual = {
        "TrailARN": ARN,
        "HomeRegion": "eu-west-1",
        "S3BucketName": "logs",
        "IsMultiRegionTrail": True,
        "IsOrganizationTrail": False,
        "LogFileValidationEnabled": True,
    }
    return {
        TRAILS: {"trailList": [{**usual, **members}]},
        f"{STATUS} Name={ARN}": status or {"IsLogging": True, "LatestDeliveryTime": "2026-11-28T12:00:00Z"},
        f"{SELECTORS} TrailName={ARN}": selectors,
    }


NONE = {TRAILS: {"trailList": []}}
LATE = {"IsLogging": True, "LatestDeliveryTime": "2026-11-28T11:00:00Z"}


def bucket(selectors, *tags):
    return {
        **trail(selectors=selectors),
        "s3:ListBuckets": {"Buckets": [{"Name": "papers"}]},
        "s3:GetBucketTagging Bucket=papers": {"TagSet": list(tags)} if tags else "NoSuchTagSet",
    }


def objects(*values):
    data = [{"Type": "AWS::S3::Object", "Values": list(values)}]
    return {"EventSelectors": [{"IncludeManagementEvents": True, "ReadWriteType": "All", "DataResources": data}]}


RESTRICTED = {"Key": "DataClass", "Value": "restricted"}
DATA, OBJECT = equals("eventCategory", "Data"), equals("resources.type", "AWS::S3::Object")
STARTS = {"Field": "resources.ARN", "StartsWith": [f"{BUCKET}/"]}
ELSEWHERE = {"Field": "resources.ARN", "StartsWith": [f"{BUCKET}/secret/"]}


def recorder(*, every=True, world=True, recording=True, region="eu-west-1"):
    group = {"allSupported": every, "includeGlobalResourceTypes": world}
    return {
        f"config:DescribeConfigurationRecorders {region}": {
            "ConfigurationRecorders": [{"name": "default", "recordingGroup": group}]
        },
        f"config:DescribeConfigurationRecorderStatus {region}": {
            "ConfigurationRecordersStatus": [{"name": "default", "recording": recording}]
        },
    }


TWO = {"regions": ("a", "b"), "regions_read": ("a", "b")}


def detection(detector="ENABLED", hub=None):
    return {
        "guardduty:ListDetectors": {"DetectorIds": ["d"]},
        "guardduty:GetDetector DetectorId=d": {"Status": detector},
        "securityhub:DescribeHub": hub or {"HubArn": "h"},
    }


CASES = (
    Case("log.trail", PASS, trail()),
    Case("log.trail", PASS, trail(selectors=advanced(equals("eventCategory", "Management")))),
    Case(
        "log.trail",
        PASS,
        trail(
            selectors=advanced(
                equals("eventCategory", "Management"), {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}
            )
        ),
    ),
    Case("log.trail", FAIL, NONE, "there is no trail"),
    Case("log.trail", FAIL, trail(IsMultiRegionTrail=False), "one region only"),
    Case("log.trail", FAIL, trail({"IsLogging": False}), "does not record"),
    Case("log.trail", FAIL, trail(selectors={"EventSelectors": []}), "every management event"),
    Case(
        "log.trail",
        FAIL,
        trail(selectors=advanced(equals("eventCategory", "Management"), equals("readOnly", "false"))),
        "every management event",
    ),
    Case("log.trail", UNKNOWN, {**trail(), f"{STATUS} Name={ARN}": "AccessDenied"}),
    Case("log.trail", UNKNOWN, {TRAILS: "AccessDenied"}),
    Case("log.trail.org", PASS, {**IN_ONE, **trail(IsOrganizationTrail=True)}),
    Case("log.trail.org", FAIL, {**IN_ONE, **trail()}, "no trail records the organization"),
    Case("log.trail.org", UNKNOWN, {**IN_ONE, TRAILS: "AccessDenied"}),
    Case("log.trail.org", NA, {**ALONE, **trail()}),
    Case("log.validate", PASS, trail()),
    Case("log.validate", FAIL, trail(LogFileValidationEnabled=False)),
    Case("log.validate", UNKNOWN, {TRAILS: "Hangs"}),
    Case("log.validate", UNKNOWN, {TRAILS: {"trailList": [{"TrailARN": ARN, "HomeRegion": "eu-west-1"}]}}),
    Case("log.validate", NA, NONE),
    Case("log.kms", PASS, trail(KmsKeyId="k"), "encrypts with k"),
    Case("log.kms", FAIL, trail()),
    Case("log.kms", UNKNOWN, {TRAILS: "AccessDenied"}),
    Case("log.kms", NA, NONE),
    Case("log.delivery", PASS, trail()),
    Case("log.delivery", FAIL, trail(LATE), "for 25 hours"),
    Case("log.delivery", FAIL, trail({**LATE, "LatestDeliveryError": "AccessDenied"}), "cannot deliver: AccessDenied"),
    Case("log.delivery", FAIL, trail({"IsLogging": True}), "never delivered"),
    Case("log.delivery", FAIL, trail({"IsLogging": False})),
    Case("log.delivery", UNKNOWN, trail("AccessDenied")),
    Case("log.delivery", NA, NONE),
    *(
        Case("log.data", PASS, bucket(selectors, RESTRICTED))
        for selectors in (
            objects("arn:aws:s3"),
            objects("arn:aws:s3:::"),
            objects(f"{BUCKET}/"),
            advanced(DATA, OBJECT),
            advanced(DATA, OBJECT, STARTS),
        )
    ),
    *(
        Case("log.data", FAIL, bucket(selectors, RESTRICTED), "no trail records who reads")
        for selectors in (
            ALL,
            objects("arn:aws:s3:::other/"),
            advanced(DATA, OBJECT, ELSEWHERE),
            advanced(DATA, OBJECT, equals("readOnly", "true")),
            advanced(equals("eventCategory", "Management")),
        )
    ),
    Case("log.data", UNKNOWN, {**bucket(ALL, RESTRICTED), f"{SELECTORS} TrailName={ARN}": "AccessDenied"}),
    Case("log.data", UNKNOWN, {**bucket(ALL), "s3:GetBucketTagging Bucket=papers": "AccessDenied"}),
    Case("log.data", NA, bucket(ALL), "not tagged"),
    Case("log.config", PASS, recorder()),
    Case("log.config", PASS, {**recorder(region="a"), **recorder(region="b", world=False)}, more=TWO),
    Case("log.config", FAIL, recorder(recording=False), "does not record"),
    Case("log.config", FAIL, recorder(every=False), "every type"),
    Case("log.config", FAIL, recorder(world=False), "global resources"),
    Case("log.config", UNKNOWN, {**recorder(), "config:DescribeConfigurationRecorderStatus": "AccessDenied"}),
    Case("log.config", UNKNOWN, {}, "no region was read", more={"regions": (), "regions_read": ()}),
    Case("log.detect", PASS, detection()),
    Case("log.detect", FAIL, detection("DISABLED"), "GuardDuty is off"),
    Case("log.detect", FAIL, {**detection(), "guardduty:ListDetectors": {"DetectorIds": []}}, "GuardDuty is off"),
    Case("log.detect", FAIL, detection(hub="InvalidAccessException"), "Security Hub is off"),
    Case("log.detect", UNKNOWN, detection(hub="AccessDeniedException")),
)
