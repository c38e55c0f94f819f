"""Artifact's agreements for one account, through an unchanged boto3."""

from collections.abc import Callable
from typing import Any

import pytest
from conformance.artifact import events, opened
from serving import Served

pytestmark = pytest.mark.conformance
Refused = Callable[..., dict[str, Any]]
ANY = {"Effect": "Allow", "Action": "artifact:*", "Resource": "*"}
MISSING = {"agreementId": "agreement-0000000000000000"}
MISSING_CUSTOMERS = {"customerAgreementId": "customer-agreement-0000000000000000"}


@pytest.fixture
def artifact(server: Served) -> Any:
    return server.client("artifact")


@pytest.fixture
def offer(artifact: Any) -> dict[str, Any]:
    """Return the business associate addendum for accounts."""
    found: list[dict[str, Any]] = artifact.list_agreements()["agreements"]
    return next(one for one in found if one["name"] == "Business associate addendum")


def accept_nda(artifact: Any, offer: dict[str, Any]) -> None:
    token = artifact.get_nda_for_agreement(agreementId=offer["id"])["ndaToken"]
    artifact.accept_nda_for_agreement(agreementId=offer["id"], ndaToken=token)


def acceptance(artifact: Any, offer: dict[str, Any], **others: Any) -> dict[str, Any]:
    """Read an agreement and return the input that accepts it."""
    token = artifact.get_agreement(agreementId=offer["id"])["agreementToken"]
    return {
        "agreementId": offer["id"],
        "agreementToken": token,
        "acceptedTerms": offer["acceptanceTerms"],
        "scope": "ACCOUNT",
        **others,
    }


def active(artifact: Any) -> list[str]:
    return [one["id"] for one in artifact.list_customer_agreements()["customerAgreements"]]


def test_the_library_offers_both_flavours_of_the_addendum(artifact: Any) -> None:
    offers = {one["name"]: one for one in artifact.list_agreements()["agreements"]}

    assert offers["Business associate addendum"]["scopes"] == ["ACCOUNT"]
    assert offers["Business associate addendum for organizations"]["scopes"] == ["ORGANIZATION"]
    for one in offers.values():
        assert one["arn"] == f"arn:aws:artifact:::agreement/{one['id']}"
        assert one["acceptanceTerms"]
    first = artifact.list_agreements(maxResults=1)
    rest = artifact.list_agreements(nextToken=first["nextToken"])["agreements"]
    assert [one["id"] for one in first["agreements"] + rest] == sorted(one["id"] for one in offers.values())


def test_an_agreement_from_the_nda_to_its_end_and_again(artifact: Any, offer: dict[str, Any]) -> None:
    nda = artifact.get_nda_for_agreement(agreementId=offer["id"])
    assert opened(nda["documentPresignedUrl"])[1].startswith(b"%PDF-")
    first = artifact.accept_nda_for_agreement(agreementId=offer["id"], ndaToken=nda["ndaToken"])["acceptedAt"]
    assert artifact.accept_nda_for_agreement(agreementId=offer["id"], ndaToken=nda["ndaToken"])["acceptedAt"] == first

    shown = artifact.get_agreement(agreementId=offer["id"])
    assert shown["agreement"] == offer
    assert opened(shown["documentPresignedUrl"])[1].startswith(b"%PDF-")
    made = artifact.accept_agreement(**acceptance(artifact, offer))["customerAgreement"]

    assert made["state"] == "ACTIVE"
    assert made["agreementArn"] == offer["arn"]
    assert made["acceptanceTerms"] == offer["acceptanceTerms"]
    assert made["arn"] == f"arn:aws:artifact::{made['awsAccountId']}:customer-agreement/{made['id']}"
    assert "organizationArn" not in made
    assert active(artifact) == [made["id"]]
    told = artifact.get_customer_agreement(customerAgreementId=made["id"])
    assert told["customerAgreement"] == made
    assert opened(told["documentPresignedUrl"])[1].startswith(b"%PDF-")

    ended = artifact.terminate_agreement(customerAgreementId=made["id"], acceptedTerms=offer["terminateTerms"])[
        "customerAgreement"
    ]
    assert ended["state"] == "CUSTOMER_TERMINATED"
    assert ended["effectiveEnd"] >= ended["effectiveStart"]
    assert active(artifact) == []
    assert artifact.get_customer_agreement(customerAgreementId=made["id"])["customerAgreement"] == ended

    again = artifact.accept_agreement(**acceptance(artifact, offer))["customerAgreement"]
    assert again["id"] != made["id"]
    assert active(artifact) == [again["id"]]


