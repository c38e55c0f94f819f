"""Full-text search over the sections of every document; each hit can be cited.

The same library and the same question give the same hits.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from remit.compliance.library.documents import Document
from remit.compliance.library.inlines import INLINE, asked
from remit.compliance.library.markdown import words_of
from remit.store.full_text import FullText, Passage, words

EXCERPT_CHARACTERS = 320
_SENTENCE = re.compile(r"(?<=[.?!])\s+")


class Citation(msgspec.Struct, frozen=True):
    """Where something stands: enough to find it again in another edition."""

    id: str
    version: str
    title: str
    heading: str

    def __str__(self) -> str:
        where = "" if self.heading == self.title else f", “{self.heading}”"
        return f"{self.id} {self.version}, {self.title}{where}"


class Found(msgspec.Struct, frozen=True):
    """A section with words of the question.

    Attributes:
        excerpt: the sentences of it that have most of them.
        rank: lower is better (bm25).
    """

    citation: Citation
    excerpt: str
    rank: float


class LibraryIndex:
    """The sections of documents, in an index of their own."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._citations: dict[str, Citation] = {}
        self._index = FullText(list(self._passages(documents)))

    def search(self, question: str, limit: int = 10) -> list[Found]:
        """Find the sections with words of *question*, the best first; none where it has no word that says something."""
        stems = [self._index.stems(word) for word in words(question)]
        return [
            Found(self._citations[hit.passage.id], self._excerpt(hit.passage.text, stems), hit.rank)
            for hit in self._index.search(question, limit)
        ]

    def _passages(self, documents: Mapping[str, Document]) -> Iterator[Passage]:
        for document in documents.values():
            front = document.front
            for number, section in enumerate(document.sections()):
                id_ = f"{document.id}#{number:03}"
                self._citations[id_] = Citation(
                    id=document.id, version=front.version, title=front.title, heading=words_of(f"# {section.heading}")
                )
                text = f"{front.summary}\n{section.text}" if number == 0 else section.text
                # A row or check that an inline names can be searched for.
                yield Passage(id_, f"{front.title}. {section.heading}", words_of(INLINE.sub(_named, text)))

    def _excerpt(self, text: str, stems: list[frozenset[str]]) -> str:
        """Return the sentences from the one with most of the words on, as long as there is room."""
        sentences = _SENTENCE.split(text)
        scores = [self._score(sentence, stems) for sentence in sentences]
        first = scores.index(max(scores))
        kept = sentences[first]
        for sentence in sentences[first + 1 :]:
            if len(kept) + 1 + len(sentence) > EXCERPT_CHARACTERS:
                break
            kept += f" {sentence}"
        if len(kept) > EXCERPT_CHARACTERS:
            kept = kept[:EXCERPT_CHARACTERS].rsplit(" ", 1)[0] + " …"
        return kept

    def _score(self, sentence: str, stems: list[frozenset[str]]) -> int:
        found = self._index.stems(sentence)
        return sum(not found.isdisjoint(one) for one in stems)


def _named(found: re.Match[str]) -> str:
    asks = asked(found["text"])
    return found[0] if asks is None else asks[1]
