"""What can be wrong with a PDF, or with the installation.

PdfError
├── PdfRefused       the document is not one that is taken; the message says why
└── PdfExtraMissing  the libraries of the extra `pdf` are not installed
"""

from importlib.util import find_spec

_LIBRARIES = ("pikepdf", "pypdfium2", "reportlab", "zxingcpp")


class PdfError(Exception):
    """Something that `remit.pdf` cannot do.

    Attributes:
        message: why not, in words for a person.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PdfRefused(PdfError):
    """The document is no PDF, is damaged, encrypted or too large, or holds what has no place in a report."""


class PdfTookTooLong(PdfRefused):
    """The document was not read in the time that it is given."""


class PdfExtraMissing(PdfError):
    """The libraries that read and write PDF are not installed."""

    def __init__(self) -> None:
        super().__init__("PDF needs the extra `pdf`: pip install 'remit[pdf]'")


def require_extra() -> None:
    """Raise PdfExtraMissing unless the libraries of the extra are there; none is imported."""
    if any(find_spec(library) is None for library in _LIBRARIES):
        raise PdfExtraMissing
