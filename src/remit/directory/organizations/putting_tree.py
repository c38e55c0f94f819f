"""Units and accounts of a description put where it has them in the tree."""

import re
from collections.abc import Iterator

from msgspec import UnsetType

from remit.directory.accounts import ACCOUNTS, Account, AccountState, set_email, set_name
from remit.directory.facts import AlreadyExists
from remit.directory.organizations.attachments import Target
from remit.directory.organizations.creations import ACCESS_ROLE, SERVICE, create_member, free_account_id
from remit.directory.organizations.descriptions import AccountPart, Attached, RootPart, Text, UnitPart
from remit.directory.organizations.members import (
    check_may_leave,
    check_room,
    join_organization,
    known_member,
    leave_organization,
    member_accounts,
    membership_of,
    move_account,
)
from remit.directory.organizations.organization import FeatureSet, Organization
from remit.directory.organizations.putting import DescriptionRefused, Putting
from remit.directory.organizations.putting_policies import put_attachments
from remit.directory.organizations.tree import units_above
from remit.directory.organizations.units import (
    UNITS,
    OrganizationalUnit,
    create_unit,
    delete_unit,
    find_unit,
    level_of,
    rename_unit,
)
from remit.directory.service_linked_roles import create_service_linked_role
from remit.ids import AccountId, account_id
from remit.store import Transaction

ROOT = "Root"
_UNIT = re.compile(r"ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}", re.ASCII)
_NAME = re.compile(r"[ -~]{1,50}", re.ASCII)
_EMAIL = re.compile(r"(?=.{6,64}$)[^\s@]+@[^\s@]+\.[^\s@]+")


def place_of(tx: Transaction, organization: Organization, parent: str) -> str:
    """Return where a root or unit is, by names: `Root/Prod/Web`."""
    return "/".join((ROOT, *(unit.name for unit in units_above(tx, organization, parent))))


def described_account(tx: Transaction, organization: Organization | None, described: Text) -> Account | None:
    """Return the account that a text means: by its id or e-mail address, or by its name in *organization*.

    Raises:
        DescriptionRefused: several accounts have the name.
    """
    text = str(described)
    found = tx.get(ACCOUNTS, text) or tx.find(ACCOUNTS, "email", text.lower())
    if found is not None or organization is None:
        return found
    named = [one for one in tx.select(ACCOUNTS, "organization", organization.id) if one.name == text]
    if len(named) > 1:
        ids = ", ".join(sorted(one.id for one in named))
        raise DescriptionRefused(f"several accounts are called `{text}`: {ids}; say which one")
    return named[0] if named else None


