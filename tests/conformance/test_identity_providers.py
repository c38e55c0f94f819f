"""OpenID Connect and SAML providers, through an unchanged boto3."""

import json
from collections.abc import Iterator

import pytest
from idp import Provider, identity_provider
from saml import metadata, private_key_pem
from serving import Served, served

pytestmark = pytest.mark.conformance

URL = "https://token.actions.githubusercontent.com"
PRINT = "6938fd4d98bab03faadb97b34396831e3780aea1"


@pytest.fixture(scope="module")
def federating() -> Iterator[Served]:
    with served("--ephemeral", "--allow-local-identity-providers") as found:
        yield found


@pytest.fixture
def provider(tmp_path) -> Iterator[Provider]:
    with identity_provider(tmp_path) as found:
        yield found


# -- OpenID Connect


def test_an_oidc_provider_shows_as_it_was_made(server):
    iam = server.client("iam")
    tags = [{"Key": "team", "Value": "red"}]

    made = iam.create_open_id_connect_provider(
        Url=f"{URL}/octo", ClientIDList=["a", "b", "a"], ThumbprintList=[PRINT], Tags=tags
    )
    arn = made["OpenIDConnectProviderArn"]
    shown = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)

    assert arn == f"arn:aws:iam::{server.account}:oidc-provider/token.actions.githubusercontent.com/octo"
    assert made["Tags"] == tags
    assert shown["Url"] == "token.actions.githubusercontent.com/octo"
    assert shown["ClientIDList"] == ["a", "b"]
    assert shown["ThumbprintList"] == [PRINT]
    assert shown["Tags"] == tags
    assert shown["CreateDate"].microsecond == 0
    assert [entry["Arn"] for entry in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]] == [arn]


def test_tags_show_though_there_are_none(server):
    iam = server.client("iam")
    made = iam.create_open_id_connect_provider(Url=URL, ThumbprintList=[PRINT])

    assert "Tags" not in made
    arn = made["OpenIDConnectProviderArn"]
    assert iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["Tags"] == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "example.com",
        "https://",
        "https://example.com?x=1",
        "https://example.com#f",
        "https://user@example.com",
        "https://example.com:8443",
        "https://aws",
        "https://localhost",
        "https://[::1]/",
        "HTTPS://example.com",
        "https://exa mple.com",
    ],
)
def test_a_url_must_be_one_of_a_host_and_a_path(server, refused, url):
    call = lambda: server.client("iam").create_open_id_connect_provider(Url=url, ThumbprintList=[PRINT])  # noqa: E731

    assert refused(call, "ValidationError", 400)["Message"] == "Invalid Open ID Connect Provider URL"


def test_a_url_is_believed_once(server, refused):
    iam = server.client("iam")
    create = lambda: iam.create_open_id_connect_provider(Url=URL, ThumbprintList=[PRINT])  # noqa: E731
    create()

    assert refused(create, "EntityAlreadyExists", 409)["Message"] == f"Provider with url {URL} already exists."


def test_client_ids_and_thumbprints_have_quotas(server, refused):
    iam = server.client("iam")
    many = [f"client-{number}" for number in range(100)]
    arn = iam.create_open_id_connect_provider(Url=URL, ClientIDList=many, ThumbprintList=[PRINT] * 5)[
        "OpenIDConnectProviderArn"
    ]

    add = lambda client: iam.add_client_id_to_open_id_connect_provider(  # noqa: E731
        OpenIDConnectProviderArn=arn, ClientID=client
    )
    add("client-7")  # it is there
    error = refused(lambda: add("one-more"), "LimitExceeded", 409)
    assert error["Message"] == "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100"
    iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="client-7")
    iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="client-7")
    add("one-more")
    error = refused(
        lambda: iam.update_open_id_connect_provider_thumbprint(
            OpenIDConnectProviderArn=arn, ThumbprintList=[PRINT] * 6
        ),
        "InvalidInput",
        400,
    )
    assert error["Message"] == "Thumbprint list must contain fewer than 5 entries."


def test_an_oidc_provider_that_is_not_there_is_missing(server, refused):
    iam = server.client("iam")
    arn = iam.create_open_id_connect_provider(Url=URL, ThumbprintList=[PRINT])["OpenIDConnectProviderArn"]
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)

    get = lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)  # noqa: E731
    delete = lambda: iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)  # noqa: E731
    assert refused(get, "NoSuchEntity", 404)["Message"] == f"OpenIDConnect Provider not found for arn {arn}"
    assert refused(delete, "NoSuchEntity", 404)["Message"] == f"OpenId connect Provider {arn} cannot be found."


