"""Login profiles and the account's password policy, through an unchanged boto3."""

import json

import pytest

pytestmark = pytest.mark.conformance

GOOD = "correct Horse 1"


def test_a_user_gets_a_password_and_loses_it(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")

    made = iam.create_login_profile(UserName="bob", Password=GOOD, PasswordResetRequired=True)["LoginProfile"]

    assert made == {**made, "UserName": "bob", "PasswordResetRequired": True}
    assert made["CreateDate"].microsecond == 0
    assert iam.get_login_profile(UserName="bob")["LoginProfile"] == made
    error = refused(lambda: iam.create_login_profile(UserName="bob", Password=GOOD), "EntityAlreadyExists", 409)
    assert error["Message"] == "Login Profile for user bob already exists."
    iam.update_login_profile(UserName="bob", Password="another Horse 2", PasswordResetRequired=False)
    assert iam.get_login_profile(UserName="bob")["LoginProfile"]["PasswordResetRequired"] is False
    iam.delete_login_profile(UserName="bob")
    for call in (iam.get_login_profile, iam.delete_login_profile, iam.update_login_profile):
        error = refused(lambda call=call: call(UserName="bob"), "NoSuchEntity", 404)
        assert error["Message"] == "Login Profile for User bob cannot be found."


def test_a_user_with_a_password_is_not_deleted(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    iam.create_login_profile(UserName="bob", Password=GOOD)

    error = refused(lambda: iam.delete_user(UserName="bob"), "DeleteConflict", 409)

    assert error["Message"] == "Cannot delete entity, must delete login profile first."


def test_a_duration_of_sessions_is_shown_when_it_was_given(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    made = iam.create_login_profile(UserName="bob", Password=GOOD, MaxSigninSessionDuration=7200)["LoginProfile"]

    assert made["MaxSigninSessionDuration"] == 7200
    both = {"MaxSigninSessionDuration": 3600, "ResetMaxSigninSessionDuration": True}
    refused(lambda: iam.update_login_profile(UserName="bob", **both), "InvalidInput", 400)
    iam.update_login_profile(UserName="bob", ResetMaxSigninSessionDuration=True)
    assert "MaxSigninSessionDuration" not in iam.get_login_profile(UserName="bob")["LoginProfile"]


def test_a_policy_begins_with_its_defaults_and_is_set_as_a_whole(server, refused):
    iam = server.client("iam")
    missing = refused(iam.get_account_password_policy, "NoSuchEntity", 404)["Message"]
    iam.update_account_password_policy(
        MinimumPasswordLength=14, MaxPasswordAge=90, PasswordReusePrevention=3, HardExpiry=True, RequireNumbers=True
    )
    full = iam.get_account_password_policy()["PasswordPolicy"]
    iam.update_account_password_policy()

    assert missing == f"The Password Policy with domain name {server.account} cannot be found."
    assert full == {
        **full,
        "ExpirePasswords": True,
        "MaxPasswordAge": 90,
        "PasswordReusePrevention": 3,
        "HardExpiry": True,
        "RequireNumbers": True,
    }
    assert iam.get_account_password_policy()["PasswordPolicy"] == {
        "MinimumPasswordLength": 6,
        "RequireSymbols": False,
        "RequireNumbers": False,
        "RequireUppercaseCharacters": False,
        "RequireLowercaseCharacters": False,
        "AllowUsersToChangePassword": False,
        "ExpirePasswords": False,
    }
    iam.delete_account_password_policy()
    error = refused(iam.delete_account_password_policy, "NoSuchEntity", 404)
    assert error["Message"] == "The account policy with name PasswordPolicy cannot be found."


def test_ranges_of_the_policy(server, refused):
    iam = server.client("iam")
    call = lambda: iam.update_account_password_policy(  # noqa: E731
        MinimumPasswordLength=500, PasswordReusePrevention=50, MaxPasswordAge=2000
    )

    message = refused(call, "ValidationError", 400)["Message"]

    assert message == (
        "3 validation errors detected: "
        "Value at 'minimumPasswordLength' failed to satisfy constraint: Member must have value less than or equal to "
        "128; Value at 'passwordReusePrevention' failed to satisfy constraint: Member must have value less than or "
        "equal to 24; Value at 'maxPasswordAge' failed to satisfy constraint: Member must have value less than or "
        "equal to 1095"
    )


@pytest.mark.parametrize(
    ("rule", "password", "message"),
    [
        ({"MinimumPasswordLength": 14}, "Short 1 one.", "Password should have a minimum length of 14"),
        ({"RequireSymbols": True}, "Nosymbols1", "Password should have at least one symbol"),
        ({"RequireNumbers": True}, "No numbers!", "Password should have at least one number"),
        ({"RequireUppercaseCharacters": True}, "no upper 1!", "Password should have at least one uppercase letter"),
        ({"RequireLowercaseCharacters": True}, "NO LOWER 1!", "Password should have at least one lowercase letter"),
    ],
)
def test_a_password_keeps_the_rules(server, refused, rule, password, message):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    iam.update_account_password_policy(**rule)

    error = refused(lambda: iam.create_login_profile(UserName="bob", Password=password), "PasswordPolicyViolation", 400)

    assert error["Message"] == message


def test_a_former_password_may_not_return(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    iam.update_account_password_policy(PasswordReusePrevention=2)
    for number in (1, 2):
        change = iam.create_login_profile if number == 1 else iam.update_login_profile
        change(UserName="bob", Password=f"Password {number}")

    for number in (1, 2):
        again = lambda number=number: iam.update_login_profile(UserName="bob", Password=f"Password {number}")  # noqa: E731
        refused(again, "PasswordPolicyViolation", 400)
    iam.update_login_profile(UserName="bob", Password="Password 3")
    iam.update_login_profile(UserName="bob", Password="Password 1")


def test_a_user_changes_their_own_password_when_the_account_lets_users(server, refused):
    iam = server.client("iam")
    bob = server.user("bob")
    iam.create_login_profile(UserName="bob", Password=GOOD)
    change = lambda old, new: bob.client("iam").change_password(OldPassword=old, NewPassword=new)  # noqa: E731

    denied = refused(lambda: change(GOOD, "another Horse 2"), "AccessDenied", 403)["Message"]
    iam.update_account_password_policy(AllowUsersToChangePassword=True)
    wrong = refused(lambda: change("wrong Horse 3", "another Horse 2"), "AccessDenied", 403)["Message"]
    change(GOOD, "another Horse 2")

    assert denied == (
        f"User: {bob.arn} is not authorized to perform: iam:ChangePassword on resource: user bob "
        "because no identity-based policy allows the iam:ChangePassword action"
    )
    assert wrong == "The old password was incorrect."
    refused(lambda: change(GOOD, "third Horse 3"), "AccessDenied", 403)
    assert bob.client("iam").get_account_password_policy()["PasswordPolicy"]["AllowUsersToChangePassword"]
    refused(lambda: bob.client("iam").get_login_profile(UserName="bob"), "AccessDenied", 403)
    iam.update_account_password_policy()
    refused(lambda: change("another Horse 2", "third Horse 3"), "AccessDenied", 403)


def test_only_users_with_a_password_change_it(server, refused):
    iam = server.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": server.account}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = iam.create_role(RoleName="R", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="R", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    keys = server.client("sts").assume_role(RoleArn=arn, RoleSessionName="s1")["Credentials"]
    session = server.client(
        "iam",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )

    error = refused(lambda: session.change_password(OldPassword="a", NewPassword="b"), "InvalidUserType", 400)
    assert error["Message"] == "Only IAM Users can change their own password"
    error = refused(lambda: iam.change_password(OldPassword="a", NewPassword="b"), "NoSuchEntity", 404)
    assert error["Message"] == "Login Profile for User admin cannot be found."


def test_a_password_is_in_no_record(server, refused):
    iam = server.client("iam")
    bob = server.user("bob")
    iam.create_login_profile(UserName="bob", Password=GOOD)
    refused(lambda: bob.client("iam").update_login_profile(UserName="bob", Password=GOOD), "AccessDenied")

    events = server.events(EventName="CreateLoginProfile") + server.events(EventName="UpdateLoginProfile")

    assert [event.get("errorCode") for event in events] == [None, "AccessDenied"]
    assert events[0]["requestParameters"] == {"userName": "bob"}
    assert GOOD not in json.dumps(server.events())
