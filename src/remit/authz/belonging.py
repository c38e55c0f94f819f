"""Where an account belongs: its organization, its place in it, and the control policies that bind it there.

It is worked out when an account first asks after something of organizations changed, and kept: moving an account or
changing a policy counts on the next request, and no request waits for the others' accounts.
Source: `organizations` reference, 2.3 and 9; `policy-evaluation` reference, 4.6 (D3, O1, O2).
"""

import msgspec

from remit.authn.kept import Kept
from remit.authz.documents import PolicyUnreadable, policy_of
from remit.authz.facts import Organization as OrganizationFacts
from remit.directory.accounts import ACCOUNTS, Account
from remit.directory.organizations import (
    ORGANIZATION_POLICIES,
    ORGANIZATIONS,
    UNITS,
    Organization,
    OrganizationalUnit,
    OrganizationPolicy,
    PolicyType,
)
from remit.directory.organizations.attachments import Target
from remit.directory.organizations.policies import RCP_FULL_ACCESS
from remit.directory.organizations.tree import ancestry, path_to, policies_by_level
from remit.ids import AccountId
from remit.policy import Policy
from remit.store import Transaction

_ACCOUNTS_KEPT = 16_384
_PLACED_KEPT = 1_024
_NOTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}'

# From the root to the account, the policies of each level.
Levels = tuple[tuple[Policy, ...], ...]


class Belonging(msgspec.Struct, frozen=True):
    """Where an account belongs.

    Attributes:
        is_management: whether it is the management account, which no control policy binds (E1).
        scps: None where service control policies do not take part.
        rcps: None where nothing but `RCPFullAWSAccess` takes part, which the engine implies.
        targets: ARNs of the levels: of the root, the units and the account.
    """

    organization: OrganizationFacts
    is_management: bool
    scps: Levels | None
    rcps: Levels | None
    targets: tuple[str, ...]


class _Known(msgspec.Struct, frozen=True, eq=False):
    """What an account's belonging was worked out of, and what it was."""

    account: Account
    stamps: tuple[object, object, object]
    belonging: Belonging


_known: Kept[str, _Known] = Kept(_ACCOUNTS_KEPT)
# Levels by their identity, and the same with their places.
_placed: Kept[int, tuple[Levels, tuple[str, ...], Levels]] = Kept(_PLACED_KEPT)


def belonging(tx: Transaction, account: AccountId) -> Belonging | None:
    """Say where *account* belongs; the same value until something of it changes. None for one in no organization."""
    found = tx.get(ACCOUNTS, account)
    if found is None or found.membership is None:
        return None
    known = _known.get(account)
    stamps = (tx.stamp(ORGANIZATIONS), tx.stamp(UNITS), tx.stamp(ORGANIZATION_POLICIES))
    if known is not None and known.account is found and known.stamps == stamps:
        return known.belonging
    organization = tx.get(ORGANIZATIONS, found.membership.organization)
    if organization is None:
        raise AssertionError(f"the organization of {account} is gone")
    now = _worked_out(tx, organization, found, found.membership.parent)
    if known is not None and known.belonging == now:
        now = known.belonging
    return _known.keep(account, _Known(found, stamps, now)).belonging


def _worked_out(tx: Transaction, organization: Organization, account: Account, parent: str) -> Belonging:
    facts = OrganizationFacts(organization.id, (path_to(tx, organization, parent),))
    if organization.is_managed_by(account.id):
        return Belonging(facts, is_management=True, scps=None, rcps=None, targets=())
    rcps = _levels(tx, organization, account, PolicyType.RESOURCE_CONTROL)
    if rcps is not None and all(policy.name == RCP_FULL_ACCESS.name for level in rcps for policy in level):
        rcps = None
    scps = _levels(tx, organization, account, PolicyType.SERVICE_CONTROL)
    targets = tuple([_arn(organization, target) for target in ancestry(tx, organization, account)])
    return Belonging(facts, is_management=False, scps=scps, rcps=rcps, targets=targets)


def _arn(organization: Organization, target: Target) -> str:
    match target:
        case Organization():
            return organization.root_arn
        case OrganizationalUnit():
            return organization.arn_of("ou", target.id)
        case Account():
            return organization.arn_of("account", target.id)


def placed(there: Belonging | None, levels: Levels | None) -> Levels | None:
    """Return control policies that bind an account with the root, unit or account that each is attached to.

    Decisions do without: accounts with the same policies share what is compiled of them.
    """
    if there is None or levels is None:
        return levels
    known = _placed.get(id(levels))
    if known is None or known[0] is not levels or known[1] != there.targets:
        found = tuple(
            [
                tuple([msgspec.structs.replace(policy, attached_to=target) for policy in level])
                for level, target in zip(levels, there.targets, strict=True)
            ]
        )
        known = _placed.keep(id(levels), (levels, there.targets, found))
    return known[2]


def _levels(tx: Transaction, organization: Organization, account: Account, type_: PolicyType) -> Levels | None:
    if type_ not in organization.policy_types:
        return None
    levels = policies_by_level(tx, organization, account, type_)
    return tuple(tuple(map(_readable, level)) for level in levels)


def _readable(policy: OrganizationPolicy) -> Policy:
    """Return a control policy; one that denies everything in the place of one that cannot be read."""
    try:
        return policy_of(policy.content, policy.name, policy.arn)
    except PolicyUnreadable:
        return policy_of(_NOTHING, policy.name, policy.arn)
