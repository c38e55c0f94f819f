"""Entries of the catalogue, read from files that people write."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from remit.content_files import ContentMistake, yaml_of

_FOLDER = Path(__file__).parent / "data"

Sentence = Annotated[str, msgspec.Meta(min_length=1, max_length=400, pattern=r"^[^\n]*$")]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=3000)]


class Kind(StrEnum):
    """How a check knows.

    CHECK: by looking. PROOF: by asking the policy engine about every class of requests. EVIDENCE: by what somebody else
    attests: a report, an agreement, a certificate.
    """

    CHECK = "check"
    PROOF = "proof"
    EVIDENCE = "evidence"


class Severity(StrEnum):
    """How bad a finding is, in the words that scanners share."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Remedy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to mend what a check finds.

    Each may have `{subject}`, `{region}` and `{account}` in it, which stand for those of the finding.

    Attributes:
        cli: commands of the AWS CLI.
        boto3: Python.
        terraform: a block, or the arguments of one; empty where Terraform has nothing for it.
        console: the way to it.
    """

    cli: Code
    boto3: Code
    console: Sentence
    terraform: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a check is.

    Attributes:
        title: what is so where it passes.
        why: what comes of it where it is not.
        maps: framework and version, `cis-aws 6.0` -> ids of controls.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(\.[a-z0-9_]+)+$")]
    title: Sentence
    why: Sentence
    kind: Kind
    severity: Severity
    remedy: Remedy
    maps: dict[str, list[str]] = {}


class _Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    checks: Annotated[list[Entry], msgspec.Meta(min_length=1)]


def read_catalogue(folder: Path = _FOLDER) -> dict[str, Entry]:
    """Return all entries by id, in order of ids.

    Raises:
        ContentMistake: a file has another form, or an id is there twice.
    """
    found: dict[str, Entry] = {}
    for file in sorted(folder.glob("*.yaml")):
        located = yaml_of(file)
        for number, entry in enumerate(located.as_form(_Family).checks):
            if entry.id in found:
                line = located.line(f".checks[{number}].id")
                raise ContentMistake(file.name, line, f"a second entry {entry.id}", "leave one of them")
            found[entry.id] = entry
    return dict(sorted(found.items()))
