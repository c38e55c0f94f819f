"""What the owner of accounts lays down, in one file that people write: parameters, members, attestations, exceptions.

parameters:
administrators: ["arn:aws:iam::*:role/Admin"]
members: [anna, ben]
attestations: []
exceptions: []
"""

from pathlib import Path

import msgspec

from remit.compliance.checks.facts import Certificate, Training
from remit.compliance.checks.parameters import DEFAULTS, Parameters
from remit.compliance.status.records import Attestation, Exemption, Records
from remit.content_files import yaml_of


class LaidDown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file lays down.

    Attributes:
        members: who works with the accounts and has to be trained; None where every user with a password is meant.
    """

    parameters: Parameters = DEFAULTS
    members: tuple[str, ...] | None = None
    attestations: tuple[Attestation, ...] = ()
    exceptions: tuple[Exemption, ...] = ()

    @property
    def records(self) -> Records:
        """Attestations and exceptions."""
        return Records(attestations=self.attestations, exceptions=self.exceptions)

    def training(self, certificates: tuple[Certificate, ...] = ()) -> Training:
        """Return who has to be trained, and who is."""
        return Training(members=self.members, certificates=certificates)


def read_laid_down(path: Path) -> LaidDown:
    """Read the file; what is not there is laid down by nobody.

    Raises:
        ContentMistake: it has another form.
    """
    if not path.exists():
        return LaidDown()
    return yaml_of(path).as_form(LaidDown)
