"""Everything in the library, read together: ids are unique, and what is named is there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from remit.compliance.library.checklist import PLACE, Part, as_markdown, checks_of, read_part
from remit.compliance.library.documents import Document, read_document
from remit.compliance.library.stories import Story, story_of
from remit.compliance.model import read_model
from remit.content_files import ContentMistake, read_text

FOLDER = Path(__file__).parent
PARTS = 9


class Shelf(msgspec.Struct, frozen=True):
    """The library.

    Attributes:
        documents: by id, papers before stories, each in the order of their numbers.
        stories: what stories hold beside their text, by the story's id.
    """

    documents: Mapping[str, Document]
    parts: Sequence[Part]
    stories: Mapping[str, Story]


def shelf(folder: Path = FOLDER, *, today: date) -> Shelf:
    """Read the library.

    Raises:
        ContentMistake: a file of it has a mistake.
    """
    model = read_model()
    parts = [read_part(file, model.by_id) for file in sorted((folder / "checklist").glob("*.yaml"))]
    _check_parts(parts)
    cells, documents = frozenset((*model.by_id, *model.halves)), dict[str, Document]()
    for document in _documents(folder, parts, today=today, cells=cells):
        other = documents.get(document.id)
        if other is not None:
            raise ContentMistake(
                document.file, 2, f"`{document.id}` is the id of {other.file} as well", "give it a number of its own"
            )
        documents[document.id] = document
    ordered = dict(sorted(documents.items(), key=lambda one: (one[0][0], int(one[0][1:]))))
    return Shelf(ordered, parts, {one.id: story_of(one, folder) for one in ordered.values() if one.is_story})


def _documents(folder: Path, parts: Sequence[Part], *, today: date, cells: frozenset[str]) -> Iterator[Document]:
    checks = checks_of(parts)
    for kind in ("papers", "stories"):
        for file in sorted((folder / kind).glob("*.md")):
            document = read_document(file.name, read_text(file), today=today, cells=cells, checks=checks)
            if document.is_story is not (kind == "stories"):
                raise ContentMistake(
                    file.name, 2, f"`{document.id}` among the {kind}", "papers begin with P and stories with S"
                )
            yield _with_checklist(document, parts, checks)


def _with_checklist(document: Document, parts: Sequence[Part], checks: frozenset[str]) -> Document:
    if PLACE not in document.body:
        return document
    front = msgspec.structs.replace(document.front, checks=sorted(checks))
    return msgspec.structs.replace(document, front=front, body=document.body.replace(PLACE, as_markdown(parts)))


def _check_parts(parts: Sequence[Part]) -> None:
    if [part.part for part in parts] != list(range(1, PARTS + 1)):
        found = ", ".join(str(part.part) for part in parts)
        raise ContentMistake(
            "checklist", 1, f"parts {found or 'none'}", f"have one file for each part from 1 to {PARTS}"
        )
