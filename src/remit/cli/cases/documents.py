"""Policy files: whether AWS would store them, and where in them it would not.

AWS says what is wrong and not where. The place is found by asking again about each statement alone.
Source: `iam-sts` reference, section 9 (order and texts of the checks).
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from remit.cli.output import Failed
from remit.policy import Document, DocumentMalformed, PolicyType, Spans, acceptance_failure, parse, position, spans
from remit.policy.language.document import Element

# Words of AWS's texts -> the elements that they are about.
_ABOUT = (
    ("Statement IDs", (Element.SID,)),
    ("Action", (Element.ACTION, Element.NOT_ACTION)),
    ("Vendor", (Element.ACTION, Element.NOT_ACTION)),
    ("rincipal", (Element.PRINCIPAL, Element.NOT_PRINCIPAL)),
    ("esource", (Element.RESOURCE, Element.NOT_RESOURCE)),
    ("Partition", (Element.RESOURCE, Element.NOT_RESOURCE)),
)


class Finding(msgspec.Struct, frozen=True):
    """Why AWS would refuse a document.

    Attributes:
        message: in AWS's words.
        line, column: of what is wrong, from 1; of the document where no part of it is to blame.
        because: what exactly, if it cannot even be read.
    """

    message: str
    line: int
    column: int
    because: str = ""


class PolicyFile(msgspec.Struct, frozen=True):
    """A file and what it is to hold."""

    path: Path
    text: str

    def write(self) -> None:
        """Write the file, whole or not at all.

        Raises:
            Failed: it cannot be written.
        """
        temporary = self.path.with_name(f".{self.path.name}.remit-{os.getpid()}")
        try:
            temporary.write_text(self.text, encoding="utf-8")
            temporary.replace(self.path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise Failed(f"cannot write {self.path}: {error.strerror}") from None


def guess(text: str) -> PolicyType:
    """Say what a document seems to be: with a principal a trust policy, or a resource policy if it names resources."""
    try:
        statements = parse(text).statements
    except DocumentMalformed:
        return PolicyType.MANAGED
    if not any(statement.principal or statement.not_principal for statement in statements):
        return PolicyType.MANAGED
    has_resources = any(statement.resources or statement.not_resources for statement in statements)
    return PolicyType.RESOURCE if has_resources else PolicyType.TRUST


def check(text: str, kind: PolicyType) -> Finding | None:
    """Say why AWS would not store *text* as a policy of this type; None if it would."""
    message = acceptance_failure(text, kind)
    if message is None:
        return None
    try:
        document = parse(text)
    except DocumentMalformed as error:
        place = position(text, min(error.offset, len(text)))
        return Finding(message, place.line, place.column, error.reason)
    place = position(text, _offset(document, kind, message))
    return Finding(message, place.line, place.column)


def _offset(document: Document, kind: PolicyType, message: str) -> int:
    every = () if "version" in message else spans(document)
    for place, found in enumerate(every):
        with_it = _with_statements(document, [found])
        # Two statements with one Sid are at fault together: the second one.
        with_all_before = _with_statements(document, every[: place + 1]) if "unique" in message else with_it
        if message in (acceptance_failure(with_it, kind), acceptance_failure(with_all_before, kind)):
            return next(_elements(found, message), found.statement.start)
    return len(document.text) - len(document.text.lstrip())


def _with_statements(document: Document, kept: Sequence[Spans]) -> str:
    """Return the document with some of its statements only."""
    texts = (document.text[found.statement.start : found.statement.end] for found in kept)
    return f'{{"Version": "{document.version}", "Statement": [{", ".join(texts)}]}}'


def _elements(found: Spans, message: str) -> Iterator[int]:
    for words, elements in _ABOUT:
        if words in message:
            yield from (found.elements[element].start for element in elements if element in found.elements)
