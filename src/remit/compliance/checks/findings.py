"""What checks find."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """What one item of evidence says. Source: `shared-responsibility` reference, 6."""

    PASS = "PASS"  # noqa: S105  # a verdict, not a password
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    NA = "NA"


# To look a member up in its class takes as long as all else of a judgement, in Python 3.11.
_PASS, _FAIL, _UNKNOWN, _NA = Verdict


class Judgement(NamedTuple):
    """What a check says of one subject.

    Attributes:
        reason: a sentence without a full stop; of a FAIL it says what is wrong, with which value.
        is_sampled: whether a proof had to try requests instead of all classes of them.
    """

    verdict: Verdict
    reason: str
    is_sampled: bool = False


def passed(reason: str) -> Judgement:
    """Say that a subject is as it should be."""
    return Judgement(_PASS, reason)


def failed(reason: str) -> Judgement:
    """Say what is wrong with a subject."""
    return Judgement(_FAIL, reason)


def unknown(reason: str) -> Judgement:
    """Say why it cannot be told how a subject is."""
    return Judgement(_UNKNOWN, reason)


def not_applicable(reason: str) -> Judgement:
    """Say why a check has nothing to say of a subject."""
    return Judgement(_NA, reason)


class Finding(NamedTuple):
    """A judgement, and what it is of.

    Attributes:
        subject: ARN, or what tells the subject from others of the check.
        region: empty for what is in none.
    """

    check: str
    subject: str
    region: str
    verdict: Verdict
    reason: str
    is_sampled: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much a check saw of what there is.

    Attributes:
        listed: things that its lists named.
        inspected: those of them that it could judge.
        regions: in which it had to look; 1 for what is in none.
        regions_read: in which it was meant to look, whether or not it was answered.
    """

    listed: int
    inspected: int
    regions: int = 1
    regions_read: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether everything was inspected."""
        return self.inspected == self.listed and self.regions_read == self.regions


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found in one account: at least one finding, in order of region and subject."""

    check: str
    version: int
    findings: tuple[Finding, ...]
    coverage: Coverage

    @property
    def verdict(self) -> Verdict:
        """A FAIL is never outvoted; what is not known is no PASS; NA where nothing was there to judge."""
        return self.worst.verdict

    @property
    def worst(self) -> Finding:
        """The first finding that decides the verdict."""
        verdicts = [finding.verdict for finding in self.findings]
        return next(self.findings[verdicts.index(one)] for one in (_FAIL, _UNKNOWN, _PASS, _NA) if one in verdicts)
