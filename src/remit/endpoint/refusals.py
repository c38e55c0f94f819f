"""Refusals, each with the question that was asked, to be explained as they were.

Every one is stored, for whoever has its authorization id; the newest of this process are in memory, too, for tests that
ask in the same process.
"""

from datetime import datetime

from remit.authz import Denials, Question
from remit.store import Database

_KEPT = 1_000


class Refusals:
    """Remembers refusals by request id. Belongs to the event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._denials = Denials()
        self._questions: dict[str, Question] = {}

    def note(self, request_id: str, at: datetime, question: Question) -> None:
        """Remember why a request was refused."""
        questions = self._questions
        if len(questions) >= _KEPT:
            del questions[next(iter(questions))]
        questions[request_id] = question
        for record in self._denials.records(question, request_id, at):
            self._database.record(record)

    def question(self, request_id: str) -> Question:
        """Return what was asked.

        Raises:
            LookupError: no refused request of this id is remembered.
        """
        try:
            return self._questions[request_id]
        except KeyError:
            raise LookupError(f"no refusal with request id `{request_id}` is remembered") from None
