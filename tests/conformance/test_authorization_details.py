"""IAM Toolbox through an unchanged boto3: every refusal names an id, and the id tells why, as it was then."""

import json
import re
import subprocess

import pytest
from botocore.exceptions import ClientError
from serving import BIN, CLEAN, served

from remit.ids import Secret
from remit.testing import Identity

pytestmark = pytest.mark.conformance
OTHER = "222222222222"
NO_GET = {"Effect": "Deny", "Action": "iam:Get*", "Resource": "*"}
ASSUME = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}


def message_of(call):
    """Return the message of a refusal, and the id of the request."""
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["Error"]["Code"].startswith("AccessDenied")
    return caught.value.response["Error"]["Message"], caught.value.response["ResponseMetadata"]["RequestId"]


def id_in(message):
    """Return the authorization id of a message, which must end with where to learn more."""
    found = re.fullmatch(
        r".+ Go to \S+/_remit/console/iam/denials/([0-9a-z]+) for complete details, or call the "
        r"GetRequestAuthorizationDetails API with the following authorization id: \1",
        message,
    )
    assert found is not None, message
    return found[1]


def refused_id(call):
    return id_in(message_of(call)[0])


def details(who, id_):
    return who.client("iam-toolbox").get_request_authorization_details(authorizationId=id_)


def policy(who, id_, uri):
    found = who.client("iam-toolbox").get_request_authorization_policy(authorizationId=id_, policyUri=uri)
    return found["policyDocument"]


def effects(found):
    return [(check["checkType"], check["evaluatedEffect"]) for check in found["evaluations"][0]["checks"]]


def test_who_is_refused_learns_an_id_that_tells_why(server):
    ana = server.user("ana", {"Effect": "Allow", "Action": "iam:List*", "Resource": "*"}, NO_GET)
    message, request_id = message_of(lambda: ana.client("iam").get_user(UserName="admin"))

    found = details(server.admin, id_in(message))

    assert id_in(message) == request_id.replace("-", "")
    assert f"Go to {server.endpoint}/_remit/console" in message
    (evaluation,) = found["evaluations"]
    assert evaluation["action"] == "iam:GetUser"
    assert evaluation["resource"] == server.admin.arn
    assert evaluation["evaluatedEffect"] == "EXPLICIT_DENY"
    assert effects(found) == [("PRINCIPAL", "EXPLICIT_DENY")]
    (matched,) = evaluation["checks"][0]["matchedPolicies"]
    assert matched["matchedStatements"] == [{"sid": "Statement[1]", "evaluatedEffect": "DENY"}]
    assert found["requestContext"]["aws:username"] == "ana"
    assert found["requestContext"]["aws:PrincipalArn"] == ana.arn
    (info,) = found["policies"]
    assert (info["type"], info["inline"], info["attachedTo"]) == ("IDENTITY_BASED_POLICY", True, [{"arn": ana.arn}])
    assert policy(server.admin, id_in(message), info["uri"])["Statement"][1] == NO_GET
    (event,) = server.events(EventName="GetUser")
    assert (event["errorMessage"], event["requestID"]) == (message, request_id)
    assert "errorCode" not in server.events(EventName="GetRequestAuthorizationDetails")[0]
    assert "errorCode" not in server.events(EventName="GetRequestAuthorizationPolicy")[0]


