"""Options of commands that look at snapshots: which folder, which accounts, at what time, what is laid down."""

import gc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from remit.cli.compliance_keys import key_ring
from remit.cli.options import settings_of
from remit.cli.output import REFUSED, Failed
from remit.compliance.checks import Certificate
from remit.compliance.evidence.errors import KeyRingError
from remit.compliance.here import LAID_DOWN, trained_in
from remit.compliance.snapshots import Shelf, SnapshotUnreadable
from remit.compliance.snapshots.shelf import SNAPSHOTS
from remit.compliance.status.laid_down import LaidDown, read_laid_down
from remit.compliance.status.scope import Scope
from remit.content_files import ContentMistake

F = TypeVar("F", bound=Callable[..., Any])


def shelf_option(command: F) -> F:
    """Give *command* the option `--snapshots`."""
    return click.option(
        "--snapshots",
        type=click.Path(file_okay=False, path_type=Path),
        help="The folder of snapshots; by default `snapshots` in the data folder.",
    )(command)


def scope_options(command: F) -> F:
    """Give *command* the options by which `scope_of` makes a scope."""
    for option in (
        click.option(
            "--laid-down",
            type=click.Path(dir_okay=False, path_type=Path),
            help="What is laid down: parameters, attestations, exceptions; "
            f"by default `{LAID_DOWN}` in the data folder.",
        ),
        click.option(
            "--at", metavar="TIME", help="The time that is asked about, 2026-11-29T12:00:00Z; by default now."
        ),
        click.option("--account", "accounts", multiple=True, metavar="ID", help="An account; by default all."),
    ):
        command = option(command)
    return shelf_option(command)


def shelf_of(snapshots: Path | None) -> Shelf:
    """Return the shelf that is meant."""
    return Shelf(settings_of().data / SNAPSHOTS if snapshots is None else snapshots)


def scope_of(snapshots: Path | None, laid_down: Path | None, at: str | None, accounts: tuple[str, ...]) -> Scope:
    """Return the scope that is meant.

    Raises:
        Failed: there is no snapshot, the time is none, or the file that lays something down has a mistake.
    """
    # Judging makes many values and hardly a cycle, and what was imported stays: to look for cycles as often as usual,
    # and everywhere, takes a quarter of the time.
    gc.set_threshold(100_000, 50, 100)
    gc.freeze()
    shelf = shelf_of(snapshots)
    known = shelf.accounts()
    missing = [account for account in accounts if account not in known]
    if missing or not known:
        of = f" of account {missing[0]}" if missing else ""
        raise Failed(f"no snapshot{of} in {shelf.folder}: take one with `remit compliance snapshot`", REFUSED)
    return Scope(shelf, time_of(at), laid_down_of(laid_down), accounts or known, certificates_here())


def certificates_here() -> tuple[Certificate, ...]:
    """Return the certificates that lie in the data folder, signed with a key of it and not revoked.

    Raises:
        Failed: the keys cannot be read.
    """
    data = settings_of().data
    try:
        return trained_in(data, key_ring(data))
    except KeyRingError as error:
        raise Failed(str(error)) from None


def laid_down_of(path: Path | None) -> LaidDown:
    """Read what is laid down.

    Raises:
        Failed: the file has a mistake, or was named and is not there.
    """
    if path is not None and not path.exists():
        raise Failed(f"no file {path}", REFUSED)
    try:
        return read_laid_down(settings_of().data / LAID_DOWN if path is None else path)
    except ContentMistake as mistake:
        raise Failed(str(mistake), REFUSED) from None


def time_of(text: str | None) -> datetime:
    """Read a time; now where none is named.

    Raises:
        Failed: it is none.
    """
    if text is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Failed(f"no time: `{text}`; write 2026-11-29 or 2026-11-29T12:00:00Z", REFUSED) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def damaged(error: SnapshotUnreadable) -> Failed:
    """Return how a command ends that meets a snapshot that was altered."""
    return Failed(str(error), REFUSED)
