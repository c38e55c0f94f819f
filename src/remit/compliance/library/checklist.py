"""The auditing checklist: nine parts in files of their own, and the paper that is made of them.

Source: `compliance-center` reference, section 3.
"""

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from remit.compliance.library.documents import CheckId, RowId
from remit.content_files import ContentMistake, yaml_of

Sentence = Annotated[str, msgspec.Meta(min_length=1, pattern=r"^[^\n]*$")]
ItemId = Annotated[str, msgspec.Meta(pattern=r"^CL-[1-9]\.\d{2}$")]
# The place in the introduction where the parts follow.
PLACE = "<!-- checklist -->"


class ItemKind(StrEnum):
    """What answers an item; the word that the paper uses."""

    CHECK = "check"
    PROOF = "proof"
    EVIDENCE = "evidence"
    ASK = "ask"


_RUNS_BY_ITSELF = (ItemKind.CHECK, ItemKind.PROOF)


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question of the checklist.

    Attributes:
        kind: a check is a pure function of a snapshot, a proof is exhaustive over the requests there can be, evidence
            is a report, an agreement or a certificate, and what is asked is answered by a person.
        runs: the checks; none where a person is asked.
        good: what a good answer looks like.
        by_hand: how to test it without a program.
        valid_days: how long evidence or an answer counts.
    """

    id: ItemId
    question: Sentence
    kind: ItemKind
    runs: list[CheckId]
    rows: Annotated[list[RowId], msgspec.Meta(min_length=1)]
    good: Sentence
    by_hand: Sentence
    valid_days: Annotated[int, msgspec.Meta(ge=1, le=1096)] | None = None

    @property
    def runs_by_itself(self) -> bool:
        """Whether an answer needs nobody."""
        return self.kind in _RUNS_BY_ITSELF


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the nine parts."""

    part: Annotated[int, msgspec.Meta(ge=1, le=9)]
    title: Sentence
    about: Sentence
    items: Annotated[list[Item], msgspec.Meta(min_length=1)]


def read_part(file: Path, rows: Collection[str]) -> Part:
    """Read a part of the checklist.

    Raises:
        ContentMistake: it has another form, items out of order, unknown rows, or a kind that does not fit what it runs.
    """
    located = yaml_of(file)
    part = located.as_form(Part)
    for number, item in enumerate(part.items):
        expected = f"CL-{part.part}.{number + 1:02}"
        path = f".items[{number}].id"
        if item.id != expected:
            raise ContentMistake(
                file.name,
                located.line(path),
                f"`{item.id}` in the place of `{expected}`",
                "number items in their order, without gaps",
            )
        for row in item.rows:
            if row not in rows:
                raise ContentMistake(
                    file.name, located.line(path), f"{item.id}: unknown row `{row}`", "name a row of the model"
                )
        if (unfit := _unfit(item)) is not None:
            raise ContentMistake(file.name, located.line(path), *unfit)
    return part


def _unfit(item: Item) -> tuple[str, str] | None:
    """Return what does not fit the kind of an item, and what to do about it."""
    if (item.kind is ItemKind.ASK) is bool(item.runs):
        return (
            f"{item.id} is of kind {item.kind} and runs {len(item.runs)} checks",
            "let kind `ask` run none and every other kind at least one",
        )
    if item.runs_by_itself is (item.valid_days is not None):
        return (
            f"{item.id} is of kind {item.kind} and has valid_days {item.valid_days}",
            "give `valid_days` to evidence and answers of people, and to nothing that runs by itself",
        )
    return None


def checks_of(parts: Sequence[Part]) -> frozenset[str]:
    """Return the checks that the checklist runs."""
    return frozenset(check for part in parts for item in part.items for check in item.runs)


def as_markdown(parts: Sequence[Part]) -> str:
    """Write the parts as sections of the paper."""
    return "\n".join(line for part in parts for line in _part_lines(part))


def _part_lines(part: Part) -> Iterator[str]:
    yield from (f"## Part {part.part}: {part.title}", "", part.about, "")
    for item in part.items:
        yield from (f"### {item.id} {item.question}", "")
        yield f"- **Answered by:** {_answered_by(item)}."
        yield f"- **Responsibility:** {', '.join(item.rows)}."
        yield f"- **A good answer:** {item.good}"
        yield f"- **By hand:** {item.by_hand}"
        yield from (f"- **Now:** {{{{evidence check={check}}}}}." for check in item.runs)
        yield ""


def _answered_by(item: Item) -> str:
    if item.kind is ItemKind.ASK:
        return f"a person, and good for {item.valid_days} days"
    names = ", ".join(f"`{check}`" for check in item.runs)
    lasting = "" if item.valid_days is None else f", good for {item.valid_days} days"
    return f"{item.kind} {names}{lasting}"