def test_tags_of_an_oidc_provider(server, refused):
    iam = server.client("iam")
    arn = iam.create_open_id_connect_provider(Url=URL, ThumbprintList=[PRINT])["OpenIDConnectProviderArn"]

    iam.tag_open_id_connect_provider(
        OpenIDConnectProviderArn=arn, Tags=[{"Key": f"k{number:02}", "Value": "v"} for number in range(50)]
    )
    one_more = [{"Key": "one-more", "Value": "v"}]
    error = refused(
        lambda: iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=arn, Tags=one_more), "LimitExceeded", 409
    )
    assert error["Message"] == "The number of tags has reached the maximum limit."
    iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=arn, TagKeys=["K00"])
    page = iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=arn, MaxItems=40)
    rest = iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=arn, Marker=page["Marker"])
    assert [len(page["Tags"]), len(rest["Tags"]), rest["IsTruncated"]] == [40, 9, False]


def test_without_thumbprints_the_servers_own_counts(federating, provider):
    iam = federating.client("iam")

    arn = iam.create_open_id_connect_provider(Url=provider.issuer)["OpenIDConnectProviderArn"]

    assert iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["ThumbprintList"] == [provider.thumbprint]


def test_a_server_that_cannot_be_asked_for_its_thumbprint_is_an_error(federating, refused):
    iam = federating.client("iam")
    create = lambda: iam.create_open_id_connect_provider(Url="https://localhost:1/none")  # noqa: E731

    refused(create, "OpenIdIdpCommunicationError", 400)

    assert "none" not in json.dumps(iam.list_open_id_connect_providers()["OpenIDConnectProviderList"])


def test_an_association_with_an_identity_center_is_refused_and_not_ignored(server, refused):
    call = lambda: server.client("iam").create_open_id_connect_provider(  # noqa: E731
        Url=URL, ThumbprintList=[PRINT], IdentityCenterInstanceArn="arn:aws:sso:::instance/ssoins-1234567890abcdef"
    )

    refused(call, "InvalidInput", 400)


def test_making_a_tagged_provider_needs_two_permissions(server, refused):
    arn = f"arn:aws:iam::{server.account}:oidc-provider/*"
    clerk = server.user(
        "clerk", {"Effect": "Allow", "Action": "iam:CreateOpenIDConnectProvider", "Resource": arn}
    ).client("iam")
    tags = [{"Key": "team", "Value": "red"}]

    error = refused(
        lambda: clerk.create_open_id_connect_provider(Url=URL, ThumbprintList=[PRINT], Tags=tags), "AccessDenied", 403
    )

    assert "iam:TagOpenIDConnectProvider on resource: arn:aws:iam::" in error["Message"]
    clerk.create_open_id_connect_provider(Url=URL, ThumbprintList=[PRINT])


def test_tags_of_a_provider_count_in_conditions(server, refused):
    iam = server.client("iam")
    arns = [
        iam.create_open_id_connect_provider(
            Url=f"{URL}/{team}", ThumbprintList=[PRINT], Tags=[{"Key": "team", "Value": team}]
        )["OpenIDConnectProviderArn"]
        for team in ("red", "blue")
    ]
    condition = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    reader = server.user(
        "reader", {"Effect": "Allow", "Action": "iam:Get*", "Resource": "*", "Condition": condition}
    ).client("iam")

    reader.get_open_id_connect_provider(OpenIDConnectProviderArn=arns[0])
    refused(lambda: reader.get_open_id_connect_provider(OpenIDConnectProviderArn=arns[1]), "AccessDenied")


# -- SAML


def test_a_saml_provider_shows_as_it_was_made(server):
    iam = server.client("iam")
    document = metadata(valid_until="2031-05-06T07:08:09Z")

    arn = iam.create_saml_provider(Name="Okta", SAMLMetadataDocument=document)["SAMLProviderArn"]
    shown = iam.get_saml_provider(SAMLProviderArn=arn)

    assert arn == f"arn:aws:iam::{server.account}:saml-provider/Okta"
    assert shown["SAMLMetadataDocument"] == document
    assert shown["SAMLProviderUUID"].startswith("SAMLSP")
    assert shown["ValidUntil"].isoformat() == "2031-05-06T07:08:09+00:00"
    assert shown["Tags"] == []
    assert "PrivateKeyList" not in shown
    assert "AssertionEncryptionMode" not in shown
    (listed,) = iam.list_saml_providers()["SAMLProviderList"]
    assert listed["Arn"] == arn
    assert listed["ValidUntil"] == shown["ValidUntil"]


def test_metadata_that_does_not_end_lasts_a_hundred_years(server):
    iam = server.client("iam")
    arn = iam.create_saml_provider(Name="Okta", SAMLMetadataDocument=metadata())["SAMLProviderArn"]

    shown = iam.get_saml_provider(SAMLProviderArn=arn)

    assert shown["ValidUntil"].year - shown["CreateDate"].year in (99, 100)


