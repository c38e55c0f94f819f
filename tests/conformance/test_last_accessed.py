"""Access advisor, through an unchanged boto3."""

import json
from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.conformance

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ADVISE = {
    "Effect": "Allow",
    "Action": ["iam:GenerateServiceLastAccessedDetails", "iam:GetServiceLastAccessedDetails*", "sqs:SendMessage"],
    "Resource": "*",
}


@pytest.fixture
def iam(server):
    return server.client("iam")


def report(iam, arn, **more):
    job = iam.generate_service_last_accessed_details(Arn=arn, **more)["JobId"]
    answer = iam.get_service_last_accessed_details(JobId=job)
    return job, answer, {service["ServiceNamespace"]: service for service in answer["ServicesLastAccessed"]}


def test_a_users_report_lists_what_its_policies_give_and_when_it_was_used(server, iam, refused):
    ana = server.user("ana", ADVISE)
    refused(lambda: ana.client("iam").list_users(), "AccessDenied")

    job, answer, services = report(iam, ana.arn)

    assert len(job) == 36
    assert (answer["JobStatus"], answer["JobType"]) == ("COMPLETED", "SERVICE_LEVEL")
    assert answer["JobCompletionDate"] >= answer["JobCreationDate"]
    assert answer["IsTruncated"] is False
    assert services["sqs"] == {
        "ServiceName": "Amazon SQS",
        "ServiceNamespace": "sqs",
        "TotalAuthenticatedEntities": 0,
    }
    used = services["iam"]  # the refused attempt counts
    assert datetime.now(UTC) - used.pop("LastAuthenticated") < timedelta(minutes=1)
    assert used == {
        "ServiceName": "AWS Identity and Access Management (IAM)",
        "ServiceNamespace": "iam",
        "LastAuthenticatedEntity": ana.arn,
        "LastAuthenticatedRegion": "us-east-1",
        "TotalAuthenticatedEntities": 1,
    }


def test_actions_are_told_when_they_are_asked_for(server, iam):
    ana = server.user("ana", {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"})
    ana.client("iam").get_user()

    _, answer, services = report(iam, ana.arn, Granularity="ACTION_LEVEL")

    assert answer["JobType"] == "ACTION_LEVEL"
    (action,) = services["iam"]["TrackedActionsLastAccessed"]
    assert (action["ActionName"], action["LastAccessedEntity"]) == ("GetUser", ana.arn)
    assert action["LastAccessedRegion"] == "us-east-1"


def test_sessions_are_their_role(server, iam):
    trust = {"Effect": "Allow", "Principal": {"AWS": server.admin.arn}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="R", Path="/p/", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.put_role_policy(
        RoleName="R",
        PolicyName="all",
        PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}]}
        ),
    )
    server.client("sts").assume_role(RoleArn=role, RoleSessionName="one")["Credentials"]
    credentials = server.client("sts").assume_role(RoleArn=role, RoleSessionName="two")["Credentials"]
    before = report(iam, role)[2]["sts"]

    import boto3

    boto3.client(
        "sts",
        endpoint_url=server.endpoint,
        region_name="eu-west-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    ).get_caller_identity()

    after = report(iam, role)[2]["sts"]
    assert before["TotalAuthenticatedEntities"] == 0  # to be assumed is no use
    assert (after["LastAuthenticatedEntity"], after["LastAuthenticatedRegion"]) == (role, "eu-west-1")


def test_reports_on_groups_and_policies_name_who_could_and_who_did(server, iam):
    arn = iam.create_policy(
        PolicyName="P",
        PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:Get*", "Resource": "*"}]}
        ),
    )["Policy"]["Arn"]
    ana, bob = server.user("ana"), server.user("bob")
    iam.create_user(UserName="eve", Path="/p/")
    iam.create_group(GroupName="devs")
    group = iam.get_group(GroupName="devs")["Group"]["Arn"]
    iam.attach_group_policy(GroupName="devs", PolicyArn=arn)
    for name in ("bob", "eve"):
        iam.add_user_to_group(GroupName="devs", UserName=name)
    iam.attach_user_policy(UserName="ana", PolicyArn=arn)
    bob.client("iam").get_user()
    ana.client("iam").get_user()

    by_policy, _, services = report(iam, arn)
    by_group, _, of_group = report(iam, group)

    entities = lambda job, service="iam": [  # noqa: E731
        (entity["EntityInfo"]["Name"], "LastAuthenticated" in entity)
        for entity in iam.get_service_last_accessed_details_with_entities(JobId=job, ServiceNamespace=service)[
            "EntityDetailsList"
        ]
    ]
    assert services["iam"]["TotalAuthenticatedEntities"] == 2
    assert sorted(entities(by_policy)[:2]) == [("ana", True), ("bob", True)]
    assert entities(by_policy)[2:] == [("eve", False)]
    assert entities(by_group) == [("bob", True), ("eve", False)]
    assert of_group["iam"]["LastAuthenticatedEntity"] == bob.arn
    assert entities(by_group, "s3") == []
    info = iam.get_service_last_accessed_details_with_entities(JobId=by_group, ServiceNamespace="iam")[
        "EntityDetailsList"
    ][1]["EntityInfo"]
    eve = iam.get_user(UserName="eve")["User"]
    assert info == {"Arn": eve["Arn"], "Name": "eve", "Type": "USER", "Id": eve["UserId"], "Path": "/p/"}


