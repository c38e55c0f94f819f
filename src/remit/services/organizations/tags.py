"""Tags on the root, units, accounts, policies and transfers of an organization.

Source: `organizations` reference, 2.4 and 3.6.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from remit.directory.accounts import ACCOUNTS, Account, known_account
from remit.directory.facts import NotFound, Noun
from remit.directory.organizations import (
    ORGANIZATION_POLICIES,
    ORGANIZATIONS,
    UNITS,
    Organization,
    OrganizationalUnit,
    OrganizationPolicy,
)
from remit.directory.organizations.attachments import find_target
from remit.directory.organizations.effective_policies import effective, inherited
from remit.directory.organizations.facts import Constraint
from remit.directory.organizations.members import known_member, membership_of
from remit.directory.organizations.policies import known_policy
from remit.directory.organizations.resource_policies import (
    RESOURCE_POLICIES,
    OrganizationResourcePolicy,
    resource_policy_of,
)
from remit.directory.organizations.transfers import (
    RESPONSIBILITY_TRANSFERS,
    ResponsibilityTransfer,
    known_transfer,
)
from remit.policy.management import ManagementPolicyType, tag_policy_violations
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.errors import constraint, invalid_input
from remit.services.organizations.pages import numbered
from remit.services.organizations.registry import By, organization_operation
from remit.store import Transaction

Tagged = (
    Organization
    | OrganizationalUnit
    | Account
    | OrganizationPolicy
    | OrganizationResourcePolicy
    | ResponsibilityTransfer
)
_MOST = 50
# As tag policies name them.
_TYPES: dict[type[Tagged], str] = {
    Organization: "organizations:root",
    OrganizationalUnit: "organizations:ou",
    Account: "organizations:account",
    OrganizationPolicy: "organizations:policy",
    OrganizationResourcePolicy: "organizations:resourcepolicy",
    ResponsibilityTransfer: "organizations:responsibilitytransfer",
}


def new_tags(tx: Transaction, organization: Organization, resource_type: str, asked: Any) -> dict[str, str]:
    """Return the `Tags` of an input, for something new of this type.

    Raises:
        ServiceError: a key is AWS's own or there twice, there are too many, or the tag policy of the management
            account, to which all of it belongs, does not allow one.
    """
    return _over(tx, organization, resource_type, {}, asked.get("Tags", ()))


def _over(
    tx: Transaction, organization: Organization, resource_type: str, held: Mapping[str, str], tags: Iterable[Any]
) -> dict[str, str]:
    given: dict[str, str] = {}
    for tag in tags:
        key: str = tag["Key"]
        if key.lower().startswith("aws:"):
            raise invalid_input("INVALID_SYSTEM_TAGS_PARAMETER", "You specified a tag key that is a system tag.")
        if key in given:
            raise invalid_input(
                "DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags attached to the same entity."
            )
        given[key] = tag["Value"]
    _check_tag_policy(tx, organization, resource_type, given)
    now = {**held, **given}
    if len(now) > _MOST:
        raise constraint(Constraint.MAX_TAG_LIMIT_EXCEEDED)
    return now


def _check_tag_policy(tx: Transaction, organization: Organization, resource_type: str, tags: Mapping[str, str]) -> None:
    management = known_member(tx, organization, organization.account)
    found = inherited(tx, organization, management, ManagementPolicyType.TAG)
    if found.is_empty or not tags:
        return
    if tag_policy_violations(effective(found.type, found.contents).document, resource_type, tags):
        raise constraint(Constraint.TAG_POLICY_VIOLATION)


@organization_operation("TagResource", By.MANAGEMENT)
def tag_resource(call: Call[shapes.TagResourceRequest], tx: Transaction, organization: Organization) -> None:
    """Give tags to something of the organization; a key that it has gets the new value."""
    tagged = _tagged(tx, organization, call.input["ResourceId"], at=call.at)
    resource_type = _TYPES[type(tagged)]
    _put(
        tx,
        organization,
        tagged,
        _over(tx, organization, resource_type, _tags(organization, tagged), call.input["Tags"]),
    )


@organization_operation("UntagResource", By.MANAGEMENT)
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction, organization: Organization) -> None:
    """Take tags away; keys that are not there do not matter."""
    tagged = _tagged(tx, organization, call.input["ResourceId"], at=call.at)
    gone = set(call.input["TagKeys"])
    _put(
        tx, organization, tagged, {key: value for key, value in _tags(organization, tagged).items() if key not in gone}
    )


@organization_operation("ListTagsForResource", By.ADMINISTRATORS)
def list_tags_for_resource(
    call: Call[shapes.ListTagsForResourceRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the tags of something of the organization."""
    tagged = _tagged(tx, organization, call.input["ResourceId"], at=call.at)
    tags, following = numbered(call, tx, list(_tags(organization, tagged).items()))
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags], **following}


def _tagged(tx: Transaction, organization: Organization, id_: str, *, at: datetime) -> Tagged:
    try:
        if id_.startswith("rt-"):
            email = known_account(tx, organization.account).email
            return known_transfer(tx, organization, email, id_, at=at)
        if id_.startswith("p-"):
            return known_policy(tx, organization, id_)
        policy = resource_policy_of(tx, organization)
        return policy if policy is not None and policy.id == id_ else find_target(tx, organization, id_)
    except NotFound:
        raise NotFound(Noun.TARGET, id_) from None


def _tags(organization: Organization, tagged: Tagged) -> Mapping[str, str]:
    match tagged:
        case Account():
            return membership_of(tagged).tags
        case ResponsibilityTransfer():
            return tagged.tags.get(organization.id, {})
        case _:
            return tagged.tags


def _put(tx: Transaction, organization: Organization, tagged: Tagged, tags: Mapping[str, str]) -> None:
    match tagged:
        case Account():
            membership = msgspec.structs.replace(membership_of(tagged), tags=tags)
            tx.put(ACCOUNTS, msgspec.structs.replace(tagged, membership=membership))
        case Organization():
            tx.put(ORGANIZATIONS, msgspec.structs.replace(tagged, tags=tags))
        case OrganizationalUnit():
            tx.put(UNITS, msgspec.structs.replace(tagged, tags=tags))
        case OrganizationResourcePolicy():
            tx.put(RESOURCE_POLICIES, msgspec.structs.replace(tagged, tags=tags))
        case ResponsibilityTransfer():
            of_both = {**tagged.tags, organization.id: tags}
            tx.put(RESPONSIBILITY_TRANSFERS, msgspec.structs.replace(tagged, tags=of_both))
        case OrganizationPolicy() if tagged.is_aws_managed:
            raise invalid_input("TARGET_NOT_SUPPORTED", "You can't tag an AWS managed policy.")
        case OrganizationPolicy():
            tx.put(ORGANIZATION_POLICIES, msgspec.structs.replace(tagged, tags=tags))