def test_steps_out_of_order_are_conflicts(artifact: Any, offer: dict[str, Any], refused: Refused) -> None:
    early = {"agreementToken": "agreement-token-x", "acceptedTerms": offer["acceptanceTerms"], "scope": "ACCOUNT"}
    refused(lambda: artifact.get_agreement(agreementId=offer["id"]), "ConflictException", 409)
    error = refused(lambda: artifact.accept_agreement(agreementId=offer["id"], **early), "ConflictException", 409)
    assert "AcceptNdaForAgreement" in error["Message"]

    accept_nda(artifact, offer)
    whole = acceptance(artifact, offer)
    made = artifact.accept_agreement(**whole)["customerAgreement"]
    error = refused(lambda: artifact.accept_agreement(**whole), "ConflictException", 409)
    assert made["id"] in error["Message"]

    end = {"customerAgreementId": made["id"], "acceptedTerms": offer["terminateTerms"]}
    artifact.terminate_agreement(**end)
    refused(lambda: artifact.terminate_agreement(**end), "ConflictException", 409)


def test_terms_are_accepted_whole_and_in_order(artifact: Any, offer: dict[str, Any], refused: Refused) -> None:
    accept_nda(artifact, offer)
    whole = acceptance(artifact, offer)
    terms = offer["acceptanceTerms"]
    for wrong in ([], terms[:-1], terms[::-1], [*terms[:-1], terms[-1] + " Not."]):
        refused(
            lambda wrong=wrong: artifact.accept_agreement(**{**whole, "acceptedTerms": wrong}),
            "ValidationException",
            400,
        )
    assert active(artifact) == []
    made = artifact.accept_agreement(**whole)["customerAgreement"]
    refused(
        lambda: artifact.terminate_agreement(customerAgreementId=made["id"], acceptedTerms=[]), "ValidationException"
    )
    assert active(artifact) == [made["id"]]


def test_tokens_are_of_one_person_one_agreement_and_one_purpose(
    server: Served, artifact: Any, offer: dict[str, Any], refused: Refused
) -> None:
    other = next(one for one in artifact.list_agreements()["agreements"] if one["scopes"] == ["ORGANIZATION"])
    ana = server.user("ana", ANY).client("artifact")
    nda = artifact.get_nda_for_agreement(agreementId=offer["id"])["ndaToken"]
    for call in (
        lambda: ana.accept_nda_for_agreement(agreementId=offer["id"], ndaToken=nda),
        lambda: artifact.accept_nda_for_agreement(agreementId=other["id"], ndaToken=nda),
        lambda: artifact.accept_nda_for_agreement(agreementId=offer["id"], ndaToken=nda[:-2] + "AA"),
    ):
        refused(call, "ValidationException", 400)
    accept_nda(artifact, offer)
    whole = acceptance(artifact, offer)
    for call in (
        lambda: ana.accept_agreement(**whole),
        lambda: artifact.accept_agreement(**{**whole, "agreementToken": nda}),
        lambda: artifact.accept_agreement(**{**whole, "agreementToken": whole["agreementToken"] + "A"}),
    ):
        refused(call, "ValidationException", 400)


def test_a_scope_that_is_not_offered_is_refused(artifact: Any, offer: dict[str, Any], refused: Refused) -> None:
    accept_nda(artifact, offer)
    whole = acceptance(artifact, offer, scope="ORGANIZATION")

    error = refused(lambda: artifact.accept_agreement(**whole), "ValidationException", 400)

    assert "ACCOUNT only" in error["Message"]


