"""What lies in a data folder: snapshots of accounts, what is laid down of them, and who is trained."""

from datetime import datetime
from pathlib import Path

from remit.clock import FixedClock
from remit.compliance.checks import Certificate
from remit.compliance.evidence.keys import FOLDER, KeyRing
from remit.compliance.learning.certificates.issuing import Issuer
from remit.compliance.learning.certificates.reading import certificates_in
from remit.compliance.snapshots.shelf import SNAPSHOTS, Shelf
from remit.compliance.status.evaluation import Evaluation
from remit.compliance.status.laid_down import read_laid_down
from remit.compliance.status.scope import Scope

LAID_DOWN = "compliance.yaml"


def evaluation_of(data: Path, account: str, at: datetime) -> Evaluation | None:
    """Return the evaluation of an account by its newest snapshot that is not later than *at*; None if there is none.

    Raises:
        SnapshotUnreadable: the snapshot was altered.
        ContentMistake: the file that lays something down has a mistake.
        KeyRingError: the keys that certificates are signed with cannot be read.
    """
    shelf = Shelf(data / SNAPSHOTS)
    if account not in shelf.accounts():
        return None
    training = trained_in(data, KeyRing(data / FOLDER, FixedClock(at)))
    scope = Scope(shelf, at, read_laid_down(data / LAID_DOWN), (account,), training)
    return next(scope.evaluations(), None)


def trained_in(data: Path, ring: KeyRing) -> tuple[Certificate, ...]:
    """Return the certificates of a data folder that are signed with a key of *ring* and not revoked.

    Raises:
        KeyRingError: the keys cannot be read.
    """
    return certificates_in(Issuer(data, ring).folder, {key.public for key in ring.public_keys()})
