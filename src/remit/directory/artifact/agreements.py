"""Agreements on offer: what the provider offers, in its newest version, and what has to be agreed to word by word.

What a customer accepted is kept with the customer (`customer_agreements.py`), so a revision changes nothing of it.
Source: `artifact` reference, sections 3 and 6.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from remit.directory.artifact.facts import Outdated
from remit.directory.facts import NotFound, Noun
from remit.ids import AccountId
from remit.store import Kind, Transaction


class AgreementType(StrEnum):
    """Whether an agreement is the provider's standard one, one that was changed, or one of a customer's own."""

    DEFAULT = "DEFAULT"
    MODIFIED = "MODIFIED"
    CUSTOM = "CUSTOM"


class AgreementScope(StrEnum):
    """For whom an agreement is accepted."""

    ACCOUNT = "ACCOUNT"
    ORGANIZATION = "ORGANIZATION"


class OfferState(StrEnum):
    """Whether an agreement can be accepted."""

    OFFERED = "OFFERED"
    WITHDRAWN = "WITHDRAWN"


class Agreement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agreement.

    Attributes:
        account: the provider's.
        version: of what is offered, one more after each change of it.
        document: SHA-256 of the PDF.
        nda: SHA-256 of the non-disclosure agreement that comes before it; empty when none does.
        acceptance_terms: what has to be agreed to, each, when it is accepted. terminate_terms: when it is terminated.
        sequence: one more after each change of whatever kind.
    """

    id: str
    account: AccountId
    name: str
    description: str
    type: AgreementType
    document: str
    scopes: tuple[AgreementScope, ...]
    acceptance_terms: tuple[str, ...] = ()
    terminate_terms: tuple[str, ...] = ()
    nda: str = ""
    state: OfferState = OfferState.OFFERED
    version: int = 1
    sequence: int = 1
    created_at: datetime
    modified_at: datetime

    def arn(self, partition: str) -> str:
        """Return its name; each partition has its own."""
        return f"arn:{partition}:artifact:::agreement/{self.id}"


AGREEMENTS = Kind(
    "artifact-agreement",
    Agreement,
    groups={"state": lambda agreement: (agreement.state,)},
    order=lambda agreement: agreement.id,
)


def offered_agreements(tx: Transaction) -> Sequence[Agreement]:
    """Return the agreements that can be accepted, by id."""
    return sorted(tx.select(AGREEMENTS, "state", OfferState.OFFERED), key=lambda agreement: agreement.id)


def offered_agreement(tx: Transaction, id_: str) -> Agreement:
    """Find an agreement that can be accepted.

    Raises:
        NotFound: there is none, or its offer was withdrawn.
    """
    found = tx.get(AGREEMENTS, id_)
    if found is None or found.state is not OfferState.OFFERED:
        raise NotFound(Noun.AGREEMENT, id_)
    return found


def agreement_to_change(tx: Transaction, id_: str, sequence: int) -> Agreement:
    """Find an agreement in the state that whoever changes it saw.

    Raises:
        NotFound: there is none.
        Outdated: somebody changed it since.
    """
    found = tx.get(AGREEMENTS, id_)
    if found is None:
        raise NotFound(Noun.AGREEMENT, id_)
    if found.sequence != sequence:
        raise Outdated(Noun.AGREEMENT, id_, found.sequence)
    return found


def revise(tx: Transaction, before: Agreement, after: Agreement, at: datetime) -> Agreement:
    """Put *after* in the place of *before*: its next version, unless the state of the offer is all that differs."""
    is_same = msgspec.structs.replace(after, state=before.state) == before
    made = msgspec.structs.replace(
        after,
        version=before.version if is_same else before.version + 1,
        sequence=before.sequence + 1,
        modified_at=at,
    )
    tx.put(AGREEMENTS, made)
    return made
