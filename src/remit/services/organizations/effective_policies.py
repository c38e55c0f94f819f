"""Effective policies, and what is wrong with them.

Source: `organizations` reference, 3.3 (ListAccountsWithInvalidEffectivePolicy), 3.5 and 10.
"""

from typing import Any

import msgspec

from remit.directory.facts import NotFound, Noun
from remit.directory.organizations import Organization
from remit.directory.organizations.attachments import find_target
from remit.directory.organizations.effective_policies import Contents, effective, inherited, members_by_contents
from remit.directory.organizations.members import find_member, known_member, membership_of
from remit.directory.organizations.tree import path_to
from remit.ids import AccountId
from remit.policy.management import ManagementPolicyType
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.errors import invalid_input
from remit.services.organizations.pages import numbered, page
from remit.services.organizations.registry import By, check_standing, organization_operation
from remit.services.organizations.summaries import account_shape
from remit.services.organizations.units import key_of_account
from remit.store import Transaction

_INVALID = "accounts with an invalid effective policy"


@organization_operation("DescribeEffectivePolicy", By.MEMBERS)
def describe_effective_policy(
    call: Call[shapes.DescribeEffectivePolicyRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Show what an account's policies of a type come to; a member may ask for itself."""
    id_ = call.input.get("TargetId", call.account)
    if id_ != call.account:
        check_standing(call, tx, organization, By.ADMINISTRATORS)
    account = find_member(tx, organization, id_)
    if account is None:
        find_target(tx, organization, id_)  # says that there is none
        raise invalid_input("TARGET_NOT_SUPPORTED", "You can't perform the specified operation on that target entity.")
    found = inherited(tx, organization, account, ManagementPolicyType(call.input["PolicyType"]))
    if found.is_empty:
        raise NotFound(Noun.EFFECTIVE_POLICY, id_)
    document = effective(found.type, found.contents).document
    return {
        "EffectivePolicy": {
            "PolicyContent": msgspec.json.encode(document).decode(),
            "LastUpdatedTimestamp": found.updated_at,
            "TargetId": id_,
            "PolicyType": found.type.value,
        }
    }


@organization_operation("ListEffectivePolicyValidationErrors", By.ADMINISTRATORS)
def list_effective_policy_validation_errors(
    call: Call[shapes.ListEffectivePolicyValidationErrorsRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List what in an account's effective policy cannot be enforced."""
    account = known_member(tx, organization, call.input["AccountId"])
    found = inherited(tx, organization, account, ManagementPolicyType(call.input["PolicyType"]))
    if found.is_empty:
        raise NotFound(Noun.EFFECTIVE_POLICY, account.id)
    errors, following = numbered(call, tx, effective(found.type, found.contents).errors)
    shown = [
        {
            "ErrorCode": error.code.value,
            "ErrorMessage": error.message,
            "PathToError": error.path,
            "ContributingPolicies": [found.levels[source.level][source.place].id for source in error.sources],
        }
        for error in errors
    ]
    return {
        "AccountId": account.id,
        "PolicyType": found.type.value,
        "Path": f"{path_to(tx, organization, membership_of(account).parent)}{account.id}/",
        "EvaluationTimestamp": call.at,
        "EffectivePolicyValidationErrors": shown,
        **following,
    }


@organization_operation("ListAccountsWithInvalidEffectivePolicy", By.ADMINISTRATORS)
def list_accounts_with_invalid_effective_policy(
    call: Call[shapes.ListAccountsWithInvalidEffectivePolicyRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the accounts of which something in the effective policy cannot be enforced."""
    type_ = ManagementPolicyType(call.input["PolicyType"])
    if type_ not in organization.policy_types:
        raise NotFound(Noun.EFFECTIVE_POLICY, type_)
    # In the second run of the call the accounts need not be looked at again.
    alike = [] if _INVALID in call.slow_results else members_by_contents(tx, organization, type_)
    ids = call.slowly(_INVALID, lambda: _invalid(type_, alike))
    found = [account for id_ in ids if (account := find_member(tx, organization, id_)) is not None]
    accounts, following = page(call, tx, sorted(found, key=key_of_account), key_of_account)
    shown = [account_shape(tx, organization, account) for account in accounts]
    return {"Accounts": shown, "PolicyType": type_.value, **following}


def _invalid(type_: ManagementPolicyType, alike: list[tuple[Contents, list[AccountId]]]) -> list[AccountId]:
    return [id_ for contents, ids in alike if any(contents) and effective(type_, contents).errors for id_ in ids]
