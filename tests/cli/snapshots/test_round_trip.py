"""What is exported and imported again decides as before."""

import json
from collections import Counter
from collections.abc import Callable

import msgspec
import pytest
from cli.snapshots.accounts import AT, OWN, answer, empty, filled, questions

from remit.cli.snapshots import terraform
from remit.cli.snapshots.reading import read
from remit.directory.imports import put
from remit.directory.snapshots import Snapshot, take
from remit.store import Transaction


def _as_details(snapshot: Snapshot) -> bytes:
    return msgspec.json.encode(snapshot)


def _as_terraform(snapshot: Snapshot) -> bytes:
    """Say what `terraform show -json` says of a configuration that is planned: arguments that refer stay unknown."""
    resources = json.loads(terraform.write(snapshot))["resource"]
    planned, configured = [], []
    for kind, by_label in resources.items():
        for label, arguments in by_label.items():
            known = {name: value for name, value in arguments.items() if not _refers(value)}
            refers = {name: {"references": _references(value)} for name, value in arguments.items() if _refers(value)}
            for name in list(refers):
                if name in ("user", "group", "role"):  # names are known before anything is made
                    of, other = _references(arguments[name])[0].split(".")[:2]
                    known[name] = _plain(resources[of][other]["name"])
                if name == "groups":
                    labels = [one.split(".")[1] for one in _references(arguments[name])]
                    known[name] = [_plain(resources["aws_iam_group"][one]["name"]) for one in labels]
            address = f"{kind}.{label}"
            planned.append({"address": address, "type": kind, "name": label, "values": _plain(known)})
            configured.append({"type": kind, "name": label, "expressions": refers})
    shown = {"planned_values": {"root_module": {"resources": planned}}}
    return json.dumps({**shown, "configuration": {"root_module": {"resources": configured}}}).encode()


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _refers(value: object) -> bool:
    return any(text.startswith("${") for text in _texts(value))


def _references(value: object) -> list[str]:
    return [text.removeprefix("${").removesuffix("}") for text in _texts(value)]


def _plain(value: object) -> object:
    """Return *value* as Terraform understands it."""
    if isinstance(value, dict):
        return {_plain(name): _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value.replace("$${", "${").replace("%%{", "%{") if isinstance(value, str) else value


def _again(tx: Transaction, write: Callable[[Snapshot], bytes]) -> Transaction:
    other = empty()
    put(other, OWN, read(write(take(tx, OWN)), OWN), at=AT)
    return other


@pytest.mark.parametrize("write", [_as_details, _as_terraform])
@pytest.mark.parametrize("seed", range(4))
def test_it_decides_as_before(seed: int, write: Callable[[Snapshot], bytes]) -> None:
    before = filled(seed)
    after = _again(before, write)

    for question in questions(seed, 100):
        assert answer(after, question) == answer(before, question), question


@pytest.mark.slow
@pytest.mark.parametrize("write", [_as_details, _as_terraform])
def test_it_decides_as_before_ten_thousand_times(write: Callable[[Snapshot], bytes]) -> None:
    """Slow: 10,000 questions of 100 accounts."""
    for seed in range(100, 200):
        before = filled(seed)
        after = _again(before, write)
        for question in questions(seed, 100):
            assert answer(after, question) == answer(before, question), (seed, question)


def test_the_questions_are_answered_in_several_ways() -> None:
    verdicts = Counter(answer(filled(seed), question)[0] for seed in range(4) for question in questions(seed, 100))

    assert len(verdicts) == 3
    assert min(verdicts.values()) > 20


def test_a_snapshot_is_taken_again_as_it_was_put() -> None:
    before = filled(1)

    assert take(_again(before, _as_details), OWN) == take(before, OWN)
