"""AssumeRoleWithWebIdentity, through an unchanged boto3, and a provider on loopback."""

import base64
import json
from collections.abc import Iterator

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from idp import Provider, identity_provider, say
from serving import Served, served

from remit.ids import Secret
from remit.testing import Identity

pytestmark = pytest.mark.conformance

TAGS = "https://aws.amazon.com/tags"
NOT_AUTHORIZED = "Not authorized to perform sts:AssumeRoleWithWebIdentity"


@pytest.fixture(scope="module")
def served_once() -> Iterator[Served]:
    with served("--ephemeral", "--allow-reset", "--allow-local-identity-providers") as found:
        yield found


@pytest.fixture
def server(served_once: Served) -> Served:
    served_once.reset()
    return served_once


@pytest.fixture
def provider(tmp_path) -> Iterator[Provider]:
    with identity_provider(tmp_path) as found:
        yield found


@pytest.fixture
def believed(server, provider) -> str:
    """The ARN of the provider, believed by the account."""
    return server.client("iam").create_open_id_connect_provider(
        Url=provider.issuer, ClientIDList=["sts.amazonaws.com", "app"], ThumbprintList=[provider.thumbprint]
    )["OpenIDConnectProviderArn"]


def role(server: Served, arn: str, action: str | list[str] = "sts:AssumeRoleWithWebIdentity", **condition) -> str:
    statement = {"Effect": "Allow", "Principal": {"Federated": arn}, "Action": action}
    if condition:
        statement["Condition"] = condition
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return server.client("iam").create_role(RoleName="Deploy", AssumeRolePolicyDocument=document)["Role"]["Arn"]


def assume(server: Served, arn: str, token: str, **more):
    anybody = boto3.client(
        "sts", endpoint_url=server.endpoint, region_name="us-east-1", config=Config(signature_version=UNSIGNED)
    )
    return anybody.assume_role_with_web_identity(RoleArn=arn, RoleSessionName="run-1", WebIdentityToken=token, **more)


def holder(server: Served, answer) -> Identity:
    credentials = answer["Credentials"]
    return Identity(
        answer["AssumedRoleUser"]["Arn"],
        credentials["AccessKeyId"],
        Secret(credentials["SecretAccessKey"]),
        credentials["SessionToken"],
        server.endpoint,
    )


def test_a_token_becomes_a_session_of_the_role(server, provider, believed, refused):
    arn = role(server, believed, StringEquals={f"{provider.url}:sub": "repo:octo/app:ref:refs/heads/main"})
    server.client("iam").attach_role_policy(RoleName="Deploy", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")

    answer = assume(server, arn, provider.token())

    assert answer["SubjectFromWebIdentityToken"] == "repo:octo/app:ref:refs/heads/main"
    assert answer["Provider"] == provider.issuer
    assert answer["Audience"] == "sts.amazonaws.com"
    session = holder(server, answer)
    assert session.client("sts").get_caller_identity()["Arn"] == (
        f"arn:aws:sts::{server.account}:assumed-role/Deploy/run-1"
    )
    session.client("iam").list_users()
    error = refused(lambda: session.client("sts").get_session_token(), "AccessDenied")
    assert error["Message"] == "Cannot call GetSessionToken with session credentials"


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "ES256"])
def test_every_algorithm_of_public_keys_is_known(server, provider, believed, algorithm):
    arn = role(server, believed)
    key = provider.rsa if algorithm.startswith("RS") else provider.ec
    header = {"alg": algorithm, "kid": "rsa" if algorithm.startswith("RS") else "ec"}

    assert assume(server, arn, provider.token(header, key))["Audience"] == "sts.amazonaws.com"


