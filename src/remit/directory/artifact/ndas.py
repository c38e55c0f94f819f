"""Non-disclosure agreements that come before an agreement: accepted by an account, for one version of it.

Source: `artifact` reference, section 6.
"""

from datetime import datetime

import msgspec

from remit.directory.artifact.agreements import Agreement
from remit.directory.artifact.facts import OutOfOrder
from remit.directory.facts import Noun
from remit.ids import AccountId
from remit.store import Kind, Transaction


class NdaAcceptance(msgspec.Struct, frozen=True, kw_only=True):
    """A non-disclosure agreement that was accepted.

    Attributes:
        id: account, agreement and version, with colons between them.
        document: SHA-256 of what was shown.
        principal: ARN of who accepted.
        token: SHA-256 of the token.
        source_ip: from where. request: id of the request.
    """

    id: str
    account: AccountId
    agreement: str
    version: int
    document: str
    principal: str
    token: str
    source_ip: str
    request: str
    at: datetime


NDA_ACCEPTANCES = Kind("artifact-nda", NdaAcceptance, groups={"account": lambda acceptance: (acceptance.account,)})


def nda_id(account: AccountId, agreement: str, version: int) -> str:
    """Return the id of what *account* accepted, or may accept, before a version of an agreement."""
    return f"{account}:{agreement}:{version}"


def nda_before(tx: Transaction, account: AccountId, agreement: str, version: int) -> NdaAcceptance | None:
    """Return what *account* accepted before a version of an agreement; None where it accepted nothing."""
    return tx.get(NDA_ACCEPTANCES, nda_id(account, agreement, version))


def check_nda(tx: Transaction, account: AccountId, agreement: Agreement) -> None:
    """Let pass an account that may see *agreement*.

    Raises:
        OutOfOrder: a non-disclosure agreement has to be accepted first.
    """
    if agreement.nda and nda_before(tx, account, agreement.id, agreement.version) is None:
        reason = (
            f"The non-disclosure agreement that comes before version {agreement.version} of {agreement.id} was not "
            "accepted. Read it with GetNdaForAgreement and accept it with AcceptNdaForAgreement."
        )
        raise OutOfOrder(Noun.AGREEMENT, agreement.id, reason)
