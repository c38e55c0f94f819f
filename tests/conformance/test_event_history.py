"""CloudTrail's event history, through an unchanged boto3."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.config import Config

pytestmark = pytest.mark.conformance


def test_every_call_is_there_newest_first(server):
    iam = server.client("iam")
    iam.create_user(UserName="one")
    iam.list_users()
    iam.create_user(UserName="two")

    events = server.client("cloudtrail").lookup_events()["Events"]

    assert [event["EventName"] for event in events] == ["CreateUser", "ListUsers", "CreateUser"]
    assert [event["ReadOnly"] for event in events] == ["false", "true", "false"]
    assert {event["Username"] for event in events} == {"admin"}


@pytest.mark.parametrize(
    ("key", "value", "names"),
    [
        ("EventName", "CreateUser", ["CreateUser"]),
        ("EventName", "createuser", []),
        ("ReadOnly", "true", ["ListUsers"]),
        ("Username", "admin", ["ListUsers", "CreateUser"]),
        ("ResourceName", "one", ["CreateUser"]),
        ("ResourceType", "AWS::IAM::User", ["CreateUser"]),
        ("EventSource", "iam.amazonaws.com", ["ListUsers", "CreateUser"]),
        ("EventSource", "sts.amazonaws.com", []),
        ("EventId", "no-such-id", []),
    ],
)
def test_one_attribute_filters(server, key, value, names):
    iam = server.client("iam")
    iam.create_user(UserName="one")
    iam.list_users()

    assert [event["eventName"] for event in server.events(**{key: value})] == names


def test_an_access_key_filters(server):
    bob = server.user("bob")
    bob.client("sts").get_caller_identity()

    assert [e["eventName"] for e in server.events(AccessKeyId=bob.access_key_id)] == ["GetCallerIdentity"]


def test_pages_hold_each_event_once(server):
    iam = server.client("iam")
    for _ in range(7):
        iam.list_groups()
    cloudtrail = server.client("cloudtrail")

    pages, token = [], {}
    while True:
        page = cloudtrail.lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ListGroups"}], MaxResults=3, **token
        )
        pages.append([event["EventId"] for event in page["Events"]])
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}

    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({event for page in pages for event in page}) == 7


def test_a_token_belongs_to_its_question(server, refused):
    for _ in range(3):
        server.client("iam").list_groups()
    cloudtrail = server.client("cloudtrail")
    token = cloudtrail.lookup_events(MaxResults=1)["NextToken"]
    by_name = [{"AttributeKey": "EventName", "AttributeValue": "ListGroups"}]

    refused(lambda: cloudtrail.lookup_events(NextToken="made-up"), "InvalidNextTokenException", 400)
    refused(lambda: cloudtrail.lookup_events(NextToken=token, LookupAttributes=by_name), "InvalidNextTokenException")


def test_a_time_range_is_inclusive(server, refused):
    server.client("iam").list_groups()
    cloudtrail = server.client("cloudtrail")
    now = datetime.now(UTC)

    assert len(cloudtrail.lookup_events(StartTime=now - timedelta(minutes=1), EndTime=now)["Events"]) == 1
    assert (
        cloudtrail.lookup_events(StartTime=now + timedelta(minutes=1), EndTime=now + timedelta(minutes=2))["Events"]
        == []
    )
    refused(
        lambda: cloudtrail.lookup_events(StartTime=now, EndTime=now - timedelta(seconds=2)), "InvalidTimeRangeException"
    )


def test_the_event_history_needs_a_permission(server, refused):
    bob = server.user("bob")

    error = refused(lambda: bob.client("cloudtrail").lookup_events(), "AccessDeniedException", 400)

    assert "is not authorized to perform: cloudtrail:LookupEvents" in error["Message"]


def test_a_wrong_signature_is_recorded_for_the_keys_owner_and_believed_in_nothing(server, refused):
    client = boto3.client(
        "iam",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=server.admin.access_key_id,
        aws_secret_access_key="wrong" * 8,
        config=Config(retries={"total_max_attempts": 1}),
    )
    refused(lambda: client.create_user(UserName="eve"), "SignatureDoesNotMatch", 403)

    (event,) = server.events(EventName="CreateUser")

    assert event["userIdentity"] == {"type": "Unknown"}
    assert event["errorCode"] == "SignatureDoesNotMatch"
    assert event["additionalEventData"] == {"accessKeyId": server.admin.access_key_id}
    assert event["requestParameters"] is None
    assert [e["eventID"] for e in server.events(AccessKeyId=server.admin.access_key_id)] != []


def test_an_error_of_an_operation_is_recorded_with_its_own_name(server, refused):
    refused(lambda: server.client("iam").get_user(UserName="nobody"), "NoSuchEntity")

    (event,) = server.events(EventName="GetUser")

    assert event["errorCode"] == "NoSuchEntityException"
    assert event["errorMessage"] == "The user with name nobody cannot be found."


def test_a_record_has_what_cloudtrails_have(server):
    server.client("iam").create_user(UserName="one", Tags=[{"Key": "team", "Value": "red"}])

    (event,) = server.events(EventName="CreateUser")

    assert event["eventVersion"] == "1.11"
    assert event["eventSource"] == "iam.amazonaws.com"
    assert event["awsRegion"] == "us-east-1"
    assert event["sourceIPAddress"] == "127.0.0.1"
    assert event["userAgent"].startswith("Boto3/")
    assert event["requestParameters"] == {"userName": "one", "tags": [{"key": "team", "value": "red"}]}
    assert event["userIdentity"] == {
        "type": "IAMUser",
        "principalId": event["userIdentity"]["principalId"],
        "arn": server.admin.arn,
        "accountId": server.account,
        "accessKeyId": server.admin.access_key_id,
        "userName": "admin",
    }
    assert event["eventType"] == "AwsApiCall"
    assert event["eventCategory"] == "Management"
    assert event["managementEvent"] is True
    assert event["recipientAccountId"] == server.account
    shown = event["responseElements"]["user"]["createDate"]
    made = datetime.strptime(shown, "%b %d, %Y %I:%M:%S %p").replace(tzinfo=UTC)
    assert made.strftime("%Y-%m-%dT%H:%M:%SZ") <= event["eventTime"]