@pytest.mark.parametrize(
    ("claims", "condition", "allowed"),
    [
        ({}, {"StringLike": {"{url}:sub": "repo:octo/*"}}, True),
        ({}, {"StringLike": {"{url}:sub": "repo:evil/*"}}, False),
        ({"aud": "app"}, {"StringEquals": {"{url}:aud": "app"}}, True),
        ({}, {"StringEquals": {"{url}:aud": "app"}}, False),
        ({"aud": ["other", "app"]}, {"StringEquals": {"{url}:aud": "app"}}, True),
        ({"aud": "other", "azp": "app"}, {"StringEquals": {"{url}:aud": "app", "{url}:oaud": "other"}}, True),
        ({"amr": ["authenticated", "x"]}, {"ForAnyValue:StringEquals": {"{url}:amr": "x"}}, True),
        ({}, {"StringEquals": {"sts:RoleSessionName": "run-1"}}, True),
        ({}, {"StringEquals": {"aws:FederatedProvider": "{arn}"}}, True),
        ({"repository": "octo/app"}, {"StringEquals": {"{url}:repository": "octo/app"}}, False),
        ({"roles": ["{role}"]}, {"Bool": {"sts:RoleAuthorizedByIdp": "true"}}, True),
        ({"roles": []}, {"Bool": {"sts:RoleAuthorizedByIdp": "true"}}, False),
        ({}, {"Bool": {"sts:RoleAuthorizedByIdp": "true"}}, False),
    ],
)
def test_the_trust_policy_asks_what_the_token_says(server, provider, believed, refused, claims, condition, allowed):
    words = {"{url}": provider.url, "{arn}": believed, "{role}": f"arn:aws:iam::{server.account}:role/Deploy"}

    def filled(value):
        text = json.dumps(value)
        for word, meant in words.items():
            text = text.replace(word, meant)
        return json.loads(text)

    arn = role(server, believed, **filled(condition))

    if allowed:
        assume(server, arn, provider.token(**filled(claims)))
    else:
        error = refused(lambda: assume(server, arn, provider.token(**filled(claims))), "AccessDenied", 403)
        assert error["Message"] == NOT_AUTHORIZED


@pytest.mark.usefixtures("believed")
def test_a_role_that_is_not_there_looks_like_one_that_trusts_nobody(server, provider, refused):
    role(server, "cognito-identity.amazonaws.com")

    for name in ("Deploy", "Absent"):
        arn = f"arn:aws:iam::{server.account}:role/{name}"
        error = refused(lambda arn=arn: assume(server, arn, provider.token()), "AccessDenied", 403)
        assert error["Message"] == NOT_AUTHORIZED


def test_what_the_provider_said_counts_in_the_session(server, provider, believed, refused):
    arn = role(server, believed)
    allowed = {
        "Effect": "Allow",
        "Action": "iam:ListUsers",
        "Resource": "*",
        "Condition": {
            "StringEquals": {f"{provider.url}:aud": "app", "aws:FederatedProvider": believed},
            "StringLike": {f"{provider.url}:sub": "repo:*"},
        },
    }
    server.client("iam").put_role_policy(
        RoleName="Deploy",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    )

    holder(server, assume(server, arn, provider.token(aud="app"))).client("iam").list_users()
    other = holder(server, assume(server, arn, provider.token()))
    refused(lambda: other.client("iam").list_users(), "AccessDenied")


@pytest.mark.parametrize(
    "claims",
    [
        {TAGS: {"principal_tags": {"team": ["red"]}, "transitive_tag_keys": ["team"]}},
        {TAGS: {"principal_tags": {"team": "red"}}},
        {f"{TAGS}/principal_tags/team": ["red"], f"{TAGS}/transitive_tag_keys": ["team"]},
    ],
)
def test_tags_come_with_the_token_and_need_a_permission(server, provider, believed, refused, claims):
    arn = role(server, believed)
    token = provider.token(**claims)
    message = refused(lambda: assume(server, arn, token), "AccessDenied", 403)["Message"]
    assert message == "Not authorized to perform sts:TagSession"

    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": believed},
        "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        "Condition": {"StringEquals": {"aws:RequestTag/team": "red"}},
    }
    server.client("iam").update_assume_role_policy(
        RoleName="Deploy", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    red = {
        "Effect": "Allow",
        "Action": "iam:ListUsers",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}},
    }
    server.client("iam").put_role_policy(
        RoleName="Deploy", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [red]})
    )
    holder(server, assume(server, arn, token)).client("iam").list_users()


