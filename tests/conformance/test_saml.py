"""AssumeRoleWithSAML, through an unchanged boto3."""

import json

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from cryptography.hazmat.primitives.asymmetric import rsa
from idp import pem
from saml import ATTRIBUTES, ISSUER, RECIPIENT, assertion, encoded, encrypted, metadata, response, signed

from remit.ids import Secret
from remit.testing import Identity

pytestmark = pytest.mark.conformance

NOT_AUTHORIZED = "Not authorized to perform sts:AssumeRoleWithSAML"
ALL = ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"]


@pytest.fixture
def okta(server) -> str:
    return server.client("iam").create_saml_provider(Name="Okta", SAMLMetadataDocument=metadata())["SAMLProviderArn"]


def document(provider: str, action: str | list[str] = "sts:AssumeRoleWithSAML", **condition) -> str:
    statement = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": action}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role(server, provider: str, action: str | list[str] = "sts:AssumeRoleWithSAML", **condition) -> str:
    return server.client("iam").create_role(
        RoleName="Deploy", AssumeRolePolicyDocument=document(provider, action, **condition)
    )["Role"]["Arn"]


def assume(server, arn: str, provider: str, xml: str, **more):
    anybody = boto3.client(
        "sts", endpoint_url=server.endpoint, region_name="us-east-1", config=Config(signature_version=UNSIGNED)
    )
    return anybody.assume_role_with_saml(RoleArn=arn, PrincipalArn=provider, SAMLAssertion=encoded(xml), **more)


def said(arn: str, provider: str, **how) -> str:
    return response(signed(assertion(arn, provider, **how)))


def holder(server, answer) -> Identity:
    credentials = answer["Credentials"]
    return Identity(
        answer["AssumedRoleUser"]["Arn"],
        credentials["AccessKeyId"],
        Secret(credentials["SecretAccessKey"]),
        credentials["SessionToken"],
        server.endpoint,
    )


def test_an_assertion_becomes_a_session_of_the_role(server, okta):
    arn = role(server, okta, StringEquals={"saml:aud": RECIPIENT, "saml:iss": ISSUER, "saml:sub_type": "persistent"})

    answer = assume(server, arn, okta, said(arn, okta))

    assert answer["Subject"] == "ana"
    assert answer["SubjectType"] == "persistent"
    assert answer["Issuer"] == ISSUER
    assert answer["Audience"] == RECIPIENT
    assert len(answer["NameQualifier"]) == 28
    session = holder(server, answer)
    assert session.client("sts").get_caller_identity()["Arn"] == (
        f"arn:aws:sts::{server.account}:assumed-role/Deploy/ana@example.com"
    )


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"StringEquals": {"saml:sub": "ana"}}, True),
        ({"StringEquals": {"saml:sub": "bob"}}, False),
        ({"StringEquals": {"saml:doc": "123456789012/Okta"}}, True),
        ({"ForAnyValue:StringEquals": {"saml:edupersonaffiliation": "staff"}}, True),
        ({"ForAnyValue:StringEquals": {"saml:edupersonaffiliation": "student"}}, False),
        ({"StringEquals": {"sts:RoleSessionName": "ana@example.com"}}, True),
        ({"Null": {"aws:FederatedProvider": "true"}}, True),
    ],
)
def test_the_trust_policy_asks_what_the_assertion_says(server, okta, refused, condition, allowed):
    arn = role(server, okta, **condition)
    xml = said(arn, okta, attributes={"urn:oid:1.3.6.1.4.1.5923.1.1.1.1": ["staff", "member"]})

    if allowed:
        assume(server, arn, okta, xml)
    else:
        error = refused(lambda: assume(server, arn, okta, xml), "AccessDenied", 403)
        assert error["Message"] == NOT_AUTHORIZED


def test_what_the_provider_said_counts_in_the_session(server, okta, refused):
    arn = role(server, okta)
    allowed = {
        "Effect": "Allow",
        "Action": "iam:ListUsers",
        "Resource": "*",
        "Condition": {"StringEquals": {"saml:sub": "ana"}},
    }
    server.client("iam").put_role_policy(
        RoleName="Deploy",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    )

    holder(server, assume(server, arn, okta, said(arn, okta))).client("iam").list_users()
    bob = holder(server, assume(server, arn, okta, said(arn, okta, subject="bob")))
    refused(lambda: bob.client("iam").list_users(), "AccessDenied")


def test_the_role_must_be_offered_by_this_provider(server, okta, refused):
    iam = server.client("iam")
    arn = role(server, okta)
    other = iam.create_saml_provider(Name="Other", SAMLMetadataDocument=metadata())["SAMLProviderArn"]
    iam.update_assume_role_policy(RoleName="Deploy", PolicyDocument=document(other))
    calls = [
        lambda: assume(server, arn, other, said(arn, okta)),
        lambda: assume(server, arn, okta, said(arn, okta)),
        lambda: assume(server, arn, other, said(f"{arn}2", other)),
        lambda: assume(server, arn, other, said(arn, other, attributes={f"{ATTRIBUTES}/Role": []})),
    ]

    for call in calls:
        assert refused(call, "AccessDenied", 403)["Message"] == NOT_AUTHORIZED
    assume(server, arn, other, said(other, arn))  # in either order