def test_what_is_not_there(artifact: Any, refused: Refused) -> None:
    accepted = {"agreementToken": "agreement-token-x", "acceptedTerms": [], "scope": "ACCOUNT"}
    for call in (
        lambda: artifact.get_nda_for_agreement(**MISSING),
        lambda: artifact.accept_nda_for_agreement(**MISSING, ndaToken="nda-token-x"),
        lambda: artifact.get_agreement(**MISSING),
        lambda: artifact.accept_agreement(**MISSING, **accepted),
        lambda: artifact.get_customer_agreement(**MISSING_CUSTOMERS),
        lambda: artifact.terminate_agreement(**MISSING_CUSTOMERS, acceptedTerms=[]),
    ):
        refused(call, "ResourceNotFoundException", 404)


def test_the_trail_has_hashes_of_tokens_and_terms(server: Served, artifact: Any, offer: dict[str, Any]) -> None:
    accept_nda(artifact, offer)
    whole = acceptance(artifact, offer)
    artifact.accept_agreement(**whole)

    asked = events(server, "AcceptAgreement", 1)[0]["requestParameters"]

    assert asked["scope"] == "ACCOUNT"
    assert asked["agreementId"] == offer["id"]
    assert whole["agreementToken"] not in str(asked)
    assert asked["agreementToken"]
    assert asked["acceptedTerms"]
    assert offer["acceptanceTerms"][0] not in str(asked)
    given = events(server, "GetAgreement", 1)[0]
    assert "agreement-token-" not in str(given)


def test_policies_decide_by_agreement(server: Served, offer: dict[str, Any], refused: Refused) -> None:
    one = server.user("one", {"Effect": "Allow", "Action": "artifact:Get*", "Resource": offer["arn"]})
    assert one.client("artifact").get_nda_for_agreement(agreementId=offer["id"])["ndaToken"]
    refused(lambda: one.client("artifact").get_nda_for_agreement(**MISSING), "AccessDeniedException", 403)


def test_the_managed_policies(server: Served, offer: dict[str, Any], refused: Refused) -> None:
    iam = server.client("iam")
    people = {}
    for name in ("FullAccess", "ReadOnlyAccess"):
        people[name] = server.user(name).client("artifact")
        iam.attach_user_policy(UserName=name, PolicyArn=f"arn:aws:iam::aws:policy/AWSArtifactAgreements{name}")
    reader, signer = people["ReadOnlyAccess"], people["FullAccess"]

    assert reader.list_agreements()["agreements"]
    refused(lambda: reader.get_nda_for_agreement(agreementId=offer["id"]), "AccessDeniedException", 403)
    accept_nda(signer, offer)
    made = signer.accept_agreement(**acceptance(signer, offer))["customerAgreement"]
    assert reader.get_customer_agreement(customerAgreementId=made["id"])["customerAgreement"] == made
    end = {"customerAgreementId": made["id"], "acceptedTerms": offer["terminateTerms"]}
    refused(lambda: reader.terminate_agreement(**end), "AccessDeniedException", 403)
    assert signer.terminate_agreement(**end)["customerAgreement"]["state"] == "CUSTOMER_TERMINATED"


def test_settings_are_kept_for_an_account(artifact: Any, refused: Refused) -> None:
    assert artifact.get_account_settings()["accountSettings"] == {"notificationSubscriptionStatus": "NOT_SUBSCRIBED"}

    put = artifact.put_account_settings(notificationSubscriptionStatus="SUBSCRIBED")["accountSettings"]

    assert put == {"notificationSubscriptionStatus": "SUBSCRIBED"}
    assert artifact.get_account_settings()["accountSettings"] == put
    assert artifact.put_account_settings()["accountSettings"] == put
    refused(lambda: artifact.put_account_settings(notificationSubscriptionStatus="MAYBE"), "ValidationException", 400)
