"""`remit import` and `remit export`, beside a server."""

import json

import pytest
from cli.test_commands import Shell
from serving import served

pytestmark = pytest.mark.conformance

DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


@pytest.fixture
def shell(tmp_path):
    state, data = tmp_path / "state", tmp_path / "data"
    state.mkdir()
    with served("--data", str(data), XDG_STATE_HOME=str(state), HOME=str(state)) as server:
        yield Shell(server, state)


def test_what_the_aws_cli_wrote_is_imported_and_exported_again(shell, tmp_path):
    iam = shell.server.client("iam")
    iam.create_user(UserName="ana", Path="/p/")
    iam.put_user_policy(UserName="ana", PolicyName="own", PolicyDocument=json.dumps(DOCUMENT))
    details = json.loads(shell.server.aws("iam", "get-account-authorization-details").stdout)
    iam.delete_user_policy(UserName="ana", PolicyName="own")
    iam.delete_user(UserName="ana")
    file = tmp_path / "details.json"
    file.write_text(json.dumps(details))

    refused = shell("import", str(file), status=1)
    assert "user `admin` exists" in refused.stderr
    assert [user["UserName"] for user in iam.list_users()["Users"]] == ["admin"]  # all or nothing
    done = json.loads(shell("import", str(file), "--skip-existing", "--json").stdout)

    assert done == {"users": 1, "groups": 0, "roles": 0, "policies": 0, "skipped": ["user admin"]}
    assert iam.get_user_policy(UserName="ana", PolicyName="own")["PolicyDocument"] == DOCUMENT
    exported = json.loads(shell("export").stdout)
    assert [user["UserName"] for user in exported["UserDetailList"]] == ["admin", "ana"]
    assert exported["UserDetailList"][1]["UserPolicyList"] == [{"PolicyName": "own", "PolicyDocument": DOCUMENT}]


def test_terraform_is_written(shell):
    written = json.loads(shell("export", "--format", "terraform").stdout)

    assert written["resource"]["aws_iam_user"]["admin"] == {"name": "admin", "path": "/"}
    (attachment,) = written["resource"]["aws_iam_user_policy_attachment"].values()
    assert attachment == {
        "user": "${aws_iam_user.admin.name}",
        "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess",
    }


def test_several_accounts_need_a_name(shell, tmp_path):
    shell("account", "create", "--id", "444455556666", "--email", "other@example.com", "--no-admin")
    file = tmp_path / "file.json"
    file.write_text('{"UserDetailList": [{"UserName": "eve"}]}')

    assert "say which one with --account" in shell("import", str(file), status=1).stderr
    assert "no account `1`" in shell("import", str(file), "--account", "1", status=1).stderr
    assert "Put 1 users" in shell("import", str(file), "--account", "444455556666").stdout
    users = json.loads(shell("export", "--account", "444455556666").stdout)["UserDetailList"]
    assert [user["UserName"] for user in users] == ["eve"]


def test_what_is_in_no_format_is_refused(shell, tmp_path):
    file = tmp_path / "file.txt"
    file.write_text("hello")

    assert "neither JSON nor a credential report" in shell("import", str(file), status=1).stderr


def test_role_templates_are_added_listed_and_removed(shell, tmp_path):
    arn = "arn:aws:iam::aws:role-template/builds.amazonaws.com/Builder:1"
    trusting = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    version = {
        "MinorVersion": 0,
        "RoleNamePattern": "Builder",
        "AssumeRolePolicyDocumentTemplate": json.dumps({"Version": "2012-10-17", "Statement": [trusting]}),
    }
    file = tmp_path / "template.json"
    file.write_text(json.dumps({"TemplateArn": arn, "Versions": [version]}))

    assert arn in shell("role-template", "add", str(file)).stdout
    assert json.loads(shell("role-template", "list", "--json").stdout) == [{"arn": arn, "enabled": True, "versions": 1}]
    made = shell.server.client("iam").acquire_role(TemplateArn=arn)["Role"]
    assert made["RoleName"] == "Builder"
    assert arn in shell("role-template", "remove", arn).stdout
    assert f"no role template `{arn}`" in shell("role-template", "remove", arn, status=1).stderr
    file.write_text("{")
    shell("role-template", "add", str(file), status=1)


def test_the_outbox_is_shown_and_taken(shell):
    iam = shell.server.client("iam")
    template = iam.create_policy(PolicyName="T", PolicyDocument=json.dumps(DOCUMENT))["Policy"]["Arn"]
    id_ = iam.create_delegation_request(
        Description="d",
        Permissions={"PolicyTemplateArn": template},
        RequestorWorkflowId="workflow",
        NotificationChannel="arn:aws:sns:us-east-1:123456789012:topic",
        SessionDuration=300,
    )["DelegationRequestId"]
    for step in (iam.associate_delegation_request, iam.accept_delegation_request, iam.send_delegation_token):
        step(DelegationRequestId=id_)

    (notice,) = json.loads(shell("outbox", "--take", "--json").stdout)

    assert (notice["delegation_request_id"], notice["account"]) == (id_, shell.server.account)
    assert shell.server.client("sts").get_delegated_access_token(TradeInToken=notice["trade_in_token"])["Credentials"]
    assert json.loads(shell("outbox", "--json").stdout) == []


def test_the_outbox_has_one_time_codes(shell):
    account = shell.server.client("account")
    contact = {"FullName": "Ana", "AddressLine1": "1", "City": "Oslo", "PostalCode": "1", "CountryCode": "NO"}
    account.put_contact_information(ContactInformation={**contact, "PhoneNumber": "+47 22"})
    account.send_phone_number_verification()

    shown = shell("outbox").stdout
    (message,) = json.loads(shell("outbox", "--take", "--json").stdout)

    assert (message["channel"], message["account"]) == ("sms:+47 22", shell.server.account)
    assert message["code"] in shown
    assert account.verify_phone_number(Otp=message["code"])["Status"] == "VERIFIED"
    assert json.loads(shell("outbox", "--json").stdout) == []
