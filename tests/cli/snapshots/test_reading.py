"""Files in each format, and what cannot be read."""

import json
from typing import Any

import pytest
from cli.snapshots.accounts import AT, OWN, empty

from remit.cli.snapshots.reading import FormatUnknown, read
from remit.cli.snapshots.yaml_templates import load
from remit.directory.groups import group, groups_of
from remit.directory.imports import Put, put
from remit.directory.instance_profiles import instance_profiles_of
from remit.directory.policies import policies
from remit.directory.roles import role
from remit.directory.users import user
from remit.store import Transaction

ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def loaded(content: bytes | dict[str, Any]) -> tuple[Transaction, Put]:
    tx = empty()
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return tx, put(tx, OWN, read(text, OWN), at=AT)


# -- what the AWS CLI writes


def test_details_of_another_account_become_this_ones() -> None:
    old = "arn:aws:iam::999988887777"
    document = {**ALLOW, "Statement": [{**ALLOW["Statement"][0], "Resource": f"{old}:user/*"}]}  # type: ignore[index]  # a list
    trusting = {"Effect": "Allow", "Principal": {"AWS": f"{old}:root"}, "Action": "sts:AssumeRole"}
    trust = {**TRUST, "Statement": [trusting]}
    tx, _ = loaded(
        {
            "UserDetailList": [{"UserName": "ana", "Arn": f"{old}:user/ana", "UserId": "AIDAX", "GroupList": ["devs"],
                                "AttachedManagedPolicies": [{"PolicyName": "P", "PolicyArn": f"{old}:policy/P"}]}],
            "GroupDetailList": [{"GroupName": "devs", "Arn": f"{old}:group/devs"}],
            "RoleDetailList": [{"RoleName": "R", "Arn": f"{old}:role/R", "AssumeRolePolicyDocument": trust}],
            "Policies": [
                {"PolicyName": "P", "Arn": f"{old}:policy/P", "PolicyVersionList": [
                    {"Document": ALLOW, "VersionId": "v3", "IsDefaultVersion": False},
                    {"Document": document, "VersionId": "v2", "IsDefaultVersion": True}]},
                {"PolicyName": "ReadOnlyAccess", "Arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
                 "PolicyVersionList": [{"Document": ALLOW}]},
            ],
        }
    )  # fmt: skip

    (policy,) = policies(tx, OWN)
    assert user(tx, OWN, "ana").attached == (policy.arn,) == (f"arn:aws:iam::{OWN}:policy/P",)
    assert f"arn:aws:iam::{OWN}:user/*" in policy.document
    assert [version.id for version in policy.versions] == ["v2", "v3"]
    assert (policy.default, policy.latest) == (2, 3)
    assert f"arn:aws:iam::{OWN}:root" in role(tx, OWN, "R").trust
    assert [one.name for one in groups_of(tx, user(tx, OWN, "ana"))] == ["devs"]


def test_encoded_documents_are_read_and_dangling_principals_stay() -> None:
    trust = TRUST | {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "AIDAGONE"}, "Action": "sts:AssumeRole"}]}
    from urllib.parse import quote

    tx, _ = loaded(
        {"RoleDetailList": [{"RoleName": "R", "AssumeRolePolicyDocument": quote(json.dumps(trust), safe="")}]}
    )

    assert json.loads(role(tx, OWN, "R").trust) == trust


# -- a credential report


def test_a_credential_report_tells_users() -> None:
    report = (
        "user,arn,user_creation_time,password_enabled\n"
        f"<root_account>,arn:aws:iam::{OWN}:root,2026-01-01T00:00:00+00:00,not_supported\n"
        f"ana,arn:aws:iam::{OWN}:user/p/ana,2026-02-03T04:05:06+00:00,true\n"
    )

    tx, done = loaded(report.encode())

    assert (done.users, done.groups) == (1, 0)
    assert user(tx, OWN, "ana").path == "/p/"
    assert f"{user(tx, OWN, 'ana').created_at:%Y-%m-%d %H}" == "2026-02-03 04"


# -- CloudFormation


