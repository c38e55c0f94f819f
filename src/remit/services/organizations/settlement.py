"""What takes its time in an organization, and is finished when the organization is next asked after that.

Accounts are created and closed, closed ones leave after ninety days. Everything that one step changes is in the
transaction of the call that meets it, so no step is ever half done. Nobody waits for the consent of members that left.
Source: `organizations` reference, 4.1, 4.2 and 4.4.
"""

from datetime import datetime

from remit.directory.accounts import AccountState, known_account
from remit.directory.organizations import ORGANIZATIONS, Organization
from remit.directory.organizations.all_features import advance
from remit.directory.organizations.closures import due_closures, finish_closure
from remit.directory.organizations.creations import due_requests, finish_request
from remit.ids import AccountId
from remit.services.organizations.events import closure_ended, creation_ended, departed, joined
from remit.store import Transaction


def settle(tx: Transaction, organization: Organization, *, at: datetime) -> Organization:
    """Finish what is due; return the organization as it is now."""
    for request in due_requests(tx, organization, at=at):
        ended = finish_request(tx, organization, request, at=at)
        creation_ended(tx, organization, ended, at=at)
        if ended.made:
            joined(tx, organization, known_account(tx, AccountId(ended.made)), at=at)
    for account in due_closures(tx, organization, at=at):
        now = finish_closure(tx, account, at=at)
        if account.state is AccountState.CLOSED:
            departed(tx, organization, account, "CLEANED", at=at)
        else:
            closure_ended(tx, organization, now, at=at)
    advance(tx, organization, at=at)
    return tx.get(ORGANIZATIONS, organization.id) or organization
