"""What an account is called, since when there is one, and which account in GovCloud belongs to it.

Source: AWS Account Management API reference, GetAccountInformation, PutAccountName and GetGovCloudAccountInformation;
names are trimmed as AWS was recorded to in September 2026.
"""

from remit.clock import whole_second
from remit.directory.accounts import ACCOUNTS, Account, AccountState, known_account, set_name
from remit.directory.govcloud import govcloud_account
from remit.errors import ServiceError
from remit.request import Call
from remit.services.account import shapes
from remit.services.account.registry import operation
from remit.services.account.targets import target_of
from remit.store import Transaction


def _state(account: Account) -> str:
    """Say the state in the model's words, which has none for an account that is about to be closed."""
    return AccountState.ACTIVE if account.state is AccountState.PENDING_CLOSURE else account.state


@operation("GetAccountInformation")
def get_account_information(
    call: Call[shapes.GetAccountInformationRequest], tx: Transaction
) -> shapes.GetAccountInformationResponse:
    """Show the account."""
    account = known_account(tx, target_of(call))
    return {
        "AccountId": account.id,
        "AccountName": account.name,
        "AccountCreatedDate": whole_second(account.created_at),
        "AccountState": _state(account),
    }


@operation("PutAccountName")
def put_account_name(call: Call[shapes.PutAccountNameRequest], tx: Transaction) -> None:
    """Give the account another name.

    Raises:
        ServiceError: ValidationException, it is blank.
    """
    name = call.input["AccountName"].strip()
    if not name:
        raise ServiceError("ValidationException", "The input AccountName must not be null or only whitespace.")
    set_name(tx, known_account(tx, target_of(call)), name)


@operation("GetGovCloudAccountInformation")
def get_gov_cloud_account_information(
    call: Call[shapes.GetGovCloudAccountInformationRequest], tx: Transaction
) -> shapes.GetGovCloudAccountInformationResponse:
    """Show the account in GovCloud that is linked to the account.

    Raises:
        NotFound: none is.
        ServiceError: ResourceUnavailableException, it is not in this store.
    """
    id_ = govcloud_account(tx, target_of(call))
    govcloud = tx.get(ACCOUNTS, id_)
    if govcloud is None:
        raise ServiceError("ResourceUnavailableException", f"GovCloud account {id_} is not available.", 424)
    return {"GovCloudAccountId": id_, "AccountState": _state(govcloud)}
