"""What is drawn on each page of a stamped copy: a line of text and a QR code, at the foot of the page.

The code is QR version 1-M, which holds exactly the twenty characters of a serial and mends 15 % of itself. Its modules
are one point wide, so it is 7.4 mm wide, and is read from pictures of 200 dots an inch, and mostly of 150. Each run of
modules is drawn a twentieth narrower on each side: Ghostscript blackens every dot that a shape touches, and fills the
gaps else; wider gaps are seen as gaps by poppler (measured with both, and with mutool, at 150 to 300 dots).
"""

from dataclasses import dataclass
from typing import Final

_MODULE: Final = 1.0
_INSET: Final = 0.05  # of a module
_QUIET: Final = 2.0  # modules of white around the code, so that it is read on a dark page
_FONT_SIZE: Final = 5.5
_LEADING: Final = 6.5
_MARGIN: Final = 7.0  # points from the page's edge
_CHARACTERS_MAX: Final = 150  # of a line: as many as fit on letter paper
_LINES_MAX: Final = 4
_WIDTH_OF_CHARACTER: Final = 0.62  # of the font's size, on the safe side for a page that is narrow
_GREY = b"0.25 g"


@dataclass(frozen=True, slots=True)
class Mark:
    """A drawing whose lower left corner is the origin.

    Attributes:
        content: operators of a form; its font is `/RemitFont`, of the encoding WinAnsi.
        width: in points.
        height: in points.
    """

    content: bytes
    width: float
    height: float

    def placed_on(self, box: tuple[float, float, float, float], rotation: int) -> bytes:
        """Return the matrix that puts it upright at the foot of a page as it is seen, smaller on a small page.

        Args:
            box: what is shown of the page: left, bottom, right, top.
            rotation: by how many degrees the page is turned clockwise when it is shown.
        """
        left, bottom, right, top = box
        across, up = (right - left, top - bottom) if rotation in (0, 180) else (top - bottom, right - left)
        scale = min(1.0, (across - 2 * _MARGIN) / self.width, (up - 2 * _MARGIN) / self.height)
        if scale <= 0:  # a page smaller than the margins: as large as fits
            scale, margin = min(across / self.width, up / self.height), 0.0
        else:
            margin = _MARGIN
        c, s, x, y = {
            0: (1, 0, left + margin, bottom + margin),
            90: (0, 1, right - margin, bottom + margin),
            180: (-1, 0, right - margin, top - margin),
            270: (0, -1, left + margin, top - margin),
        }[rotation]
        return " ".join(f"{n:.4f}" for n in (c * scale, s * scale, -s * scale, c * scale, x, y)).encode()


def draw_mark(serial: str, lines: tuple[str, ...]) -> Mark:
    """Draw the mark of a serial; a line that is too long ends in three dots, and so do lines past the third."""
    code, size = _code(serial)
    shown = [f"Serial {serial}", *(_fitting(line) for line in lines)]
    if len(shown) > _LINES_MAX:
        shown = [*shown[: _LINES_MAX - 1], "..."]
    parts = [b"q 1 g 0 0 %.2f %.2f re f Q" % (size, size), b"q", _GREY, code, b"Q"]
    top = (size + len(shown) * _LEADING) / 2 - _FONT_SIZE
    # White around the letters keeps them legible on any ground and hides next to nothing; then the letters themselves.
    for rendering in (b"1 Tr 1.2 w 1 G", b"0 Tr " + _GREY):
        parts += [b"q BT /RemitFont %.2f Tf %.2f TL %.2f %.2f Td" % (_FONT_SIZE, _LEADING, size + 3, top), rendering]
        if rendering.startswith(b"1"):
            parts += [b"1 j"]
        parts += [b"(%s) Tj T*" % _escaped(line) for line in shown]
        parts += [b"ET Q"]
    width = size + 3 + max(map(len, shown)) * _FONT_SIZE * _WIDTH_OF_CHARACTER
    return Mark(b"\n".join(parts), round(width, 2), round(size, 2))


def _code(serial: str) -> tuple[bytes, float]:
    """Return the operators that draw a serial as a QR code, and how wide and high it is in points."""
    import segno

    rows = [bytes(row) for row in segno.make_qr(serial, error="m", boost_error=False, mode="alphanumeric").matrix]
    rectangles: list[bytes] = []
    for y, row in enumerate(reversed(rows)):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                rectangles.append(
                    b"%.2f %.2f %.2f %.2f re" % (x + _INSET, y + _INSET, end - x - 2 * _INSET, 1 - 2 * _INSET)
                )
            x = end + 1
    offset = _QUIET * _MODULE
    placed = b"%.2f 0 0 %.2f %.2f %.2f cm" % (_MODULE, _MODULE, offset, offset)
    return b"\n".join([placed, *rectangles, b"f"]), (len(rows) + 2 * _QUIET) * _MODULE


def _fitting(line: str) -> str:
    text = legible(line)
    return text if len(text) <= _CHARACTERS_MAX else text[: _CHARACTERS_MAX - 3] + "..."


def legible(text: str) -> str:
    """Write what the built-in fonts do not have as its number, `<U+4E2D>`, so that nothing is shown as a black box.

    They have what the encoding Windows-1252 has: the letters of western Europe, and typographic punctuation.
    """
    return "".join(character if _has(character) else f"<U+{ord(character):04X}>" for character in text)


def printable(text: str) -> str:
    """Write spaces for control characters, which XML does not have."""
    return "".join(character if character.isprintable() else " " for character in text)


def _has(character: str) -> bool:
    if character < " " or "\x7f" <= character < "\xa0":
        return False
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
