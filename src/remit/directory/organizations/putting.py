"""What the steps of an import share: the organization as it is by now, what was changed, and what stands against it."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from remit.directory.accounts import ACCOUNTS, Account
from remit.directory.facts import DirectoryFact
from remit.directory.organizations.attachments import Target
from remit.directory.organizations.descriptions import Tags
from remit.directory.organizations.members import membership_of
from remit.directory.organizations.organization import ORGANIZATIONS, Organization
from remit.directory.organizations.policies import ORGANIZATION_POLICIES, OrganizationPolicy
from remit.directory.organizations.resource_policies import RESOURCE_POLICIES, OrganizationResourcePolicy
from remit.directory.organizations.units import UNITS, OrganizationalUnit
from remit.store import Transaction

_TAGS_MOST = 50
_KEY = re.compile(r"[\w\s.:/=+\-@]{1,128}")
_VALUE = re.compile(r"[\w\s.:/=+\-@]{0,256}")

Tagged = Target | OrganizationPolicy | OrganizationResourcePolicy


class DescriptionRefused(DirectoryFact):
    """An organization cannot become what a description says; the text names the thing, and says why."""


class Change(msgspec.Struct, frozen=True):
    """One thing that an import changed.

    Attributes:
        verb: `create`, `change`, `rename`, `move`, `join`, `leave`, `delete`, `attach`, `enable`, `disable`.
        thing: what it is and what it is called: `unit Root/Prod`.
        details: what of it; empty where the verb says everything.
    """

    verb: str
    thing: str
    details: str = ""


class Putting:
    """An import that goes on.

    Attributes:
        exact: whether what the description does not name goes.
        kept: ids of the units, accounts and policies that the description names.
        joined, left: accounts that came and went.
    """

    def __init__(self, tx: Transaction, organization: Organization, *, at: datetime, exact: bool) -> None:
        self.tx, self.at, self.exact = tx, at, exact
        self._organization = organization
        self.changes: list[Change] = []
        self.kept: set[str] = set()
        self.joined: list[Account] = []
        self.left: list[Account] = []

    @property
    def organization(self) -> Organization:
        """The organization as it is by now."""
        return self.tx.get(ORGANIZATIONS, self._organization.id) or self._organization

    def note(self, verb: str, thing: str, details: str = "") -> None:
        """Say that something was changed."""
        self.changes.append(Change(verb, thing, details))

    @contextmanager
    def about(self, thing: str) -> Generator[None, None, None]:
        """Name *thing* in whatever stands against what the block does.

        Raises:
            DescriptionRefused: something does.
        """
        try:
            yield
        except DescriptionRefused:
            raise
        except DirectoryFact as fact:
            # Facts that are all that is to be said have it in their docstring.
            said = str(fact) or (type(fact).__doc__ or "").partition(".")[0]
            raise DescriptionRefused(f"{thing}: {said[:1].lower()}{said[1:]}") from fact

    def tags(self, tagged: Tagged, thing: str, described: Tags | UnsetType) -> None:
        """Give *tagged* the tags that are described: all of them."""
        if described is UNSET and not self.exact:
            return
        tags = {} if isinstance(described, UnsetType) else {key: str(value) for key, value in described.items()}
        held = membership_of(tagged).tags if isinstance(tagged, Account) else tagged.tags
        if tags == held:
            return
        checked_tags(thing, tags)
        self.note("change", thing, f"tags: {_shown(tags)} (were {_shown(held)})")
        match tagged:
            case Organization():
                self.tx.put(ORGANIZATIONS, msgspec.structs.replace(tagged, tags=tags))
            case OrganizationalUnit():
                self.tx.put(UNITS, msgspec.structs.replace(tagged, tags=tags))
            case Account():
                membership = msgspec.structs.replace(membership_of(tagged), tags=tags)
                self.tx.put(ACCOUNTS, msgspec.structs.replace(tagged, membership=membership))
            case OrganizationPolicy():
                self.tx.put(ORGANIZATION_POLICIES, msgspec.structs.replace(tagged, tags=tags))
            case OrganizationResourcePolicy():
                self.tx.put(RESOURCE_POLICIES, msgspec.structs.replace(tagged, tags=tags))


def _shown(tags: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(tags.items())) or "none"


def checked_tags(thing: str, tags: Mapping[str, str]) -> None:
    """Look whether something can have these tags (`organizations` reference, 2.4 and 3.6).

    Raises:
        DescriptionRefused: it cannot.
    """
    if len(tags) > _TAGS_MOST:
        raise DescriptionRefused(f"{thing}: more than {_TAGS_MOST} tags")
    for key, value in tags.items():
        if key.lower().startswith("aws:") or _KEY.fullmatch(key) is None or _VALUE.fullmatch(value) is None:
            raise DescriptionRefused(f"{thing}: not a tag: `{key}={value}`")
