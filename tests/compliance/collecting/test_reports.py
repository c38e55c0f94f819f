"""What is kept of a report that was read; and why one was not, when it was not."""

from hashlib import sha256

import pytest
from pdf.documents import plain
from pdf.test_checking import deflated_bomb, of_content

from remit.compliance.collecting.reports import ReportReader
from remit.wire.reader import ReadFailed

PARAMS = {"reportId": "report-1", "reportVersion": "2"}
LISTING = plain(1, "Services in scope) Tj 0 -20 Td (Amazon S3) Tj 0 -20 Td (AWS Lambda")


class Endpoint:
    """Hands out one document, under terms of a kind."""

    def __init__(self, document=LISTING, acceptance="PASSTHROUGH", **failing):
        self.asked = []
        self._document, self._acceptance, self._failing = document, acceptance, failing

    def read(self, service, operation, region, params):
        self.asked.append((service, operation, region, dict(params)))
        if operation in self._failing:
            raise self._failing[operation]
        values = {
            "GetReportMetadata": {"reportDetails": {"acceptanceType": self._acceptance}},
            "GetTermForReport": {"documentPresignedUrl": "https://terms", "termToken": "token"},
            "GetReport": {"documentPresignedUrl": "https://report"},
        }
        return values[operation], f"id of {operation}"

    def document(self, url, bytes_max):
        assert url == "https://report"
        assert bytes_max >= 20 * 1024 * 1024
        return self._document


def read(endpoint, *, accepts_terms=False):
    return ReportReader(accepts_terms=accepts_terms)(endpoint, PARAMS)


def test_kept_are_the_documents_hash_and_what_it_names():
    endpoint = Endpoint()

    value, request = read(endpoint)

    assert value == {
        "document": {"sha256": sha256(LISTING).hexdigest(), "bytes": len(LISTING), "pages": 1},
        "servicesInScope": {"lambda": 1, "s3": 1},
    }
    assert request == "id of GetReport"
    assert endpoint.asked[-1] == ("artifact", "GetReport", "", {**PARAMS, "termToken": "token"})


def test_a_report_that_names_nothing_known_covers_nothing():
    value, _ = read(Endpoint(plain(2)))

    assert value["servicesInScope"] == {}
    assert value["document"]["pages"] == 2


@pytest.mark.parametrize("accepts_terms", [True, False])
def test_terms_that_want_a_word_are_accepted_by_nobody_unasked(accepts_terms):
    endpoint = Endpoint(acceptance="EXPLICIT")

    if accepts_terms:
        assert read(endpoint, accepts_terms=True)[0]["servicesInScope"]
    else:
        with pytest.raises(ReadFailed, match="--accept-terms") as caught:
            read(endpoint)
        assert caught.value.code == "TermsNotAccepted"
        assert [operation for _, operation, *_ in endpoint.asked] == ["GetReportMetadata"]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html>Sign in</html>",
        LISTING[:200],
        of_content(deflated_bomb(b"(Amazon S3) Tj ", 2000), b"/Filter/FlateDecode"),
    ],
    ids=["empty", "page", "cut", "bomb"],
)
def test_a_document_that_cannot_be_read_is_no_answer(document):
    with pytest.raises(ReadFailed, match="cannot be read") as caught:
        read(Endpoint(document))

    assert (caught.value.code, caught.value.is_refusal) == ("Unreadable", False)


@pytest.mark.parametrize("operation", ["GetReportMetadata", "GetTermForReport", "GetReport"])
def test_a_refusal_on_the_way_is_a_refusal(operation):
    with pytest.raises(ReadFailed) as caught:
        read(Endpoint(**{operation: ReadFailed("AccessDeniedException", "no", is_refusal=True)}))

    assert caught.value.is_refusal