@pytest.mark.parametrize(
    "document",
    [
        "x" * 1000,
        "<a>" + " " * 1000 + "</a>",
        metadata().replace("IDPSSODescriptor", "SPSSODescriptor"),
        metadata().replace("<ds:X509Certificate>M", "<ds:X509Certificate>?"),
        metadata().replace('entityID="', 'other="'),
        metadata().replace("<md:EntityDescriptor", "<!DOCTYPE a [<!ENTITY e 'x'>]><md:EntityDescriptor"),
        metadata(valid_until="tomorrow"),
    ],
    ids=["text", "other", "no-provider", "no-certificate", "no-id", "document-type", "no-time"],
)
def test_metadata_must_be_that_of_an_identity_provider(server, refused, document):
    call = lambda: server.client("iam").create_saml_provider(Name="Okta", SAMLMetadataDocument=document)  # noqa: E731

    assert refused(call, "InvalidInput", 400)["Message"] == "Could not parse metadata."


def test_a_saml_name_is_taken_once(server, refused):
    iam = server.client("iam")
    iam.create_saml_provider(Name="Okta", SAMLMetadataDocument=metadata())

    refused(lambda: iam.create_saml_provider(Name="okta", SAMLMetadataDocument=metadata()), "EntityAlreadyExists", 409)


def test_a_saml_provider_that_is_not_there_is_missing(server, refused):
    iam = server.client("iam")
    arn = f"arn:aws:iam::{server.account}:saml-provider/None"

    for call in (iam.get_saml_provider, iam.delete_saml_provider, iam.update_saml_provider):
        error = refused(lambda call=call: call(SAMLProviderArn=arn), "NoSuchEntity", 404)
        assert error["Message"] == f"Manifest not found for arn {arn}"


def test_private_keys_come_and_go_two_at_a_time(server, refused):
    iam = server.client("iam")
    arn = iam.create_saml_provider(
        Name="Okta",
        SAMLMetadataDocument=metadata(),
        AssertionEncryptionMode="Required",
        AddPrivateKey=private_key_pem(),
    )["SAMLProviderArn"]
    iam.update_saml_provider(SAMLProviderArn=arn, AddPrivateKey=private_key_pem())

    shown = iam.get_saml_provider(SAMLProviderArn=arn)
    assert shown["AssertionEncryptionMode"] == "Required"
    assert len(shown["PrivateKeyList"]) == 2
    add = lambda: iam.update_saml_provider(SAMLProviderArn=arn, AddPrivateKey=private_key_pem())  # noqa: E731
    refused(add, "LimitExceeded", 409)
    first, second = (key["KeyId"] for key in shown["PrivateKeyList"])
    iam.update_saml_provider(SAMLProviderArn=arn, RemovePrivateKey=first)
    remove = lambda id_: iam.update_saml_provider(SAMLProviderArn=arn, RemovePrivateKey=id_)  # noqa: E731
    refused(lambda: remove(first), "NoSuchEntity", 404)
    refused(lambda: remove(second), "InvalidInput", 400)  # encryption is required
    assert [key["KeyId"] for key in iam.get_saml_provider(SAMLProviderArn=arn)["PrivateKeyList"]] == [second]
    iam.update_saml_provider(SAMLProviderArn=arn, AssertionEncryptionMode="Allowed", RemovePrivateKey=second)


def test_required_encryption_needs_a_key_that_is_one(server, refused):
    iam = server.client("iam")
    create = lambda **more: iam.create_saml_provider(  # noqa: E731
        Name="Okta", SAMLMetadataDocument=metadata(), AssertionEncryptionMode="Required", **more
    )

    refused(create, "InvalidInput", 400)
    refused(lambda: create(AddPrivateKey="not a key"), "InvalidInput", 400)
    assert iam.list_saml_providers()["SAMLProviderList"] == []


def test_tags_of_a_saml_provider(server):
    iam = server.client("iam")
    arn = iam.create_saml_provider(
        Name="Okta", SAMLMetadataDocument=metadata(), Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    )["SAMLProviderArn"]

    iam.tag_saml_provider(SAMLProviderArn=arn, Tags=[{"Key": "A", "Value": "3"}])
    iam.untag_saml_provider(SAMLProviderArn=arn, TagKeys=["b", "absent"])

    assert iam.list_saml_provider_tags(SAMLProviderArn=arn)["Tags"] == [{"Key": "A", "Value": "3"}]
    assert iam.get_saml_provider(SAMLProviderArn=arn)["Tags"] == [{"Key": "A", "Value": "3"}]


def test_both_ends_are_in_the_trail_and_no_private_key(server, refused):
    bob = server.user("bob").client("iam")
    key = private_key_pem()
    create = {"Name": "Okta", "SAMLMetadataDocument": metadata(), "AddPrivateKey": key}
    refused(lambda: bob.create_saml_provider(**create), "AccessDenied", 403)
    arn = server.client("iam").create_saml_provider(**create)["SAMLProviderArn"]

    allowed, denied = server.events(EventName="CreateSAMLProvider")

    assert allowed["responseElements"] == {"sAMLProviderArn": arn}
    assert denied["errorCode"] == "AccessDenied"
    assert denied["requestParameters"]["name"] == "Okta"
    assert "PRIVATE KEY" not in json.dumps([allowed, denied])
