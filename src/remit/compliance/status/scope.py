"""Several accounts at one time: the newest snapshot of each, with what the organization's management account sees."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from remit.compliance.checks import CHECKS, Certificate, Facts
from remit.compliance.model import Model, read_model
from remit.compliance.snapshots import Shelf, Snapshot
from remit.compliance.status.evaluation import Evaluation
from remit.compliance.status.laid_down import LaidDown
from remit.compliance.status.tree import Unit, management_account, tree


class Scope:
    """Accounts of a shelf, judged one after the other, so that one at a time is in memory.

    Args:
        at: the time that is asked about; snapshots taken later are left out.
        accounts: ids; None for all that the shelf has.
        certificates: of who is trained; verified.
    """

    def __init__(
        self,
        shelf: Shelf,
        at: datetime,
        laid_down: LaidDown,
        accounts: tuple[str, ...] | None = None,
        certificates: tuple[Certificate, ...] = (),
        model: Model | None = None,
    ) -> None:
        self.at = at
        self.model = read_model() if model is None else model
        self._shelf = shelf
        self._laid_down = laid_down
        self._training = laid_down.training(certificates)
        self.accounts = shelf.accounts() if accounts is None else accounts
        self._management: dict[str, Snapshot | None] = {}
        # What was decoded of each: every member of an organization is judged by it.
        self._decoded: dict[str, dict[str, Any]] = {}

    def evaluations(self) -> Iterator[Evaluation]:
        """Return the evaluation of each account of which something was known at the time.

        Raises:
            SnapshotUnreadable: a snapshot was altered, or is none.
        """
        for account in self.accounts:
            snapshot = self._shelf.newest(account, self.at)
            if snapshot is not None:
                yield self._evaluation(snapshot)

    def organization(self) -> Unit | None:
        """Return the tree that the management account of the first account sees; None where there is none."""
        for account in self.accounts:
            snapshot = self._shelf.newest(account, self.at)
            if snapshot is not None:
                organization = self._organization_of(snapshot)
                return None if organization is None else tree(organization)
        return None

    def _evaluation(self, snapshot: Snapshot) -> Evaluation:
        organization = self._organization_of(snapshot)
        facts = Facts(
            snapshot=snapshot,
            organization=organization,
            organization_decoded={}
            if organization is None
            else self._decoded.setdefault(organization.header.account, {}),
            parameters=self._laid_down.parameters,
            training=self._training,
        )
        return Evaluation(facts, self._laid_down.records, model=self.model, checks=CHECKS)

    def _organization_of(self, snapshot: Snapshot) -> Snapshot | None:
        """Return the snapshot of the management account; each is read once."""
        account = management_account(snapshot)
        if account is None:
            return None
        if account == snapshot.header.account:
            return snapshot
        if account not in self._management:
            self._management[account] = self._shelf.newest(account, self.at)
        return self._management[account]
