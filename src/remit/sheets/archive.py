"""A workbook as an archive: what may be in it, and how large it may become.

Nothing is unpacked to a disk. The names of entries are compared with those that questionnaires have, so neither macros,
embedded files and connections nor path names that lead elsewhere get by.
INVARIANT: no XML that declares a document type is given to a parser, whatever its encoding.

Source: ECMA-376 part 2 (packages) and part 1, section 12 (the parts of a workbook).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from remit.sheets.questionnaire import SheetRefused

EXPANDED_BYTES_MAX = 24 * 1024 * 1024
PARTS_MAX = 500
_FIRST = b"PK\x03\x04"
_ENCRYPTED = 0x1
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# A date that every archive can have; the same answers make the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)
_FOLDERS = (
    "worksheets|theme|tables|drawings|charts|chartsheets|comments|threadedComments|persons|pivotTables|pivotCache"
    "|slicers|slicerCaches|timelines|timelineCaches|richData|featurePropertyBag|namedSheetViews"
)
_PICTURE = "png|jpe?g|gif|bmp|svg|emf|wmf|tiff?"
_KNOWN = re.compile(
    rf"""\[Content_Types\]\.xml|_rels/\.rels
    |docProps/[\w.-]+\.(?:xml|{_PICTURE})
    |docMetadata/\w+\.xml
    |customXml/(?:_rels/)?[\w.-]+\.(?:xml|rels)
    |xl/(?!connections|vba)(?:_rels/)?\w+\.xml(?:\.rels)?
    |xl/(?:{_FOLDERS})/(?:_rels/)?[\w-]+\.(?:xml|vml)(?:\.rels)?
    |xl/media/[\w-]+\.(?:{_PICTURE})
    |xl/printerSettings/[\w-]+\.bin""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_ASTRAY = re.compile(r"\.\.|^[/\\]|\\|:|\0")
_MACROS = re.compile(r"vba|macrosheets|dialogsheets|activeX|ctrlProps|customUI", re.IGNORECASE)
_OTHER_FILES = re.compile(r"externalLinks|connections|queryTables", re.IGNORECASE)
_XML = (".xml", ".rels", ".vml")
_DECLARED = re.compile(rb"""<\?xml\b.*?encoding\s*=\s*["']([^"']*)["'].*?\?>""", re.DOTALL)
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
_DOCUMENT_TYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def is_archive(content: bytes) -> bool:
    """Tell whether a file is an archive, by its first bytes."""
    return content.startswith(b"PK")


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by their names, in the archive's order.

    Raises:
        SheetRefused: it cannot be read, becomes too large, or holds what no questionnaire needs.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not _is_folder(entry)]
            _check_entries(entries)
            parts = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise SheetRefused("the workbook cannot be unpacked") from None
    for name, part in parts.items():
        _check_part(name, part)
    if b"macroenabled" in parts.get("[Content_Types].xml", b"").lower():
        raise SheetRefused("the workbook holds macros", is_hostile=True)
    return parts


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Make an archive of parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, part)
    return made.getvalue()


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.endswith("/") and entry.file_size == 0 and not _ASTRAY.search(entry.filename)


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > PARTS_MAX:
        raise SheetRefused(f"the workbook has more than {PARTS_MAX} parts", is_hostile=True)
    if sum(entry.file_size for entry in entries) > EXPANDED_BYTES_MAX:
        megabytes = EXPANDED_BYTES_MAX // 1024**2
        raise SheetRefused(f"the workbook expands to more than {megabytes} MB", is_hostile=True)
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise SheetRefused("the workbook has two parts of one name", is_hostile=True)
    for entry in entries:
        # `orig_filename` is what stands in the archive, before anything was cut off it.
        _check_name(entry.orig_filename)
        if entry.flag_bits & _ENCRYPTED:
            raise SheetRefused("the workbook is encrypted")
        if entry.compress_type not in _PACKINGS:
            raise SheetRefused("the workbook is packed in a way that no workbook is", is_hostile=True)


def _check_name(name: str) -> None:
    if _ASTRAY.search(name):
        raise SheetRefused("the workbook has a part whose name is a path elsewhere", is_hostile=True)
    if _MACROS.search(name):
        raise SheetRefused("the workbook holds macros or controls", is_hostile=True)
    if _OTHER_FILES.search(name):
        raise SheetRefused("the workbook reads other files", is_hostile=True)
    if not _KNOWN.fullmatch(name):
        raise SheetRefused("the workbook holds other files than a questionnaire needs", is_hostile=True)


def _check_part(name: str, part: bytes) -> None:
    if part.startswith(_FIRST):
        raise SheetRefused("the workbook holds another archive", is_hostile=True)
    if not name.lower().endswith(_XML):
        return
    try:
        part.decode()
    except UnicodeDecodeError:
        raise SheetRefused("a part of the workbook is not UTF-8") from None
    declared = _DECLARED.match(part.removeprefix(b"\xef\xbb\xbf").lstrip())
    if (declared and declared[1].lower() not in _ENCODINGS) or b"\0" in part:
        raise SheetRefused("a part of the workbook is not UTF-8")
    if _DOCUMENT_TYPE.search(part):
        raise SheetRefused("the workbook declares entities", is_hostile=True)
