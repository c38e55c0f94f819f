from snapshots import ACCOUNT, AT

from remit.compliance.collecting.plan import first, following, needed
from remit.compliance.snapshots import READS, Answer, Read, Status
from remit.compliance.snapshots.answers import answered

REGIONS = ("a", "b")


def names(kinds):
    return list(dict.fromkeys(kind.name for kind in kinds))


def follow(read, value, *wanted):
    return list(following(needed(frozenset(wanted)), read, answered(value, AT), ACCOUNT))


def test_a_read_brings_those_that_give_its_parameters():
    assert names(needed(frozenset({"iam:GetAccessKeyLastUsed"}))) == [
        "iam:ListUsers",
        "iam:ListAccessKeys",
        "iam:GetAccessKeyLastUsed",
    ]


def test_every_read_of_the_table_follows_one_of_the_table():
    for kinds in READS.values():
        for kind in kinds:
            assert kind.follows is None or kind.follows.read in READS, kind.name


def test_regional_reads_are_asked_in_each_region_and_others_once():
    reads = list(first(needed(frozenset({"ec2:DescribeVpcs", "s3:ListBuckets"})), ACCOUNT, REGIONS))

    assert set(reads) == {
        Read("ec2", "DescribeVpcs", "a"),
        Read("ec2", "DescribeVpcs", "b"),
        Read("s3", "ListBuckets"),
    }


def test_one_operation_with_several_fixed_parameters_is_asked_with_each():
    reads = list(first(needed(frozenset({"account:GetAlternateContact"})), ACCOUNT, REGIONS))

    assert [dict(read.params)["AlternateContactType"] for read in reads] == ["BILLING", "OPERATIONS", "SECURITY"]


def test_the_account_stands_in_for_itself():
    (read,) = first(needed(frozenset({"s3control:GetPublicAccessBlock"})), ACCOUNT, REGIONS)

    assert read.params == (("AccountId", ACCOUNT),)


def test_each_listed_thing_is_asked_about_where_it_was_listed():
    listed = Read("kms", "ListKeys", "b")

    assert follow(listed, {"Keys": [{"KeyId": "1"}, {"KeyId": "2"}]}, "kms:GetKeyPolicy") == [
        Read("kms", "GetKeyPolicy", "b", (("KeyId", key), ("PolicyName", "default"))) for key in ("1", "2")
    ]


def test_things_may_be_texts():
    assert follow(Read("dynamodb", "ListTables", "a"), {"TableNames": ["t"]}, "dynamodb:DescribeTable") == [
        Read("dynamodb", "DescribeTable", "a", (("TableName", "t"),))
    ]


def test_what_is_no_text_is_asked_about_as_json():
    reports = {"reports": [{"id": "report-1", "version": 3}]}
    notifications = {"Notifications": [{"NotificationType": "ACTUAL", "Threshold": 80.0}]}
    of_a_budget = Read("budgets", "DescribeNotificationsForBudget", "", (("AccountId", ACCOUNT), ("BudgetName", "b")))

    (report,) = follow(Read("artifact", "ListReports"), reports, "artifact:GetReportMetadata")
    (told,) = follow(of_a_budget, notifications, "budgets:DescribeSubscribersForNotification")

    assert dict(report.params) == {"reportId": "report-1", "reportVersion": "3"}
    assert dict(told.params) == {
        "AccountId": ACCOUNT,
        "BudgetName": "b",
        "Notification": '{"NotificationType":"ACTUAL","Threshold":80.0}',
    }


def test_units_within_units_are_found():
    roots = Read("organizations", "ListRoots")
    wanted = "organizations:ListAccountsForParent"

    (units, _) = follow(roots, {"Roots": [{"Id": "r-1"}]}, wanted)
    below = follow(units, {"OrganizationalUnits": [{"Id": "ou-1"}]}, wanted)

    assert {(read.operation, *dict(read.params).values()) for read in below} == {
        ("ListOrganizationalUnitsForParent", "ou-1"),
        ("ListAccountsForParent", "ou-1"),
    }


def test_only_the_list_that_is_meant_leads_on():
    value = {"Snapshots": [{"SnapshotId": "snap-1", "OwnerId": ACCOUNT}]}
    own = Read("ec2", "DescribeSnapshots", "a", (("OwnerIds", '["self"]'),))
    public = Read("ec2", "DescribeSnapshots", "a", (("OwnerIds", '["self"]'), ("RestorableByUserIds", '["all"]')))

    assert follow(own, value, "ec2:DescribeSnapshotAttribute") == []
    assert len(follow(public, value, "ec2:DescribeSnapshotAttribute")) == 1


def test_policies_that_the_list_of_everything_leaves_out_are_read_alone():
    attached = [{"PolicyArn": "told"}, {"PolicyArn": "left-out"}]
    bound = {"PermissionsBoundary": {"PermissionsBoundaryArn": "bounds"}}
    details = {
        "UserDetailList": [{"AttachedManagedPolicies": []}, {"AttachedManagedPolicies": attached, **bound}],
        "GroupDetailList": [{"AttachedManagedPolicies": [{"PolicyArn": "of-a-group"}]}],
        "RoleDetailList": [{"AttachedManagedPolicies": [{"PolicyArn": "left-out"}]}],
        "Policies": [{"Arn": "told"}],
    }
    versions = {"Versions": [{"VersionId": "v1"}, {"VersionId": "v2"}]}

    lists = set(follow(Read("iam", "GetAccountAuthorizationDetails"), details, "iam:GetPolicyVersion"))
    read = follow(Read("iam", "ListPolicyVersions", "", (("PolicyArn", "p"),)), versions, "iam:GetPolicyVersion")

    assert {one.params for one in lists} == {(("PolicyArn", arn),) for arn in ("left-out", "of-a-group", "bounds")}
    assert read == [
        Read("iam", "GetPolicyVersion", "", (("PolicyArn", "p"), ("VersionId", version))) for version in ("v1", "v2")
    ]


def test_reports_that_show_nothing_of_the_provider_are_not_read():
    reports = [
        {"id": "a", "version": 2, "series": "SOC", "state": "PUBLISHED"},
        {"id": "b", "version": 1, "series": "Privacy", "state": "PUBLISHED"},
        {"id": "c", "version": 1, "series": "ISO", "state": "UNPUBLISHED"},
    ]

    asked = follow(Read("artifact", "ListReports"), {"reports": reports}, "artifact:GetReport")

    assert asked == [Read("artifact", "GetReport", "", (("reportId", "a"), ("reportVersion", "2")))]


def test_nothing_is_asked_of_what_belongs_to_others():
    value = {"Snapshots": [{"SnapshotId": "snap-1", "OwnerId": "444455556666"}]}
    public = Read("ec2", "DescribeSnapshots", "a", (("OwnerIds", '["self"]'), ("RestorableByUserIds", '["all"]')))

    assert follow(public, value, "ec2:DescribeSnapshotAttribute") == []


def test_what_is_no_answer_or_has_another_form_leads_nowhere():
    kinds = needed(frozenset({"kms:DescribeKey"}))
    read = Read("kms", "ListKeys", "a")

    for answer in (
        Answer(Status.DENIED, AT),
        Answer(Status.FAILED, AT),
        Answer(Status.ABSENT, AT),
        *(
            answered(value, AT)
            for value in (
                {},
                {"Keys": 1},
                {"Keys": [{}]},
                {"Keys": [{"KeyId": None}]},
                {"Keys": [{"KeyId": []}]},
                [],
                None,
            )
        ),
    ):
        assert list(following(kinds, read, answer, ACCOUNT)) == []
