"""Which accounts are meant: the whole organization, its members, a unit and all below it, one account."""

from collections.abc import Iterable
from datetime import datetime

from remit.directory.accounts import USABLE, Account, JoinedMethod, create_account
from remit.directory.organizations import UNITS, Organization, OrganizationalUnit, member_accounts
from remit.directory.organizations.members import join_organization, known_member, membership_of, move_account
from remit.directory.organizations.putting_tree import ROOT, place_of
from remit.ids import AccountId
from remit.store import Transaction

ORGANIZATION, MEMBERS = "organization", "members"
# Imagined accounts have ids that `new_account_id` never gives.
_IMAGINED = 10


class PlaceUnknown(Exception):
    """No unit or account is meant, or several could be; a line for a person."""


class Places:
    """The accounts of an organization by where they are.

    A unit without accounts gets an imagined one, which exists in *tx* alone: what holds for it holds for the first that
    comes.
    """

    def __init__(self, tx: Transaction, organization: Organization, *, at: datetime) -> None:
        self._tx, self._organization, self._at = tx, organization, at
        self._units = tx.select(UNITS, "organization", organization.id)
        self._paths = {unit.id: place_of(tx, organization, unit.id) for unit in self._units}
        self._imagined: dict[str, Account] = {}
        self._below: dict[str, list[Account]] = {unit.id: [] for unit in self._units}
        self.members = [one for one in member_accounts(tx, organization) if one.state in USABLE]
        parents = {unit.id: unit.parent for unit in self._units}
        for account in self.members:
            parent = membership_of(account).parent
            while parent != organization.root:
                self._below[parent].append(account)
                parent = parents[parent]

    def path(self, account: Account) -> str:
        """Return where an account is: `Root/Prod`."""
        parent = membership_of(account).parent
        return self._paths.get(parent, ROOT)

    def accounts(self, places: Iterable[str]) -> list[Account]:
        """Return the accounts that are meant, each once.

        Raises:
            PlaceUnknown: one of *places* means none, or could mean several.
        """
        found = {account.id: account for place in places for account in self._accounts(place)}
        return list(found.values())

    def _accounts(self, place: str) -> list[Account]:
        if place in (ORGANIZATION, ROOT, self._organization.id, self._organization.root):
            return self.members
        if place == MEMBERS:
            return [account for account in self.members if not self._organization.is_managed_by(account.id)]
        units = [unit for unit in self._units if self._is_called(unit, place)]
        accounts = [one for one in self.members if place in (one.id, one.email, one.name)]
        if len(units) + len(accounts) > 1:
            meant = ", ".join([*(self._paths[unit.id] for unit in units), *(f"account {one.id}" for one in accounts)])
            raise PlaceUnknown(f"`{place}` could be {meant}; say the path, or an id")
        if accounts:
            return accounts
        if not units:
            raise PlaceUnknown(f"no unit or account is called `{place}`")
        return self._below[units[0].id] or [self._imagine(units[0])]

    def _is_called(self, unit: OrganizationalUnit, place: str) -> bool:
        path = self._paths[unit.id]
        return place in (unit.id, unit.name, path, path.removeprefix(f"{ROOT}/"))

    def _imagine(self, unit: OrganizationalUnit) -> Account:
        if unit.id not in self._imagined:
            id_ = AccountId(f"{_IMAGINED + len(self._imagined):012}")
            email = f"{id_}@imagined.invalid"
            made = create_account(self._tx, id_, email=email, name=f"imagined in {unit.name}", at=self._at)
            join_organization(self._tx, self._organization, made, at=self._at, method=JoinedMethod.CREATED)
            member = known_member(self._tx, self._organization, id_)
            move_account(self._tx, self._organization, member, source=self._organization.root, destination=unit.id)
            self._imagined[unit.id] = known_member(self._tx, self._organization, id_)
        return self._imagined[unit.id]
