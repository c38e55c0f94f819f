"""Accounts of an organization: created, shown, moved, closed, let go.

Source: `organizations` reference, 3.3, 4.1 and 4.2.
"""

from typing import Any

from remit.directory.accounts import ACCOUNTS
from remit.directory.facts import NotFound, Noun
from remit.directory.organizations import Organization
from remit.directory.organizations.closures import start_closure
from remit.directory.organizations.creations import (
    CREATE_ACCOUNT_REQUESTS,
    CreateAccountRequest,
    known_request,
    request_account,
)
from remit.directory.organizations.facts import Constraint
from remit.directory.organizations.members import (
    check_may_leave,
    check_room,
    known_member,
    leave_organization,
    move_account,
)
from remit.directory.organizations.units import find_unit
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.errors import constraint, invalid_input
from remit.services.organizations.events import departed
from remit.services.organizations.free_text import check_free_text
from remit.services.organizations.pages import page
from remit.services.organizations.registry import By, organization_operation
from remit.services.organizations.settlement import settle
from remit.services.organizations.summaries import account_shape
from remit.services.organizations.tags import new_tags
from remit.services.organizations.units import accounts_in, key_of_account
from remit.store import Transaction

_ROLE_NAME = "OrganizationAccountAccessRole"
_LINKED = "AWSServiceRoleFor"


@organization_operation("CreateAccount", By.MANAGEMENT)
def create_account(
    call: Call[shapes.CreateAccountRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Create an account in the root, with a role that lets the management account in."""
    return _requested(call, tx, organization, with_govcloud=False)


@organization_operation("CreateGovCloudAccount", By.MANAGEMENT)
def create_gov_cloud_account(
    call: Call[shapes.CreateGovCloudAccountRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Create an account, and its other half in AWS GovCloud (US)."""
    if organization.partition != "aws":
        raise constraint(Constraint.NOT_GOVCLOUD_ENABLED)
    return _requested(call, tx, organization, with_govcloud=True)


def _requested(call: Call[Any], tx: Transaction, organization: Organization, *, with_govcloud: bool) -> dict[str, Any]:
    asked = call.input
    role_name = asked.get("RoleName", _ROLE_NAME)
    if role_name.startswith(_LINKED):
        raise invalid_input("INVALID_ROLE_NAME", "You provided a role name that isn't valid.")
    check_free_text(asked["AccountName"])
    check_room(tx, organization, at=call.at)
    request = request_account(
        tx,
        organization,
        email=asked["Email"],
        name=asked["AccountName"],
        role_name=role_name,
        tags=new_tags(tx, organization, "organizations:account", asked),
        at=call.at,
        with_govcloud=with_govcloud,
        opens_bills=asked.get("IamUserAccessToBilling", "ALLOW") == "ALLOW",
    )
    settle(tx, organization, at=call.at)
    return {"CreateAccountStatus": _status(known_request(tx, organization, request.id))}


def _status(request: CreateAccountRequest) -> dict[str, Any]:
    found = {
        "Id": request.id,
        "AccountName": request.name,
        "State": request.state.value,
        "RequestedTimestamp": request.requested_at,
        "CompletedTimestamp": request.ended_at,
        "AccountId": request.made or None,
        "GovCloudAccountId": request.made_in_govcloud or None,
        "FailureReason": request.failure or None,
    }
    return {member: value for member, value in found.items() if value is not None}


@organization_operation("DescribeCreateAccountStatus", By.ADMINISTRATORS)
def describe_create_account_status(
    call: Call[shapes.DescribeCreateAccountStatusRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Say what became of a request to create an account."""
    return {"CreateAccountStatus": _status(known_request(tx, organization, call.input["CreateAccountRequestId"]))}


@organization_operation("ListCreateAccountStatus", By.ADMINISTRATORS)
def list_create_account_status(
    call: Call[shapes.ListCreateAccountStatusRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the requests to create an account, those in certain states if the call names some."""
    states = set(call.input.get("States", ()))
    every = tx.in_order(CREATE_ACCOUNT_REQUESTS, "organization", organization.id)
    found = [request for request in every if not states or request.state in states]
    requests, following = page(call, tx, found, lambda request: f"{request.requested_at}{request.id}")
    return {"CreateAccountStatuses": [_status(request) for request in requests], **following}


@organization_operation("DescribeAccount", By.ADMINISTRATORS)
def describe_account(
    call: Call[shapes.DescribeAccountRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Show an account."""
    account = known_member(tx, organization, call.input["AccountId"])
    return {"Account": account_shape(tx, organization, account)}


@organization_operation("ListAccounts", By.ADMINISTRATORS)
def list_accounts(
    call: Call[shapes.ListAccountsRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List all accounts, the management account and closed ones among them."""
    accounts, following = page(call, tx, tx.in_order(ACCOUNTS, "organization", organization.id), key_of_account)
    return {"Accounts": [account_shape(tx, organization, account) for account in accounts], **following}


@organization_operation("ListAccountsForParent", By.ADMINISTRATORS)
def list_accounts_for_parent(
    call: Call[shapes.ListAccountsForParentRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the accounts directly in a root or unit."""
    accounts, following = page(call, tx, accounts_in(call, tx, organization), key_of_account)
    return {"Accounts": [account_shape(tx, organization, account) for account in accounts], **following}


@organization_operation("MoveAccount", By.MANAGEMENT)
def move_account_(call: Call[shapes.MoveAccountRequest], tx: Transaction, organization: Organization) -> None:
    """Put an account into another root or unit; what binds it there counts at once."""
    asked = call.input
    account = known_member(tx, organization, asked["AccountId"])
    source = asked["SourceParentId"]
    if source != organization.root and find_unit(tx, organization, source) is None:
        raise NotFound(Noun.SOURCE_PARENT, source)
    move_account(tx, organization, account, source=source, destination=asked["DestinationParentId"])


@organization_operation("CloseAccount", By.MANAGEMENT)
def close_account(call: Call[shapes.CloseAccountRequest], tx: Transaction, organization: Organization) -> None:
    """Close a member account."""
    start_closure(tx, organization, known_member(tx, organization, call.input["AccountId"]), at=call.at)
    settle(tx, organization, at=call.at)


@organization_operation("RemoveAccountFromOrganization", By.MANAGEMENT)
def remove_account_from_organization(
    call: Call[shapes.RemoveAccountFromOrganizationRequest], tx: Transaction, organization: Organization
) -> None:
    """Let a member account go; it stands alone from now on."""
    account = known_member(tx, organization, call.input["AccountId"])
    check_may_leave(organization, account, at=call.at)
    leave_organization(tx, account, at=call.at)
    departed(tx, organization, account, "REMOVED", at=call.at)


@organization_operation("LeaveOrganization", By.MEMBERS)
def leave_organization_(call: Call[Any], tx: Transaction, organization: Organization) -> None:
    """Leave the organization, as the member itself."""
    account = known_member(tx, organization, call.account)
    check_may_leave(organization, account, at=call.at)
    leave_organization(tx, account, at=call.at)
    departed(tx, organization, account, "LEFT", at=call.at)