def test_a_template_is_worked_out() -> None:
    tx, done = loaded(
        {
            "Parameters": {"Team": {"Type": "String", "Default": "red"}},
            "Resources": {
                "Bucket": {"Type": "AWS::S3::Bucket"},
                "Reader": {
                    "Type": "AWS::IAM::ManagedPolicy",
                    "Properties": {"PolicyDocument": ALLOW, "Users": [{"Ref": "Ana"}]},
                },
                "Devs": {"Type": "AWS::IAM::Group", "Properties": {"GroupName": {"Fn::Sub": "${Team}-devs"}}},
                "Ana": {
                    "Type": "AWS::IAM::User",
                    "Properties": {
                        "UserName": {"Fn::Join": ["-", ["ana", {"Ref": "Team"}]]},
                        "Groups": [{"Ref": "Devs"}],
                        "Tags": [{"Key": "team", "Value": {"Ref": "Team"}}],
                        "PermissionsBoundary": {"Ref": "Reader"},
                    },
                },
                "Runner": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {
                        "Path": "/run/",
                        "AssumeRolePolicyDocument": {
                            **TRUST,
                            "Statement": [
                                {
                                    "Effect": "Allow",
                                    "Principal": {"AWS": {"Fn::GetAtt": ["Ana", "Arn"]}},
                                    "Action": "sts:AssumeRole",
                                }
                            ],
                        },
                        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess", {"Ref": "Reader"}],
                        "Policies": [{"PolicyName": "own", "PolicyDocument": ALLOW}],
                    },
                },
                "More": {
                    "Type": "AWS::IAM::Policy",
                    "Properties": {
                        "PolicyName": "more",
                        "PolicyDocument": {
                            **ALLOW,
                            "Statement": [
                                {
                                    "Effect": "Allow",
                                    "Action": "s3:*",
                                    "Resource": {"Fn::Sub": "arn:aws:s3:::${!aws:username}/${Runner.Arn}"},
                                }
                            ],
                        },
                        "Roles": [{"Ref": "Runner"}],
                    },
                },
                "Web": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "Runner"}]}},
            },
        }
    )

    assert (done.users, done.groups, done.roles, done.policies) == (1, 1, 1, 1)
    ana, runner = user(tx, OWN, "ana-red"), role(tx, OWN, "Runner")
    reader = f"arn:aws:iam::{OWN}:policy/Reader"
    assert (ana.tags, ana.boundary, ana.attached) == ({"team": "red"}, reader, (reader,))
    assert group(tx, OWN, "red-devs").id in ana.groups
    assert ana.id in runner.trust  # bound to the unique id
    assert runner.attached == ("arn:aws:iam::aws:policy/ReadOnlyAccess", reader)
    assert set(runner.inline) == {"own", "more"}
    assert f"arn:aws:s3:::${{aws:username}}/{runner.arn}" in runner.inline["more"]
    assert [profile.name for profile in instance_profiles_of(tx, runner.id)] == ["Web"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"Ref": "Bucket"}, "refers to Bucket, a resource that is none of IAM"),
        ({"Ref": "Team"}, "parameter Team has no default"),
        ({"Fn::ImportValue": "x"}, "uses Fn::ImportValue"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "refers to Bucket.Arn"),
    ],
)
def test_what_only_a_deployment_knows_is_refused(value: dict[str, Any], told: str) -> None:
    template = {
        "Parameters": {"Team": {"Type": "String"}},
        "Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "Ana": {"Type": "AWS::IAM::User", "Properties": {"UserName": value}},
        },
    }

    with pytest.raises(FormatUnknown, match=told):
        read(json.dumps(template).encode(), OWN)


YAML = """\
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Team: {Type: String, Default: red}
Resources:
  Reader:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Action: [s3:GetObject]
            Resource: !Sub "arn:${AWS::Partition}:s3:::${Team}/${!aws:username}"
      Users: [!Ref Ana]
  Ana:
    Type: AWS::IAM::User
    Properties:
      UserName: !Join ["-", [ana, !Ref Team]]
      Tags:
        - {Key: "yes", Value: !Sub ["${a}b", {a: x}]}
  Runner:
    Type: AWS::IAM::Role
    Properties:
      MaxSessionDuration: 7200
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Principal: {AWS: !GetAtt Ana.Arn}
          Action: sts:AssumeRole
          Condition: {Bool: {"aws:MultiFactorAuthPresent": true}}
"""


