"""The pages of a sample document: what `sample_reports/*.yaml` says, as parts that are typeset."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import yaml

from remit.pdf import Bullets, Heading, Paragraph, Part, Table

T = TypeVar("T")
SOURCES = Path(__file__).with_name("sample_reports")


class TableBlock(msgspec.Struct, forbid_unknown_fields=True):
    """A table as it is written in the source; cells may hold names in braces."""

    head: list[str]
    rows: list[list[str]]
    widths: list[float] = []


class ControlsBlock(msgspec.Struct, forbid_unknown_fields=True):
    """The provider's controls, for a framework: with their tests and results, or only what they say."""

    framework: str
    style: str
    label: str


class Block(msgspec.Struct, forbid_unknown_fields=True):
    """One part of a section that is more than a paragraph."""

    h2: str = ""
    h3: str = ""
    bullets: list[str] = []
    table: TableBlock | None = None
    controls: ControlsBlock | None = None
    customers: Literal["", "all"] | list[str] = ""
    services: str = ""
    subservice: bool = False
    regions: bool = False
    exceptions: bool = False
    statement_of_applicability: bool = False


class Section(msgspec.Struct, forbid_unknown_fields=True):
    """A chapter."""

    heading: str
    body: list[str | Block]


class Control(msgspec.Struct, forbid_unknown_fields=True):
    """A control of the provider.

    Attributes:
        map: identifiers of frameworks, by framework.
        soc1: the control objective that it serves.
        rows: of the shared responsibility model.
    """

    id: str
    text: str
    tests: list[str]
    map: dict[str, str]
    soc1: str = ""
    rows: list[str] = []

    def identifiers(self, framework: str) -> str:
        """Return what the control is called for in a framework; empty if it is not."""
        return self.soc1 if framework == "soc1" else self.map.get(framework, "")


class Area(msgspec.Struct, forbid_unknown_fields=True):
    """Controls of one subject."""

    area: str
    controls: list[Control]


class Provider(msgspec.Struct, forbid_unknown_fields=True):
    """What all reports of the provider share."""

    name: str
    notice: str
    regions: list[tuple[str, str, str]]
    subservice: list[tuple[str, str, str]]
    services: list[tuple[str, str, str, list[str]]]


class Applicability(msgspec.Struct, forbid_unknown_fields=True):
    """A line of the statement of applicability."""

    id: str
    subject: str
    why: str


@dataclass(frozen=True)
class Library:
    """What documents refer to."""

    provider: Provider
    areas: list[Area]
    customers: list[tuple[str, str, str]]
    statement: list[Applicability]


def library() -> Library:
    """Read what documents refer to."""
    return Library(
        read("provider.yaml", Provider),
        read("controls.yaml", list[Area]),
        read("customers.yaml", list[tuple[str, str, str]]),
        read("statement.yaml", list[Applicability]),
    )


def read(name: str, kind: type[T]) -> T:
    """Read a source; what it holds must be what *kind* says."""
    return msgspec.convert(yaml.safe_load((SOURCES / name).read_text(encoding="utf-8")), kind)


def spoken(day: date) -> str:
    """Write a date as text does: 1 October 2025."""
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True)
class Pages:
    """Makes the parts of one document.

    Attributes:
        names: what stands for the names in braces.
        exceptions: of a control, what was found and what management answers.
    """

    library: Library
    names: Mapping[str, str]
    exceptions: Mapping[str, tuple[str, str]]

    def of(self, sections: Sequence[Section]) -> Iterator[Part]:
        """Give the parts of the sections, in their order."""
        for section in sections:
            yield Heading(self._said(section.heading))
            for block in section.body:
                if isinstance(block, str):
                    yield Paragraph(self._said(block))
                else:
                    yield from self._block(block)

    def _said(self, text: str) -> str:
        return text.format_map(self.names)

    def _block(self, block: Block) -> Iterator[Part]:
        if block.h2 or block.h3:
            yield Heading(self._said(block.h2 or block.h3), 2 if block.h2 else 3)
        if block.bullets:
            yield Bullets(tuple(map(self._said, block.bullets)))
        if block.table is not None:
            yield self._table(block.table)
        if block.controls is not None:
            yield from self._controls(block.controls)
        if block.customers:
            yield self._customers(block.customers)
        if block.services:
            yield self._services(block.services)
        yield from self._facts(block)

    def _table(self, table: TableBlock) -> Table:
        rows = tuple(tuple(map(self._said, row)) for row in table.rows)
        return Table(tuple(table.head), rows, tuple(table.widths))

    def _facts(self, block: Block) -> Iterator[Part]:
        provider = self.library.provider
        if block.regions:
            yield Table(("Region", "Availability zones", "Country"), tuple(provider.regions), (1, 2, 1))
        if block.subservice:
            head = ("Organization", "What it does", "Controls expected of it")
            yield Table(head, tuple(provider.subservice), (1.2, 3, 3.4))
        if block.exceptions:
            yield self._exceptions()
        if block.statement_of_applicability:
            yield self._statement()

    def _controls(self, asked: ControlsBlock) -> Iterator[Part]:
        tested = asked.style == "tests"
        head = ("Control", asked.label, "What the provider does")
        for area in self.library.areas:
            rows = [
                (
                    "\n".join([control.id, *control.rows]),
                    control.identifiers(asked.framework),
                    control.text,
                    *((" ".join(control.tests), self._result(control.id)) if tested else ()),
                )
                for control in area.controls
                if control.identifiers(asked.framework)
            ]
            if rows:
                yield Heading(area.area, 2)
                widths = (0.8, 1.2, 3, 3.2, 1.5) if tested else (0.8, 1.6, 6)
                yield Table((*head, "Tests of the auditor", "Result") if tested else head, tuple(rows), widths)

    def _result(self, control: str) -> str:
        return f"Exception. {self.exceptions[control][0]}" if control in self.exceptions else "No exceptions noted."

    def _exceptions(self) -> Part:
        if not self.exceptions:
            return Paragraph("No exceptions were noted.")
        rows = tuple((control, found, answer) for control, (found, answer) in self.exceptions.items())
        return Table(("Control", "What was found", "Management's response (not examined)"), rows, (0.8, 3, 4))

    def _customers(self, asked: str | list[str]) -> Table:
        rows = tuple(
            (control, f"The customer {text[0].lower()}{text[1:]}", row)
            for control, row, text in self.library.customers
            if asked == "all" or control in asked
        )
        return Table(("Control", "What the customer does", "Row"), rows, (0.8, 7, 0.9))

    def _services(self, report: str) -> Table:
        rows = tuple(
            (name, identifier, what) for identifier, name, what, without in self.library.provider.services
            if report not in without
        )  # fmt: skip
        return Table(("Service in scope", "Identifier", "What it does"), rows, (2, 1.4, 5))

    def _statement(self) -> Table:
        by_number: dict[str, list[str]] = {}
        for area in self.library.areas:
            for control in area.controls:
                for number in control.identifiers("iso").split(", "):
                    by_number.setdefault(number, []).append(control.id)
        rows = tuple(
            (
                line.id,
                line.subject,
                "No" if line.why.startswith("not applicable") else "Yes",
                line.why,
                ", ".join(by_number.get(line.id, []))
                or ("" if line.why.startswith("not applicable") else "Standard of the management system"),
            )
            for line in self.library.statement
        )
        return Table(("Control", "Subject", "Included", "Reason", "Implemented by"), rows, (0.8, 3, 0.9, 1.6, 2.4))
