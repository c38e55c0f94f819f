"""What people have put on record: attestations, and exceptions that somebody approved. Both end.

Source: `shared-responsibility` reference, 2 and 6.
"""

from datetime import datetime
from fnmatch import fnmatchcase

import msgspec


class Attestation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody says that something is so.

    Attributes:
        name: what is attested: what follows `attestation:` in the model.
        accounts: ids; `*` for all.
    """

    name: str
    who: str
    statement: str
    accounts: tuple[str, ...]
    attested_at: datetime
    expires_at: datetime


class Exemption(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding that is let be for a while: the reference's Exception.

    Attributes:
        half: `SR-X1.c`.
        accounts: ids; `*` for all.
        subjects: ARNs, with `*` and `?`; empty for the whole cell.
        approver: who answers for it; not who asked.
    """

    half: str
    accounts: tuple[str, ...]
    reason: str
    asked_by: str
    approver: str
    approved_at: datetime
    expires_at: datetime
    subjects: tuple[str, ...] = ()

    def covers(self, half: str, account: str, at: datetime) -> bool:
        """Whether it counts for a cell at a time."""
        return (
            self.half == half
            and any(fnmatchcase(account, pattern) for pattern in self.accounts)
            and self.approved_at <= at < self.expires_at
            and self.approver not in ("", self.asked_by)
        )


class Records(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that is on record."""

    attestations: tuple[Attestation, ...] = ()
    exceptions: tuple[Exemption, ...] = ()

    def attestation(self, name: str, account: str, at: datetime) -> Attestation | None:
        """Return the attestation that counts longest at a time; None if there is none that does."""
        found = [
            attestation
            for attestation in self.attestations
            if attestation.name == name
            and any(fnmatchcase(account, pattern) for pattern in attestation.accounts)
            and attestation.attested_at <= at < attestation.expires_at
        ]
        return max(found, key=lambda attestation: (attestation.expires_at, attestation.who), default=None)
