"""Agreements as the service shows them."""

from typing import Any, cast

from remit.clock import whole_second
from remit.directory.artifact.agreements import Agreement
from remit.directory.artifact.customer_agreements import CustomerAgreement
from remit.services.artifact import shapes


def agreement_summary(agreement: Agreement, partition: str) -> shapes.AgreementSummary:
    """Return what customers see of an agreement on offer."""
    return {
        "id": agreement.id,
        "arn": agreement.arn(partition),
        "name": agreement.name,
        "description": agreement.description,
        "type": agreement.type.value,
        "version": agreement.version,
        "acceptanceTerms": list(agreement.acceptance_terms),
        "terminateTerms": list(agreement.terminate_terms),
        "scopes": [scope.value for scope in agreement.scopes],
    }


def agreement_detail(agreement: Agreement, partition: str) -> shapes.AgreementDetail:
    """Return what the provider sees of an agreement."""
    shown: dict[str, Any] = {
        **agreement_summary(agreement, partition),
        "state": agreement.state.value,
        "createdAt": whole_second(agreement.created_at),
        "lastModifiedAt": whole_second(agreement.modified_at),
        "sequenceNumber": agreement.sequence,
    }
    return cast("shapes.AgreementDetail", shown)


def customer_agreement_summary(one: CustomerAgreement) -> shapes.CustomerAgreementSummary:
    """Return what the service tells of an agreement in force, or one that was."""
    shown: shapes.CustomerAgreementSummary = {
        "name": one.name,
        "arn": one.arn,
        "id": one.id,
        "agreementArn": one.agreement_arn,
        "awsAccountId": one.account,
        "effectiveStart": whole_second(one.starts_at),
        "state": one.state.value,
        "description": one.description,
        "acceptanceTerms": list(one.acceptance_terms),
        "terminateTerms": list(one.terminate_terms),
        "type": one.type.value,
    }
    if one.organization_arn:
        shown["organizationArn"] = one.organization_arn
    if one.ends_at is not None:
        shown["effectiveEnd"] = whole_second(one.ends_at)
    return shown
