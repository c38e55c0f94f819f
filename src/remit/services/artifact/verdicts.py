"""How a responsibility is in an account, said as a citation of an answer to an inquiry."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from remit.compliance.evidence.errors import KeyRingError
from remit.compliance.here import evaluation_of
from remit.compliance.snapshots import SnapshotUnreadable
from remit.compliance.snapshots.answers import instant
from remit.compliance.status.cells import Status
from remit.compliance.status.evaluation import Evaluation
from remit.content_files import ContentMistake
from remit.directory.artifact.passages import label
from remit.directory.artifact.queries import TEXT_MAX, Cited, Query, printable
from remit.services.artifact.live import cited_rows

_WORDS: Mapping[Status, str] = {
    Status.MET: "this is met",
    Status.INHERITED: "this is met by AWS",
    Status.NOT_MET: "this is not met",
    Status.UNKNOWN: "it is not known whether this is met",
    Status.PARTIAL: "this was looked at in part only",
    Status.EXCEPTED: "this is not met, by an exception that somebody approved",
    Status.NOT_APPLICABLE: "this does not apply",
}


def quoted(queries: tuple[Query, ...], data: Path, account: str, at: datetime) -> tuple[Query, ...]:
    """Return queries with what the account's newest snapshot comes to; as they are where it shows nothing.

    Args:
        data: the folder with snapshots and what is laid down.
    """
    try:
        evaluation = evaluation_of(data, account, at)
    except (SnapshotUnreadable, ContentMistake, KeyRingError):
        return queries  # `remit responsibility matrix` says what is wrong with it
    return queries if evaluation is None else tuple(_with_verdicts(query, evaluation, at) for query in queries)


def _with_verdicts(query: Query, evaluation: Evaluation, at: datetime) -> Query:
    response, citations = query.response, list(query.citations)
    for row in cited_rows(query):
        if row not in evaluation.model.by_id:
            continue
        cited = _cited(row, evaluation, at)
        longer = f"{response} {cited.content} [{len(citations) + 1}]"
        if len(longer) > TEXT_MAX:
            break
        response, citations = longer, [*citations, cited]
    return msgspec.structs.replace(query, response=response, citations=tuple(citations))


def _cited(row: str, evaluation: Evaluation, at: datetime) -> Cited:
    judged = evaluation.row(row, at)
    taken = instant(evaluation.facts.snapshot.header.taken_at)
    why = next((cell.reason for cell in judged.cells if cell.status is judged.status), "")
    told = f": {why}" if why else ""
    said = f"By the snapshot of account {evaluation.account} of {taken}, {_WORDS[judged.status]}{told}."
    link = f"remit:snapshot/{evaluation.account}/{taken}#{row}"
    return Cited(label("Snapshot of", evaluation.account, taken, row), printable(said), link)