def test_a_source_identity_comes_with_the_token_and_needs_a_permission(server, provider, believed, refused):
    actions = ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity"]
    arn = role(server, believed, actions, StringEquals={"sts:SourceIdentity": "ana"})
    claim = "https://aws.amazon.com/source_identity"

    answer = assume(server, arn, provider.token(**{claim: "ana"}))

    assert answer["SourceIdentity"] == "ana"
    refused(lambda: assume(server, arn, provider.token(**{claim: "bob"})), "AccessDenied")
    message = refused(lambda: assume(server, arn, provider.token(**{claim: "aws:x"})), "InvalidIdentityToken")[
        "Message"
    ]
    assert message == 'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'


@pytest.mark.parametrize(
    "tags",
    [
        "x",
        {"principal_tags": "x"},
        {"principal_tags": {"k": ["a", "b"]}},
        {"principal_tags": {"k": [1]}},
        {"principal_tags": {"k" * 129: ["v"]}},
        {"principal_tags": {"": ["v"]}},
        {"principal_tags": {"k": ["v" * 257]}},
        {"principal_tags": {f"k{number}": ["v"] for number in range(51)}},
        {"transitive_tag_keys": "x"},
        {"transitive_tag_keys": [1]},
    ],
)
def test_tags_in_no_known_form_are_refused(server, provider, believed, refused, tags):
    arn = role(server, believed, ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"])

    refused(lambda: assume(server, arn, provider.token(**{TAGS: tags})), "InvalidIdentityToken", 400)


def test_session_policies_and_durations_are_as_of_assume_role(server, provider, believed, refused):
    arn = role(server, believed)
    server.client("iam").attach_role_policy(RoleName="Deploy", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:List*", "Resource": "*"}]}

    answer = assume(server, arn, provider.token(), Policy=json.dumps(policy))
    assert 1 <= answer["PackedPolicySize"] <= 100
    session = holder(server, answer).client("iam")
    session.list_users()
    refused(lambda: session.get_user(UserName="admin"), "AccessDenied")
    error = refused(lambda: assume(server, arn, provider.token(), DurationSeconds=3601), "ValidationError")
    assert error["Message"] == "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    refused(lambda: assume(server, arn, provider.token(), Policy="{"), "MalformedPolicyDocument")


def test_who_was_let_in_and_who_was_not_is_in_the_trail(server, provider, believed, refused):
    arn = role(server, believed, StringEquals={f"{provider.url}:sub": "me"})
    token, other = provider.token(sub="me"), provider.token(sub="somebody")
    session = holder(server, assume(server, arn, token))
    refused(lambda: assume(server, arn, other), "AccessDenied")
    refused(lambda: assume(server, arn, "a.b.c"), "InvalidIdentityToken")
    session.client("sts").get_caller_identity()

    unread, denied, allowed = server.events(EventName="AssumeRoleWithWebIdentity")
    (used,) = [e for e in server.events(EventName="GetCallerIdentity") if e["userIdentity"]["type"] == "AssumedRole"]

    assert unread["userIdentity"] == {"type": "Unknown"}
    assert unread["errorCode"] == "InvalidIdentityTokenException"
    assert denied["errorCode"] == "AccessDenied"
    assert denied["userIdentity"] == {
        "type": "WebIdentityUser",
        "principalId": f"{believed}:sts.amazonaws.com:somebody",
        "userName": "somebody",
        "identityProvider": believed,
    }
    assert allowed["userIdentity"]["userName"] == "me"
    assert allowed["resources"] == [{"accountId": server.account, "type": "AWS::IAM::Role", "ARN": arn}]
    assert allowed["responseElements"]["credentials"].keys() == {"accessKeyId", "expiration"}
    assert allowed["recipientAccountId"] == server.account
    context = used["userIdentity"]["sessionContext"]
    assert context["webIdFederationData"]["federatedProvider"] == believed
    assert context["webIdFederationData"]["attributes"][f"{provider.url}:sub"] == "me"
    text = json.dumps([unread, denied, allowed, used])
    assert token not in text
    assert other not in text


# -- attacks


def unsigned(header, claims) -> str:
    def part(value) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part(header)}.{part(claims)}."


def hmac_with(secret: bytes, provider: Provider, **header) -> str:
    import hashlib
    import hmac

    text = unsigned({"alg": "HS256", "kid": "rsa", **header}, provider.claims())[:-1]
    signature = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def forger(provider: Provider, **header) -> str:
    """Return a token that somebody else signed, who says where the key is."""
    from joserfc.jwk import RSAKey

    own = RSAKey.generate_key(2048, {"kid": "rsa"}, private=True)
    return provider.token({"jwk": own.as_dict(private=False), **header}, own)


def tampered(provider: Provider) -> str:
    head, _, signature = provider.token().split(".")
    return f"{head}.{unsigned({}, provider.claims(sub='admin')).split('.')[1]}.{signature}"


FORGED = {
    "alg none": lambda p: unsigned({"alg": "none", "kid": "rsa"}, p.claims()),
    "alg None": lambda p: unsigned({"alg": "None", "kid": "rsa"}, p.claims()),
    "no alg": lambda p: unsigned({"kid": "rsa"}, p.claims()),
    "alg list": lambda p: unsigned({"alg": ["RS256"], "kid": "rsa"}, p.claims()),
    "alg none with a signature": lambda p: unsigned({"alg": "none", "kid": "rsa"}, p.claims()) + "AAAA",
    "no signature": lambda p: p.token().rsplit(".", 1)[0] + ".",
    "two parts": lambda p: p.token().rsplit(".", 1)[0],
    "the public key as a secret": lambda p: hmac_with(p.rsa.as_pem(private=False), p),
    "the key as JSON for a secret": lambda p: hmac_with(json.dumps(p.keys[0]).encode(), p),
    "an empty secret": lambda p: hmac_with(b"", p, kid="/dev/null"),
    "other claims": tampered,
    "a key of its own": forger,
    "a key elsewhere": lambda p: forger(p, jku=f"{p.issuer}/keys", x5u=f"{p.issuer}/keys", x5c=["AAAA"]),
    "the other key's id": lambda p: p.token({"kid": "ec"}),
    "an unknown key": lambda p: p.token({"kid": "absent"}),
    "a path for a key's id": lambda p: p.token({"kid": "../../../../dev/null"}),
    "a query for a key's id": lambda p: p.token({"kid": "rsa' OR '1'='1"}),
    "no key's id": lambda p: p.token({"kid": None}),
    "a number for a key's id": lambda p: unsigned({"alg": "RS256", "kid": 1}, p.claims()) + "AAAA",
    "an extension that must be understood": lambda p: (
        unsigned({"alg": "RS256", "kid": "rsa", "crit": ["b64"], "b64": False}, p.claims()) + "AAAA"
    ),
    "an algorithm of another key": lambda p: unsigned({"alg": "ES256", "kid": "rsa"}, p.claims()) + "A" * 86,
    "a signature of zeros": lambda p: unsigned({"alg": "ES256", "kid": "ec"}, p.claims()) + "A" * 86,
    "JSON that is no object": lambda p: unsigned([1], [1]) + "AAAA",
    "deep JSON": lambda p: "eyJ" + "W" * 3000 + ".e30.AAAA",
    "five parts": lambda p: "a.b.c.d.e",
    "nothing": lambda p: "....",
    "the longest": lambda p: "A" * 20_000,
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_token_is_refused(server, provider, believed, refused, forged):
    arn = role(server, believed)

    refused(lambda: assume(server, arn, forged(provider)), "InvalidIdentityToken", 400)


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": 1}, "ExpiredTokenException"),
        ({"exp": None}, "InvalidIdentityToken"),
        ({"exp": "9999999999"}, "InvalidIdentityToken"),
        ({"exp": 9999999999.5}, "InvalidIdentityToken"),
        ({"exp": True}, "InvalidIdentityToken"),
        ({"iat": None}, "InvalidIdentityToken"),
        ({"iat": 9_999_999_999, "exp": 9_999_999_999}, "InvalidIdentityToken"),
        ({"nbf": 9_999_999_999}, "InvalidIdentityToken"),
        ({"sub": None}, "InvalidIdentityToken"),
        ({"sub": ""}, "InvalidIdentityToken"),
        ({"sub": ["a"]}, "InvalidIdentityToken"),
        ({"aud": None}, "InvalidIdentityToken"),
        ({"aud": "other"}, "InvalidIdentityToken"),
        ({"aud": []}, "InvalidIdentityToken"),
        ({"aud": {"sts.amazonaws.com": 1}}, "InvalidIdentityToken"),
        ({"azp": "other"}, "InvalidIdentityToken"),
        ({"azp": ["app"]}, "InvalidIdentityToken"),
        ({"iss": None}, "InvalidIdentityToken"),
        ({"iss": "https://evil.example.com"}, "InvalidIdentityToken"),
    ],
)
def test_a_token_must_say_what_tokens_say(server, provider, believed, refused, claims, code):
    arn = role(server, believed)

    refused(lambda: assume(server, arn, provider.token(**claims)), code, 400)


def test_texts_are_those_of_aws(server, provider, believed, refused):
    arn = role(server, believed)
    message = lambda token, code="InvalidIdentityToken": refused(lambda: assume(server, arn, token), code)["Message"]  # noqa: E731

    assert message(provider.token(aud="other")) == "Incorrect token audience"
    assert message(provider.token(iss="https://x.example.com")) == (
        "No OpenIDConnect provider found in your account for https://x.example.com"
    )
    assert message(provider.token({"kid": "absent"})).startswith(
        "Couldn't retrieve verification key from your identity"
    )
    assert message(provider.token(exp=1), "ExpiredTokenException").startswith("Token expired: current date/time ")


def test_a_provider_of_another_account_is_not_believed(server, provider, refused):
    refused(
        lambda: assume(server, "arn:aws:iam::999988887777:role/Deploy", provider.token()), "InvalidIdentityToken", 400
    )
    assert provider.asked == []


@pytest.mark.parametrize(
    "keys",
    [
        "no list",
        [],
        [{"kty": "oct", "kid": "rsa", "k": "AAAA"}],
        [{"kty": "RSA", "kid": "rsa"}],
        [{"kty": "RSA", "kid": "rsa", "n": "AQAB", "e": "AQAB"}],
        [{"kty": "RSA", "kid": str(number)} for number in range(101)],
        ["rsa"],
    ],
    ids=["text", "empty", "secret", "incomplete", "short", "many", "ids"],
)
def test_keys_that_are_none_verify_nothing(server, provider, believed, keys):
    arn = role(server, believed)
    provider.keys = keys

    call = lambda: assume(server, arn, provider.token())  # noqa: E731
    with pytest.raises(Exception, match=r"InvalidIdentityToken|IDPCommunicationError"):
        call()


def test_a_provider_that_does_not_answer_is_not_asked_again_at_once(server, provider, believed, refused):
    arn = role(server, believed)
    provider.answers["/keys"] = say(b"", 503)
    call = lambda: assume(server, arn, provider.token())  # noqa: E731

    refused(call, "IDPCommunicationError", 400)
    refused(call, "IDPCommunicationError", 400)

    assert provider.asked.count("/keys") == 1


def test_unknown_keys_do_not_make_us_ask_again_and_again(server, provider, believed, refused):
    arn = role(server, believed)
    assume(server, arn, provider.token())

    for _ in range(3):
        refused(lambda: assume(server, arn, provider.token({"kid": "absent"})), "InvalidIdentityToken")

    assume(server, arn, provider.token())
    assert provider.asked.count("/keys") == 1


def test_keys_elsewhere_are_found_where_the_configuration_says(server, provider, believed, refused):
    arn = role(server, believed)
    provider.answers["/.well-known/openid-configuration"] = say({"jwks_uri": "http://169.254.169.254/latest"})

    refused(lambda: assume(server, arn, provider.token()), "IDPCommunicationError", 400)


def test_a_certificate_without_its_thumbprint_is_not_believed(server, provider, refused):
    arn = server.client("iam").create_open_id_connect_provider(
        Url=provider.issuer, ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
    )["OpenIDConnectProviderArn"]

    error = refused(lambda: assume(server, role(server, arn), provider.token()), "InvalidIdentityToken", 400)

    assert error["Message"] == "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"
