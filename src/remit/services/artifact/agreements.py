"""Agreements on offer: the non-disclosure agreement first, then the agreement, then its acceptance.

Source: `artifact` reference, section 6.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from remit.clock import whole_second
from remit.directory.artifact.agreements import Agreement, AgreementScope, offered_agreement, offered_agreements
from remit.directory.artifact.customer_agreements import Consent, enter_into, terms_sha256
from remit.directory.artifact.facts import OutOfOrder
from remit.directory.artifact.links import Plain, link_to
from remit.directory.artifact.ndas import NDA_ACCEPTANCES, NdaAcceptance, check_nda, nda_before, nda_id
from remit.directory.artifact.tokens import check_token, holder_of, seal_token
from remit.directory.facts import Noun
from remit.request import Call
from remit.services.artifact import shapes
from remit.services.artifact.agreement_shapes import agreement_summary, customer_agreement_summary
from remit.services.artifact.errors import wrong_field
from remit.services.artifact.organization_scope import organization_to_bind
from remit.services.artifact.pages import page
from remit.services.artifact.registry import operation
from remit.store import Transaction

_NDA_TOKEN = "nda-token"  # noqa: S105  # what tokens begin with
_AGREEMENT_TOKEN = "agreement-token"  # noqa: S105  # what tokens begin with


@operation("ListAgreements")
def list_agreements(call: Call[shapes.ListAgreementsRequest], tx: Transaction) -> shapes.ListAgreementsResponse:
    """List the agreements on offer."""
    found, following = page(call, tx, offered_agreements(tx), lambda agreement: agreement.id)
    return {"agreements": [agreement_summary(agreement, call.partition) for agreement in found], **following}


@operation("GetNdaForAgreement")
def get_nda_for_agreement(
    call: Call[shapes.GetNdaForAgreementRequest], tx: Transaction
) -> shapes.GetNdaForAgreementResponse:
    """Show the non-disclosure agreement that comes before an agreement, and give the token that accepts it.

    Raises:
        NotFound: there is no such agreement, or none comes before it.
    """
    agreement = _with_nda(call, tx)
    return {
        "documentPresignedUrl": link_to(
            tx.keyring, call.endpoint, f"{agreement.id}-nda.pdf", Plain(agreement.nda), call.at
        ),
        "ndaToken": seal_token(tx.keyring, _NDA_TOKEN, _bound_to(call, agreement), call.at),
    }


@operation("AcceptNdaForAgreement")
def accept_nda_for_agreement(
    call: Call[shapes.AcceptNdaForAgreementRequest], tx: Transaction
) -> shapes.AcceptNdaForAgreementResponse:
    """Accept the non-disclosure agreement for the account; once accepted, it stays so until the next version.

    Raises:
        NotFound: there is no such agreement.
        OutOfOrder: no non-disclosure agreement comes before it.
        TokenRefused: the token is not of it, or was given to somebody else.
    """
    agreement = _with_nda(call, tx)
    token = call.input["ndaToken"]
    check_token(tx.keyring, _NDA_TOKEN, token, _bound_to(call, agreement), call.at)
    accepted = nda_before(tx, call.account, agreement.id, agreement.version)
    if accepted is None:
        accepted = NdaAcceptance(
            id=nda_id(call.account, agreement.id, agreement.version),
            account=call.account,
            agreement=agreement.id,
            version=agreement.version,
            document=agreement.nda,
            principal=call.caller.arn,
            token=hashlib.sha256(token.encode()).hexdigest(),
            source_ip=call.source_ip,
            request=call.request_id,
            at=call.at,
        )
        tx.put(NDA_ACCEPTANCES, accepted)
    return {"acceptedAt": whole_second(accepted.at)}


@operation("GetAgreement")
def get_agreement(call: Call[shapes.GetAgreementRequest], tx: Transaction) -> shapes.GetAgreementResponse:
    """Show an agreement, and give the token that accepts it.

    Raises:
        NotFound: there is none.
        OutOfOrder: the non-disclosure agreement was not accepted.
    """
    agreement = offered_agreement(tx, call.input["agreementId"])
    check_nda(tx, call.account, agreement)
    file_name = f"{agreement.id}-{agreement.version}.pdf"
    return {
        "agreement": agreement_summary(agreement, call.partition),
        "documentPresignedUrl": link_to(tx.keyring, call.endpoint, file_name, Plain(agreement.document), call.at),
        "agreementToken": seal_token(tx.keyring, _AGREEMENT_TOKEN, _bound_to(call, agreement), call.at),
    }


@operation("AcceptAgreement")
def accept_agreement(call: Call[shapes.AcceptAgreementRequest], tx: Transaction) -> shapes.AcceptAgreementResponse:
    """Accept an agreement, for the account or for the organization that it manages.

    Raises:
        NotFound: there is none.
        AccessDenied: the account is a member, and would bind its organization.
        OutOfOrder: the non-disclosure agreement was not accepted, or the agreement is in force already.
        TokenRefused: the token is not of it, or was given to somebody else.
        ServiceError: ValidationException, it is not offered for that, or not all of its terms were accepted.
    """
    asked = call.input
    agreement = offered_agreement(tx, asked["agreementId"])
    if asked["scope"] not in agreement.scopes:
        raise wrong_field("scope", f"The agreement is offered for {' and '.join(agreement.scopes)} only.")
    bound = ("", "")
    if asked["scope"] == AgreementScope.ORGANIZATION:
        organization = organization_to_bind(tx, call.account, agreement.id)
        bound = (organization.id, organization.arn)
    check_nda(tx, call.account, agreement)
    check_token(tx.keyring, _AGREEMENT_TOKEN, asked["agreementToken"], _bound_to(call, agreement), call.at)
    check_terms(asked["acceptedTerms"], agreement.acceptance_terms)
    made = enter_into(
        tx,
        agreement,
        call.account,
        partition=call.partition,
        starts_at=call.at,
        organization=bound,
        acceptance=consent(call, agreement.document, asked["agreementToken"]),
    )
    return {"customerAgreement": customer_agreement_summary(made)}


def check_terms(accepted: Sequence[str], terms: Sequence[str]) -> None:
    """Let pass who accepted all terms, word by word and in their order.

    Raises:
        ServiceError: ValidationException, somebody did not.
    """
    if list(accepted) != list(terms):
        raise wrong_field("acceptedTerms", f"All {len(terms)} terms have to be accepted, word by word, in their order.")


def consent(call: Call[Any], document: str, token: str = "") -> Consent:
    """Return the act that *call* is; its input has the terms that are accepted.

    Args:
        document: SHA-256 of the agreement.
    """
    terms = tuple(call.input["acceptedTerms"])
    return Consent(
        terms=terms,
        terms_sha256=terms_sha256(terms),
        document=document,
        principal=call.caller.arn,
        source_ip=call.source_ip,
        request=call.request_id,
        at=call.at,
        token=hashlib.sha256(token.encode()).hexdigest() if token else "",
    )


def _with_nda(call: Call[Any], tx: Transaction) -> Agreement:
    agreement = offered_agreement(tx, call.input["agreementId"])
    if not agreement.nda:
        reason = f"No non-disclosure agreement comes before {agreement.id}: call GetAgreement."
        raise OutOfOrder(Noun.AGREEMENT, agreement.id, reason)
    return agreement


def _bound_to(call: Call[Any], agreement: Agreement) -> tuple[str, ...]:
    return (*holder_of(call.caller), agreement.id, str(agreement.version))
