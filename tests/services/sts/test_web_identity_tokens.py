"""Outbound federation: tokens that others can verify, of an issuer that is on or off."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError
from composed import Composed
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from remit.ids import Secret
from remit.request import HttpRequest, HttpResponse
from remit.testing import Identity

NAMESPACE = "https://sts.amazonaws.com/"


def refusal(call: Callable[[], Any]) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response
    return error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]


def get(remit: Composed, url: str) -> tuple[int, dict[str, Any]]:
    """Ask an address of the server, as somebody would who verifies a token."""
    path = "/" + url.split("/", 3)[3]

    async def ask() -> HttpResponse:
        handler: Any = remit._whole.handler
        answer: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()
        handler.handle(HttpRequest("GET", path, "", {"host": "x"}, b"", "127.0.0.1"), answer.set_result)
        return await answer

    answer = remit._loop.run_until_complete(ask())
    return answer.status, msgspec.json.decode(answer.body)


def token(remit: Composed, identity: Identity | None = None, **asked: Any) -> Any:
    given = {"Audience": ["https://api.example.com"], "SigningAlgorithm": "RS256", **asked}
    return remit.client("sts", identity).get_web_identity_token(**given)


def verified(remit: Composed, issuer: str, text: str) -> dict[str, Any]:
    """Verify a token with nothing but what its issuer publishes."""
    _, configuration = get(remit, f"{issuer}/.well-known/openid-configuration")
    assert configuration["issuer"] == issuer
    _, published = get(remit, configuration["jwks_uri"])
    header = jws.extract_compact(text.encode()).headers()
    (row,) = [key for key in published["keys"] if key["kid"] == header["kid"]]
    assert "d" not in row
    key = RSAKey.import_key(row) if row["kty"] == "RSA" else ECKey.import_key(row)
    claims = jws.deserialize_compact(text, key, algorithms=[row["alg"]])
    return msgspec.json.decode(claims.payload, type=dict[str, Any])


@pytest.mark.parametrize("algorithm", ["RS256", "ES384"])
def test_a_token_says_who_the_caller_is(remit: Composed, algorithm: str) -> None:
    issuer = remit.client("iam").enable_outbound_web_identity_federation()["IssuerIdentifier"]
    tags = [{"Key": "team", "Value": "red"}]

    answer = token(remit, SigningAlgorithm=algorithm, Tags=tags, Scope="read write")
    claims = verified(remit, issuer, answer["WebIdentityToken"])

    assert claims["iss"] == issuer
    assert claims["aud"] == "https://api.example.com"
    assert claims["sub"] == remit.admin.arn
    assert claims["exp"] - claims["iat"] == 300
    assert claims["exp"] == int(answer["Expiration"].timestamp())
    assert abs(claims["iat"] - datetime.now(UTC).timestamp()) < 10
    assert claims["scope"] == "read write"
    assert claims[NAMESPACE] == {
        "aws_account": remit.account,
        "source_region": "us-east-1",
        "principal_id": remit.admin.arn,
        "request_tags": {"team": "red"},
    }
    assert claims["jti"] != verified(remit, issuer, token(remit)["WebIdentityToken"])["jti"]


def test_several_audiences_are_a_list(remit: Composed) -> None:
    issuer = remit.client("iam").enable_outbound_web_identity_federation()["IssuerIdentifier"]

    claims = verified(remit, issuer, token(remit, Audience=["a", "b"])["WebIdentityToken"])

    assert claims["aud"] == ["a", "b"]


def test_the_feature_is_on_or_off_and_the_issuer_stays(remit: Composed) -> None:
    iam = remit.client("iam")
    off = ("FeatureDisabled", 404)

    assert refusal(lambda: token(remit)) == ("OutboundWebIdentityFederationDisabledException", 403)
    assert refusal(iam.disable_outbound_web_identity_federation) == off
    assert refusal(iam.get_outbound_web_identity_federation_info) == off
    issuer = iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]
    assert refusal(iam.enable_outbound_web_identity_federation) == ("FeatureEnabled", 409)
    info = iam.get_outbound_web_identity_federation_info()
    assert (info["IssuerIdentifier"], info["JwtVendingEnabled"]) == (issuer, True)
    given = token(remit)["WebIdentityToken"]
    iam.disable_outbound_web_identity_federation()
    assert refusal(lambda: token(remit)) == ("OutboundWebIdentityFederationDisabledException", 403)
    assert verified(remit, issuer, given)["iss"] == issuer
    assert iam.enable_outbound_web_identity_federation()["IssuerIdentifier"] == issuer


def test_a_role_is_named_without_its_session_and_no_token_outlives_it(remit: Composed) -> None:
    iam = remit.client("iam")
    issuer = iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": remit.admin.arn}, "Action": "sts:AssumeRole"}],
    }
    role = iam.create_role(RoleName="R", Path="/ci/", AssumeRolePolicyDocument=msgspec.json.encode(trust).decode())[
        "Role"
    ]["Arn"]
    iam.attach_role_policy(RoleName="R", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    credentials = remit.client("sts").assume_role(RoleArn=role, RoleSessionName="s1", DurationSeconds=900)[
        "Credentials"
    ]
    session = Identity(
        role,
        credentials["AccessKeyId"],
        Secret(credentials["SecretAccessKey"]),
        credentials["SessionToken"],
        remit.admin.endpoint,
    )

    claims = verified(remit, issuer, token(remit, session)["WebIdentityToken"])

    assert claims["sub"] == role
    assert refusal(lambda: token(remit, session, DurationSeconds=901)) == ("SessionDurationEscalationException", 403)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"SigningAlgorithm": "HS256"}, "ValidationError"),
        ({"SubjectMode": "OriginIdentity"}, "ValidationError"),
        ({"DurationSeconds": 3601}, "ValidationError"),
        ({"Audience": [f"https://{number}.example.com" for number in range(11)]}, "ValidationError"),
        ({"Tags": [{"Key": f"k{n}", "Value": "v" * 256} for n in range(50)]}, "JWTPayloadSizeExceededException"),
        ({"Tags": [{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}]}, "InvalidParameterValue"),
    ],
)
def test_what_no_token_is_given_for(remit: Composed, asked: dict[str, Any], code: str) -> None:
    remit.client("iam").enable_outbound_web_identity_federation()

    assert refusal(lambda: token(remit, **asked))[0] == code


def test_a_policy_may_choose_audience_algorithm_and_length(remit: Composed) -> None:
    remit.client("iam").enable_outbound_web_identity_federation()
    condition = {
        "ForAllValues:StringEquals": {"sts:IdentityTokenAudience": "https://api.example.com"},
        "StringEquals": {"sts:SigningAlgorithm": "RS256"},
        "NumericLessThanEquals": {"sts:DurationSeconds": "300"},
    }
    bob = remit.user(
        "bob", {"Effect": "Allow", "Action": "sts:GetWebIdentityToken", "Resource": "*", "Condition": condition}
    )

    token(remit, bob, DurationSeconds=300)
    for asked in (
        {"DurationSeconds": 301},
        {"DurationSeconds": 300, "SigningAlgorithm": "ES384"},
        {"DurationSeconds": 300, "Audience": ["other"]},
        {"DurationSeconds": 300, "Tags": [{"Key": "k", "Value": "v"}]},
    ):
        assert refusal(lambda asked=asked: token(remit, bob, **asked)) == ("AccessDenied", 403)


def test_what_is_no_issuer_is_not_there(remit: Composed) -> None:
    issuer = remit.client("iam").enable_outbound_web_identity_federation()["IssuerIdentifier"]

    for url in (f"{issuer}/", issuer, f"{issuer}x/.well-known/jwks.json", f"{issuer}/.well-known/other"):
        assert get(remit, url)[0] == 404


def test_tokens_are_in_no_trail(remit: Composed) -> None:
    remit.client("iam").enable_outbound_web_identity_federation()
    text = token(remit)["WebIdentityToken"]

    events = remit.client("cloudtrail").lookup_events()["Events"]

    assert any(event["EventName"] == "GetWebIdentityToken" for event in events)
    assert all(text not in event["CloudTrailEvent"] for event in events)


def test_the_version_of_global_tokens_shows_in_the_summary(remit: Composed) -> None:
    iam = remit.client("iam")

    assert iam.get_account_summary()["SummaryMap"]["GlobalEndpointTokenVersion"] == 1
    iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="v2Token")
    assert iam.get_account_summary()["SummaryMap"]["GlobalEndpointTokenVersion"] == 2
    iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="v1Token")
    assert iam.get_account_summary()["SummaryMap"]["GlobalEndpointTokenVersion"] == 1
