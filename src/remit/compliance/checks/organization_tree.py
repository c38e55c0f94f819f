"""The organization, as its management account sees it: units, accounts, and which control policies are where.

Source: Organizations API reference, ListRoots, ListOrganizationalUnitsForParent, ListAccountsForParent, ListPolicies,
ListTargetsForPolicy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from remit.compliance.checks.check import Subject
from remit.compliance.checks.seen import Seen, Unread

DESCRIBED = "organizations:DescribeOrganization"
ROOTS = "organizations:ListRoots"
_UNITS, _ACCOUNTS = "organizations:ListOrganizationalUnitsForParent", "organizations:ListAccountsForParent"
_POLICIES, _TARGETS = "organizations:ListPolicies", "organizations:ListTargetsForPolicy"
SCP = "SERVICE_CONTROL_POLICY"
FULL_ACCESS = "p-FullAWSAccess"

# What has to be read for the tree, and for the policies on it.
TREE_READS = (DESCRIBED, ROOTS, _UNITS, _ACCOUNTS)
ATTACHED_READS = (*TREE_READS, _POLICIES, _TARGETS)


@dataclass(frozen=True, slots=True)
class Tree:
    """Roots, units and accounts.

    Attributes:
        management: id of the management account.
        policy_types: that are enabled in the root.
        parents: id of a unit or account -> id of what it is in.
        names: id of a root or unit -> its name.
        accounts: id -> members, as ListAccountsForParent has them.
    """

    management: str
    policy_types: frozenset[str]
    parents: Mapping[str, str]
    names: Mapping[str, str]
    accounts: Mapping[str, Mapping[str, Any]]

    def path(self, id_: str) -> tuple[str, ...]:
        """Return the ids from the root to a unit or account, itself included.

        Raises:
            Unread: it is not in the tree.
        """
        if id_ not in self.parents and id_ not in self.names:
            message = f"{id_} is not in the organization's tree"
            raise Unread(message)
        found = [id_]
        while found[-1] in self.parents:
            found.append(self.parents[found[-1]])
        return tuple(reversed(found))

    def units_above(self, account: str) -> tuple[str, ...]:
        """Return the names of units that an account is in, from the root down; the root is none."""
        return tuple(self.names[one] for one in self.path(account)[1:-1])


def tree(seen: Seen) -> Tree:
    """Return the organization of an account.

    Raises:
        Unread: the whole of it is not known.
    """
    return seen.organization.derived("organization tree", _tree)


def _tree(seen: Seen) -> Tree:
    parents: dict[str, str] = {}
    names: dict[str, str] = {}
    accounts: dict[str, Mapping[str, Any]] = {}
    roots = seen.items(ROOTS, "Roots")
    waiting = [(root["Id"], root["Name"]) for root in roots]
    while waiting:
        id_, names[id_] = waiting.pop()
        for account in seen.items(_ACCOUNTS, "Accounts", ParentId=id_):
            parents[account["Id"]] = id_
            accounts[account["Id"]] = account
        for unit in seen.items(_UNITS, "OrganizationalUnits", ParentId=id_):
            parents[unit["Id"]] = id_
            waiting.append((unit["Id"], unit["Name"]))
    enabled = {one["Type"] for root in roots for one in root["PolicyTypes"] if one["Status"] == "ENABLED"}
    return Tree(seen.account, frozenset(enabled), parents, names, accounts)


def attached(seen: Seen) -> Mapping[str, tuple[str, ...]]:
    """Return root, unit or account -> ids of service control policies attached to it, in order.

    Raises:
        Unread: it is not known of all of them.
    """
    return seen.organization.derived("attached control policies", _attached)


def _attached(seen: Seen) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for policy in seen.items(_POLICIES, "Policies", Filter=SCP):
        for target in seen.items(_TARGETS, "Targets", PolicyId=policy["Id"]):
            found.setdefault(target["TargetId"], []).append(policy["Id"])
    return {target: tuple(sorted(policies)) for target, policies in found.items()}


def is_management(seen: Seen) -> bool:
    """Whether the account is its organization's management account.

    Raises:
        Unread: it is not known, or the account is in no organization.
    """
    management: str = seen.answer(DESCRIBED)["Organization"]["MasterAccountId"]
    return management == seen.account


def members(seen: Seen) -> Iterator[Subject]:
    """List the member accounts that are judged by what an account knows: all by the management account, else itself.

    An account in no organization has none.
    """
    if not seen.is_in_organization:
        return
    if not is_management(seen):
        yield _member(seen, seen.account)
        return
    known = tree(seen)
    for account in sorted(known.accounts):
        if account != seen.account:
            yield _member(seen, account)


def _member(seen: Seen, account: str) -> Subject:
    partition = seen.snapshot.header.partition
    return Subject(f"arn:{partition}:iam::{account}:root", "", {"account": account})
