"""Records of events: who, what, and never a secret."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from remit.errors import AccessDenied, ServiceError, ValidationError
from remit.ids import AccountId, Secret
from remit.request import Caller, CallerKind, HttpRequest, Protocol, Routed, Session, SessionKind, Signed
from remit.trail import Event, Malformed, records
from remit.trail.parameters import BYTES_MAX, elements
from remit.wire import Unrouted, Wire
from remit.wire.recording import recorded_time

AT = datetime(2026, 11, 4, 9, 5, 7, 900_000, UTC)
ACCOUNT = AccountId("111122223333")
WIRE = Wire(["iam", "sts", "cloudtrail", "account"])
USER = Caller(
    kind=CallerKind.USER,
    account=ACCOUNT,
    arn=f"arn:aws:iam::{ACCOUNT}:user/ana",
    principal_id="AIDAANA",
    entity_id="AIDAANA",
    name="ana",
    access_key_id="AKIAANA",
)


def http(**changes: Any) -> HttpRequest:
    given: dict[str, Any] = {
        "method": "POST",
        "path": "/",
        "query": "",
        "headers": {"user-agent": "case/1", "host": "h:1", "authorization": "AWS4-HMAC-SHA256 s3cr3t"},
        "body": b"",
        "peer": "203.0.113.7",
    }
    return HttpRequest(**given | changes)


def event(operation: str, service: str = "iam", caller: Caller | None = USER, **request: Any) -> Event:
    routed = Routed(http(**request), service, service, operation, Protocol.QUERY, "r-1", AT)
    made = Event(routed)
    if caller is not None:
        made.signed(Signed(routed, caller, "eu-west-1", b""))
    return made


def record(made: Event) -> dict[str, Any]:
    (only,) = records(WIRE, made)
    found: dict[str, Any] = json.loads(only.body)
    return found


def session(kind: SessionKind, **carried: Any) -> Session:
    return Session(
        kind=kind,
        access_key_id="ASIA1",
        secret=Secret("s3cr3t"),
        account=ACCOUNT,
        issuer_id="AROA1",
        issued_at=AT - timedelta(hours=1),
        expires_at=AT + timedelta(hours=1),
        **carried,
    )


def test_a_change_shows_what_was_asked_and_what_was_made():
    made = event("CreateUser")
    made.input = {"UserName": "bob", "Tags": [{"Key": "team", "Value": "red"}]}
    made.output = {"User": {"UserName": "bob", "Arn": "arn:aws:iam::111122223333:user/bob", "CreateDate": AT}}

    (only,) = records(WIRE, made)
    body = json.loads(only.body)

    assert body["requestParameters"] == {"userName": "bob", "tags": [{"key": "team", "value": "red"}]}
    assert body["responseElements"]["user"]["createDate"] == "Nov 4, 2026 9:05:07 AM"
    assert body["eventTime"] == "2026-11-04T09:05:07Z"
    assert body["awsRegion"] == "us-east-1"  # IAM is global
    assert body["readOnly"] is False
    assert json.loads(only.resources) == [
        ["AWS::IAM::User", "bob"],
        ["AWS::IAM::User", "arn:aws:iam::111122223333:user/bob"],
    ]


@pytest.mark.parametrize(
    ("hour", "shown"), [(0, "12:05:07 AM"), (11, "11:05:07 AM"), (12, "12:05:07 PM"), (23, "11:05:07 PM")]
)
def test_times_are_shown_by_the_twelve_hour_clock(hour, shown):
    assert recorded_time(AT.replace(hour=hour)) == f"Nov 4, 2026 {shown}"


def test_members_begin_small_and_keys_of_maps_stay_as_they_were_said():
    made = event("PutAccountProperties")
    made.input = {"Properties": {"Mine/Name": "X"}}
    assert record(made)["requestParameters"] == {"properties": {"Mine/Name": "X"}}

    made = event("CreateRole")
    made.input = {"RoleName": "R", "Tags": [{"Key": "Team", "Value": "A"}]}
    made.output = {"Role": {"RoleName": "R", "Arn": "arn", "CreateDate": AT, "RoleLastUsed": {"LastUsedDate": AT}}}
    assert record(made)["requestParameters"] == {"roleName": "R", "tags": [{"key": "Team", "value": "A"}]}
    assert record(made)["responseElements"] == {
        "role": {
            "roleName": "R",
            "arn": "arn",
            "createDate": "Nov 4, 2026 9:05:07 AM",
            "roleLastUsed": {"lastUsedDate": "Nov 4, 2026 9:05:07 AM"},
        }
    }


def test_a_read_shows_no_answer():
    made = event("GetUser")
    made.input, made.output = {"UserName": "bob"}, {"User": {"UserName": "bob"}}

    body = record(made)

    assert body["responseElements"] is None
    assert body["readOnly"] is True


def test_a_call_without_input_has_no_parameters():
    made = event("GetCallerIdentity", "sts")
    made.input = {}

    body = record(made)

    assert body["requestParameters"] is None
    assert body["awsRegion"] == "eu-west-1"  # STS is where it was asked


@pytest.mark.parametrize(
    ("operation", "service", "given", "answered"),
    [
        (
            "CreateAccessKey",
            "iam",
            {"UserName": "bob"},
            {"AccessKey": {"AccessKeyId": "AKIA2", "SecretAccessKey": "s3cr3t"}},
        ),
        ("CreateLoginProfile", "iam", {"UserName": "bob", "Password": "s3cr3t"}, {}),
        ("ChangePassword", "iam", {"OldPassword": "s3cr3t", "NewPassword": "s3cr3t"}, {}),
        ("EnableMFADevice", "iam", {"AuthenticationCode1": "s3cr3t", "AuthenticationCode2": "s3cr3t"}, {}),
        ("UploadServerCertificate", "iam", {"PrivateKey": "s3cr3t"}, {}),
        (
            "AssumeRole",
            "sts",
            {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/R", "TokenCode": "s3cr3t"},
            {"Credentials": {"AccessKeyId": "ASIA2", "SecretAccessKey": "s3cr3t", "SessionToken": "s3cr3t"}},
        ),
        ("AssumeRoleWithWebIdentity", "sts", {"WebIdentityToken": "s3cr3t"}, {}),
        ("AssumeRoleWithSAML", "sts", {"SAMLAssertion": "s3cr3t"}, {}),
    ],
)
def test_no_secret_is_in_a_record(operation, service, given, answered):
    made = event(operation, service, query="X-Amz-Security-Token=s3cr3t")
    made.input, made.output = given, answered

    assert "s3cr3t" not in json.dumps(record(made))


def test_what_is_larger_than_100_kb_is_left_out_and_says_so():
    fits, too_large = {"policyDocument": "x" * (BYTES_MAX - 21)}, {"policyDocument": "x" * (BYTES_MAX - 20)}

    assert json.loads(bytes(elements(fits))) == fits
    assert json.loads(bytes(elements(too_large)))["omitted"] is True


def test_a_refusal_says_why():
    made = event("CreateUser")
    made.input, made.error = {"UserName": "bob"}, AccessDenied("User: x is not authorized")

    body = record(made)

    assert (body["errorCode"], body["errorMessage"]) == ("AccessDenied", "User: x is not authorized")
    assert body["requestParameters"] == {"userName": "bob"}
    assert body["responseElements"] is None


def test_a_modelled_error_goes_by_its_shapes_name():
    made = event("GetUser")
    made.error = ServiceError("NoSuchEntity", "The user with name bob cannot be found.", 404)

    assert record(made)["errorCode"] == "NoSuchEntityException"


def test_nothing_of_a_request_that_nobody_signed_is_believed():
    made = event("CreateUser", caller=None)
    made.claim("AKIAEVE", ACCOUNT)

    (only,) = records(WIRE, made)
    body = json.loads(only.body)

    assert only.account == ACCOUNT
    assert only.access_key_id == "AKIAEVE"
    assert only.user == ""
    assert body["userIdentity"] == {"type": "Unknown"}
    assert body["additionalEventData"] == {"accessKeyId": "AKIAEVE"}
    assert body["requestParameters"] is None


def test_a_key_of_nobody_is_recorded_for_nobody():
    made = event("CreateUser", caller=None)
    made.claim("AKIAEVE", None)

    (only,) = records(WIRE, made)

    assert only.account == ""
    assert "recipientAccountId" not in json.loads(only.body)


def _caller(kind: CallerKind, **changes: Any) -> Caller:
    given: dict[str, Any] = {"kind": kind, "account": ACCOUNT, "access_key_id": "ASIA1"}
    return Caller(**given | changes)


@pytest.mark.parametrize(
    ("caller", "identity"),
    [
        (
            _caller(CallerKind.ROOT, arn=f"arn:aws:iam::{ACCOUNT}:root", principal_id=ACCOUNT),
            {"type": "Root", "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root"},
        ),
        (
            _caller(
                CallerKind.ROLE_SESSION,
                arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/R/s1",
                principal_id="AROA1:s1",
                entity_id="AROA1",
                name="R",
                path="/p/",
                session=session(SessionKind.ROLE, name="s1", source_identity="ana"),
            ),
            {
                "type": "AssumedRole",
                "principalId": "AROA1:s1",
                "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/R/s1",
                "sessionContext": {
                    "sessionIssuer": {
                        "type": "Role",
                        "principalId": "AROA1",
                        "arn": f"arn:aws:iam::{ACCOUNT}:role/p/R",
                        "accountId": ACCOUNT,
                        "userName": "R",
                    },
                    "attributes": {"creationDate": "2026-11-04T08:05:07Z", "mfaAuthenticated": "false"},
                    "sourceIdentity": "ana",
                },
            },
        ),
        (
            _caller(
                CallerKind.USER,
                arn=f"arn:aws:iam::{ACCOUNT}:user/ana",
                principal_id="AIDAANA",
                name="ana",
                session=session(SessionKind.SESSION_TOKEN, mfa_at=AT, mfa_known=True),
            ),
            {
                "type": "IAMUser",
                "principalId": "AIDAANA",
                "arn": f"arn:aws:iam::{ACCOUNT}:user/ana",
                "userName": "ana",
                "sessionContext": {"attributes": {"creationDate": "2026-11-04T08:05:07Z", "mfaAuthenticated": "true"}},
            },
        ),
    ],
)
def test_who_did_it(caller, identity):
    assert record(event("ListUsers", caller=caller))["userIdentity"] == {
        "accountId": ACCOUNT,
        "accessKeyId": "ASIA1",
        **identity,
    }


def test_a_role_of_another_account_is_recorded_in_both():
    made = event("AssumeRole", "sts")
    made.input = {"RoleArn": "arn:aws:iam::444455556666:role/R", "RoleSessionName": "s1"}
    made.output = {"Credentials": {"AccessKeyId": "ASIA2"}}

    own, theirs = records(WIRE, made)

    assert (own.account, theirs.account) == (ACCOUNT, "444455556666")
    mine, other = json.loads(own.body), json.loads(theirs.body)
    assert mine["sharedEventID"] == other["sharedEventID"]
    assert mine["eventID"] != other["eventID"]
    assert other["userIdentity"] == {"type": "AWSAccount", "principalId": "AIDAANA", "accountId": ACCOUNT}
    assert other["recipientAccountId"] == "444455556666"


def test_a_refused_one_is_recorded_for_the_caller_alone():
    made = event("AssumeRole", "sts")
    made.input = {"RoleArn": "arn:aws:iam::444455556666:role/R", "RoleSessionName": "s1"}
    made.error = AccessDenied("no")

    assert [only.account for only in records(WIRE, made)] == [ACCOUNT]


def unrouted(at: datetime, peer: str = "203.0.113.7") -> Unrouted:
    return Unrouted(http(peer=peer), "iam", Protocol.QUERY, "", "r-1", at)


def test_malformed_requests_are_recorded_once_a_second_for_each_address():
    malformed = Malformed()
    error = ServiceError("MissingAction", "The request is missing an action parameter")

    counts = [
        len(malformed.records(unrouted(AT), error)),
        len(malformed.records(unrouted(AT + timedelta(milliseconds=999)), error)),
        len(malformed.records(unrouted(AT + timedelta(milliseconds=999), peer="203.0.113.8"), error)),
        len(malformed.records(unrouted(AT + timedelta(seconds=1)), error)),
    ]

    assert counts == [1, 0, 1, 1]


def test_a_flood_of_addresses_does_not_fill_the_memory():
    malformed = Malformed()
    error = ServiceError("MissingAction", "x")

    for number in range(25_000):
        malformed.records(unrouted(AT, peer=f"10.0.{number // 250}.{number % 250}"), error)

    assert len(malformed._last) <= 10_000


def test_long_headers_are_cut():
    made = event("ListUsers", headers={"user-agent": "x" * 50_000})

    assert len(record(made)["userAgent"]) == 1_024


@pytest.mark.parametrize(
    ("error", "is_recorded"),
    [
        (ValidationError('[string "Ana" is too short]'), False),
        (ServiceError("ValidationException", "the argument City can not be empty"), False),
        (ServiceError("ConflictException", "in use", 409), True),
        (AccessDenied("not authorized"), True),
    ],
)
def test_a_message_that_may_repeat_the_input_is_left_out(error: ServiceError, *, is_recorded: bool) -> None:
    made = event("StartPrimaryEmailUpdate", "account")
    made.error = error

    found = record(made)

    assert found["errorCode"]
    assert found.get("errorMessage") == (error.message if is_recorded else None)
