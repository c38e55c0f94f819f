"""The sample library answers what it says, from a page that says it, and nothing else."""

import gzip
import json
import re
from importlib.resources import files

import pytest
from directory.artifact.sample_questions import ANSWERED, UNANSWERED

from remit.directory.artifact.answers import Citation, Library
from remit.directory.artifact.passages import Document, responsibilities, told_by


def _sample_documents() -> list[Document]:
    data = files("remit.directory.artifact").joinpath("data")
    texts = json.loads(gzip.decompress(data.joinpath("page_texts.json.gz").read_bytes()))
    documents: list[Document] = []
    for report in json.loads(data.joinpath("catalog.json").read_bytes())["reports"]:
        newest = max(report["versions"], key=lambda version: version["version"])
        arn = f"arn:aws:artifact:us-east-1::report/{report['id']}:{newest['version']}"
        pages = tuple(texts[newest["sha256"]])
        documents.append(Document(arn, report["name"], newest["version"], report["series"], pages))
    return documents


DOCUMENTS = {document.arn: document for document in _sample_documents()}
LIBRARY = Library([*(told for document in DOCUMENTS.values() for told in told_by(document)), *responsibilities()])


def _stands_where_it_says(citation: Citation) -> bool:
    """Whether the words of a citation stand on the page that its link leads to, in their order; or in a row."""
    arn, _, page = citation.source.link.partition("#page=")
    if not page:
        return any(citation.sentence in row.sentences for row in responsibilities())
    letters = "".join(re.sub(r"^\s*\u2022", "", DOCUMENTS[arn].pages[int(page) - 1], flags=re.MULTILINE).split())
    return "".join(citation.sentence.split()) in letters and f"page {page}" in citation.source.label


@pytest.mark.parametrize(("question", "place", "words"), ANSWERED, ids=[question for question, _, _ in ANSWERED])
def test_the_samples_answer_from_a_page_that_says_so(question: str, place: str, words: str) -> None:
    answer = LIBRARY.answer(question)

    assert answer is not None
    assert any(words in one.sentence for one in answer.citations if place in {"", one.source.label}), answer
    assert all(_stands_where_it_says(one) for one in answer.citations)


@pytest.mark.parametrize("question", UNANSWERED)
def test_what_the_samples_do_not_say_is_not_answered(question: str) -> None:
    answer = LIBRARY.answer(question)

    assert answer is None, answer.response


def test_the_table_is_large_enough() -> None:
    assert (len(ANSWERED), len(UNANSWERED)) >= (20, 20)
