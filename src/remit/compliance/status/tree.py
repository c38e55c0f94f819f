"""The tree of an organization, as the snapshot of its management account shows it."""

from collections.abc import Iterator
from dataclasses import dataclass

from remit.compliance.checks import Facts, Seen, Unread
from remit.compliance.snapshots import Snapshot

READS = frozenset(
    {
        "organizations:DescribeOrganization",
        "organizations:ListRoots",
        "organizations:ListOrganizationalUnitsForParent",
        "organizations:ListAccountsForParent",
    }
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, or the root.

    Attributes:
        accounts: ids and names of those that are in it and in no unit of it.
    """

    id: str
    name: str
    accounts: tuple[tuple[str, str], ...]
    units: tuple["Unit", ...]

    def below(self) -> Iterator[str]:
        """Return the ids of all accounts in it and below."""
        for account, _ in self.accounts:
            yield account
        for unit in self.units:
            yield from unit.below()

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Unit"]]:
        """Return it and all units below, each with how deep it is."""
        yield depth, self
        for unit in self.units:
            yield from unit.walk(depth + 1)


def management_account(snapshot: Snapshot) -> str | None:
    """Return the id of the organization's management account; None where there is none, or it is not known."""
    try:
        described = Seen(Facts(snapshot=snapshot), READS).maybe("organizations:DescribeOrganization")
        return None if described is None else str(described["Organization"]["MasterAccountId"])
    except (Unread, KeyError, TypeError):
        return None


def tree(snapshot: Snapshot) -> Unit | None:
    """Return the root; None where the snapshot does not show the whole tree."""
    seen = Seen(Facts(snapshot=snapshot), READS)
    try:
        (root,) = seen.items("organizations:ListRoots", "Roots")
        return _unit(seen, str(root["Id"]), str(root["Name"]))
    except (Unread, KeyError, TypeError, ValueError):
        return None


def _unit(seen: Seen, id_: str, name: str) -> Unit:
    accounts = seen.items("organizations:ListAccountsForParent", "Accounts", ParentId=id_)
    units = seen.items("organizations:ListOrganizationalUnitsForParent", "OrganizationalUnits", ParentId=id_)
    return Unit(
        id_,
        name,
        tuple((str(account["Id"]), str(account["Name"])) for account in accounts),
        tuple(_unit(seen, str(unit["Id"]), str(unit["Name"])) for unit in units),
    )