class PuttingTree:
    """Puts units and accounts, and then what is attached to them.

    Attributes:
        accounts: what the description calls an account -> its id.
    """

    def __init__(self, putting: Putting) -> None:
        self._putting = putting
        self._tx = putting.tx
        self._attachments: list[tuple[str, str, Attached | UnsetType]] = []
        self.accounts: dict[str, AccountId] = {}

    def put(self, root: RootPart) -> None:
        """Put everything at and below the root: units first, then accounts, then policies on each."""
        putting, organization = self._putting, self._putting.organization
        putting.tags(organization, "the root", root.tags)
        self._attachments.append((organization.root, "the root", root.policies))
        placed = [(organization.root, root.accounts), *self._units(organization.root, ROOT, root.units)]
        for parent, accounts in placed:
            for part in accounts:
                with putting.about(f"account `{part.shown}`"):
                    self._account(parent, part)
        for id_, thing, described in self._attachments:
            organization = putting.organization
            target: Target = organization
            if id_ != organization.root:
                target = find_unit(self._tx, organization, id_) or known_member(self._tx, organization, id_)
            put_attachments(putting, target, thing, described)

    # -- units

    def _units(self, parent: str, place: str, parts: list[UnitPart]) -> Iterator[tuple[str, list[AccountPart]]]:
        for part in parts:
            thing = f"unit {place}/{part.name}"
            with self._putting.about(thing):
                unit = self._unit(parent, part, thing)
            if unit.id in self._putting.kept:
                raise DescriptionRefused(f"{thing}: described twice")
            self._putting.kept.add(unit.id)
            self._putting.tags(unit, thing, part.tags)
            self._attachments.append((unit.id, thing, part.policies))
            yield unit.id, part.accounts
            yield from self._units(unit.id, f"{place}/{part.name}", part.units)

    def _unit(self, parent: str, part: UnitPart, thing: str) -> OrganizationalUnit:
        tx, putting, organization = self._tx, self._putting, self._putting.organization
        known = find_unit(tx, organization, part.id) if part.id else None
        if known is not None and known.parent == parent:
            if known.name == part.name:
                return known
            putting.note("rename", f"unit {place_of(tx, organization, known.id)}", f"to `{part.name}`")
            return rename_unit(tx, known, part.name)
        named = tx.find(UNITS, "name", (parent, part.name))
        if named is not None:
            return named
        if part.id and _UNIT.fullmatch(part.id) is None:
            raise DescriptionRefused(f"{thing}: not an id of a unit: `{part.id}`")
        fits = part.id.startswith(f"ou-{organization.root.removeprefix('r-')}-") and tx.get(UNITS, part.id) is None
        putting.note("create", thing)
        return create_unit(
            tx, organization, parent, name=part.name, tags={}, at=putting.at, id_=part.id if fits else ""
        )

    # -- accounts

    def _account(self, parent: str, part: AccountPart) -> None:
        putting, thing = self._putting, f"account `{part.shown}`"
        account = self._known(part)
        if account is None:
            account = self._made(part)
        elif account.membership is None:
            account = self._joined(account)
        elif account.organization != putting.organization.id:
            raise DescriptionRefused(f"{thing}: {account.id} is in another organization")
        if account.id in putting.kept:
            raise DescriptionRefused(f"{thing}: described twice")
        if account.state is not AccountState.ACTIVE:
            raise DescriptionRefused(f"{thing}: {account.id} is {account.state}")
        putting.kept.add(account.id)
        self._remember(account, part)
        account = self._moved(self._renamed(account, part, thing), parent)
        putting.tags(account, thing, part.tags)
        self._attachments.append((account.id, thing, part.policies))

    def _known(self, part: AccountPart) -> Account | None:
        for described in (part.id, part.email):
            found = described_account(self._tx, None, described) if described else None
            if found is not None:
                return found
        if part.id or part.email:
            return None
        return described_account(self._tx, self._putting.organization, part.name)

    def _made(self, part: AccountPart) -> Account:
        putting, thing = self._putting, f"account `{part.shown}`"
        if not part.email:
            raise DescriptionRefused(f"{thing}: there is none, and to make one it needs its e-mail address")
        if _EMAIL.fullmatch(part.email) is None:
            raise DescriptionRefused(f"{thing}: not an e-mail address: `{part.email}`")
        if _NAME.fullmatch(part.name) is None:
            raise DescriptionRefused(f"{thing}: not a name of an account: `{part.name}`")
        try:
            id_ = account_id(str(part.id)) if part.id else free_account_id(self._tx)
        except ValueError as error:
            raise DescriptionRefused(f"{thing}: {error}") from None
        check_room(self._tx, putting.organization, at=putting.at)
        made = create_member(
            self._tx,
            putting.organization,
            id_,
            email=part.email,
            name=part.name,
            role_name=ACCESS_ROLE,
            tags={},
            at=putting.at,
        )
        putting.joined.append(made)
        putting.note("create", thing, made.id)
        return made

    def _joined(self, account: Account) -> Account:
        putting = self._putting
        check_room(self._tx, putting.organization, at=putting.at)
        joined = join_organization(self._tx, putting.organization, account, at=putting.at)
        if putting.organization.feature_set is FeatureSet.ALL:
            make_linked_role(putting, joined.id)
        putting.joined.append(joined)
        putting.note("join", f"account `{account.name or account.id}`", account.id)
        return joined

    def _remember(self, account: Account, part: AccountPart) -> None:
        for described in (part.name, part.email, str(part.id), account.id):
            if described:
                self.accounts.setdefault(described, account.id)

    def _renamed(self, account: Account, part: AccountPart, thing: str) -> Account:
        if part.name and part.name != account.name:
            self._putting.note("rename", f"account {account.id}", f"`{part.name}` (was `{account.name}`)")
            set_name(self._tx, account, part.name)
        account = known_member(self._tx, self._putting.organization, account.id)
        if part.email and part.email != account.email:
            if _EMAIL.fullmatch(part.email) is None:
                raise DescriptionRefused(f"{thing}: not an e-mail address: `{part.email}`")
            taken = self._tx.find(ACCOUNTS, "email", part.email.lower())
            if taken is not None and taken.id != account.id:
                raise DescriptionRefused(f"{thing}: account {taken.id} has the e-mail address `{part.email}`")
            self._putting.note("change", thing, f"e-mail address: {part.email} (was {account.email})")
            set_email(self._tx, account, part.email)
        return known_member(self._tx, self._putting.organization, account.id)

    def _moved(self, account: Account, parent: str) -> Account:
        source, organization = membership_of(account).parent, self._putting.organization
        if source == parent:
            return account
        there, here = place_of(self._tx, organization, source), place_of(self._tx, organization, parent)
        self._putting.note("move", f"account `{account.name}`", f"{account.id} from {there} to {here}")
        move_account(self._tx, organization, account, source=source, destination=parent)
        return known_member(self._tx, organization, account.id)


def make_linked_role(putting: Putting, account: AccountId) -> None:
    """Make the role of Organizations in *account*, if it has none."""
    try:
        create_service_linked_role(
            putting.tx, account, SERVICE, at=putting.at, partition=putting.organization.partition
        )
    except AlreadyExists:
        return


def remove_others(putting: Putting) -> None:
    """Let the accounts leave that the description does not name, and delete the units; closed accounts stay."""
    organization = putting.organization
    for account in member_accounts(putting.tx, organization):
        if account.id in putting.kept or account.state is not AccountState.ACTIVE:
            continue
        with putting.about(f"account `{account.name}` ({account.id}), which is not described"):
            check_may_leave(organization, account, at=putting.at)
        putting.note("leave", f"account `{account.name}`", account.id)
        putting.left.append(account)
        leave_organization(putting.tx, account, at=putting.at)
    units = putting.tx.select(UNITS, "organization", organization.id)
    depths = {unit.id: level_of(putting.tx, organization, unit.id) for unit in units}
    for unit in sorted(units, key=lambda unit: (-depths[unit.id], unit.name)):
        if unit.id not in putting.kept:
            thing = f"unit {place_of(putting.tx, organization, unit.id)}"
            with putting.about(f"{thing}, which is not described"):
                delete_unit(putting.tx, unit)
            putting.note("delete", thing)
