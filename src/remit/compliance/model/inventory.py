"""What an account has, as far as a snapshot shows it; three answers: some, none, not known."""

from functools import cached_property

from remit.compliance.checks.facts import Facts
from remit.compliance.checks.kinds import KINDS
from remit.compliance.checks.seen import Seen, Unread, is_regional

READS = frozenset(read for read, _ in KINDS.values()) | {"organizations:DescribeOrganization"}


class Inventory:
    """What the account of a snapshot has."""

    def __init__(self, facts: Facts) -> None:
        self._seen = Seen(facts, READS)
        self._found: dict[str, bool | None] = {}

    def has(self, kind: str) -> bool | None:
        """Return whether there is a thing of a kind; None where it is not known.

        Raises:
            KeyError: there is no such kind.
        """
        if kind not in self._found:
            self._found[kind] = self._looked(kind)
        return self._found[kind]

    @cached_property
    def in_organization(self) -> bool | None:
        """Whether the account belongs to an organization; None where it is not known."""
        try:
            return self._seen.is_in_organization
        except Unread:
            return None

    @cached_property
    def is_management(self) -> bool | None:
        """Whether the account is its organization's management account; None where it is not known."""
        try:
            described = self._seen.maybe("organizations:DescribeOrganization")
            return described is not None and described["Organization"]["MasterAccountId"] == self._seen.account
        except (Unread, KeyError, TypeError):
            return None

    @property
    def services(self) -> tuple[str, ...]:
        """The services, by their names in SDKs, of which the account is known to have something, in order."""
        return tuple(sorted({kind.partition(":")[0] for kind in KINDS if self.has(kind)}))

    def _looked(self, kind: str) -> bool | None:
        read, path = KINDS[kind]
        header = self._seen.snapshot.header
        places = header.regions_read if is_regional(read) else ("",)
        is_known = bool(places) and (not is_regional(read) or header.regions_read == header.regions)
        for place in places:
            try:
                if self._seen.items(read, path, place):
                    return True
            except Unread:
                is_known = False
        return False if is_known else None
