"""Role templates: what an operator writes down, and what values make of it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from directory.conftest import AT

from remit.directory.facts import NotFound, Noun, TemplateRefused
from remit.directory.role_templates import TemplateVersion, add_template, described_template, fill, role_template
from remit.store import Transaction

ARN = "arn:aws:iam::aws:role-template/builds.amazonaws.com/Builder:1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "@{service}"}, "Action": "sts:AssumeRole"}],
}
INLINE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["@{buckets}", "arn:aws:s3:::own/*"]}],
}
VERSION: dict[str, Any] = {
    "MinorVersion": 0,
    "RoleNamePattern": "Builder-@{team}",
    "RolePathPattern": "/builds/@{team}/",
    "RoleDescriptionPattern": "Builds for @{team}",
    "AssumeRolePolicyDocumentTemplate": json.dumps(TRUST),
    "InlinePolicyTemplates": [{"PolicyName": "read", "PolicyDocument": json.dumps(INLINE)}],
    "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    "ParametersDefinition": [
        {"Name": "team", "Type": "String", "IsRequired": True},
        {"Name": "service", "Type": "String", "DefaultValue": "ec2.amazonaws.com"},
        {"Name": "buckets", "Type": "ArnList"},
        {"Name": "size", "Type": "Number", "DefaultValue": "3"},
    ],
    "RoleTagsTemplate": [{"Key": "team", "Value": "@{team}"}, {"Key": "size", "Value": "@{size}"}],
}


def written(**changes: Any) -> bytes:
    return json.dumps({"TemplateArn": ARN, "Versions": [VERSION]} | changes).encode()


def version(**changes: Any) -> TemplateVersion:
    return described_template(written(Versions=[VERSION | changes])).versions[0]


def test_a_template_is_found_by_its_arn(tx: Transaction) -> None:
    made = add_template(tx, described_template(written(Description="d")), at=AT)

    assert role_template(tx, ARN) == made
    assert (made.template_name, made.major_version, made.managed_by_value) == ("Builder", 1, "builds.amazonaws.com")
    assert made.version(None) == made.version(0) == made.versions[0]


def test_a_template_that_is_added_again_keeps_when_it_was_made(tx: Transaction) -> None:
    later = AT + timedelta(days=1)
    add_template(tx, described_template(written()), at=AT)
    changed = written(Versions=[VERSION | {"MinorVersion": 1}, VERSION], DefaultMinorVersion=1)

    again = add_template(tx, described_template(changed), at=later)

    assert (again.created_at, again.updated_at) == (AT, later)
    assert [one.minor_version for one in again.versions] == [0, 1]
    assert again.version(None).minor_version == 1


def test_what_is_not_there_is_a_fact(tx: Transaction) -> None:
    with pytest.raises(NotFound) as no_template:
        role_template(tx, ARN)
    with pytest.raises(NotFound) as no_version:
        add_template(tx, described_template(written()), at=AT).version(7)

    assert (no_template.value.noun, no_template.value.name) == (Noun.ROLE_TEMPLATE, ARN)
    assert (no_version.value.noun, no_version.value.name) == (Noun.ROLE_TEMPLATE_VERSION, "7")


@pytest.mark.parametrize(
    "text",
    [
        b"{",
        written(TemplateArn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
        written(TemplateArn="arn:aws:iam::aws:role-template/s.amazonaws.com/Name"),
        written(Surprise=1),
        written(Versions=[VERSION | {"AssumeRolePolicyDocumentTemplate": "{"}]),
    ],
)
def test_what_is_no_template_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        described_template(text)


def test_values_are_filled_in_everywhere() -> None:
    filled = fill(version(), {"team": ["red"], "buckets": ["arn:aws:s3:::a", "arn:aws:s3:::b"]})

    assert (filled.name, filled.path, filled.description) == ("Builder-red", "/builds/red/", "Builds for red")
    assert json.loads(filled.trust)["Statement"][0]["Principal"] == {"Service": "ec2.amazonaws.com"}
    resources = json.loads(filled.inline["read"])["Statement"][0]["Resource"]
    assert resources == ["arn:aws:s3:::a", "arn:aws:s3:::b", "arn:aws:s3:::own/*"]
    assert filled.tags == {"team": "red", "size": "3"}
    assert filled.attached == ("arn:aws:iam::aws:policy/ReadOnlyAccess",)


def test_a_value_stays_in_its_string() -> None:
    filled = fill(version(), {"team": ["red"], "service": ['x"}, "Action": "*']})

    assert json.loads(filled.trust)["Statement"][0]["Principal"] == {"Service": 'x"}, "Action": "*'}


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "The parameter team is required."),
        ({"team": ["red"], "colour": ["blue"]}, "The role template has no parameter colour."),
        ({"team": ["red", "blue"]}, "The parameter team takes one value."),
        ({"team": ["red"], "size": ["big"]}, "The value of the parameter size is not a number."),
        ({"team": ["red"], "buckets": ["bucket"]}, "The value of the parameter buckets is not an ARN."),
    ],
)
def test_values_must_fit(given: dict[str, list[str]], text: str) -> None:
    with pytest.raises(TemplateRefused) as fact:
        fill(version(), given)

    assert str(fact.value) == text


def test_a_template_defines_what_it_names() -> None:
    with pytest.raises(TemplateRefused, match="names a parameter nobody"):
        fill(version(RoleNamePattern="@{nobody}"), {"team": ["red"]})
