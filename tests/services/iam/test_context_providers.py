"""Trusted identity propagation: what providers keep of it, and what cannot be."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import Composed
from saml import metadata

CONTEXT = {
    "SubjectSourceKey": "sub",
    "SubjectTypeValue": "user",
    "KeyDefinitionList": [{"SourceKey": "https://idp/claims team", "TargetKey": "team"}, {"SourceKey": "mail"}],
}
OTHER = {"SubjectSourceKey": "email", "SubjectTypeSourceKey": "kind"}
INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"


def oidc(remit: Composed, **more: Any) -> str:
    made = remit.client("iam").create_open_id_connect_provider(
        Url="https://idp.example.com", ThumbprintList=["0" * 40], **more
    )
    return str(made["OpenIDConnectProviderArn"])


def shown(remit: Composed, arn: str) -> Any:
    return remit.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=arn).get("ContextProvider")


def test_an_oidc_provider_keeps_what_it_is_told(remit: Composed) -> None:
    iam, arn = remit.client("iam"), oidc(remit)
    assert shown(remit, arn) is None

    iam.update_open_id_connect_provider(OpenIDConnectProviderArn=arn, ContextProvider=CONTEXT)
    assert shown(remit, arn) == CONTEXT
    iam.update_open_id_connect_provider(OpenIDConnectProviderArn=arn, ContextProvider=OTHER)
    assert shown(remit, arn) == OTHER
    iam.update_open_id_connect_provider(OpenIDConnectProviderArn=arn, RemoveIdentityCenterInstance=True)
    assert shown(remit, arn) == OTHER
    iam.update_open_id_connect_provider(OpenIDConnectProviderArn=arn, RemoveContextProvider=True)
    assert shown(remit, arn) is None


def test_an_oidc_provider_may_be_made_with_it(remit: Composed) -> None:
    assert shown(remit, oidc(remit, ContextProvider=CONTEXT)) == CONTEXT


def test_a_saml_provider_keeps_it_too(remit: Composed) -> None:
    iam = remit.client("iam")
    arn = iam.create_saml_provider(Name="idp", SAMLMetadataDocument=metadata(), ContextProvider=CONTEXT)[
        "SAMLProviderArn"
    ]

    assert iam.get_saml_provider(SAMLProviderArn=arn)["ContextProvider"] == CONTEXT
    iam.update_saml_provider(SAMLProviderArn=arn, AssertionEncryptionMode="Allowed")
    assert iam.get_saml_provider(SAMLProviderArn=arn)["ContextProvider"] == CONTEXT
    iam.update_saml_provider(SAMLProviderArn=arn, RemoveContextProvider=True)
    assert "ContextProvider" not in iam.get_saml_provider(SAMLProviderArn=arn)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "Nothing is specified"),
        ({"RemoveContextProvider": False}, "Nothing is specified"),
        ({"ContextProvider": OTHER, "RemoveContextProvider": True}, "cannot be specified together"),
        ({"IdentityCenterInstanceArn": INSTANCE}, "does not exist"),
        (
            {"IdentityCenterInstanceArn": INSTANCE, "RemoveIdentityCenterInstance": True},
            "cannot be specified together",
        ),
        ({"ContextProvider": OTHER, "RemoveIdentityCenterInstance": True}, "but not both"),
        ({"ContextProvider": {**CONTEXT, "SubjectTypeSourceKey": "kind"}}, "cannot be specified together"),
        ({"ContextProvider": {"SubjectSourceKey": " sub"}}, "is not valid"),
        ({"ContextProvider": {"SubjectSourceKey": "a  b"}}, "is not valid"),
        ({"ContextProvider": {"SubjectSourceKey": "a;b"}}, "is not valid"),
        (
            {
                "ContextProvider": {
                    "SubjectSourceKey": "a",
                    "KeyDefinitionList": [{"SourceKey": "b", "TargetKey": "\u00e9"}],
                }
            },
            "is not valid",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(remit: Composed, asked: dict[str, Any], told: str) -> None:
    arn = oidc(remit, ContextProvider=CONTEXT)

    with pytest.raises(ClientError, match=told) as refused:
        remit.client("iam").update_open_id_connect_provider(OpenIDConnectProviderArn=arn, **asked)

    assert refused.value.response["Error"]["Code"] == "InvalidInput"
    assert shown(remit, arn) == CONTEXT


def test_a_provider_that_is_not_there_is_not_updated(remit: Composed) -> None:
    arn = f"arn:aws:iam::{remit.account}:oidc-provider/idp.example.com"

    with pytest.raises(ClientError, match="NoSuchEntity"):
        remit.client("iam").update_open_id_connect_provider(OpenIDConnectProviderArn=arn, ContextProvider=OTHER)


def test_a_policy_may_forbid_to_set_it_up(remit: Composed) -> None:
    arn = oidc(remit)
    deny = {
        "Effect": "Deny",
        "Action": "iam:*",
        "Resource": "*",
        "Condition": {"Bool": {"iam:EnableIdentityPropagation": "true"}},
    }
    iam = remit.client("iam", remit.user("ana", {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}, deny))

    iam.update_open_id_connect_provider(OpenIDConnectProviderArn=arn, RemoveContextProvider=True)
    calls: list[Callable[[], Any]] = [
        lambda: iam.update_open_id_connect_provider(OpenIDConnectProviderArn=arn, ContextProvider=OTHER),
        lambda: iam.create_saml_provider(Name="idp", SAMLMetadataDocument=metadata(), ContextProvider=OTHER),
    ]
    for call in calls:
        with pytest.raises(ClientError, match="AccessDenied"):
            call()
