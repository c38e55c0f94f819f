"""What a typeset document is made of: a sequence of parts, and what is said on each page."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Title:
    """The name of the document, large, with lines below it."""

    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a section; it is in the document's outline.

    Attributes:
        level: 1 for a chapter, 2 for a section of it, 3 for a part of that.
    """

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that runs over as many lines as it needs."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, each item with a dot before it."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head that is repeated on each page that they reach.

    Attributes:
        head: the names of the columns.
        rows: as many cells each as the head has.
        widths: how the width of the page is shared among the columns, in any unit; equally if empty.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Part = Title | Heading | Paragraph | Bullets | Table | PageBreak


@dataclass(frozen=True, slots=True)
class Layout:
    """What is the same on all pages, and what the document says of itself.

    Attributes:
        title: in the metadata and as the name of the window.
        author: in the metadata.
        at: when the document was made, as it says; nothing else in it depends on time.
        header: at the top of each page.
        footer: at the foot of each page, beside the page's number.
        subject: in the metadata.
    """

    title: str
    author: str
    at: datetime
    header: str = ""
    footer: str = ""
    subject: str = ""
