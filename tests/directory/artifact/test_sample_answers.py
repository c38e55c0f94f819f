"""The sample library answers what it says, from a page that says it, and nothing else."""

import gzip
import json
from importlib.resources import files

import pytest
from directory.artifact.sample_questions import ANSWERED, UNANSWERED

from remit.directory.artifact.answers import Library
from remit.directory.artifact.passages import Document, responsibilities, told_by


def _sample_library() -> Library:
    data = files("remit.directory.artifact").joinpath("data")
    texts = json.loads(gzip.decompress(data.joinpath("page_texts.json.gz").read_bytes()))
    documents: list[Document] = []
    for report in json.loads(data.joinpath("catalog.json").read_bytes())["reports"]:
        newest = max(report["versions"], key=lambda version: version["version"])
        arn = f"arn:aws:artifact:us-east-1::report/{report['id']}:{newest['version']}"
        pages = tuple(texts[newest["sha256"]])
        documents.append(Document(arn, report["name"], newest["version"], report["series"], pages))
    return Library([*(told for document in documents for told in told_by(document)), *responsibilities()])


LIBRARY = _sample_library()


@pytest.mark.parametrize(("question", "place", "word"), ANSWERED, ids=[question for question, _, _ in ANSWERED])
def test_the_samples_answer_from_a_page_that_says_so(question: str, place: str, word: str) -> None:
    answer = LIBRARY.answer(question)

    assert answer is not None
    assert any(word in one.sentence for one in answer.citations if one.source.label == place), answer
    assert all(word in answer.response for _ in answer.citations)


@pytest.mark.parametrize("question", UNANSWERED)
def test_what_the_samples_do_not_say_is_not_answered(question: str) -> None:
    answer = LIBRARY.answer(question)

    assert answer is None, answer.response


def test_the_table_is_large_enough() -> None:
    assert (len(ANSWERED), len(UNANSWERED)) >= (20, 20)
