"""PDF documents: checked, stamped, traced, typeset. A library of bytes: it opens no file and no connection.

The libraries that do the work come with the extra `pdf` and are imported when the first document comes.
"""

from remit.pdf.serials import is_serial, new_serial

__all__ = ["is_serial", "new_serial"]
