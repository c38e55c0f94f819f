"""Which reads a snapshot needs, and which follow from an answer."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from remit.compliance.checks.seen import fixed_text, items
from remit.compliance.snapshots import READS, Answer, Following, Read, ReadKind, Scope, Status


def needed(names: frozenset[str]) -> tuple[ReadKind, ...]:
    """Return the kinds of reads that *names* are, with those that give them their parameters, in the table's order."""
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += [kind.follows.read for kind in READS[name] if kind.follows is not None]
    return tuple(kind for name, kinds in READS.items() if name in wanted for kind in kinds)


def first(kinds: tuple[ReadKind, ...], account: str, regions: tuple[str, ...]) -> Iterator[Read]:
    """Return the reads that need no answer before them."""
    for kind in kinds:
        if kind.follows is None:
            for region in regions if kind.scope is Scope.REGIONAL else ("",):
                yield _read(kind, region, {}, account)


def following(kinds: tuple[ReadKind, ...], read: Read, answer: Answer, account: str) -> Iterator[Read]:
    """Return the reads that an answer leads to. One that has not its model's form leads nowhere."""
    if answer.status is not Status.ANSWERED:
        return
    name = f"{read.service}:{read.operation}"
    value: Any = None
    for kind in kinds:
        follows = kind.follows
        if follows is None or follows.read != name or not _has(read, follows.only, account):
            continue
        value = answer.value() if value is None else value
        try:
            yield from _about(kind, follows, value, read, account)
        except (KeyError, TypeError):
            # The check that lists these things finds the same, and says so.
            continue


def _about(kind: ReadKind, follows: Following, value: Any, read: Read, account: str) -> Iterator[Read]:
    path, member = follows.told
    told = {thing[member] for thing in items(value, path)} if path else set[str]()
    for thing in items(value, follows.path):
        if follows.owner and thing[follows.owner] != account:
            continue
        if any(thing[member] not in values for member, values in follows.where.items()):
            continue
        params = {key: _of(thing, path) for key, path in follows.params.items()}
        if None in params.values() or not told.isdisjoint(params.values()):
            continue
        params |= {key: text for key, text in read.params if key in follows.keeps}
        yield _read(kind, read.region, {key: text for key, text in params.items() if text is not None}, account)


def _has(read: Read, params: Mapping[str, object], account: str) -> bool:
    return all((name, fixed_text(value, account)) in read.params for name, value in params.items())


def _of(thing: Any, path: str) -> str | None:
    """Return a parameter; None where a member is not there that may be left out."""
    for step in path.split(".") if path else ():
        if step.endswith("?") and step[:-1] not in thing:
            return None
        thing = thing[step.removesuffix("?")]
    if thing is None or isinstance(thing, list):
        message = f"{path} is nothing to ask about"
        raise TypeError(message)
    return thing if isinstance(thing, str) else json.dumps(thing, sort_keys=True, separators=(",", ":"))


def _read(kind: ReadKind, region: str, params: Mapping[str, str], account: str) -> Read:
    given = {key: fixed_text(value, account) for key, value in kind.fixed.items()} | dict(params)
    return Read(kind.service, kind.operation, region, tuple(sorted(given.items())))