def test_what_a_group_has_is_attached_to_the_group(server):
    iam = server.client("iam")
    ana = server.user("ana", {"Effect": "Allow", "Action": "iam:Get*", "Resource": "*"})
    group = iam.create_group(GroupName="Careful")["Group"]["Arn"]
    document = json.dumps({"Version": "2012-10-17", "Statement": NO_GET})
    arn = iam.create_policy(PolicyName="no-get", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_group_policy(GroupName="Careful", PolicyName="own", PolicyDocument=document)
    iam.attach_group_policy(GroupName="Careful", PolicyArn=arn)
    iam.attach_user_policy(UserName="ana", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.add_user_to_group(GroupName="Careful", UserName="ana")
    id_ = refused_id(lambda: ana.client("iam").get_user(UserName="admin"))
    iam.remove_user_from_group(GroupName="Careful", UserName="ana")

    told = {one["uri"].rsplit("/", 1)[-1]: one["attachedTo"] for one in details(server.admin, id_)["policies"]}

    assert told["own"] == told["no-get"] == [{"arn": group}]
    assert told["ReadOnlyAccess"] == [{"arn": ana.arn}]
    assert len(told) == 4


def test_managed_policies_go_by_their_arn_and_stay_as_they_were(server):
    iam = server.client("iam")
    then = json.dumps({"Version": "2012-10-17", "Statement": [{**NO_GET, "Sid": "NoGet"}]})
    now = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    arn = iam.create_policy(PolicyName="changing", PolicyDocument=then)["Policy"]["Arn"]
    ana = server.user("ana")
    iam.attach_user_policy(UserName="ana", PolicyArn=arn)
    id_ = refused_id(lambda: ana.client("iam").get_user(UserName="admin"))
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=now, SetAsDefault=True)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    ana.client("iam").get_user(UserName="admin")

    found = details(server.admin, id_)

    assert found["policies"][0]["uri"] == arn
    assert not found["policies"][0]["inline"]
    (check,) = found["evaluations"][0]["checks"]
    assert check["matchedPolicies"][0]["matchedStatements"][0]["sid"] == "NoGet"
    assert policy(server.admin, id_, arn) == json.loads(then)


def test_details_outlive_who_was_refused(server):
    iam = server.client("iam")
    ana = server.user("ana")
    id_ = refused_id(lambda: ana.client("iam").list_users())
    for key in iam.list_access_keys(UserName="ana")["AccessKeyMetadata"]:
        iam.delete_access_key(UserName="ana", AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName="ana")

    assert effects(details(server.admin, id_)) == [("PRINCIPAL", "IMPLICIT_DENY")]


def test_they_need_permissions_of_their_own(server):
    ana = server.user("ana")
    may = server.user("may", {"Effect": "Allow", "Action": "iam:GetRequestAuthorizationDetails", "Resource": "*"})
    id_ = refused_id(lambda: ana.client("iam").list_users())

    assert details(may, id_)["evaluations"][0]["evaluatedEffect"] == "IMPLICIT_DENY"
    message, _ = message_of(lambda: policy(may, id_, "inline/0/test"))
    assert message.startswith(f"User: {may.arn} is not authorized to perform: iam:GetRequestAuthorizationPolicy on")
    again = refused_id(lambda: details(ana, id_))
    assert details(may, again)["evaluations"][0]["action"] == "iam:GetRequestAuthorizationDetails"
    assert server.events(EventName="GetRequestAuthorizationPolicy")[0]["errorCode"] == "AccessDenied"


def test_what_is_not_there_is_said_to_be_not_there(server, refused):
    ana = server.user("ana")
    id_ = refused_id(lambda: ana.client("iam").list_users())

    for call in (
        lambda: details(server.admin, "0" * 32),
        lambda: details(server.admin, "z"),
        lambda: policy(server.admin, id_, "inline/7/none"),
        lambda: policy(server.admin, "0" * 32, "inline/0/test"),
    ):
        refused(call, "ResourceNotFoundException", 404)
    recorded = server.events(EventName="GetRequestAuthorizationDetails")
    assert {event["errorCode"] for event in recorded} == {"ResourceNotFoundException"}


@pytest.mark.parametrize(
    "given",
    [{"authorizationId": "NOT-ONE"}, {"authorizationId": "a" * 257}, {"authorizationId": "a", "nextToken": "x"}],
)
def test_input_that_breaks_the_model_is_refused(server, refused, given):
    toolbox = server.client("iam-toolbox")

    refused(lambda: toolbox.get_request_authorization_details(**given), "ValidationException", 400)


def test_what_was_allowed_has_no_details(server, refused):
    done = server.client("iam").list_users()["ResponseMetadata"]["RequestId"]

    refused(lambda: details(server.admin, done.replace("-", "")), "ResourceNotFoundException", 404)


def test_session_policies_and_boundaries_have_their_checks(server):
    iam = server.client("iam")
    reading = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
    trust = {"Effect": "Allow", "Principal": {"AWS": server.admin.arn}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    made = iam.create_role(RoleName="R", AssumeRolePolicyDocument=document, PermissionsBoundary=reading)
    role = made["Role"]["Arn"]
    iam.attach_role_policy(RoleName="R", PolicyArn=reading)
    passed = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})
    given = server.client("sts").assume_role(RoleArn=role, RoleSessionName="s1", Policy=passed)["Credentials"]
    session = Identity(
        role, given["AccessKeyId"], Secret(given["SecretAccessKey"]), given["SessionToken"], server.endpoint
    )

    found = details(server.admin, refused_id(lambda: session.client("iam").list_users()))

    assert effects(found) == [("PRINCIPAL", "ALLOW"), ("PERMISSIONS_BOUNDARY", "ALLOW"), ("SESSION", "IMPLICIT_DENY")]
    assert [info["attachedTo"] for info in found["policies"]] == [[{"arn": role}]] * 3


