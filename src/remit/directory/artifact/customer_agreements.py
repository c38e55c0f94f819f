"""Agreements in force, and those that were: what a customer accepted, word by word, who, when and from where.

One for an organization belongs to its management account, and covers whoever is in the organization at that time
(`applicable_agreements.py`).
Source: `artifact` reference, section 6.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

import msgspec

from remit.directory.artifact.agreements import Agreement, AgreementScope, AgreementType
from remit.directory.artifact.facts import OutOfOrder
from remit.directory.facts import Noun
from remit.ids import AccountId, new_artifact_id
from remit.store import Kind, Transaction


class CustomerAgreementState(StrEnum):
    """Whether an agreement is in force, and who ended it."""

    ACTIVE = "ACTIVE"
    CUSTOMER_TERMINATED = "CUSTOMER_TERMINATED"
    AWS_TERMINATED = "AWS_TERMINATED"


class Consent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An act that binds: the exact terms that were agreed to, and by whom.

    Attributes:
        terms_sha256: of the terms as JSON, an array of strings without blanks between them.
        document: SHA-256 of the agreement.
        principal: ARN of who agreed.
        source_ip: from where. request: id of the request.
        token: SHA-256 of the token that came with the agreement; empty where there was none.
    """

    terms: tuple[str, ...]
    terms_sha256: str
    document: str
    principal: str
    source_ip: str
    request: str
    at: datetime
    token: str = ""


class CustomerAgreement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agreement as a customer accepted it.

    Attributes:
        account: who accepted: for an organization its management account.
        agreement: id of what was on offer. version: of it.
        organization: id of the organization; empty for one of an account alone. organization_arn: its ARN.
        offline: whether it was signed on paper, and is noted here by the provider.
        starts_at: since when it is in force. ends_at: when it ended.
        acceptance: None for one that was signed on paper. termination: None unless the customer terminated it here.
    """

    id: str
    account: AccountId
    partition: str
    agreement: str
    version: int
    name: str
    description: str
    type: AgreementType
    document: str
    scope: AgreementScope
    acceptance_terms: tuple[str, ...]
    terminate_terms: tuple[str, ...]
    starts_at: datetime
    organization: str = ""
    organization_arn: str = ""
    offline: bool = False
    state: CustomerAgreementState = CustomerAgreementState.ACTIVE
    ends_at: datetime | None = None
    acceptance: Consent | None = None
    termination: Consent | None = None

    @property
    def arn(self) -> str:
        """Its name, in the account that accepted it."""
        return f"arn:{self.partition}:artifact::{self.account}:customer-agreement/{self.id}"

    @property
    def agreement_arn(self) -> str:
        """The name of what was on offer."""
        return f"arn:{self.partition}:artifact:::agreement/{self.agreement}"

    @property
    def is_active(self) -> bool:
        """Whether it is in force."""
        return self.state is CustomerAgreementState.ACTIVE


def _of_organization(one: CustomerAgreement) -> tuple[str, ...]:
    return (one.organization,) if one.organization else ()


CUSTOMER_AGREEMENTS = Kind(
    "artifact-customer-agreement",
    CustomerAgreement,
    groups={
        "account": lambda one: (one.account,),
        "organization": _of_organization,
        "agreement": lambda one: (one.agreement,),
    },
    order=lambda one: one.id,
)


def terms_sha256(terms: Sequence[str]) -> str:
    """Return the hash under which terms are kept, in hex."""
    return sha256(msgspec.json.encode(tuple(terms))).hexdigest()


def enter_into(
    tx: Transaction,
    agreement: Agreement,
    account: AccountId,
    *,
    partition: str,
    starts_at: datetime,
    organization: tuple[str, str] = ("", ""),
    acceptance: Consent | None = None,
) -> CustomerAgreement:
    """Put *agreement* in force for *account*, or for the organization that it manages.

    Args:
        organization: its id and ARN.
        acceptance: None for an agreement that was signed on paper.

    Raises:
        OutOfOrder: it is in force there already.
    """
    for one in tx.select(CUSTOMER_AGREEMENTS, "agreement", agreement.id):
        if one.is_active and (one.account, one.organization) == (account, organization[0]):
            whom = f"the organization {organization[0]}" if organization[0] else f"the account {account}"
            reason = f"The agreement {agreement.id} is in force for {whom} already, as {one.id}."
            raise OutOfOrder(Noun.CUSTOMER_AGREEMENT, one.id, reason)
    made = CustomerAgreement(
        id=new_artifact_id("customer-agreement"),
        account=account,
        partition=partition,
        agreement=agreement.id,
        version=agreement.version,
        name=agreement.name,
        description=agreement.description,
        type=agreement.type,
        document=agreement.document,
        scope=AgreementScope.ORGANIZATION if organization[0] else AgreementScope.ACCOUNT,
        acceptance_terms=agreement.acceptance_terms,
        terminate_terms=agreement.terminate_terms,
        starts_at=starts_at,
        organization=organization[0],
        organization_arn=organization[1],
        offline=acceptance is None,
        acceptance=acceptance,
    )
    tx.put(CUSTOMER_AGREEMENTS, made)
    return made


def own_agreements(tx: Transaction, account: AccountId) -> list[CustomerAgreement]:
    """Return what is in force and was accepted by *account*, for itself or for the organization that it manages."""
    return [one for one in tx.select(CUSTOMER_AGREEMENTS, "account", account) if one.is_active]


def end(
    tx: Transaction,
    one: CustomerAgreement,
    state: CustomerAgreementState,
    at: datetime,
    termination: Consent | None = None,
) -> CustomerAgreement:
    """End an agreement.

    Raises:
        OutOfOrder: it ended before.
    """
    if not one.is_active:
        reason = f"The agreement {one.id} is not in force: its state is {one.state}."
        raise OutOfOrder(Noun.CUSTOMER_AGREEMENT, one.id, reason)
    ended = msgspec.structs.replace(one, state=state, ends_at=at, termination=termination)
    tx.put(CUSTOMER_AGREEMENTS, ended)
    return ended


def is_signed_on_paper(tx: Transaction, agreement: str) -> bool:
    """Whether an agreement is one customer's own, who signed it on paper: it is nothing to offer to others."""
    return any(one.offline for one in tx.select(CUSTOMER_AGREEMENTS, "agreement", agreement))


def agreements_in_force(tx: Transaction, agreement: str) -> list[CustomerAgreement]:
    """Return what is in force of an agreement, whoever accepted it, by id."""
    found = tx.select(CUSTOMER_AGREEMENTS, "agreement", agreement)
    return sorted((one for one in found if one.is_active), key=lambda one: one.id)


def end_all_of_agreement(tx: Transaction, agreement: str, at: datetime) -> list[CustomerAgreement]:
    """End what is in force of an agreement, whoever accepted it, in the provider's name; return what has ended."""
    found = agreements_in_force(tx, agreement)
    return [end(tx, one, CustomerAgreementState.AWS_TERMINATED, at) for one in found]


def end_all_of_organization(tx: Transaction, organization: str, at: datetime) -> None:
    """End what is in force for an organization that its management account deletes."""
    for one in tx.select(CUSTOMER_AGREEMENTS, "organization", organization):
        if one.is_active:
            end(tx, one, CustomerAgreementState.CUSTOMER_TERMINATED, at)
