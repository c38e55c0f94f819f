"""The newest refusals of this process, each with the question that was asked, to be explained as they were.

Kept in memory only, and a bounded number of them; what a trail holds can be explained with the policies of today
(`remit explain`).
"""

from remit.authz import Question

_KEPT = 1_000


class Refusals:
    """Remembers refusals by request id."""

    def __init__(self) -> None:
        self._questions: dict[str, Question] = {}

    def note(self, request_id: str, question: Question) -> None:
        """Remember why a request was refused."""
        questions = self._questions
        if len(questions) >= _KEPT:
            del questions[next(iter(questions))]
        questions[request_id] = question

    def question(self, request_id: str) -> Question:
        """Return what was asked.

        Raises:
            LookupError: no refused request of this id is remembered.
        """
        try:
            return self._questions[request_id]
        except KeyError:
            raise LookupError(f"no refusal with request id `{request_id}` is remembered") from None
