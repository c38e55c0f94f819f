"""Private pricing contracts, which are between AWS and its customers: there is none here, and that is what is said.

Source: AWS Billing API reference, ListContracts and the operations beside it; `docs/choices-billing.md`.
"""

from typing import Any

from remit.directory.billing.facts import Thing
from remit.directory.billing.standing import check_payer
from remit.request import Call
from remit.services.billing import shapes
from remit.services.billing.errors import missing
from remit.services.billing.pages import page
from remit.services.billing.registry import operation
from remit.store import Transaction

_ABOUT_ONE = (
    "AssociateContract",
    "CancelContractualInvestmentAttestation",
    "CreateContractualInvestmentAttestation",
    "DisassociateContract",
    "GetContractInformation",
    "ListContractualInvestmentAttestations",
    "ListContractualInvestmentSummaries",
    "ListContractualInvestments",
)


@operation("ListContracts")
def list_contracts(call: Call[shapes.ListContractsRequest], tx: Transaction) -> dict[str, Any]:
    """List the contracts of the payer."""
    check_payer(call, tx)
    nothing: list[str] = []
    found, following = page(call, tx, nothing, str)
    return {"items": found, **following}


def _about_one(call: Call[Any], tx: Transaction) -> dict[str, Any]:
    """Say that there is no such contract."""
    check_payer(call, tx)
    raise missing(Thing.CONTRACT, call.input["contractArn"])


for _name in _ABOUT_ONE:
    operation(_name)(_about_one)
