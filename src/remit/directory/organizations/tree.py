"""The tree: what is above an account, its path, and the levels of policies that bind it.

Source: `organizations` reference, 2.3 and 9.2; `policy-evaluation` reference, 4.6.
"""

from remit.directory.accounts import Account
from remit.directory.organizations.attachments import Target, attached_to
from remit.directory.organizations.members import membership_of
from remit.directory.organizations.organization import Organization
from remit.directory.organizations.policies import OrganizationPolicy, PolicyType, known_policy
from remit.directory.organizations.units import OrganizationalUnit, known_unit
from remit.store import Transaction


def units_above(tx: Transaction, organization: Organization, parent: str) -> list[OrganizationalUnit]:
    """Return the units from below the root down to *parent*, which is the root itself or one of them."""
    found: list[OrganizationalUnit] = []
    while parent != organization.root:
        unit = known_unit(tx, organization, parent)
        found.append(unit)
        parent = unit.parent
    found.reverse()
    return found


def path_to(tx: Transaction, organization: Organization, parent: str) -> str:
    """Return the path of what is in *parent*: `o-x/r-y/ou-z/`, with the slash at its end."""
    units = [unit.id for unit in units_above(tx, organization, parent)]
    return "/".join((organization.id, organization.root, *units, ""))


def ancestry(tx: Transaction, organization: Organization, account: Account) -> tuple[Target, ...]:
    """Return the levels that bind *account*: the root, for which the organization stands, units, the account itself."""
    return (organization, *units_above(tx, organization, membership_of(account).parent), account)


def policies_by_level(
    tx: Transaction, organization: Organization, account: Account, type_: PolicyType
) -> list[list[OrganizationPolicy]]:
    """Return the policies of a type by level, the root's first; at one level in the order of their attachment."""
    return [
        [known_policy(tx, organization, id_) for id_ in attached_to(target, type_)]
        for target in ancestry(tx, organization, account)
    ]
