"""Reports read: the newest documents of the provider, and which services they name as being in their scope.

To have a report is to accept its terms, so nobody's are read unless somebody asks for it, and those whose terms want a
word of their own only with that word. What is kept of a document is its hash, its length and what it names: not the
document, which is the provider's.
Source: `artifact` reference, 5, GetTermForReport, GetReport, GetReportMetadata.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from remit.compliance.collecting.scopes import services_in_scope
from remit.pdf import PdfError, page_texts
from remit.pdf.texts import BYTES_MAX
from remit.wire.reader import Reader, ReadFailed


class ReportReader:
    """Makes the value of a read of a report.

    Args:
        accepts_terms: whether terms that want a word of their own are accepted.
    """

    def __init__(self, *, accepts_terms: bool) -> None:
        self._accepts_terms = accepts_terms

    def __call__(self, reader: Reader, params: Mapping[str, str]) -> tuple[dict[str, Any], str]:
        """Return what a report names, and the request by which it was had.

        Raises:
            ReadFailed: it cannot be had, or not be read.
        """
        details, _ = reader.read("artifact", "GetReportMetadata", "", params)
        if details["reportDetails"]["acceptanceType"] == "EXPLICIT" and not self._accepts_terms:
            report = params["reportId"]
            message = (
                f"its terms are to be accepted: read them, `remit artifact terms {report}`, and say --accept-terms"
            )
            raise ReadFailed("TermsNotAccepted", message)
        terms, _ = reader.read("artifact", "GetTermForReport", "", params)
        link, request_id = reader.read("artifact", "GetReport", "", {**params, "termToken": terms["termToken"]})
        document = reader.document(link["documentPresignedUrl"], BYTES_MAX)
        try:
            pages = page_texts(document)
        except PdfError as error:
            raise ReadFailed("Unreadable", f"the report cannot be read: {error.message}") from None
        held = {"sha256": sha256(document).hexdigest(), "bytes": len(document), "pages": len(pages)}
        return {"document": held, "servicesInScope": services_in_scope(pages)}, request_id
