"""Agreements for their provider: offered, revised, withdrawn, and noted where they were signed on paper.

Source: `artifact` reference, section 6.
"""

from functools import partial
from typing import Any

import msgspec

from remit.directory.accounts import ACCOUNTS
from remit.directory.artifact.agreement_notifications import announce_revision, announce_termination
from remit.directory.artifact.agreements import (
    AGREEMENTS,
    Agreement,
    AgreementScope,
    AgreementType,
    OfferState,
    agreement_to_change,
    revise,
)
from remit.directory.artifact.customer_agreements import (
    CustomerAgreement,
    end_all_of_agreement,
    enter_into,
    is_signed_on_paper,
)
from remit.directory.artifact.facts import OutOfOrder
from remit.directory.artifact.reports import UploadState
from remit.directory.artifact.uploads import examine
from remit.directory.facts import Noun
from remit.directory.organizations import ORGANIZATIONS
from remit.ids import new_artifact_id
from remit.request import Call
from remit.services.artifact import shapes
from remit.services.artifact.agreement_shapes import agreement_detail, customer_agreement_summary
from remit.services.artifact.errors import wrong_field
from remit.services.artifact.pages import page
from remit.services.artifact.publisher_registry import publisher_operation
from remit.store import Transaction

_DOCUMENTS = {"document": "document", "ndaDocument": "nda"}


@publisher_operation("CreateAgreement")
def create_agreement(call: Call[shapes.CreateAgreementRequest], tx: Transaction) -> shapes.CreateAgreementResponse:
    """Offer an agreement; with an account or organization, note one that was signed on paper, at once in force.

    Raises:
        ServiceError: ValidationException, a document is none that is taken, or there is no such account.
    """
    asked = call.input
    for_one = [member for member in ("awsAccountId", "organizationArn") if member in asked]
    if len(for_one) > 1:
        raise wrong_field("organizationArn", "An agreement on paper is for an account or an organization, not both.")
    type_ = AgreementType(asked.get("type", AgreementType.CUSTOM if for_one else AgreementType.DEFAULT))
    if for_one and type_ is AgreementType.DEFAULT:
        raise wrong_field("type", "An agreement on paper is CUSTOM or MODIFIED.")
    said: dict[str, Any] = {"description": asked["name"], "scopes": (AgreementScope.ACCOUNT,), **_said(call, tx)}
    made = Agreement(
        id=new_artifact_id("agreement"),
        account=call.account,
        type=type_,
        state=OfferState.WITHDRAWN if for_one else OfferState.OFFERED,
        created_at=call.at,
        modified_at=call.at,
        **said,
    )
    signed = _signed(call, tx, made) if for_one else None
    tx.put(AGREEMENTS, made)
    shown: shapes.CreateAgreementResponse = {"agreement": agreement_detail(made, call.partition)}
    if signed is not None:
        shown["customerAgreement"] = customer_agreement_summary(signed)
    return shown


@publisher_operation("ReviseAgreement")
def revise_agreement(call: Call[shapes.ReviseAgreementRequest], tx: Transaction) -> shapes.ReviseAgreementResponse:
    """Offer another version of an agreement, or offer it no longer; what is in force stays, unless it is ended, too.

    Raises:
        NotFound: there is none.
        Outdated: somebody changed it since.
        OutOfOrder: it was signed on paper, and is to be offered.
        ServiceError: ValidationException, a document is none that is taken.
    """
    asked = call.input
    before = agreement_to_change(tx, asked["agreementId"], asked["sequenceNumber"])
    if asked.get("state") == OfferState.OFFERED and is_signed_on_paper(tx, before.id):
        reason = f"The agreement {before.id} was signed on paper by one customer: it cannot be offered to all."
        raise OutOfOrder(Noun.AGREEMENT, before.id, reason)
    after = msgspec.structs.replace(before, **_said(call, tx), state=OfferState(asked.get("state", before.state)))
    made = revise(tx, before, after, call.at)
    if asked.get("terminateCustomerAgreements", False):
        announce_termination(tx, end_all_of_agreement(tx, made.id, call.at), call.at)
    elif made.version != before.version:
        announce_revision(tx, made, call.at)
    return {"agreement": agreement_detail(made, call.partition)}


@publisher_operation("ListPublisherAgreements")
def list_publisher_agreements(
    call: Call[shapes.ListPublisherAgreementsRequest], tx: Transaction
) -> shapes.ListPublisherAgreementsResponse:
    """List every agreement in its newest version, those on paper and those withdrawn, too."""
    agreements = sorted(tx.all(AGREEMENTS), key=lambda agreement: agreement.id)
    found, following = page(call, tx, agreements, lambda agreement: agreement.id)
    return {"agreements": [agreement_detail(agreement, call.partition) for agreement in found], **following}


def _said(call: Call[Any], tx: Transaction) -> dict[str, Any]:
    """Return what the input says of an agreement, by the names of its fields."""
    asked = call.input
    said: dict[str, Any] = {name: asked[name] for name in ("name", "description") if name in asked}
    for member, ours in (("acceptanceTerms", "acceptance_terms"), ("terminateTerms", "terminate_terms")):
        if member in asked:
            said[ours] = tuple(asked[member])
    if "scopes" in asked:
        said["scopes"] = tuple(AgreementScope(scope) for scope in dict.fromkeys(asked["scopes"]))
    for member, ours in _DOCUMENTS.items():
        if member in asked:
            document: bytes = asked[member]
            examined = call.slowly(member, partial(examine, document))
            if examined.state is not UploadState.COMPLETE:
                raise wrong_field(member, examined.message)
            said[ours] = tx.put_blob(document)
    return said


def _signed(call: Call[Any], tx: Transaction, agreement: Agreement) -> CustomerAgreement:
    asked = call.input
    starts_at = asked.get("effectiveStart", call.at)
    if "awsAccountId" in asked:
        account = tx.get(ACCOUNTS, asked["awsAccountId"])
        if account is None:
            raise wrong_field("awsAccountId", "There is no such account.")
        return enter_into(tx, agreement, account.id, partition=call.partition, starts_at=starts_at)
    organization = tx.get(ORGANIZATIONS, asked["organizationArn"].rpartition("/")[2])
    if organization is None or organization.arn != asked["organizationArn"]:
        raise wrong_field("organizationArn", "There is no such organization.")
    bound = (organization.id, organization.arn)
    return enter_into(
        tx, agreement, organization.account, partition=call.partition, starts_at=starts_at, organization=bound
    )
