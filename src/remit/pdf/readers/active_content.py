"""What a document may not hold: whatever does something, instead of being read.

Refused are scripts, programs that are started, forms that are sent, data that is fetched, documents of another kind
inside (XFA forms, rich media), a document type in the metadata, and attached programs. Links that a reader clicks, and
attachments that are data, are taken: reports carry evidence as attachments.
Source: ISO 32000-2, sections 12.6.3 (additional actions), 12.6.4 (types of actions), 12.7.9 (XFA), 13.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pikepdf

from remit.confined import Refusal
from remit.pdf.readers.damage import DAMAGED, malformed

_ACTIONS = {
    "/JavaScript": "a script",
    "/Launch": "an action that starts a program",
    "/ImportData": "an action that fetches data",
    "/SubmitForm": "an action that sends a form",
    "/GoToE": "an action that opens an attachment",
    "/Rendition": "a multimedia action",
    "/Movie": "a multimedia action",
    "/Sound": "a multimedia action",
    "/RichMediaExecute": "a multimedia action",
}
_KEYS = {
    "/JS": "a script",
    "/JavaScript": "a script",
    "/AA": "an action that no reader asked for",
    "/XFA": "an XFA form",
    "/RichMediaContent": "rich media",
}
_SUBTYPES = {"/RichMedia": "rich media", "/Movie": "rich media", "/3D": "rich media", "/Screen": "rich media"}
# Find the few objects that need a closer look: names are printed without escapes, strings may hold the same letters.
_SUSPECT = re.compile(
    b"|".join(re.escape(name.encode()) + rb"(?![\w#])" for name in sorted({*_ACTIONS, *_KEYS, *_SUBTYPES}))
)
_ATTACHMENT = re.compile(rb"/EF(?![\w#])")
_DEPTH_MAX = 100
_PROGRAM_ENDINGS = frozenset(
    f".{ending}"
    for ending in (
        *("app", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js", "jse"),
        *("lnk", "msi", "pif", "ps1", "reg", "scr", "sh", "vbe", "vbs", "wsf"),
    )
)
_PROGRAM_BEGINNINGS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!")
_DOCUMENT_TYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def refuse_active_content(document: pikepdf.Pdf) -> None:
    """Raise Refusal if the document does more than being read."""
    try:
        for thing in document.objects:
            _refuse_in_object(thing)
        _refuse_open_action(document.Root)
        _refuse_document_type(document.Root)
        for name, content in attachments(document):
            _refuse_program(name, content)
    except DAMAGED as error:
        raise malformed(error) from None


def attachments(document: pikepdf.Pdf) -> Iterator[tuple[str, bytes]]:
    """Give the name and the content of each embedded file, whatever refers to it."""
    for thing in document.objects:
        for found in _dictionaries(thing, _ATTACHMENT):
            files = found.get("/EF")
            if not isinstance(files, pikepdf.Dictionary):
                continue
            name = str(found.get("/UF", found.get("/F", "")))
            for _, file in files.items():  # noqa: PERF102 - pikepdf's has no `values`
                if isinstance(file, pikepdf.Stream):
                    yield name, file.read_bytes()


def _refuse_in_object(thing: Any) -> None:
    for found in _dictionaries(thing, _SUSPECT):
        for key, value in found.items():
            if key in _KEYS:
                raise Refusal(f"holds active content: {_KEYS[key]}")
            if isinstance(value, pikepdf.Name):
                what = {"/S": _ACTIONS, "/Subtype": _SUBTYPES}.get(key, {}).get(str(value))
                if what is not None:
                    raise Refusal(f"holds active content: {what}")


def _dictionaries(thing: Any, names: re.Pattern[bytes]) -> Iterator[Any]:
    """Give the dictionaries written in an object in which one of *names* is printed.

    What an object refers to is an object of its own.
    """
    if isinstance(thing, pikepdf.Stream):
        printed = thing.stream_dict.unparse()
    elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Array)):
        printed = thing.unparse(resolved=True)
    else:
        return
    if names.search(printed):
        yield from _written_in(thing, 0)


def _written_in(thing: Any, depth: int) -> Iterator[Any]:
    if depth > _DEPTH_MAX:
        raise Refusal("malformed: nested too deeply")
    if isinstance(thing, pikepdf.Array):
        inner: list[Any] = list(thing.as_list())
    elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        yield thing
        inner = [value for _, value in thing.items()]
    else:
        return
    for value in inner:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _written_in(value, depth + 1)


def _refuse_open_action(root: pikepdf.Object) -> None:
    """Refuse what happens when the document is opened, but for going to a page."""
    action = root.get("/OpenAction")
    if isinstance(action, pikepdf.Dictionary) and action.get("/S") != pikepdf.Name("/GoTo"):
        raise Refusal("holds active content: an action when it is opened")


def _refuse_document_type(root: pikepdf.Object) -> None:
    """Refuse metadata that defines entities: they grow when they are read."""
    metadata = root.get("/Metadata")
    if isinstance(metadata, pikepdf.Stream) and _DOCUMENT_TYPE.search(metadata.read_bytes().replace(b"\x00", b"")):
        raise Refusal("holds active content: metadata with a document type")


def _refuse_program(name: str, content: bytes) -> None:
    if PurePosixPath(name.lower()).suffix in _PROGRAM_ENDINGS or content.startswith(_PROGRAM_BEGINNINGS):
        raise Refusal("holds an attached program")
