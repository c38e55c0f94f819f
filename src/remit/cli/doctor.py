"""`remit doctor`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from remit.cli.account import run
from remit.cli.frame import framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Say, json_option
from remit.directory import ACCESS_KEYS, ACCOUNTS, LOGIN_PROFILES, MFA_DEVICES, USERS
from remit.directory.accounts import Account
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
    findings += run(database, lambda tx: Answer(_credentials(tx, datetime.now(UTC))))
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


def _root(tx: Transaction, account: Account, now: datetime) -> list[Finding]:
    findings: list[Finding] = []
    keys, profile = tx.select(ACCESS_KEYS, "owner", account.id), tx.get(LOGIN_PROFILES, account.id)
    if keys:
        findings.append(Finding("the root user has an access key", account.id, "use a role or user, delete the key"))
    used = [key.last_used_at for key in keys] + [None if profile is None else profile.last_used_at]
    if any(at is not None and now - at < _UNUSED for at in used):
        findings.append(Finding("the root user was used in the last 90 days", account.id, "use a role or user"))
    if not tx.count(MFA_DEVICES, "owner", account.id):
        remedy = f"remit credentials root-mfa --account {account.id}"
        findings.append(Finding("the root user has no MFA device", account.id, remedy))
    return findings


def _credentials(tx: Transaction, now: datetime) -> list[Finding]:
    findings: list[Finding] = []
    for account in tx.all(ACCOUNTS):
        findings += _root(tx, account, now)
    for profile in tx.all(LOGIN_PROFILES):
        user = tx.get(USERS, profile.id)
        if user is not None and not tx.count(MFA_DEVICES, "owner", user.id):
            findings.append(Finding("a user with a password has no MFA device", user.arn, "aws iam enable-mfa-device"))
    for key in tx.all(ACCESS_KEYS):
        if key.active and now - (key.last_used_at or key.created_at) > _UNUSED:
            remedy = f"aws iam delete-access-key --access-key-id {key.id}"
            findings.append(Finding("an access key was not used for 90 days", key.id, remedy))
    return findings
