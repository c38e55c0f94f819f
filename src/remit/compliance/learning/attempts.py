"""Attempts: which lab a learner has begun, with which seed, in which accounts; and which ones were passed.

They are files of the data folder, one folder for a learner and a lab, which only its owner reads:
`learning/LEARNER/LAB/attempt.json`, and beside it what the learner needs. `learning/LEARNER/passed.json` stays when an
attempt has ended.
"""

import os
import re
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

FOLDER = "learning"
_ATTEMPT, _PASSED = "attempt.json", "passed.json"
_LEARNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._+-]{0,127}", re.ASCII)
_SEED_BYTES = 16


class LearnerInvalid(Exception):
    """Not a name of a learner; a line for a person."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A lab that a learner has begun.

    Attributes:
        seed: 32 hexadecimal digits.
        accounts: name in the lab -> id.
        hints: how many were shown.
        checks: how often it was checked.
    """

    learner: str
    lab: str
    seed: str
    accounts: dict[str, str]
    started_at: datetime
    hints: int = 0
    checks: int = 0
    passed_at: datetime | None = None


class Pass(msgspec.Struct, frozen=True, kw_only=True):
    """A lab that was passed."""

    lab: str
    seed: str
    started_at: datetime
    passed_at: datetime
    hints: int
    checks: int


def new_seed() -> str:
    """Return a seed that nobody could have guessed."""
    return secrets.token_hex(_SEED_BYTES)


class Attempts:
    """The attempts of one learner."""

    def __init__(self, data: Path, learner: str) -> None:
        """Look into the data folder *data*.

        Raises:
            LearnerInvalid: *learner* could not be the name of a folder.
        """
        if _LEARNER.fullmatch(learner) is None:
            raise LearnerInvalid(
                f"not a learner's name: `{learner}`; take a user's name or an e-mail address, of letters, digits, "
                "`@`, `.`, `_`, `+` and `-`"
            )
        self.learner = learner
        self._folder = data / FOLDER / learner

    def folder(self, lab: str) -> Path:
        """Return where the files of a lab are."""
        return self._folder / lab

    def attempt(self, lab: str) -> Attempt | None:
        """Return the attempt at a lab; None when there is none."""
        try:
            return msgspec.json.decode((self.folder(lab) / _ATTEMPT).read_bytes(), type=Attempt)
        except FileNotFoundError:
            return None

    def every(self) -> list[Attempt]:
        """Return every attempt that has not ended, by lab."""
        paths = sorted(self._folder.glob(f"*/{_ATTEMPT}"))
        return [msgspec.json.decode(path.read_bytes(), type=Attempt) for path in paths]

    def write(self, attempt: Attempt) -> None:
        """Keep *attempt*, in the place of what was kept of it."""
        write_private(self.folder(attempt.lab) / _ATTEMPT, msgspec.json.encode(attempt))

    def passed(self) -> dict[str, Pass]:
        """Return the labs that were passed, by id; of several times the first."""
        try:
            found = msgspec.json.decode((self._folder / _PASSED).read_bytes(), type=list[Pass])
        except FileNotFoundError:
            return {}
        return {one.lab: one for one in reversed(found)}

    def note_passed(self, attempt: Attempt, at: datetime) -> Attempt:
        """Keep that *attempt* was passed; return it as it is now."""
        passed = msgspec.structs.replace(attempt, passed_at=attempt.passed_at or at)
        self.write(passed)
        before = self.passed()
        if attempt.lab not in before:
            one = Pass(
                lab=attempt.lab,
                seed=attempt.seed,
                started_at=attempt.started_at,
                passed_at=at,
                hints=attempt.hints,
                checks=attempt.checks,
            )
            write_private(self._folder / _PASSED, msgspec.json.encode([*before.values(), one]))
        return passed

    def forget(self, lab: str) -> None:
        """Remove the files of a lab."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.folder(lab))


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files for a learner, into folders that are made for them."""
    for name, content in files.items():
        write_private(folder / name, content)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with suppress(FileNotFoundError):
        part.unlink()
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)
