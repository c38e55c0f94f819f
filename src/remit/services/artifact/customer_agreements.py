"""Agreements in force: seen by those whom they cover, terminated by those who accepted them.

Source: `artifact` reference, section 6.
"""

from typing import Any

from remit.directory.artifact.applicable_agreements import agreements_of_organization, known_customer_agreement
from remit.directory.artifact.customer_agreements import CustomerAgreementState, end, own_agreements
from remit.directory.artifact.facts import OutOfOrder
from remit.directory.artifact.links import Certified, Plain, link_to
from remit.directory.facts import NotFound, Noun
from remit.errors import AccessDenied
from remit.request import Call
from remit.services.artifact import shapes
from remit.services.artifact.agreement_shapes import customer_agreement_summary
from remit.services.artifact.agreements import check_terms, consent
from remit.services.artifact.pages import page
from remit.services.artifact.registry import operation
from remit.store import Transaction


@operation("ListCustomerAgreements")
def list_customer_agreements(
    call: Call[shapes.ListCustomerAgreementsRequest], tx: Transaction
) -> shapes.ListCustomerAgreementsResponse:
    """List what is in force for the account, its organization's too where the caller may know of the organization."""
    covering = own_agreements(tx, call.account)
    of_organization = agreements_of_organization(tx, call.account)
    if of_organization and _may_know_organization(call):
        covering += of_organization
    found, following = page(call, tx, sorted(covering, key=lambda one: one.id), lambda one: one.id)
    return {"customerAgreements": [customer_agreement_summary(one) for one in found], **following}


@operation("GetCustomerAgreement")
def get_customer_agreement(
    call: Call[shapes.GetCustomerAgreementRequest], tx: Transaction
) -> shapes.GetCustomerAgreementResponse:
    """Tell of an agreement that the account accepted, in whatever state, or that its organization has in force.

    The account that accepted it gets the certificate of its acceptance, with the agreement behind it; other members
    of the organization get the agreement: who signed, and from where, is the management account's own.

    Raises:
        NotFound: there is none, or the caller may not know of the organization.
    """
    one = known_customer_agreement(tx, call.account, call.input["customerAgreementId"])
    if one.account != call.account and not _may_know_organization(call):
        raise NotFound(Noun.CUSTOMER_AGREEMENT, one.id)
    is_certified = one.acceptance is not None and one.account == call.account
    document = Certified(one.id) if is_certified else Plain(one.document)
    shown: shapes.GetCustomerAgreementResponse = {
        "customerAgreement": customer_agreement_summary(one),
        "documentPresignedUrl": link_to(tx.keyring, call.endpoint, f"{one.id}.pdf", document, call.at),
    }
    if is_certified:
        certificate = Certified(one.id, as_json=True)
        shown["certificatePresignedUrl"] = link_to(tx.keyring, call.endpoint, f"{one.id}.json", certificate, call.at)
    return shown


@operation("TerminateAgreement")
def terminate_agreement(
    call: Call[shapes.TerminateAgreementRequest], tx: Transaction
) -> shapes.TerminateAgreementResponse:
    """End an agreement that the account accepted; accepted again, it is another one.

    Raises:
        NotFound: there is none.
        AccessDenied: the management account accepted it.
        OutOfOrder: it was signed on paper, or ended before.
        ServiceError: ValidationException, not all of the terms for its end were accepted.
    """
    one = known_customer_agreement(tx, call.account, call.input["customerAgreementId"])
    if one.account != call.account:
        raise AccessDenied(
            f"The agreement was accepted for the organization: only the management account {one.account} can end it."
        )
    if one.offline:
        reason = f"The agreement {one.id} was signed on paper: it ends as it says, or when the provider ends it."
        raise OutOfOrder(Noun.CUSTOMER_AGREEMENT, one.id, reason)
    if one.is_active:
        check_terms(call.input["acceptedTerms"], one.terminate_terms)
    ended = end(tx, one, CustomerAgreementState.CUSTOMER_TERMINATED, call.at, consent(call, one.document))
    return {"customerAgreement": customer_agreement_summary(ended)}


def _may_know_organization(call: Call[Any]) -> bool:
    try:
        call.require("organizations:DescribeOrganization", "*")
    except AccessDenied:
        return False
    return True