def test_tags_and_source_identity_come_with_the_assertion(server, okta, refused):
    arn = role(server, okta)
    attributes = {
        f"{ATTRIBUTES}/PrincipalTag:team": ["red"],
        f"{ATTRIBUTES}/TransitiveTagKeys": ["team"],
        f"{ATTRIBUTES}/SourceIdentity": ["ana"],
    }
    xml = said(arn, okta, attributes=attributes)
    assert refused(lambda: assume(server, arn, okta, xml), "AccessDenied")["Message"] == (
        "Not authorized to perform sts:TagSession"
    )
    condition = {"aws:RequestTag/team": "red", "sts:SourceIdentity": "ana"}
    server.client("iam").update_assume_role_policy(
        RoleName="Deploy", PolicyDocument=document(okta, ALL, StringEquals=condition)
    )

    answer = assume(server, arn, okta, xml)

    assert answer["SourceIdentity"] == "ana"
    assert answer["PackedPolicySize"] >= 1


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"RoleSessionName": []}, "RoleSessionName is required in AuthnResponse"),
        ({"RoleSessionName": ["a"]}, "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"),
        ({"RoleSessionName": ["ana", "bob"]}, "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"),
        (
            {"SourceIdentity": ["aws:x"]},
            'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
        ),
        ({"PrincipalTag:k": ["a", "b"]}, "A session tag in AuthnResponse must have one value"),
    ],
)
def test_attributes_have_their_form(server, okta, refused, attributes, message):
    arn = role(server, okta, ALL)
    xml = said(arn, okta, attributes={f"{ATTRIBUTES}/{name}": values for name, values in attributes.items()})

    assert refused(lambda: assume(server, arn, okta, xml), "InvalidIdentityToken", 400)["Message"] == message


def test_an_encrypted_assertion_is_opened_with_the_providers_key(server, okta, refused):
    iam = server.client("iam")
    arn = role(server, okta)
    key = rsa.generate_private_key(65537, 2048)
    iam.update_saml_provider(SAMLProviderArn=okta, AddPrivateKey=pem(key).decode(), AssertionEncryptionMode="Required")
    plain = signed(assertion(arn, okta))

    assume(server, arn, okta, response(encrypted(plain, key.public_key())))
    refused(lambda: assume(server, arn, okta, response(plain)), "InvalidIdentityToken", 400)


def test_a_session_ends_with_the_providers(server, okta, refused):
    from datetime import UTC, datetime, timedelta

    arn = role(server, okta)

    answer = assume(server, arn, okta, said(arn, okta, session_ends=1800))

    assert answer["Credentials"]["Expiration"] - datetime.now(UTC) < timedelta(seconds=1801)
    refused(lambda: assume(server, arn, okta, said(arn, okta, session_ends=-5)), "ExpiredTokenException", 400)
    error = refused(lambda: assume(server, arn, okta, said(arn, okta), DurationSeconds=3601), "ValidationError")
    assert error["Message"] == "Requested DurationSeconds exceeds MaxSessionDuration set for this role."


def test_who_is_not_believed(server, okta, refused):
    arn = role(server, okta)

    missing = refused(lambda: assume(server, arn, f"{okta}2", said(arn, okta)), "InvalidIdentityToken", 400)
    assert missing["Message"] == "Specified provider doesn't exist."
    unsigned = refused(lambda: assume(server, arn, okta, response(assertion(arn, okta))), "InvalidIdentityToken", 400)
    assert unsigned["Message"] == "Response signature invalid"
    refused(lambda: assume(server, arn, okta, said(arn, okta, issued=-400)), "ExpiredTokenException", 400)


def test_roles_of_identity_center_cannot_be_assumed_so(server, okta, refused):
    arn = server.client("iam").create_role(RoleName="AWSReservedSSO_x", AssumeRolePolicyDocument=document(okta))[
        "Role"
    ]["Arn"]

    refused(lambda: assume(server, arn, okta, said(arn, okta)), "AccessDenied", 403)


def test_who_was_let_in_and_who_was_not_is_in_the_trail(server, okta, refused):
    arn = role(server, okta, StringEquals={"saml:sub": "ana"})
    xml = said(arn, okta)
    answer = assume(server, arn, okta, xml)
    refused(lambda: assume(server, arn, okta, said(arn, okta, subject="bob")), "AccessDenied")

    denied, allowed = server.events(EventName="AssumeRoleWithSAML")

    assert denied["errorCode"] == "AccessDenied"
    assert denied["userIdentity"]["userName"] == "bob"
    assert allowed["userIdentity"] == {
        "type": "SAMLUser",
        "principalId": f"{answer['NameQualifier']}:ana",
        "userName": "ana",
        "identityProvider": answer["NameQualifier"],
    }
    assert allowed["responseElements"]["credentials"].keys() == {"accessKeyId", "expiration"}
    assert encoded(xml) not in json.dumps([denied, allowed])
