"""`remit doctor`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from remit.cli.account import run
from remit.cli.frame import framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Say, json_option
from remit.directory import ACCESS_KEYS, ACCOUNTS
from remit.store import Answer, Transaction

_UNUSED = timedelta(days=90)


class Finding(msgspec.Struct, frozen=True):
    """Something unwise: what, where, and what to do about it."""

    what: str
    where: str
    remedy: str


@framed("doctor", "remit doctor || echo look at that")
@data_option
@json_option
def command(*, data: Path | None, as_json: bool) -> int:
    """Show what is unwise, and what to do about it. Exit status 1 when there is something."""
    settings, database = open_store(None, data)
    findings = _files(settings.data, settings.master_key_file)
    findings += run(database, lambda tx: Answer(_keys(tx, datetime.now(UTC))))
    if as_json:
        Say.json([msgspec.to_builtins(finding) for finding in findings])
    elif findings:
        Say.table(("what", "where", "what to do"), [(f.what, f.where, f.remedy) for f in findings])
    else:
        Say.line("Nothing to complain about.")
    return REFUSED if findings else 0


def _files(folder: Path, master_key: Path) -> list[Finding]:
    findings: list[Finding] = []
    findings += [
        Finding("others may read it", str(path), f"chmod 600 {path}")
        for path in (master_key, folder / "credentials", folder / "remit.db")
        if path.exists() and path.stat().st_mode & 0o077
    ]
    if folder.exists() and folder.stat().st_mode & 0o022:
        findings.append(Finding("others may write to it", str(folder), f"chmod 700 {folder}"))
    return findings


def _keys(tx: Transaction, now: datetime) -> list[Finding]:
    findings: list[Finding] = []
    for account in tx.all(ACCOUNTS):
        root_keys = tx.select(ACCESS_KEYS, "owner", account.id)
        if root_keys:
            findings.append(
                Finding("the root user has an access key", account.id, "use a role or user, delete the key")
            )
        if any(key.last_used_at is not None and now - key.last_used_at < _UNUSED for key in root_keys):
            findings.append(Finding("the root user was used in the last 90 days", account.id, "use a role or user"))
        findings.append(Finding("the root user has no MFA device", account.id, "a later release registers devices"))
    for key in tx.all(ACCESS_KEYS):
        if key.active and now - (key.last_used_at or key.created_at) > _UNUSED:
            remedy = f"aws iam delete-access-key --access-key-id {key.id}"
            findings.append(Finding("an access key was not used for 90 days", key.id, remedy))
    return findings
