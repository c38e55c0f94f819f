"""Answers to compliance questions: sentences that stand in the library, each with its place; never one of our own.

How it is decided whether the library answers a question:

1. A question is its *concepts*: its words without those that only ask, stemmed; a word and what stands for it (see
   `same_words`) are one concept. A question of more than 32 words is for a person. A concept weighs
   log(1 + n / (1 + f)), for n passages of which f have it: what stands nowhere in the library weighs most, `AWS` next
   to nothing.
2. The twenty passages that a full-text search ranks first are looked at. Concepts that the name of a passage's document
   has say where to look, not what for. A passage *covers* those of the rest that stand in its sentences or its heading;
   its score is the weight of these as a share of the weight of the rest.
3. A passage answers if its score is 0.7 or more, and two concepts of the rest or more (or all, if there is one) stand
   in its sentences. Below that something asked for is missing: a period, a product, a standard that no report names.
   And what it has of the question weighs six tenths or more of a word that stands nowhere, which `customers` and
   `provider` together do not: what every passage is about finds none in particular. Else a person answers.
4. The best passage is quoted, and up to two from other documents whose score is at least nine tenths of its own: of
   each the sentence that covers most, and a second one that covers something of the rest.

So a question whose words are not in the library gets no answer rather than a near one. The thresholds were chosen
between the questions of `tests/directory/artifact/sample_questions.py` that the sample library answers and those that
it does not: none of the latter scores above 0.66.
"""

import math
import re
from collections.abc import Iterable, Sequence

import msgspec

from remit.directory.artifact.passages import Source, Told
from remit.directory.artifact.same_words import SAME_WORDS
from remit.store.full_text import QUESTION_WORDS, FullText, Passage, words

SCORE_MIN = 0.7
_NEXT_SCORE = 0.9
_PASSAGES = 20
_QUOTED = 3
_CONCEPTS_MIN = 2
_WEIGHT_MIN = 0.6
# LongStringAttribute of the model.
RESPONSE_MAX = 2_048
_LETTER = re.compile(r"[^\W_]")

Concept = frozenset[str]


class Unsupported(Exception):
    """A question that is no text: it has no letter and no figure."""


class Citation(msgspec.Struct, frozen=True):
    """A sentence of the library and where it stands."""

    sentence: str
    source: Source


class Answer(msgspec.Struct, frozen=True):
    """Sentences that answer a question, in the order in which they are told."""

    citations: tuple[Citation, ...]

    @property
    def response(self) -> str:
        """The sentences as one text; each is followed by the number of its citation."""
        return " ".join(f"{one.sentence} [{number}]" for number, one in enumerate(self.citations, 1))


class Library:
    """What answers are taken from, indexed."""

    def __init__(self, told: Iterable[Told]) -> None:
        self._told = {one.id: one for one in told}
        self._index = FullText(
            Passage(one.id, f"{one.document} {one.heading}", " ".join(one.sentences)) for one in self._told.values()
        )

    def answer(self, question: str) -> Answer | None:
        """Answer a question from the library; None is for a person to answer.

        Raises:
            Unsupported: it has neither letters nor figures.
        """
        if not _LETTER.search(question):
            raise Unsupported
        asked = words(question, QUESTION_WORDS + 1)
        if len(asked) > QUESTION_WORDS:
            return None
        weights = {concept: self._weight(concept) for concept in self._concepts(asked)}
        scored = [
            (-score, place, told)
            for place, told in enumerate(self._found(asked))
            if (score := self._score(told, weights)) >= SCORE_MIN
        ]
        scored.sort(key=lambda one: one[:2])
        quoted: list[Told] = []
        for negative, _, told in scored:
            is_new = all(_document(told) != _document(other) for other in quoted)
            if is_new and negative <= scored[0][0] * _NEXT_SCORE and len(quoted) < _QUOTED:
                quoted.append(told)
        return _fitting([citation for told in quoted for citation in self._quote(told, weights)])

    def _concepts(self, asked: Sequence[str]) -> list[Concept]:
        """Return the concepts of a question, each once."""
        found: list[Concept] = []
        for word in asked:
            alternatives = (word, *SAME_WORDS.get(word, ()))
            concept = frozenset(stem for one in alternatives for stem in self._index.stems(one))
            if concept and concept not in found:
                found.append(concept)
        return found

    def _weight(self, concept: Concept) -> float:
        frequency = max(self._index.frequency(stem) for stem in concept)
        return math.log(1 + len(self._index) / (1 + frequency))

    def _found(self, asked: Sequence[str]) -> list[Told]:
        alternatives = [other for word in asked for other in SAME_WORDS.get(word, ())]
        return [self._told[hit.passage.id] for hit in self._index.search(" ".join([*asked, *alternatives]), _PASSAGES)]

    def _score(self, told: Told, weights: dict[Concept, float]) -> float:
        """Return the share of what is asked that a passage covers; 0 if that does not tell it from others."""
        name, in_text = self._index.stems(told.document), self._index.stems(" ".join(told.sentences))
        covered = in_text | self._index.stems(told.heading)
        rest = {concept: weight for concept, weight in weights.items() if not concept & name}
        found = sum(weight for concept, weight in rest.items() if concept & covered)
        named = sum(weights.values()) - sum(rest.values())
        if found + named < _WEIGHT_MIN * math.log(1 + len(self._index)):
            return 0.0
        if not rest or sum(1 for concept in rest if concept & in_text) < min(_CONCEPTS_MIN, len(rest)):
            return 0.0
        return found / sum(rest.values())

    def _quote(self, told: Told, weights: dict[Concept, float]) -> list[Citation]:
        """Choose the sentence that covers most, and one that covers something else, in their order."""
        covered = [
            {concept for concept in weights if concept & self._index.stems(sentence)} for sentence in told.sentences
        ]
        places = range(len(covered))
        first = max(places, key=lambda place: (sum(weights[one] for one in covered[place]), -place))
        rest = {place: sum(weights[one] for one in covered[place] - covered[first]) for place in places}
        second = max(places, key=lambda place: (rest[place], -place))
        chosen = sorted({first, second} if rest[second] > 0 else {first})
        return [Citation(told.sentences[place], told.source) for place in chosen]


def _document(told: Told) -> str:
    return told.id.partition("#")[0]


def _fitting(citations: Sequence[Citation]) -> Answer | None:
    """Leave out sentences at the end that make the response longer than it may be."""
    for count in range(len(citations), 0, -1):
        answer = Answer(tuple(citations[:count]))
        if len(answer.response) <= RESPONSE_MAX:
            return answer
    return None