def test_the_command_line_explains_an_authorization_id(server):
    ana = server.user("ana", NO_GET)
    id_ = refused_id(lambda: ana.client("iam").get_user(UserName="admin"))
    server.events()  # what was answered before is in the trail now

    done = subprocess.run(
        [BIN / "remit", "explain", id_, "--data", server.data],
        env=CLEAN,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 1, done.stderr
    assert "may not iam:GetUser" in done.stdout


# -- another account


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Give a server with two accounts, and the administrator of the second."""
    data = tmp_path_factory.mktemp("data")
    with served("--data", str(data)) as server:
        done = subprocess.run(
            [BIN / "remit", "account", "create", "--id", OTHER, "--email", "b@example.com", "--data", data, "--json"],
            env=CLEAN,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        made = json.loads(done.stdout)
        arn = f"arn:aws:iam::{OTHER}:user/admin"
        yield server, Identity(arn, made["access_key_id"], Secret(made["secret_access_key"]), None, server.endpoint)


def test_another_account_learns_nothing(two, refused):
    server, other = two
    ana = server.user("ana")
    id_ = refused_id(lambda: ana.client("iam").list_users())

    refused(lambda: details(other, id_), "ResourceNotFoundException", 404)
    assert details(server.admin, id_)["evaluations"]


def test_a_role_that_is_not_there_looks_like_one_that_trusts_nobody(two):
    server, other = two
    closed = {"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "sts:AssumeRole"}
    denying = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    for name, statement in (("Closed", closed), ("Denying", denying)):
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        tags = [{"Key": "team", "Value": "red"}]
        other.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document, Tags=tags)
    sts = server.user("bob", ASSUME).client("sts")
    told = []
    for name in ("Closed", "Denying", "Nothing"):
        role = f"arn:aws:iam::{OTHER}:role/{name}"
        message, id_ = message_of(lambda role=role: sts.assume_role(RoleArn=role, RoleSessionName="s1"))
        assert message.endswith(f"sts:AssumeRole on resource: {role}")  # nothing says where to learn more
        found = details(server.admin, id_.replace("-", ""))
        assert found["evaluations"][0].pop("resource") == role
        for key in ("aws:CurrentTime", "aws:EpochTime"):
            del found["requestContext"][key]
        told.append((found["requestContext"], found["policies"], found["evaluations"]))

    assert told[0] == told[1] == told[2]
    assert effects({"evaluations": told[0][2]}) == [("RESOURCE", "IMPLICIT_DENY"), ("PRINCIPAL", "ALLOW")]


# -- several workers


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def flags(request, tmp_path):
    common = ("--data", str(tmp_path), "--workers", "3", "--allow-reset")
    if request.param == "sqlite":
        return common
    return (*common, "--database", request.getfixturevalue("postgresql_address"))


def test_whichever_worker_refused_whichever_is_asked_tells(flags):
    with served(*flags) as server:
        for number in range(4):
            if number == 2:
                server.reset()  # one worker forgets for all of them
            user = server.user(f"u{number}", NO_GET)
            # Each client is a connection of its own, to whichever worker.
            ids = [refused_id(lambda user=user: user.client("iam").get_user()) for _ in range(4)]
            assert {details(server.admin, id_)["evaluations"][0]["evaluatedEffect"] for id_ in ids} == {"EXPLICIT_DENY"}