def test_pages_of_a_report(iam):
    job = iam.generate_service_last_accessed_details(Arn=READ_ONLY)["JobId"]

    first = iam.get_service_last_accessed_details(JobId=job, MaxItems=10)
    second = iam.get_service_last_accessed_details(JobId=job, MaxItems=10, Marker=first["Marker"])

    names = [service["ServiceNamespace"] for page in (first, second) for service in page["ServicesLastAccessed"]]
    assert len(names) == 20
    assert names == sorted(names)


def test_a_report_is_for_who_asked_for_it(server, iam, refused):
    ana = server.user("ana", ADVISE).client("iam")
    job = iam.generate_service_last_accessed_details(Arn=server.admin.arn)["JobId"]

    for call in (
        lambda: ana.get_service_last_accessed_details(JobId=job),
        lambda: ana.get_service_last_accessed_details_with_entities(JobId=job, ServiceNamespace="iam"),
    ):
        assert refused(call, "NoSuchEntity", 404)["Message"] == f"The job with id {job} cannot be found."


@pytest.mark.parametrize(
    "operation", ["generate_service_last_accessed_details", "list_policies_granting_service_access"]
)
def test_who_it_is_about_must_exist(server, iam, refused, operation):
    more = {} if operation.startswith("generate") else {"ServiceNamespaces": ["s3"]}
    call = lambda arn: lambda: getattr(iam, operation)(Arn=arn, **more)  # noqa: E731
    prefix = f"arn:aws:iam::{server.account}"

    assert refused(call(f"{prefix}:user/p/no"), "NoSuchEntity", 404)["Message"] == (
        "The user with name no cannot be found."
    )
    assert refused(call(f"{prefix}:role/no"), "NoSuchEntity", 404)["Message"] == (
        "The role with name no cannot be found."
    )
    assert refused(call(f"{prefix}:group/no"), "NoSuchEntity")["Message"] == "The group with name no cannot be found."
    assert refused(call("arn:aws:s3:::bucket-name"), "InvalidInput", 400)["Message"] == (
        "ARN arn:aws:s3:::bucket-name is not valid."
    )


def test_policies_that_give_access(iam):
    document = lambda action: json.dumps(  # noqa: E731
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
    )
    own = iam.create_policy(PolicyName="Own", PolicyDocument=document("sqs:*"))["Policy"]["Arn"]
    iam.create_group(GroupName="devs")
    iam.put_group_policy(GroupName="devs", PolicyName="of-group", PolicyDocument=document("s3:*"))
    user = iam.create_user(UserName="ana", PermissionsBoundary=READ_ONLY)["User"]["Arn"]
    iam.add_user_to_group(GroupName="devs", UserName="ana")
    iam.attach_user_policy(UserName="ana", PolicyArn=own)
    iam.put_user_policy(UserName="ana", PolicyName="of-user", PolicyDocument=document(["s3:Get*", "iam:GetUser"]))

    answer = iam.list_policies_granting_service_access(Arn=user, ServiceNamespaces=["sqs", "s3", "ec2"])

    assert answer["IsTruncated"] is False
    assert answer["PoliciesGrantingServiceAccess"] == [
        {
            "ServiceNamespace": "sqs",
            "Policies": [{"PolicyName": "Own", "PolicyType": "MANAGED", "PolicyArn": own}],
        },
        {
            "ServiceNamespace": "s3",
            "Policies": [
                {"PolicyName": "of-user", "PolicyType": "INLINE", "EntityType": "USER", "EntityName": "ana"},
                {"PolicyName": "of-group", "PolicyType": "INLINE", "EntityType": "GROUP", "EntityName": "devs"},
            ],
        },
        {"ServiceNamespace": "ec2", "Policies": []},
    ]


def test_who_may_not_is_refused(server, refused):
    ana = server.user("ana")
    client = ana.client("iam")

    for call, action in (
        (lambda: client.generate_service_last_accessed_details(Arn=ana.arn), "GenerateServiceLastAccessedDetails"),
        (
            lambda: client.list_policies_granting_service_access(Arn=ana.arn, ServiceNamespaces=["s3"]),
            "ListPoliciesGrantingServiceAccess",
        ),
    ):
        error = refused(call, "AccessDenied", 403)
        assert f" perform: iam:{action} on resource: {ana.arn} because " in error["Message"]
        (event,) = server.events(EventName=action)
        assert event["errorCode"] == "AccessDenied"
