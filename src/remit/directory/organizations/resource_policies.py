"""The resource policy of an organization: what member accounts may do in it in the management account's place.

Source: `organizations` reference, 3.8 and 9.5.
"""

from collections.abc import Mapping

import msgspec

from remit.directory.facts import NotFound, Noun
from remit.directory.organizations.organization import Organization
from remit.ids import AccountId, new_resource_policy_id
from remit.store import Kind, Transaction


class OrganizationResourcePolicy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The resource policy; an organization has one at most.

    Attributes:
        id: `rp-...`.
        account: the management account.
    """

    id: str
    account: AccountId
    organization: str
    content: str
    tags: Mapping[str, str] = {}


RESOURCE_POLICIES = Kind(
    "organization_resource_policy",
    OrganizationResourcePolicy,
    unique={"organization": lambda policy: policy.organization},
)


def resource_policy_of(tx: Transaction, organization: Organization) -> OrganizationResourcePolicy | None:
    """Return the resource policy of *organization*; None if it has none."""
    return tx.find(RESOURCE_POLICIES, "organization", organization.id)


def known_resource_policy(tx: Transaction, organization: Organization) -> OrganizationResourcePolicy:
    """Return the resource policy of *organization*.

    Raises:
        NotFound: it has none.
    """
    found = resource_policy_of(tx, organization)
    if found is None:
        raise NotFound(Noun.ORGANIZATION_RESOURCE_POLICY, organization.id)
    return found


def put_resource_policy(
    tx: Transaction, organization: Organization, content: str, tags: Mapping[str, str]
) -> OrganizationResourcePolicy:
    """Give *organization* a resource policy, or its resource policy another content."""
    held = resource_policy_of(tx, organization)
    if held is None:
        put = OrganizationResourcePolicy(
            id=new_resource_policy_id(),
            account=organization.account,
            organization=organization.id,
            content=content,
            tags=tags,
        )
    else:
        put = msgspec.structs.replace(held, content=content)
    tx.put(RESOURCE_POLICIES, put)
    return put
