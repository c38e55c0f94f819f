"""Every condition key that a call's input gives a value to: there, absent, empty."""

from typing import Any

import pytest

from remit.authz.input_keys import INPUT_KEYS, input_keys, tag_keys
from remit.authz.targets import Target
from remit.policy import Resource

TARGET = Target(resource=Resource(arn="*"), shown="*")
BOUNDED = Target(resource=Resource(arn="*"), shown="*", boundary="arn:aws:iam::1:policy/In")

CASES = [
    ("account:AlternateContactTypes", {"AlternateContactType": "BILLING"}, ("BILLING",)),
    ("account:EmailTargetDomain", {"PrimaryEmail": "ana@example.com"}, "example.com"),
    ("account:TargetRegion", {"RegionName": "af-south-1"}, "af-south-1"),
    ("aws:MultiFactorAuthAge", {"TokenCode": "123456"}, "0"),
    ("aws:MultiFactorAuthPresent", {"TokenCode": "123456"}, "true"),
    ("iam:AWSServiceName", {"AWSServiceName": "batch.amazonaws.com"}, "batch.amazonaws.com"),
    ("iam:AccountPropertyNamespaces", {"Properties": {"A/x": "1", "A/y": "2", "B/z": "3"}}, ("A", "B")),
    ("iam:DelegationDuration", {"SessionDuration": 3600}, "3600"),
    ("iam:DelegationRequestOwner", {"OwnerId": "arn:aws:iam::1:user/ana"}, "arn:aws:iam::1:user/ana"),
    ("iam:EnableIdentityPropagation", {"ContextProvider": {"SubjectSourceKey": "sub"}}, "true"),
    ("iam:NotificationChannel", {"NotificationChannel": "arn:aws:sns:::t"}, "arn:aws:sns:::t"),
    ("iam:OrganizationsPolicyId", {"OrganizationsPolicyId": "p-1"}, "p-1"),
    ("iam:PermissionsBoundary", {"PermissionsBoundary": "arn:aws:iam::1:policy/B"}, "arn:aws:iam::1:policy/B"),
    ("iam:PolicyARN", {"PolicyArn": "arn:aws:iam::1:policy/P"}, "arn:aws:iam::1:policy/P"),
    ("iam:ServiceSpecificCredentialAgeDays", {"CredentialAgeDays": 90}, "90"),
    ("iam:ServiceSpecificCredentialServiceName", {"ServiceName": "bedrock.amazonaws.com"}, "bedrock.amazonaws.com"),
    ("iam:TemplateArn", {"Permissions": {"PolicyTemplateArn": "arn:aws:iam:::t"}}, "arn:aws:iam:::t"),
    ("organizations:PolicyType", {"PolicyType": "TAG_POLICY"}, "TAG_POLICY"),
    ("organizations:PolicyType", {"Type": "TAG_POLICY"}, "TAG_POLICY"),
    ("organizations:PolicyType", {"Filter": "TAG_POLICY"}, "TAG_POLICY"),
    ("organizations:ServicePrincipal", {"ServicePrincipal": "ram.amazonaws.com"}, "ram.amazonaws.com"),
    ("organizations:TransferType", {"Type": "BILLING"}, "BILLING"),
    ("signin:OAuthClientAuthentication", {"tokenInput": {}}, "none"),
    ("signin:OAuthClientAuthentication", {"grantType": "client_credentials"}, "iam"),
    ("signin:OAuthClientId", {"tokenInput": {"clientId": "c1"}}, "c1"),
    ("signin:OAuthGrantType", {"tokenInput": {"grantType": "refresh_token"}}, "refresh_token"),
    ("signin:OAuthGrantType", {"grantType": "client_credentials"}, "client_credentials"),
    ("signin:OAuthRedirectUri", {"tokenInput": {"redirectUri": "http://127.0.0.1:1/"}}, "http://127.0.0.1:1/"),
    ("signin:OAuthTokenType", {"token": "ASORx"}, "refresh_token"),
    ("signin:OAuthTokenType", {"token": "ASOAx"}, "access_token"),
    ("sts:DurationSeconds", {"DurationSeconds": 300}, "300"),
    ("sts:ExternalId", {"ExternalId": "x1"}, "x1"),
    ("sts:IdentityTokenAudience", {"Audience": ["a", "b"]}, ("a", "b")),
    ("sts:RequestContextProviders", {"ProvidedContexts": [{"ProviderArn": "p1"}, {"ProviderArn": "p2"}]}, ("p1", "p2")),
    ("sts:RoleAuthorizedByIdp", {"RoleAuthorizedByIdp": "true"}, "true"),
    ("sts:RoleSessionName", {"RoleSessionName": "s1"}, "s1"),
    ("sts:SigningAlgorithm", {"SigningAlgorithm": "ES384"}, "ES384"),
    ("sts:SourceIdentity", {"SourceIdentity": "ana"}, "ana"),
    (
        "sts:TaskPolicyArn",
        {"TaskPolicyArn": {"arn": "arn:aws:iam::aws:policy/root-task/X"}},
        "arn:aws:iam::aws:policy/root-task/X",
    ),
    ("sts:TransitiveTagKeys", {"TransitiveTagKeys": ["team"]}, ("team",)),
]


@pytest.mark.parametrize(("key", "asked", "value"), CASES)
def test_a_key_has_the_value_that_the_input_gives(key: str, asked: dict[str, Any], value: Any) -> None:
    assert input_keys((key,), asked, TARGET) == {key.lower(): value}


@pytest.mark.parametrize("key", sorted({key for key, _, _ in CASES}))
def test_a_key_is_absent_when_the_input_says_nothing_of_it(key: str) -> None:
    assert input_keys((key,), {}, TARGET) == {}


def test_the_table_has_every_key() -> None:
    assert {key for key, _, _ in CASES} | {"aws:RequestTag", "aws:TagKeys"} == INPUT_KEYS


@pytest.mark.parametrize("key", ["sts:TransitiveTagKeys", "sts:IdentityTokenAudience", "sts:RequestContextProviders"])
def test_an_empty_list_counts_as_missing(key: str) -> None:
    asked: dict[str, list[str]] = {"TransitiveTagKeys": [], "Audience": [], "ProvidedContexts": []}

    assert input_keys((key,), asked, TARGET) == {}


def test_a_key_that_the_operation_does_not_have_gets_no_value() -> None:
    assert input_keys(("sts:ExternalId",), {"ExternalId": "x1", "RoleSessionName": "s1"}, TARGET) == {
        "sts:externalid": "x1"
    }


def test_the_boundary_is_the_one_asked_for_else_the_one_in_place() -> None:
    keys = ("iam:PermissionsBoundary",)

    assert input_keys(keys, {"PermissionsBoundary": "arn:new"}, BOUNDED) == {"iam:permissionsboundary": "arn:new"}
    assert input_keys(keys, {}, BOUNDED) == {"iam:permissionsboundary": "arn:aws:iam::1:policy/In"}


def test_giving_tags_has_their_values_and_their_keys() -> None:
    asked = {"Tags": [{"Key": "Team", "Value": "red"}, {"Key": "env", "Value": ""}]}

    assert input_keys(("aws:RequestTag", "aws:TagKeys"), asked, TARGET) == {
        "aws:requesttag/team": "red",
        "aws:requesttag/env": "",
        "aws:tagkeys": ("Team", "env"),
    }


def test_taking_tags_away_has_only_their_keys() -> None:
    assert input_keys(("aws:TagKeys",), {"TagKeys": ["Team"]}, TARGET) == {"aws:tagkeys": ("Team",)}
    assert tag_keys({}) == {}
