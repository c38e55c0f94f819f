"""What an account is called, since when there is one, and which account in GovCloud belongs to it.

Source: AWS Account Management API reference, GetAccountInformation, PutAccountName and GetGovCloudAccountInformation;
names are trimmed as AWS was recorded to in September 2026.
"""

from remit.clock import whole_second
from remit.directory.accounts import ACCOUNTS, known_account, set_name
from remit.directory.govcloud import govcloud_account
from remit.errors import ServiceError
from remit.request import Call
from remit.services.account import shapes
from remit.services.account.registry import operation
from remit.services.account.targets import target_of
from remit.store import Transaction

# Nothing suspends or closes an account yet.
_ACTIVE = "ACTIVE"


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
        "AccountState": _ACTIVE,
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
    govcloud = govcloud_account(tx, target_of(call))
    if tx.get(ACCOUNTS, govcloud) is None:
        raise ServiceError("ResourceUnavailableException", f"GovCloud account {govcloud} is not available.", 424)
    return {"GovCloudAccountId": govcloud, "AccountState": _ACTIVE}
