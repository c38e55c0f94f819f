"""Rows, halves and what they are mapped to; read from a file that people write."""

from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated

import msgspec

from remit.compliance.model.expressions import Expression, ExpressionWrong
from remit.content_files import ContentMistake, Located, yaml_of

_FILE = Path(__file__).parent / "data" / "responsibilities.yaml"
_ATTESTATION = "attestation:"

Sentence = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"^[^\n]*$")]
RowId = Annotated[str, msgspec.Meta(pattern=r"^SR-[A-Z]\d{1,2}$")]
HalfId = Annotated[str, msgspec.Meta(pattern=r"^SR-[A-Z]\d{1,2}\.[ac]$")]
EvidenceId = Annotated[str, msgspec.Meta(pattern=r"^(attestation:)?[a-z0-9]+(\.[a-z0-9_]+)*(\.\*)?$")]


class Owner(StrEnum):
    """Whose a responsibility is."""

    AWS = "aws"
    CUSTOMER = "customer"
    SHARED = "shared"


class Party(StrEnum):
    """Who does a half."""

    AWS = "aws"
    CUSTOMER = "customer"


class Needs(StrEnum):
    """How much of its evidence a half needs: all of it, or one where the rest has nothing to say."""

    ALL = "all"
    ANY = "any"


class Relation(StrEnum):
    """What a half is to controls, in the words of OSCAL's mapping model."""

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    INTERSECTS = "intersects"


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Controls of a framework, by their ids."""

    framework: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]
    version: Annotated[str, msgspec.Meta(min_length=1)]
    controls: Annotated[list[str], msgspec.Meta(min_length=1)]
    relation: Relation


class Half(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """What one party does.

    Attributes:
        id: the row's, with `.a` for AWS and `.c` for the customer.
        evidence: ids of checks; families of them, `enc.*`; `attestation:` and a name.
        fresh_days: how long what was seen counts.
        weight: in a score; 1 for an ordinary half.
    """

    id: HalfId
    party: Party
    statement: Sentence
    evidence: Annotated[list[EvidenceId], msgspec.Meta(min_length=1)]
    needs: Needs
    fresh_days: Annotated[int, msgspec.Meta(ge=1, le=1096)]
    applies_when: str = ""
    maps: list[Mapping] = []
    weight: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1

    @cached_property
    def applies(self) -> Expression:
        """When it counts."""
        return Expression(self.applies_when)

    @property
    def attestations(self) -> tuple[str, ...]:
        """The names of what somebody has to attest."""
        return tuple(name.removeprefix(_ATTESTATION) for name in self.evidence if name.startswith(_ATTESTATION))

    def checks(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of the *known* checks are evidence for it, in order."""
        return _chosen(tuple(self.evidence), known)


@lru_cache(maxsize=1024)
def _chosen(evidence: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    patterns = [name for name in evidence if not name.startswith(_ATTESTATION)]
    return tuple(sorted(name for name in known if any(fnmatchcase(name, pattern) for pattern in patterns)))


class Responsibility(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row.

    Attributes:
        bullet: what AWS's page calls it.
    """

    id: RowId
    title: Sentence
    bullet: Sentence
    owner: Owner
    halves: Annotated[list[Half], msgspec.Meta(min_length=1, max_length=2)]


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """The whole model: what `data/responsibilities.yaml` says."""

    rows: Annotated[list[Responsibility], msgspec.Meta(min_length=1)]

    @cached_property
    def halves(self) -> dict[str, Half]:
        """Halves by id, in the order of the rows."""
        return {half.id: half for row in self.rows for half in row.halves}

    def half(self, name: str) -> Half:
        """Return a half by its id."""
        return self.halves[name]

    @cached_property
    def by_id(self) -> dict[str, Responsibility]:
        """Rows by id, in their order."""
        return {row.id: row for row in self.rows}


def read_model(file: Path = _FILE) -> Model:
    """Read the model.

    Raises:
        ContentMistake: the file has another form, says something twice, or something that means nothing.
    """
    located = yaml_of(file)
    model = located.as_form(Model)
    seen: set[str] = set()
    for number, row in enumerate(model.rows):
        place = f".rows[{number}]"
        if row.id in seen:
            raise _mistake(located, f"{place}.id", f"a second row {row.id}", "give each row an id of its own")
        seen.add(row.id)
        _check_halves(located, place, row)
    return model


def _check_halves(located: Located, place: str, row: Responsibility) -> None:
    parties = [half.party for half in row.halves]
    if len(set(parties)) < len(parties):
        raise _mistake(located, f"{place}.halves", f"two halves of {row.id} are of one party", "leave one of them")
    wanted = {Owner.AWS: {Party.AWS}, Owner.CUSTOMER: {Party.CUSTOMER}, Owner.SHARED: set(Party)}[row.owner]
    if not wanted <= set(parties):
        lacking = ", ".join(sorted(wanted - set(parties)))
        raise _mistake(located, f"{place}.owner", f"{row.id} is {row.owner}, without a half of {lacking}", "add it")
    for number, half in enumerate(row.halves):
        at = f"{place}.halves[{number}]"
        expected = f"{row.id}.{half.party[0]}"
        if half.id != expected:
            raise _mistake(located, f"{at}.id", f"`{half.id}` in the place of `{expected}`", "name it so")
        try:
            _ = half.applies
        except ExpressionWrong as wrong:
            what, _, remedy = str(wrong).rpartition("; ")
            raise _mistake(located, f"{at}.applies_when", what, remedy) from None


def _mistake(located: Located, path: str, what: str, remedy: str) -> ContentMistake:
    return ContentMistake(located.file, located.line(path), what, remedy)
