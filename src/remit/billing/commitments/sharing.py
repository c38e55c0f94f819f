"""Who benefits from what another account has bought.

Source: Billing user guide, "Reserved Instances and Savings Plans discount sharing"; reference, 5.4 and 5.5.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple


class SharingMode(StrEnum):
    """With whom an account shares once its own usage is covered."""

    ORGANIZATION = "ORGANIZATION"
    PRIORITIZED = "PRIORITIZED"
    RESTRICTED = "RESTRICTED"


class BenefitSharing(NamedTuple):
    """With whom a single reservation or Savings Plan is shared.

    Attributes:
        accounts: that come first.
        is_restricted: whether nobody else gets what these leave over; else the family does, as it shares.
    """

    accounts: frozenset[str]
    is_restricted: bool


class Sharing(NamedTuple):
    """Preferences of the management account, as they stand at the end of the month: they decide for all of it.

    Attributes:
        off: accounts that neither give nor take reservations and Savings Plans.
        mode: over the groups.
        groups: account to the name of its group.
        credits: whether credits are shared.
        credits_off: accounts that neither give nor take credits.
        credit_mode, credit_groups: as *mode* and *groups*, of credits.
        benefits: id of a reservation or Savings Plan to whom it is shared with, where that is said of it alone.
    """

    off: frozenset[str] = frozenset()
    mode: SharingMode = SharingMode.ORGANIZATION
    groups: Mapping[str, str] = {}
    credits: bool = True
    credits_off: frozenset[str] = frozenset()
    credit_mode: SharingMode = SharingMode.ORGANIZATION
    credit_groups: Mapping[str, str] = {}
    benefits: Mapping[str, BenefitSharing] = {}

    def rounds(self, owner: str, accounts: Iterable[str], commitment: str = "") -> list[frozenset[str]]:
        """Return who may take what *owner* leaves over of *commitment*: each round of all owners comes before the next.

        Both must have sharing on. A group comes before the organization, or is all there is; it may be empty. The
        accounts that a commitment itself is shared with come before both, or are all there are.
        """
        if owner in self.off:
            return []
        others = frozenset(account for account in accounts if account != owner and account not in self.off)
        of_benefit = self.benefits.get(commitment)
        if of_benefit is None:
            return self._family_rounds(owner, others)
        first = others & of_benefit.accounts
        return [first] if of_benefit.is_restricted else [first, *self._family_rounds(owner, others)]

    def _family_rounds(self, owner: str, others: frozenset[str]) -> list[frozenset[str]]:
        if self.mode is SharingMode.ORGANIZATION:
            return [others]
        group = self.groups.get(owner)
        mates = frozenset(account for account in others if group is not None and self.groups.get(account) == group)
        return [mates] if self.mode is SharingMode.RESTRICTED else [mates, others - mates]

    def credit_turn(self, owner: str, account: str) -> int | None:
        """Say when a credit of *owner* pays for *account*: its own charges are 0, lower ones come first; None: never.

        Both must share credits. A group comes before the organization, or is all there is.
        """
        if account == owner:
            return 0
        if not self.credits or {account, owner} & self.credits_off:
            return None
        if self.credit_mode is SharingMode.ORGANIZATION:
            return 1
        group = self.credit_groups.get(owner)
        if group is not None and self.credit_groups.get(account) == group:
            return 1
        return None if self.credit_mode is SharingMode.RESTRICTED else 2
