"""Put pages before a document, attach files to it, and read such a file again."""

import io

import msgspec
import pikepdf

from remit.pdf.joining import Attachment, Join, Wanted
from remit.pdf.readers.damage import DAMAGED, malformed
from remit.pdf.readers.documents import opened


def joined(payload: bytes) -> bytes:
    """Read a `Join` and return the whole.

    Raises:
        Refusal: a document cannot be read.
    """
    order = msgspec.msgpack.decode(payload, type=Join)
    try:
        with pikepdf.open(io.BytesIO(order.document)) as pdf:
            drop_odd_entries(pdf.Root)
            put_before(pdf, order.first, order.label)
            for attachment in order.attachments:
                attach(pdf, attachment)
            return saved(pdf, deterministic_id=True)
    except pikepdf.PdfError as error:
        raise malformed(error) from None


def found(payload: bytes) -> bytes:
    """Read a `Wanted` and return the content of the attachment, or None, in MessagePack.

    Raises:
        Refusal: the document cannot be read.
    """
    wanted = msgspec.msgpack.decode(payload, type=Wanted)
    with opened(wanted.document, strict=False) as pdf:
        try:
            file = pdf.attachments.get(wanted.name)
            return msgspec.msgpack.encode(None if file is None else file.get_file().read_bytes())
        except DAMAGED as error:
            raise malformed(error) from None


def drop_odd_entries(root: pikepdf.Object) -> None:
    """Remove what is not of the kind that it should be: readers pass over it, qpdf's helpers do not."""
    kinds = {"/PageLabels": pikepdf.Dictionary, "/Names": pikepdf.Dictionary, "/Metadata": pikepdf.Stream}
    for name, kind in kinds.items():
        if name in root and not isinstance(root[name], kind):
            del root[name]
    files = root.Names.get("/EmbeddedFiles") if "/Names" in root else None
    if files is not None and not isinstance(files, pikepdf.Dictionary):
        del root.Names["/EmbeddedFiles"]


def put_before(pdf: pikepdf.Pdf, first: bytes, label: str) -> None:
    """Put the pages of *first* before those of *pdf*, which keep their labels; those of *first* are *label*1, 2, ..."""
    with pikepdf.open(io.BytesIO(first)) as source:
        count = len(source.pages)
        for index, page in enumerate(source.pages):
            pdf.pages.insert(index, page)
    if "/PageLabels" in pdf.Root:
        _shift_labels(pdf, count, label)
    if "/OpenAction" in pdf.Root:
        del pdf.Root.OpenAction


def _shift_labels(pdf: pikepdf.Pdf, count: int, label: str) -> None:
    made = pikepdf.NumberTree.new(pdf)
    made[0] = pikepdf.Dictionary(P=pikepdf.String(label), S=pikepdf.Name.D)
    for number, kept in pikepdf.NumberTree(pdf.Root.PageLabels).items():
        made[number + count] = kept
    pdf.Root.PageLabels = made.obj


def attach(pdf: pikepdf.Pdf, attachment: Attachment) -> None:
    """Attach a file; nothing of it depends on time."""
    pdf.attachments[attachment.name] = pikepdf.AttachedFileSpec(
        pdf,
        attachment.content,
        filename=attachment.name,
        mime_type=attachment.media_type,
        description=attachment.description,
        creation_date="",
        mod_date="",
    )


def saved(pdf: pikepdf.Pdf, *, deterministic_id: bool = False) -> bytes:
    """Write the document, what is packed left as it is.

    Args:
        deterministic_id: whether the same document gets the same id, and so the same bytes.
    """
    written = io.BytesIO()
    pdf.save(
        written,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        compress_streams=True,
        deterministic_id=deterministic_id,
    )
    return written.getvalue()
