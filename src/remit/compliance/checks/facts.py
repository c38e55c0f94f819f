"""What checks judge by: a snapshot, and what no endpoint can say.

Everything a verdict depends on is in here, so the same facts give the same verdicts wherever they are judged.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from remit.compliance.checks.parameters import DEFAULTS, Parameters
from remit.compliance.snapshots import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Somebody has learned something, as a certificate that was verified says.

    Attributes:
        holder: as the member is named: an IAM user's name, or an e-mail address.
        course: `A1`.
        expires_at: when it no longer counts.
    """

    holder: str
    course: str
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """Who has to be trained, and who is.

    Attributes:
        members: who works with the account; None where nobody has said: then it is every user with a password.
        certificates: verified ones.
    """

    members: tuple[str, ...] | None = None
    certificates: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one account.

    Attributes:
        organization: the snapshot of the organization's management account, which alone sees policies and accounts;
            None where there is none.
        parameters: what the owner of the account has laid down.
        decoded: values of answers by their hashes, and what was made of whole snapshots by its name; filled as they
            are looked at.
        organization_decoded: as *decoded*, of *organization*; the members of one organization are given the same.
        listed: what lists of things come to, by list and region; filled as they are asked for, and never handed on to
            other facts.
    """

    snapshot: Snapshot
    organization: Snapshot | None = None
    parameters: Parameters = DEFAULTS
    training: Training = Training()
    decoded: dict[str, Any] = field(default_factory=dict[str, Any], repr=False, compare=False)
    organization_decoded: dict[str, Any] = field(default_factory=dict[str, Any], repr=False, compare=False)
    listed: dict[Any, Any] = field(default_factory=dict[Any, Any], init=False, repr=False, compare=False)
