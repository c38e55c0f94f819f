"""Learners: a lab founded in a Remit that answers in the test's own thread, solved by calls of boto3, and graded."""

import configparser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from composed import Composed, composed

from remit.compliance.learning.attempts import Attempts, write_files
from remit.compliance.learning.checking import check
from remit.compliance.learning.founding import begin, end, found
from remit.compliance.learning.grading.grading import Graded
from remit.compliance.learning.labs import MANAGEMENT, Lab
from remit.compliance.learning.labs import lab as read_lab
from remit.compliance.learning.lessons import files
from remit.ids import Secret
from remit.testing import Identity
from remit.yaml_files import load_yaml


class Learner:
    """Somebody at a lab.

    Attributes:
        answers: what they will hand in.
        drawn: their parameters; solutions know them as a learner reads them in the task.
    """

    def __init__(self, whole: Composed, lab: str, seed: str, name: str = "ada") -> None:
        self.whole = whole
        self.attempts = Attempts(whole.folder, name)
        self.attempt = begin(read_lab(lab), name, seed, datetime.now(UTC))
        self.attempts.write(self.attempt)

        def founding(tx: Any) -> Any:
            return found(tx, read_lab(lab), self.attempt)

        founded = whole.change(founding)
        self.lab: Lab = founded.lab
        self.drawn: Mapping[str, Any] = founded.drawn
        given = files(founded, self.attempt, whole.admin.endpoint)
        self.folder = self.attempts.folder(lab)
        write_files(self.folder, given)
        self.answers: dict[str, Any] = load_yaml(given["answers.yaml"].decode()) if "answers.yaml" in given else {}
        keys = configparser.ConfigParser(interpolation=None)
        keys.read_file(StringIO(given["credentials"].decode()))
        section = keys[MANAGEMENT]
        self._identity = Identity(
            f"arn:aws:iam::{self.account(MANAGEMENT)}:user/learner",
            section["aws_access_key_id"],
            Secret(section["aws_secret_access_key"]),
            None,
            whole.admin.endpoint,
        )
        self._identities = {MANAGEMENT: self._identity}

    def account(self, name: str) -> str:
        return self.attempt.accounts[name]

    def identity(self, account: str = MANAGEMENT) -> Identity:
        """Return who the learner is in an account."""
        if account not in self._identities:
            self._identities[account] = self.assumed(account, "OrganizationAccountAccessRole")
        return self._identities[account]

    def assumed(self, account: str, role: str) -> Identity:
        """Return a session of a role, which trusts the management account."""
        arn = f"arn:aws:iam::{self.account(account)}:role/{role}"
        given = self.whole.client("sts", self._identity).assume_role(RoleArn=arn, RoleSessionName="learner")
        key = given["Credentials"]
        return Identity(
            arn, key["AccessKeyId"], Secret(key["SecretAccessKey"]), key["SessionToken"], self.whole.admin.endpoint
        )

    def client(self, service: str, account: str = MANAGEMENT) -> Any:
        return self.whole.client(service, self.identity(account))

    def check(self) -> list[Graded]:
        self.whole.flush()
        attempt = self.attempts.attempt(self.attempt.lab)
        assert attempt is not None
        self.attempt = attempt
        return self.whole.change(
            lambda tx: check(
                tx,
                self.attempts,
                self.attempt,
                self.answers or None,
                datetime.now(UTC),
                self.whole.database.backend.records,
            )
        )

    def failed(self) -> list[str]:
        """Return what is not met."""
        return [f"{one.says}: {one.found}" for one in self.check() if not one.is_met]

    def end(self) -> None:
        self.whole.change(lambda tx: end(tx, self.attempt))


@contextmanager
def school(folder: Path, **flags: Any) -> Iterator[Composed]:
    """Put a Remit together for learners, until the block ends."""
    with composed(folder, **flags) as whole:
        yield whole
