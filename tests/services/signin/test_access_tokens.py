"""Access tokens: for whom, for how long, and what is told of them."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import Composed

from remit.ids import Secret
from remit.testing import Identity

RESOURCE = "aws-mcp.amazonaws.com"
GRANT = {"grantType": "client_credentials", "resource": RESOURCE}
MAY = {"Effect": "Allow", "Action": "signin:*", "Resource": "*"}


def test_a_token_says_whose_it_is(remit: Composed) -> None:
    ana = remit.user("ana", MAY)
    signin = remit.client("signin", ana)
    identity = remit.client("sts", ana).get_caller_identity()

    told = signin.create_oauth2_token_with_iam(**GRANT)

    assert (told["tokenType"], told["expiresIn"], told["accessToken"][:4]) == ("Bearer", 3600, "ASOA")
    says = signin.introspect_oauth2_token_with_iam(token=told["accessToken"])
    assert says["active"] is True
    assert (says["sub"], says["userId"]) == (identity["Arn"], identity["UserId"])
    assert (says["aud"], says["accountId"]) == (RESOURCE, remit.account)
    assert (says["iss"], says["tokenType"]) == ("signin.amazonaws.com", "access_token")
    assert says["exp"] - says["iat"] == 3600


def test_a_token_ends_with_the_credentials_it_was_asked_for_with(remit: Composed) -> None:
    sts = remit.client("sts")
    given = sts.get_session_token(DurationSeconds=900)["Credentials"]
    session = Identity(
        "", given["AccessKeyId"], Secret(given["SecretAccessKey"]), given["SessionToken"], remit.admin.endpoint
    )

    told = remit.client("signin", session).create_oauth2_token_with_iam(**GRANT)

    assert told["expiresIn"] in range(890, 901)


@pytest.mark.parametrize(("seconds", "expected"), [(None, 43_200), (300, 300), (43_200, 43_200)])
def test_a_bearer_token_lasts_as_long_as_is_asked(remit: Composed, seconds: int | None, expected: int) -> None:
    more = {} if seconds is None else {"durationSeconds": seconds}
    signin = remit.client("signin")

    told = signin.create_bearer_token(grantType="client_credentials", resource="ecr.amazonaws.com", **more)

    assert (told["tokenType"], told["expiresIn"]) == ("Bearer", expected)
    assert signin.introspect_oauth2_token_with_iam(token=told["accessToken"])["aud"] == "ecr.amazonaws.com"


def test_a_bearer_token_lasts_no_longer_than_half_a_day(remit: Composed) -> None:
    signin = remit.client("signin")

    with pytest.raises(ClientError, match="ValidationException") as refused:
        signin.create_bearer_token(grantType="client_credentials", resource="ecr.amazonaws.com", durationSeconds=43_201)
    assert refused.value.response["error"] == "INVALID_REQUEST"


@pytest.mark.parametrize("token", ["ASOAAAAA", "ASORAAAA", "ASOA" + "x" * 200])
def test_nothing_is_told_of_what_is_no_token(remit: Composed, token: str) -> None:
    answer = remit.client("signin").introspect_oauth2_token_with_iam(token=token)
    answer.pop("ResponseMetadata")

    assert answer == {"active": False}


def test_a_token_of_another_account_is_not_told_of(
    remit: Composed, organize: Callable[..., str], join: Callable[[str], Any]
) -> None:
    there = join(organize())
    told = remit.client("signin", there).create_oauth2_token_with_iam(**GRANT)

    assert remit.client("signin").introspect_oauth2_token_with_iam(token=told["accessToken"])["active"] is False
    assert remit.client("signin", there).introspect_oauth2_token_with_iam(token=told["accessToken"])["active"] is True


def test_a_refresh_token_is_told_of_until_it_is_revoked(remit: Composed, login: Callable[..., Any]) -> None:
    program = login()
    program.all_the_way()
    signin = remit.client("signin")

    says = signin.introspect_oauth2_token_with_iam(token=program.refresh_token, tokenTypeHint="access_token")
    assert (says["active"], says["tokenType"]) == (True, "refresh_token")
    assert says["sub"] == f"arn:aws:iam::{remit.account}:user/ana"
    assert says["signinSession"].startswith(f"arn:aws:signin:us-east-1:{remit.account}:session/")

    signin.revoke_oauth2_token_with_iam(token=program.refresh_token)
    signin.revoke_oauth2_token_with_iam(token=program.refresh_token)
    signin.revoke_oauth2_token_with_iam(token="ASORAAAA")
    assert signin.introspect_oauth2_token_with_iam(token=program.refresh_token)["active"] is False
    assert program.refresh()[0] == 400


def test_another_accounts_refresh_token_is_left_alone(
    remit: Composed, login: Callable[..., Any], organize: Callable[..., str], join: Callable[[str], Any]
) -> None:
    program = login()
    program.all_the_way()
    there = remit.client("signin", join(organize()))

    there.revoke_oauth2_token_with_iam(token=program.refresh_token)

    assert there.introspect_oauth2_token_with_iam(token=program.refresh_token)["active"] is False
    assert program.refresh()[0] == 200


@pytest.mark.parametrize(
    ("condition", "is_allowed"),
    [
        ({"StringEquals": {"signin:OAuthGrantType": "client_credentials"}}, True),
        ({"StringEquals": {"signin:OAuthGrantType": "refresh_token"}}, False),
        ({"StringEquals": {"signin:OAuthClientAuthentication": "iam"}}, True),
        ({"Null": {"signin:OAuthClientId": "true", "signin:OAuthRedirectUri": "true"}}, True),
    ],
)
def test_policies_tell_requests_for_tokens_apart(remit: Composed, condition: Any, *, is_allowed: bool) -> None:
    resource = f"arn:aws:signin:*:{remit.account}:service-principal/{RESOURCE}"
    may = {"Effect": "Allow", "Action": "signin:CreateOAuth2Token", "Resource": resource, "Condition": condition}
    signin = remit.client("signin", remit.user("ana", may))

    if is_allowed:
        assert signin.create_oauth2_token_with_iam(**GRANT)["expiresIn"] == 3600
    else:
        with pytest.raises(ClientError, match="AccessDeniedException"):
            signin.create_oauth2_token_with_iam(**GRANT)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        signin.create_oauth2_token_with_iam(grantType="client_credentials", resource="other.amazonaws.com")


@pytest.mark.parametrize(
    ("key", "value", "statuses"),
    [
        ("signin:OAuthClientId", "arn:aws:signin:::devtools/same-device", (200, 200)),
        ("signin:OAuthClientId", "arn:aws:signin:::devtools/cross-device", (403, None)),
        ("signin:OAuthRedirectUri", "http://127.0.0.1:53210/*", (200, 200)),
        ("signin:OAuthRedirectUri", "http://127.0.0.1:9/*", (403, None)),
        ("signin:OAuthGrantType", "authorization_code", (403, None)),
    ],
)
def test_policies_tell_programs_apart(
    remit: Composed, login: Callable[..., Any], key: str, value: str, statuses: tuple[int, int | None]
) -> None:
    del remit
    may = {
        "Effect": "Allow",
        "Action": ["signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token"],
        "Resource": "*",
        "Condition": {"StringLike": {key: value}},
    }
    program = login("ana", may)

    status, body = program.authorize(program.sign_in()[1]["credentials"])
    assert status == statuses[0]
    if statuses[1] is not None:
        assert program.redeem(body["redirect"])[0] == statuses[1]


def test_policies_tell_how_tokens_are_asked_for(login: Callable[..., Any]) -> None:
    only_codes = {
        "Effect": "Deny",
        "Action": "signin:CreateOAuth2Token",
        "Resource": "*",
        "Condition": {
            "StringEquals": {
                "signin:OAuthGrantType": "refresh_token",
                "signin:OAuthClientAuthentication": "none",
            }
        },
    }
    program = login("ana", {"Effect": "Allow", "Action": "*", "Resource": "*"}, only_codes)
    program.all_the_way()

    status, told = program.refresh()

    assert (status, "CreateOAuth2Token" in told["message"]) == (403, True)


@pytest.mark.parametrize(("kind", "is_told"), [("access_token", True), ("refresh_token", False)])
def test_policies_tell_kinds_of_tokens_apart(remit: Composed, kind: str, *, is_told: bool) -> None:
    condition = {"StringEquals": {"signin:OAuthTokenType": kind}}
    may = {"Effect": "Allow", "Action": "signin:IntrospectOAuth2Token", "Resource": "*", "Condition": condition}
    token = remit.client("signin").create_oauth2_token_with_iam(**GRANT)["accessToken"]
    signin = remit.client("signin", remit.user("ana", may))

    if is_told:
        assert signin.introspect_oauth2_token_with_iam(token=token)["active"] is True
        return
    with pytest.raises(ClientError, match="AccessDeniedException"):
        signin.introspect_oauth2_token_with_iam(token=token)
