"""Artifact's agreements for an organization: who may bind it, whom they cover, and how that ends."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from conformance.artifact import member_client, opened
from conformance.test_artifact_agreements import accept_nda, acceptance, active
from serving import Served

from remit.directory.artifact.certificate_proofs import prove, read_keys
from remit.endpoint.issuers import CERTIFICATE_KEYS_PATH
from remit.ids import Secret
from remit.testing import Identity

pytestmark = pytest.mark.conformance
Refused = Callable[..., dict[str, Any]]
TRUSTED = "aws-artifact-account-sync.amazonaws.com"
LINKED = "artifact.amazonaws.com"


class Company:
    """An organization with a member, ready to be bound; *offer* is the addendum for organizations."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.artifact = server.client("artifact")
        self.organizations = server.client("organizations")
        self.arn = self.organizations.create_organization(FeatureSet="ALL")["Organization"]["Arn"]
        self.member = self.new_member("m")
        self.offer = organization_offer(self.artifact)

    def new_member(self, name: str) -> str:
        made = self.organizations.create_account(Email=f"{name}@example.com", AccountName=name)
        id_: str = made["CreateAccountStatus"]["AccountId"]
        return id_

    def prepare(self) -> None:
        self.organizations.enable_aws_service_access(ServicePrincipal=TRUSTED)
        self.server.client("iam").create_service_linked_role(AWSServiceName=LINKED)

    def accept(self) -> dict[str, Any]:
        accept_nda(self.artifact, self.offer)
        whole = acceptance(self.artifact, self.offer, scope="ORGANIZATION")
        made: dict[str, Any] = self.artifact.accept_agreement(**whole)["customerAgreement"]
        return made


@pytest.fixture
def company(server: Served) -> Company:
    return Company(server)


def organization_offer(artifact: Any) -> dict[str, Any]:
    found: list[dict[str, Any]] = artifact.list_agreements()["agreements"]
    return next(one for one in found if one["scopes"] == ["ORGANIZATION"])


def test_the_management_account_binds_present_and_future_members(company: Company, server: Served) -> None:
    company.prepare()

    made = company.accept()

    assert made["organizationArn"] == company.arn
    assert active(company.artifact) == [made["id"]]
    later = company.new_member("later")
    for account in (company.member, later):
        within = member_client(server, account)
        assert within.list_customer_agreements()["customerAgreements"] == [made]
        assert within.get_customer_agreement(customerAgreementId=made["id"])["customerAgreement"] == made


def test_the_certificate_is_the_management_accounts_and_names_the_organization(
    company: Company, server: Served
) -> None:
    company.prepare()
    id_ = company.accept()["id"]
    within = member_client(server, company.member).get_customer_agreement(customerAgreementId=id_)
    own = company.artifact.get_customer_agreement(customerAgreementId=id_)

    alone = opened(own["certificatePresignedUrl"])[1]
    certificate = prove(alone, read_keys(opened(server.endpoint + CERTIFICATE_KEYS_PATH)[1]))

    assert (certificate.scope, certificate.organization_arn) == ("ORGANIZATION", company.arn)
    assert "certificatePresignedUrl" not in within
    agreement = opened(within["documentPresignedUrl"])[1]
    assert hashlib.sha256(agreement).hexdigest() == certificate.agreement.document_sha256


def test_members_see_it_only_if_they_may_know_of_the_organization(
    company: Company, server: Served, refused: Refused
) -> None:
    company.prepare()
    made = company.accept()
    arn = f"arn:aws:iam::{company.member}:role/OrganizationAccountAccessRole"
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"artifact:*","Resource":"*"}]}'
    role = server.client("sts").assume_role(RoleArn=arn, RoleSessionName="few", Policy=document)["Credentials"]
    key, secret, token = role["AccessKeyId"], Secret(role["SecretAccessKey"]), role["SessionToken"]
    few = Identity(arn, key, secret, token, server.endpoint).client("artifact")

    assert active(few) == []
    refused(lambda: few.get_customer_agreement(customerAgreementId=made["id"]), "ResourceNotFoundException", 404)


