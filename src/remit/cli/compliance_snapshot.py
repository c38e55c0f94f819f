"""`remit compliance snapshot`: ask an AWS endpoint, and keep what it says."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import click

from remit.cli.compliance_scope import shelf_of, shelf_option
from remit.cli.env import aws_variables, server_and_folder
from remit.cli.frame import framed
from remit.cli.options import data_option, port_option
from remit.cli.output import COULD_NOT, REFUSED, Failed, Say, json_option
from remit.clock import SystemClock
from remit.compliance.checks import CHECKS
from remit.compliance.collecting import Collected, Maker, NotCollected, collect
from remit.compliance.collecting.reports import ReportReader
from remit.compliance.model.inventory import READS as INVENTORY
from remit.compliance.snapshots import Read, Shelf, Snapshot, Status
from remit.compliance.snapshots.reads import REPORT
from remit.compliance.status.tree import READS as TREE
from remit.ids import Secret
from remit.wire.reader import Reader, ReadFailed

_SESSION = "remit-compliance"
_SHOWN = 12
_NAMES = frozenset(name for check in CHECKS.values() for name in check.reads) | INVENTORY | TREE


class _Wanted(NamedTuple):
    """What a snapshot is to have: regions, and values that are made of more than one answer."""

    regions: tuple[str, ...]
    makers: Mapping[str, Maker]


@framed("snapshot", "remit compliance snapshot --regions eu-west-1,us-east-1")
@click.option("--endpoint-url", metavar="URL", help="Ask this endpoint, with the keys that AWS SDKs find.")
@click.option("--profile", metavar="NAME", help="Ask as a profile of the AWS config files.")
@click.option("--regions", metavar="NAMES", help="Regions, with commas; by default all that the account has enabled.")
@click.option("--organization", is_flag=True, help="Ask every active account of the organization as well.")
@click.option(
    "--role", default="OrganizationAccountAccessRole", show_default=True, help="The role to assume in other accounts."
)
@click.option("--rate", type=click.IntRange(1), default=50, show_default=True, help="Requests a second to a service.")
@click.option("--seconds", type=click.IntRange(1), default=10, show_default=True, help="How long to wait for answers.")
@click.option(
    "--read-reports", is_flag=True, help="Download the provider's newest reports as well, and note what they cover."
)
@click.option("--accept-terms", is_flag=True, help="With --read-reports: you have read their terms, and accept them.")
@shelf_option
@port_option
@data_option
@json_option
def snapshot(
    *,
    endpoint_url: str | None,
    profile: str | None,
    regions: str | None,
    organization: bool,
    role: str,
    rate: int,
    seconds: int,
    read_reports: bool,
    accept_terms: bool,
    snapshots: Path | None,
    port: int | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Ask AWS, Remit or an emulator about an account, and keep every answer and every refusal.

    Without an option the server of this machine is asked as its administrator, or whatever the AWS variables of the
    environment name. Nothing is changed there: all requests are reads. An interrupted snapshot goes on next time.
    To download a report is to accept its terms; those that want a word of their own are downloaded with --accept-terms.
    """
    shelf = shelf_of(snapshots)
    reader = _reader(endpoint_url, profile, port, data, rate, seconds)
    named = tuple(sorted(filter(None, (regions or "").split(","))))
    # Nobody's terms are accepted unasked.
    makers: Mapping[str, Maker] = {REPORT: ReportReader(accepts_terms=accept_terms)} if read_reports else {}
    wanted = _Wanted(named, makers)
    taken = [_take(reader, shelf, wanted)]
    if organization:
        taken += [_take(other, shelf, wanted) for other in _others(reader, taken[0].snapshot, role)]
    if as_json:
        Say.json([_told(one, shelf) for one in taken])
        return
    for one in taken:
        _say(one, shelf)


def _reader(
    endpoint_url: str | None, profile: str | None, port: int | None, data: Path | None, rate: int, seconds: int
) -> Reader:
    region = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
    if endpoint_url is None and profile is None and "AWS_ACCESS_KEY_ID" not in os.environ:
        variables: Mapping[str, str] = aws_variables(*server_and_folder(port, data))
        return Reader(
            variables["AWS_ENDPOINT_URL"],
            region,
            variables["AWS_ACCESS_KEY_ID"],
            Secret(variables["AWS_SECRET_ACCESS_KEY"]),
            seconds=seconds,
            rate=rate,
        )
    where = endpoint_url or ("" if profile else os.environ.get("AWS_ENDPOINT_URL", ""))
    return Reader(where, region, profile=profile or "", seconds=seconds, rate=rate)


def _take(reader: Reader, shelf: Shelf, wanted: _Wanted) -> Collected:
    try:
        with Say.progress("asking") as progress:
            return collect(
                reader,
                shelf,
                SystemClock(),
                names=_NAMES,
                regions=wanted.regions,
                progress=progress,
                makers=wanted.makers,
            )
    except NotCollected as failed:
        raise Failed(str(failed), COULD_NOT) from None
    except OSError as error:
        raise Failed(f"cannot write in {shelf.folder}: {error.strerror}", COULD_NOT) from None


def _others(reader: Reader, own: Snapshot, role: str) -> Iterator[Reader]:
    listed = own.answers.get(Read("organizations", "ListAccounts"))
    if listed is None or listed.status is not Status.ANSWERED:
        why = "no answer" if listed is None else listed.code
        raise Failed(f"the accounts of the organization are not told to {own.header.caller}: {why}", REFUSED)
    for account in listed.value()["Accounts"]:
        if account["Id"] == own.header.account or account["Status"] != "ACTIVE":
            continue
        arn = f"arn:{own.header.partition}:iam::{account['Id']}:role/{role}"
        try:
            yield reader.assuming(arn, _SESSION)
        except ReadFailed as failed:
            Say.error(f"no snapshot of {account['Id']}: cannot assume {arn}: {failed.code}: {failed.message}")


def _told(one: Collected, shelf: Shelf) -> dict[str, object]:
    header = one.snapshot.header
    counts = Counter(answer.status.value for answer in one.snapshot.answers.values())
    return {
        "account": header.account,
        "endpoint": header.endpoint,
        "file": str(shelf.place(header)),
        "regions": list(header.regions_read),
        "takenOver": one.taken_over,
        "reads": {status.value: counts.get(status.value, 0) for status in Status},
    }


def _say(one: Collected, shelf: Shelf) -> None:
    header = one.snapshot.header
    counts = Counter(answer.status for answer in one.snapshot.answers.values())
    regions = len(header.regions_read)
    Say.line(
        f"{header.account}: {len(one.snapshot.answers):,} reads in {regions} {'region' if regions == 1 else 'regions'}"
    )
    Say.line(
        f"  {counts[Status.ANSWERED]:,} answered, {counts[Status.ABSENT]:,} there is none, "
        f"{counts[Status.DENIED]:,} denied, {counts[Status.FAILED]:,} failed"
    )
    if one.taken_over:
        Say.line(f"  {one.taken_over:,} answers are of an earlier collection that was interrupted")
    missed = Counter(
        (f"{asked.service}:{asked.operation}", answer.code)
        for asked, answer in one.snapshot.answers.items()
        if answer.status in (Status.DENIED, Status.FAILED)
    )
    for (name, code), count in sorted(missed.items())[:_SHOWN]:
        Say.line(f"  {name}: {code}" + (f", {count} times" if count > 1 else ""))
    if len(missed) > _SHOWN:
        Say.line(f"  and {len(missed) - _SHOWN} more")
    Say.line(f"  {shelf.place(header)}")
