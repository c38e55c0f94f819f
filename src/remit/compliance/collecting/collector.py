"""Takes snapshots: in threads, with progress, and so that an interrupted one can go on.

What was answered, or refused, is written at once to the shelf's unfinished snapshot of the account, which gets its name
when everything was asked. A collection that finds one of the same account, endpoint and regions takes over what it has;
what failed is asked again.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from remit.clock import Clock
from remit.compliance.collecting.asking import Asking, Maker, Progress
from remit.compliance.snapshots import Answer, Header, Read, Shelf, Snapshot, SnapshotUnreadable, Status
from remit.compliance.snapshots.files import Writer, read
from remit.wire.reader import Reader, ReadFailed, region_names

_NO_MAKERS: Mapping[str, Maker] = {}


class NotCollected(Exception):
    """Nothing could be asked. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection came to.

    Attributes:
        snapshot: all of it.
        taken_over: how many answers came from an interrupted collection.
    """

    snapshot: Snapshot
    taken_over: int


def collect(
    reader: Reader,
    shelf: Shelf,
    clock: Clock,
    *,
    names: frozenset[str],
    regions: tuple[str, ...] = (),
    progress: Progress | None = None,
    makers: Mapping[str, Maker] = _NO_MAKERS,
) -> Collected:
    """Take a snapshot of the account that the reader's caller belongs to.

    Args:
        names: of the reads; those that they follow are asked, too.
        regions: to ask in; all that the account has enabled if none is named.
        progress: called with how many reads are done and how many are known; None for nobody.
        makers: name of a read whose value is made of more than one answer -> what makes it.

    Raises:
        NotCollected: the endpoint does not say who asks, or a region is not enabled.
        OSError: the file cannot be written.
    """
    header = _header(reader, clock, regions)
    partial = shelf.unfinished(header.account)
    kept = _kept(partial, header)
    if kept is not None:
        header = kept.header
    held = {} if kept is None else {asked: answer for asked, answer in kept.answers.items() if _stays(answer)}
    fresh = partial.with_name(f"{partial.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        writer = Writer(file, header)
        for asked, answer in held.items():
            writer.add(asked, answer)
        fresh.replace(partial)
        answers: dict[Read, Answer] = {}
        for asked, answer in Asking(reader, clock, header, names, held, progress, makers).answers():
            answers[asked] = answer
            if asked not in held:
                writer.add(asked, answer)
        writer.finish(len(answers.keys() | held.keys()))
    partial.replace(shelf.place(header))
    return Collected(Snapshot(header, held | answers), len(held))


def _header(reader: Reader, clock: Clock, regions: tuple[str, ...]) -> Header:
    now = clock.now()
    try:
        who, _ = reader.read("sts", "GetCallerIdentity", "", {})
    except ReadFailed as failed:
        where = reader.endpoint or "AWS"
        message = f"{where} does not say who asks: {failed.code}: {failed.message}; check the keys and the endpoint"
        raise NotCollected(message) from None
    partition = who["Arn"].split(":")[1]
    enabled = _enabled(reader, partition)
    unknown = [region for region in regions if region not in enabled]
    if unknown:
        message = f"{unknown[0]} is not a region that {who['Account']} has enabled; it has {', '.join(enabled)}"
        raise NotCollected(message)
    return Header(
        account=who["Account"],
        partition=partition,
        caller=who["Arn"],
        endpoint=reader.endpoint,
        taken_at=now,
        regions=enabled,
        regions_read=regions or enabled,
        collector=f"remit {version('remit')}",
    )


def _enabled(reader: Reader, partition: str) -> tuple[str, ...]:
    """Return the account's regions; those that the SDK knows where the endpoint does not say."""
    for service, operation, member, name, params in (
        (
            "account",
            "ListRegions",
            "Regions",
            "RegionName",
            {"RegionOptStatusContains": ["ENABLED", "ENABLED_BY_DEFAULT"]},
        ),
        ("ec2", "DescribeRegions", "Regions", "RegionName", {}),
    ):
        try:
            answer, _ = reader.read(service, operation, "", params)
            found = tuple(sorted(region[name] for region in answer[member]))
        except (ReadFailed, KeyError, TypeError):
            continue
        if found:
            return found
    return region_names(partition)


def _kept(partial: Path, header: Header) -> Snapshot | None:
    try:
        kept = read(partial)
    except SnapshotUnreadable:
        return None
    same = all(
        getattr(kept.header, name) == getattr(header, name)
        for name in ("account", "partition", "caller", "endpoint", "regions", "regions_read", "collector")
    )
    return kept if same else None


def _stays(answer: Answer) -> bool:
    return answer.status is not Status.FAILED
