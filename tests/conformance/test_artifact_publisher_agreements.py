"""Artifact's provider: offers agreements, revises and withdraws them, and notes those that were signed on paper."""

from collections.abc import Callable
from typing import Any

import pytest
from conformance.artifact import member_client
from conformance.test_artifact_agreements import acceptance, active
from conformance.test_artifact_publisher import pdf
from serving import Served

pytestmark = pytest.mark.conformance
Refused = Callable[..., dict[str, Any]]


@pytest.fixture
def artifact(server: Served) -> Any:
    return server.client("artifact")


@pytest.fixture
def offer(artifact: Any) -> dict[str, Any]:
    made: dict[str, Any] = artifact.create_agreement(
        name="Ours", document=pdf(2), acceptanceTerms=["One.", "Two."], terminateTerms=["Done."]
    )["agreement"]
    return made


def revise(artifact: Any, offer: dict[str, Any], **others: Any) -> dict[str, Any]:
    made: dict[str, Any] = artifact.revise_agreement(
        agreementId=offer["id"], sequenceNumber=offer["sequenceNumber"], **others
    )["agreement"]
    return made


def test_without_a_nondisclosure_agreement_there_is_no_such_step(
    artifact: Any, offer: dict[str, Any], refused: Refused
) -> None:
    assert (offer["state"], offer["type"], offer["scopes"], offer["version"]) == ("OFFERED", "DEFAULT", ["ACCOUNT"], 1)
    refused(lambda: artifact.get_nda_for_agreement(agreementId=offer["id"]), "ConflictException", 409)
    made = artifact.accept_agreement(**acceptance(artifact, offer))["customerAgreement"]
    assert active(artifact) == [made["id"]]


def test_a_revision_is_the_next_version_and_leaves_what_is_in_force(
    artifact: Any, offer: dict[str, Any], refused: Refused
) -> None:
    whole = acceptance(artifact, offer)
    made = artifact.accept_agreement(**whole)["customerAgreement"]

    second = revise(artifact, offer, acceptanceTerms=["One.", "Three."], document=pdf(3))

    assert (second["version"], second["sequenceNumber"]) == (2, 2)
    assert artifact.list_customer_agreements()["customerAgreements"] == [made]
    artifact.terminate_agreement(customerAgreementId=made["id"], acceptedTerms=["Done."])
    refused(lambda: artifact.accept_agreement(**whole), "ValidationException", 400)
    again = artifact.accept_agreement(**acceptance(artifact, second))["customerAgreement"]
    assert again["acceptanceTerms"] == ["One.", "Three."]
    error = refused(lambda: revise(artifact, offer, name="Late"), "ConflictException", 409)
    assert "sequence number is 2" in error["Message"]


def test_what_is_withdrawn_cannot_be_accepted_and_may_end_for_all(
    artifact: Any, offer: dict[str, Any], refused: Refused
) -> None:
    whole = acceptance(artifact, offer)
    made = artifact.accept_agreement(**whole)["customerAgreement"]

    gone = revise(artifact, offer, state="WITHDRAWN")

    assert (gone["state"], gone["version"]) == ("WITHDRAWN", 1)
    assert offer["id"] not in {one["id"] for one in artifact.list_agreements()["agreements"]}
    refused(lambda: artifact.accept_agreement(**whole), "ResourceNotFoundException", 404)
    assert active(artifact) == [made["id"]]
    revise(artifact, gone, terminateCustomerAgreements=True)
    assert active(artifact) == []
    told = artifact.get_customer_agreement(customerAgreementId=made["id"])["customerAgreement"]
    assert told["state"] == "AWS_TERMINATED"


def test_an_agreement_on_paper_is_in_force_at_once_and_not_ended_here(
    server: Served, artifact: Any, refused: Refused
) -> None:
    organizations = server.client("organizations")
    organization = organizations.create_organization(FeatureSet="ALL")["Organization"]["Arn"]
    member = organizations.create_account(Email="m@example.com", AccountName="m")["CreateAccountStatus"]["AccountId"]
    within = member_client(server, member)

    own = artifact.create_agreement(name="Paper", document=pdf(), awsAccountId=member)
    of_all = artifact.create_agreement(
        name="All", document=pdf(), organizationArn=organization, type="MODIFIED", scopes=["ORGANIZATION"]
    )

    assert (own["customerAgreement"]["state"], own["customerAgreement"]["type"]) == ("ACTIVE", "CUSTOM")
    assert of_all["customerAgreement"]["organizationArn"] == organization
    ids = [own["customerAgreement"]["id"], of_all["customerAgreement"]["id"]]
    assert active(within) == sorted(ids)
    assert active(artifact) == ids[1:]
    error = refused(
        lambda: within.terminate_agreement(customerAgreementId=ids[0], acceptedTerms=[]), "ConflictException", 409
    )
    assert "signed on paper" in error["Message"]
    error = refused(lambda: revise(artifact, own["agreement"], state="OFFERED"), "ConflictException", 409)
    assert "cannot be offered to all" in error["Message"]
    assert own["agreement"]["id"] not in {one["id"] for one in within.list_agreements()["agreements"]}


def test_inputs_that_are_refused(artifact: Any, offer: dict[str, Any], refused: Refused) -> None:
    nowhere = "arn:aws:organizations::123456789012:organization/o-0000000000"
    for others in (
        {"document": b"text"},
        {"ndaDocument": b"text"},
        {"awsAccountId": "999999999999"},
        {"organizationArn": nowhere},
        {"awsAccountId": "999999999999", "organizationArn": nowhere},
        {"awsAccountId": "123456789012", "type": "DEFAULT"},
    ):
        whole = {"name": "x", "document": pdf(), **others}
        refused(lambda whole=whole: artifact.create_agreement(**whole), "ValidationException", 400)
    refused(lambda: revise(artifact, offer, document=b"text"), "ValidationException", 400)
    missing = {**offer, "id": "agreement-0000000000000000"}
    refused(lambda: revise(artifact, missing), "ResourceNotFoundException", 404)


def test_only_the_provider_offers_and_policies_limit_it(
    server: Served, offer: dict[str, Any], refused: Refused
) -> None:
    organizations = server.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    member = organizations.create_account(Email="m@example.com", AccountName="m")["CreateAccountStatus"]["AccountId"]
    within = member_client(server, member)
    for call in (lambda: within.create_agreement(name="x", document=pdf()), lambda: revise(within, offer)):
        error = refused(call, "AccessDeniedException", 403)
        assert "Only the account that runs this server" in error["Message"]
    ana = server.user("ana", {"Effect": "Allow", "Action": "artifact:ReviseAgreement", "Resource": offer["arn"]})
    assert revise(ana.client("artifact"), offer, name="Hers")["name"] == "Hers"
    refused(lambda: ana.client("artifact").create_agreement(name="x", document=pdf()), "AccessDeniedException", 403)
