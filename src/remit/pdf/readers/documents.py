"""Open a document as qpdf and PDFium read it, and give the texts of its pages.

Two readers look at each document: what one of them takes for another document than the other is refused, since a
person may see either.
"""

import io
from collections.abc import Iterator

import msgspec
import pikepdf
import pypdfium2

from remit.confined import Refusal
from remit.pdf.checking import PAGES_MAX
from remit.pdf.readers.active_content import refuse_active_content
from remit.pdf.readers.damage import DAMAGED, malformed

TEXT_CHARACTERS_MAX = 16_000_000
_HEADER_WITHIN = 1024


class Reading(msgspec.Struct, frozen=True):
    """What is told of a document that is taken."""

    page_count: int
    page_texts: list[str]


def checked(payload: bytes) -> bytes:
    """Read a document strictly; answer with a `Reading`.

    Raises:
        Refusal: it is not a document that is taken.
    """
    with opened(payload, strict=True) as document:
        count = page_count(document)
        refuse_active_content(document)
        # What qpdf does not like it leaves out, and a reader of the copy would miss it.
        for warning in document.get_warnings():
            raise malformed(ValueError(warning))
    texts = list(page_texts(payload))
    if len(texts) != count:
        raise Refusal(f"malformed: has {count} pages or {len(texts)}, depending on who reads it")
    return msgspec.json.encode(Reading(count, texts))


def told(payload: bytes) -> bytes:
    """Read the texts of a document's pages, as PDFium has them; answer with a list.

    Raises:
        Refusal: it is no PDF, has no page, or too many of them.
    """
    if b"%PDF-" not in payload[:_HEADER_WITHIN]:
        raise Refusal("not a PDF")
    texts = list(page_texts(payload))
    if not texts:
        raise Refusal("has no pages")
    if len(texts) > PAGES_MAX:
        raise Refusal(f"has more than {PAGES_MAX:,} pages")
    return msgspec.json.encode(texts)


def opened(payload: bytes, *, strict: bool) -> pikepdf.Pdf:
    """Open a document with qpdf; one that is not *strict* repairs what is damaged.

    Raises:
        Refusal: no PDF, encrypted, or damaged beyond that.
    """
    if b"%PDF-" not in payload[:_HEADER_WITHIN]:
        raise Refusal("not a PDF")
    try:
        document = pikepdf.open(io.BytesIO(payload), attempt_recovery=not strict, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Refusal("encrypted: store it without a password") from None
    except DAMAGED as error:
        raise malformed(error) from None
    if strict and document.is_encrypted:
        raise Refusal("encrypted: store it without a password")
    return document


def page_count(document: pikepdf.Pdf) -> int:
    """Count the pages by walking their tree.

    Raises:
        Refusal: the tree is none, has no pages, or more than `PAGES_MAX`.
    """
    try:
        count = len(document.pages)
    except DAMAGED as error:
        raise malformed(error) from None
    if count == 0:
        raise Refusal("has no pages")
    if count > PAGES_MAX:
        raise Refusal(f"has {count:,} pages, at most {PAGES_MAX:,} are taken")
    return count


def page_texts(payload: bytes) -> Iterator[str]:
    """Give the text of each page, as PDFium reads it.

    Raises:
        Refusal: PDFium cannot open the document, or its text is too long.
    """
    try:
        document = pypdfium2.PdfDocument(payload)
    except DAMAGED as error:
        raise malformed(error) from None
    left = TEXT_CHARACTERS_MAX
    for index in range(min(len(document), PAGES_MAX + 1)):
        try:
            page = document[index]
            text = page.get_textpage().get_text_range(errors="replace")
        except DAMAGED as error:
            raise malformed(error) from None
        left -= len(text)
        if left < 0:
            raise Refusal(f"has more than {TEXT_CHARACTERS_MAX:,} characters of text")
        yield text.replace("\r\n", "\n").replace("\x00", "")
        page.close()
