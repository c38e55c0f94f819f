"""`remit compliance library`: papers, stories and the checklist, to read and to search.

A sentence about an account is answered where an account is named; else it says that there is no snapshot.
"""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from remit.cli.compliance_scope import damaged, scope_of, scope_options
from remit.cli.frame import framed
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.compliance.exports.inlines import cell_answers, evidence_answers
from remit.compliance.library import ContentMistake, Shelf, shelf
from remit.compliance.library.documents import Document
from remit.compliance.library.inlines import Answers
from remit.compliance.snapshots import SnapshotUnreadable
from remit.yaml_files import dump_yaml

_USED_WRONGLY = 2


@click.group("library")
def library() -> None:
    """Read papers, stories and the auditing checklist."""


@framed("list", "remit compliance library list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the documents, each with its version and the day of its last review."""
    documents = _shelf().documents.values()
    if as_json:
        Say.json([{**_facts(document), "summary": document.front.summary} for document in documents])
        return
    Say.table(
        ("id", "version", "reviewed", "title"),
        [(one.id, one.front.version, one.front.reviewed_on, one.front.title) for one in documents],
    )


@framed("show", "remit compliance library show P1 --html p1.html")
@click.argument("id_", metavar="ID")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page of HTML to this file.")
@scope_options
@json_option
def show(
    *,
    id_: str,
    html: Path | None,
    snapshots: Path | None,
    laid_down: Path | None,
    at: str | None,
    accounts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show a document: as text, as a page of HTML, or with --json as Markdown with what it says of itself.

    With --account its sentences about an account say how that account is; without they are not evaluated.
    """
    document = _document(_shelf(), id_)
    answers = _answers(snapshots, laid_down, at, accounts)
    if html is not None:
        from remit.compliance.library.rendering import page

        try:
            html.write_text(page(document, *answers), encoding="utf-8")
        except OSError as error:
            raise Failed(f"cannot write {html}: {error.strerror}; name a file in a folder that is there") from None
    if as_json:
        Say.json({"file": document.file, **msgspec.to_builtins(document.front), "markdown": document.body})
    elif html is not None:
        Say.line(f"wrote {html}")
    else:
        from remit.compliance.library.plain import text

        click.echo(text(document, *answers), nl=False)


@framed("search", "remit compliance library search second factor root")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 100), default=10, help="At most so many sections; 10 by default.")
@json_option
def search(*, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find sections with WORDS, the best first, each with where it stands. Status 1 if there is none."""
    from remit.compliance.library.search import LibraryIndex

    found = LibraryIndex(_shelf().documents).search(" ".join(words), limit)
    if as_json:
        Say.json([msgspec.to_builtins(one) for one in found])
    for one in () if as_json else found:
        Say.line(click.style(str(one.citation), bold=True))
        Say.line(f"  {one.excerpt}")
    if not found:
        raise Failed(f"nothing found for `{' '.join(words)}`; try fewer or other words", REFUSED)


@framed("tenant", "remit compliance library tenant S1 > hospital.yaml")
@click.argument("story", metavar="STORY")
@click.option("--expectations", is_flag=True, help="Print what the story expects of it, for `remit org check`.")
def tenant(*, story: str, expectations: bool) -> None:
    """Print the organization of a story, as a file for `remit org import`."""
    known = _shelf()
    document = _document(known, story)
    if not document.is_story:
        raise Failed(f"`{document.id}` is a paper and has no organization; name a story, S1 to S12", _USED_WRONGLY)
    told = known.stories[document.id]
    if expectations:
        from remit.compliance.library.walkthroughs import expectations as expected

        click.echo(dump_yaml(expected(document, told)), nl=False)
    else:
        click.echo(told.tenant.read_text(encoding="utf-8"), nl=False)


for _command in (list_, show, search, tenant):
    library.add_command(_command)


def _answers(
    snapshots: Path | None, laid_down: Path | None, at: str | None, accounts: tuple[str, ...]
) -> tuple[Answers | None, Answers | None]:
    if not accounts:
        return None, None
    if len(accounts) > 1:
        raise Failed("a document speaks of one account: name one with --account", _USED_WRONGLY)
    scope = scope_of(snapshots, laid_down, at, accounts)
    try:
        evaluation = next(scope.evaluations(), None)
    except SnapshotUnreadable as error:
        raise damaged(error) from None
    if evaluation is None:
        raise Failed(f"no snapshot is as early as {scope.at:%Y-%m-%d %H:%M}", REFUSED)
    return cell_answers(evaluation, scope.at), evidence_answers(evaluation)


def _shelf() -> Shelf:
    try:
        return shelf(today=datetime.now(UTC).date())
    except ContentMistake as mistake:
        raise Failed(f"the library has a mistake: {mistake}") from None


def _document(known: Shelf, id_: str) -> Document:
    found = known.documents.get(id_.upper())
    if found is None:
        raise Failed(f"no document `{id_}`; `remit compliance library list` shows those there are", _USED_WRONGLY)
    return found


def _facts(document: Document) -> dict[str, str]:
    front = document.front
    return {
        "id": front.id,
        "version": front.version,
        "reviewed_on": front.reviewed_on.isoformat(),
        "title": front.title,
    }