def test_members_neither_accept_nor_end_it(company: Company, server: Served, refused: Refused) -> None:
    company.prepare()
    within = member_client(server, company.member)
    accept_nda(within, company.offer)
    whole = acceptance(within, company.offer, scope="ORGANIZATION")
    error = refused(lambda: within.accept_agreement(**whole), "AccessDeniedException", 403)
    assert "Only the management account" in error["Message"]

    made = company.accept()
    end = {"customerAgreementId": made["id"], "acceptedTerms": company.offer["terminateTerms"]}
    error = refused(lambda: within.terminate_agreement(**end), "AccessDeniedException", 403)
    assert "only the management account" in error["Message"]
    assert company.artifact.terminate_agreement(**end)["customerAgreement"]["state"] == "CUSTOMER_TERMINATED"
    assert active(within) == []


def test_what_has_to_be_done_before_is_said(company: Company, refused: Refused) -> None:
    error = refused(company.accept, "ConflictException", 409)
    assert "EnableAWSServiceAccess" in error["Message"]
    company.organizations.enable_aws_service_access(ServicePrincipal=TRUSTED)
    error = refused(company.accept, "ConflictException", 409)
    assert "CreateServiceLinkedRole" in error["Message"]
    company.server.client("iam").create_service_linked_role(AWSServiceName=LINKED)
    assert company.accept()["state"] == "ACTIVE"


def test_without_all_features_or_an_organization_it_is_a_conflict(server: Served, refused: Refused) -> None:
    artifact = server.client("artifact")
    offer = organization_offer(artifact)
    accept_nda(artifact, offer)
    whole = acceptance(artifact, offer, scope="ORGANIZATION")
    error = refused(lambda: artifact.accept_agreement(**whole), "ConflictException", 409)
    assert "in no organization" in error["Message"]
    server.client("organizations").create_organization(FeatureSet="CONSOLIDATED_BILLING")
    error = refused(lambda: artifact.accept_agreement(**whole), "ConflictException", 409)
    assert "EnableAllFeatures" in error["Message"]


def test_the_linked_role_stays_while_it_is_in_force(company: Company) -> None:
    company.prepare()
    made = company.accept()
    iam = company.server.client("iam")

    assert _deleted(iam) == ("FAILED", [made["arn"]])
    assert iam.get_role(RoleName="AWSServiceRoleForArtifact")["Role"]

    company.artifact.terminate_agreement(customerAgreementId=made["id"], acceptedTerms=company.offer["terminateTerms"])
    assert _deleted(iam) == ("SUCCEEDED", [])


def _deleted(iam: Any) -> tuple[str, list[str]]:
    task = iam.delete_service_linked_role(RoleName="AWSServiceRoleForArtifact")["DeletionTaskId"]
    while (told := iam.get_service_linked_role_deletion_status(DeletionTaskId=task))["Status"] == "IN_PROGRESS":
        pass
    usage = told.get("Reason", {}).get("RoleUsageList", [])
    return told["Status"], [arn for one in usage for arn in one["Resources"]]


def test_it_ends_with_the_organization(server: Served) -> None:
    artifact, organizations = server.client("artifact"), server.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    organizations.enable_aws_service_access(ServicePrincipal=TRUSTED)
    server.client("iam").create_service_linked_role(AWSServiceName=LINKED)
    offer = organization_offer(artifact)
    accept_nda(artifact, offer)
    whole = acceptance(artifact, offer, scope="ORGANIZATION")
    made = artifact.accept_agreement(**whole)["customerAgreement"]

    organizations.delete_organization()

    assert active(artifact) == []
    told = artifact.get_customer_agreement(customerAgreementId=made["id"])["customerAgreement"]
    assert told["state"] == "CUSTOMER_TERMINATED"