def test_a_template_in_yaml_is_what_it_would_be_in_json() -> None:
    tx, done = loaded(YAML.encode())

    assert (done.users, done.roles, done.policies) == (1, 1, 1)
    ana, runner = user(tx, OWN, "ana-red"), role(tx, OWN, "Runner")
    (reader,) = policies(tx, OWN)
    assert ana.attached == (reader.arn,)
    assert ana.tags == {"yes": "xb"}
    assert json.loads(reader.document) == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::red/${aws:username}"}],
    }
    assert ana.id in runner.trust


def _bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join([*lines, "Resources: {}"]).encode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (_bomb(), "line 2: aliases are not read"),
        (b"Resources: &r {a: *r}", "line 1: aliases are not read"),
        (b"Base: &b {x: 1}\nResources: {<<: *b}", "line 2: aliases are not read"),
        (b"Resources: " + b"[" * 200 + b"]" * 200, "nested more than 100 times"),
        (b"Resources: " + b"[" * 50_000, "nested more than 100 times"),
        (b"Resources: !!python/object/apply:os.system [id]", "line 1: could not determine a constructor"),
        (b"Resources: !Evil x", "CloudFormation has no !Evil"),
        (b"Resources: {a: 1, a: 2}", "a key is there twice"),
        (b"Resources: {1: 2}", "a key is no text"),
        (b"Resources: {[a]: 2}", "line 1: found unhashable key"),
        (b"Resources: {a: b", "line 1: expected"),
        (b"Resources: {}\n---\nResources: {}", "line 2: but found another document"),
        (b"Resources: \x00", "not YAML"),
        (b"Resources: x" + b" " * 1_000_000, "at most 1,000,000 characters"),
        (b"- Resources", "neither JSON"),
        (b"Other: 1", "neither JSON"),
    ],
)
def test_yaml_that_no_template_is_written_in_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(FormatUnknown, match=told):
        read(content, OWN)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref X", {"Ref": "X"}),
        ("!Condition X", {"Condition": "X"}),
        ("!GetAtt A.B", {"Fn::GetAtt": "A.B"}),
        ("!If [a, !Ref B, {c: !Base64 d}]", {"Fn::If": ["a", {"Ref": "B"}, {"c": {"Fn::Base64": "d"}}]}),
        ("!Sub [x, {y: 1}]", {"Fn::Sub": ["x", {"y": 1}]}),
        ("{'Fn::Join': [a, [b]]}", {"Fn::Join": ["a", ["b"]]}),
        ("!Transform {Name: x}", {"Fn::Transform": {"Name": "x"}}),
        ("2012-10-17", "2012-10-17"),
        ("2012-10-17T10:20:30Z", "2012-10-17T10:20:30Z"),
        ("true", True),
        ("7", 7),
        ("~", None),
        ("'7'", "7"),
        ("=", "="),
    ],
)
def test_a_short_form_stands_for_a_long_one(short: str, long: Any) -> None:
    assert load(f"a: {short}") == {"a": long}


# -- Terraform


def test_modules_of_a_state_are_read() -> None:
    policy = f"arn:aws:iam::{OWN}:policy/P"
    attach = {"role": "R", "policy_arn": policy}
    child = {
        "resources": [
            {
                "address": "module.m.aws_iam_role.r",
                "type": "aws_iam_role",
                "name": "r",
                "values": {"name": "R", "assume_role_policy": json.dumps(TRUST), "tags": None, "path": "/"},
            },
            {
                "address": "module.m.aws_iam_role_policy_attachment.a",
                "type": "aws_iam_role_policy_attachment",
                "name": "a",
                "values": attach,
            },
        ]
    }
    root = {
        "resources": [
            {
                "address": "aws_iam_policy.p",
                "type": "aws_iam_policy",
                "name": "p",
                "values": {"name": "P", "arn": policy, "path": "/", "policy": json.dumps(ALLOW)},
            }
        ],
        "child_modules": [child],
    }

    tx, done = loaded({"format_version": "1.0", "values": {"root_module": root}})

    assert (done.roles, done.policies) == (1, 1)
    assert role(tx, OWN, "R").attached == (policy,)


# -- what is none of them


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"hello", "neither JSON nor a credential report"),
        (b"[]", "the JSON is no object"),
        (b"{}", "the JSON is neither of"),
        (b'{"UserDetailList": [{"Path": "/"}]}', "a member is not as AWS has it"),
    ],
)
def test_what_is_in_no_format_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(FormatUnknown, match=told):
        read(content, OWN)
