"""Faults in the middle of commands that change a ledger: it is whole afterwards, and the command done again finishes.

Each command is stopped before durable steps that it takes, one after the other: killed, on a full disk, by Ctrl-C.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from bills import PAYER
from cli.faulted import faulted, full_disk, interrupted
from composed import composed

from remit.billing.ledger import Ledger, ledger_folder
from remit.billing.monthly.month_locks import one_at
from remit.billing.months import Month
from remit.cli import main
from remit.directory.billing.credits import CREDIT_MONTHS
from remit.endpoint.settings import read_settings
from remit.endpoint.stores import open_database
from remit.store import Answer, RecordQuery

PROGRAM = Path(__file__).with_name("faulted.py")
TESTS = Path(__file__).parents[1]
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "REMIT_"))}
MORE_THAN_ENOUGH = 60
# Credits that are given now count from this month on.
THIS, NEXT = str(Month.of(datetime.now(UTC))), str(Month.of(datetime.now(UTC) + timedelta(days=31)))
COMMANDS = {
    "import": ("usage", "import", "{folder}/more.jsonl"),
    "run": ("bill", "run", NEXT, "--terms", "{folder}/terms.yaml"),
    "close": ("bill", "close", THIS),
}


def usage(*ids: str, month: str) -> str:
    records = [
        {
            "usage_id": id_,
            "account": PAYER,
            "service": "AmazonEC2",
            "usage_type": "BoxUsage:m5.xlarge",
            "operation": "RunInstances",
            "region": "us-east-1",
            "start": f"{month}-01T00:00:00Z",
            "end": f"{month}-01T01:00:00Z",
            "quantity": "1",
            "unit": "Hrs",
        }
        for id_ in ids
    ]
    return "".join(json.dumps(record) + "\n" for record in records)


def remit(folder: Path, *arguments: str) -> int:
    return main([*(one.format(folder=folder) for one in arguments), "--data", str(folder)])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a month that was billed, uses a credit, and can be closed; and one that was not billed."""
    folder: Path = tmp_path_factory.mktemp("template")
    with composed(folder):
        pass
    (folder / "first.jsonl").write_text(usage("a", "b", month=THIS) + usage("c", month=NEXT))
    (folder / "more.jsonl").write_text(usage("d", "e", month=THIS) + usage("f", month=NEXT))
    (folder / "terms.yaml").write_text("title: ours\ntaxes:\n  - {name: VAT, percent: 10}\n")
    assert remit(folder, "prices", "import", "--sample") == 0
    assert (
        remit(folder, "billing", "credit", PAYER, "--amount", "1", "--from", "2026-01-01", "--until", "2099-01-01") == 0
    )
    assert remit(folder, "usage", "import", "{folder}/first.jsonl") == 0
    assert remit(folder, "bill", "run", THIS) == 0
    assert len(credits(folder)) == 1
    return folder


@pytest.fixture(params=[7, pytest.param(1, marks=pytest.mark.slow)], ids=["some steps", "every step"])
def steps_at(request: pytest.FixtureRequest) -> range:
    """The steps before which a command is stopped. Every one of them takes minutes in all."""
    return range(1, MORE_THAN_ENOUGH, request.param)


@pytest.fixture(params=list(COMMANDS))
def command(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def copied(template: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    return folder


def bytes_of(folder: Path) -> dict[str, str]:
    """Return the files of the ledger, with a digest of what matters: all but times, and what was told when."""
    ledger = ledger_folder(folder, PAYER)
    found: dict[str, str] = {}
    for path in sorted(ledger.rglob("*")):
        name = str(path.relative_to(ledger))
        if path.is_dir() or path.name in ("lock", "told.json") or name.startswith("locks"):
            continue
        content = path.read_bytes()
        if path.suffix == ".json":
            members = json.loads(content)
            content = json.dumps({k: v for k, v in members.items() if k not in ("billed_at", "closed_at")}).encode()
        found[name] = sha256(content).hexdigest()
    return found


def look(folder: Path) -> dict[str, Any]:
    """Look whether the ledger is whole; return what it says."""
    ledger = Ledger(ledger_folder(folder, PAYER))
    months: dict[str, Any] = {}
    for month in ledger.months():
        with ledger.open_lines([month.period]) as opened:
            row = opened.connection.execute("SELECT count(*) FROM lines").fetchone()
        assert row == (month.lines,)
        months[month.period] = month.state, month.sha256
    used = {period: sorted(one.usage.usage_id for one in ledger.usage(period)) for period in ledger.usage_months()}
    return {"months": months, "usage": used, "credits": credits(folder), "told": told(folder)}


def opened(folder: Path) -> Any:
    settings, _ = read_settings({"data": folder}, {}, Path(os.devnull))
    return open_database(settings)


def credits(folder: Path) -> list[tuple[str, bool, str]]:  # noqa: A001  # what AWS calls them
    database = opened(folder)
    try:
        months = database.run(lambda tx: Answer(tx.all(CREDIT_MONTHS)))
    finally:
        database.close_now()
    return sorted((one.period, one.is_final, f"{one.total}") for one in months)


def told(folder: Path) -> list[str]:
    """Return which changes of the ledger are in the trail; a month may be billed twice, nothing else happens twice."""
    database = opened(folder)
    try:
        found = database.backend.records(
            RecordQuery(PAYER, 0, 2**53, 1000, column="source", value="billing.amazonaws.com")
        )
    finally:
        database.close_now()
    events = [(one.name, json.dumps(json.loads(one.body)["serviceEventDetails"])) for one in found]
    return sorted({f"{name} {details}" for name, details in events if name in ("MonthBilled", "TermsKept")}) + sorted(
        f"{name} {details}" for name, details in events if name not in ("MonthBilled", "TermsKept")
    )


@pytest.fixture
def expected(template: Path, command: str, tmp_path: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """What there is when nothing goes wrong."""
    folder = copied(template, tmp_path / "data")
    assert remit(folder, *COMMANDS[command]) == 0
    return bytes_of(folder), look(folder)


def check(folder: Path, command: str, before: dict[str, Any], expected: tuple[dict[str, str], dict[str, Any]]) -> None:
    """Look at a ledger after a fault; do the command again, and compare with what it comes to without one."""
    after = look(folder)
    for part in ("months", "usage"):
        assert after[part] in (before[part], expected[1][part])

    assert remit(folder, *COMMANDS[command]) == 0

    assert bytes_of(folder) == expected[0]
    assert look(folder) == expected[1]


def test_a_full_disk_is_told_and_leaves_a_whole_ledger(template, tmp_path, steps_at, command, expected, capsys) -> None:
    before = look(template)
    for number in steps_at:
        folder = copied(template, tmp_path / "data")
        capsys.readouterr()
        with faulted(number, full_disk, stays=True) as steps:
            status = remit(folder, *COMMANDS[command])
        if status == 0:
            assert steps.done < number
            assert number > 5
            return
        said = capsys.readouterr().err
        assert status in (1, 3)
        assert said.startswith("remit: ")
        assert said.count("\n") == 1
        assert any(words in said for words in ("No space left on device", "disk is full")), said
        check(folder, command, before, expected)
    raise AssertionError("the command takes more steps than a test has patience")


def test_ctrl_c_ends_as_everywhere_and_leaves_a_whole_ledger(
    template, tmp_path, steps_at, command, expected, capsys
) -> None:
    before = look(template)
    for number in steps_at:
        folder = copied(template, tmp_path / "data")
        capsys.readouterr()
        with faulted(number, interrupted) as steps:
            status = remit(folder, *COMMANDS[command])
        if status == 0:
            assert steps.done < number
            return
        assert status == 130
        assert capsys.readouterr().err.strip() == ""
        check(folder, command, before, expected)
    raise AssertionError("the command takes more steps than a test has patience")


def test_kill_9_leaves_a_whole_ledger(template, tmp_path, steps_at, command, expected) -> None:
    before = look(template)
    for number in steps_at:
        folder = copied(template, tmp_path / "data")
        arguments = [one.format(folder=folder) for one in COMMANDS[command]]
        status = subprocess.run(
            [sys.executable, PROGRAM, str(number), *arguments, "--data", folder],
            env={**CLEAN, "PYTHONPATH": str(TESTS)},
            check=False,
            capture_output=True,
        ).returncode
        if status == 0:
            return
        assert status == -signal.SIGKILL
        check(folder, command, before, expected)
    raise AssertionError("the command takes more steps than a test has patience")


# -- two at once


@pytest.mark.parametrize("command", ["run", "close"])
def test_who_comes_second_is_refused_before_anything_is_written(template, tmp_path, command, capsys) -> None:
    folder = copied(template, tmp_path / "data")
    before, period = bytes_of(folder), {"run": NEXT, "close": THIS}[command]

    with one_at(ledger_folder(folder, PAYER), period):
        status = remit(folder, *COMMANDS[command])

    said = capsys.readouterr().err
    assert status == 1
    assert f"{period} is being billed or closed by process {os.getpid()} since 20" in said
    assert f"or end it: kill {os.getpid()}" in said
    assert bytes_of(folder) == before
    assert remit(folder, *COMMANDS[command]) == 0


@pytest.mark.parametrize("bytes_max", [0, 1000, 6000])
def test_a_disk_without_room_for_what_is_computed_is_told(template, tmp_path, bytes_max, command, expected) -> None:
    folder = copied(template, tmp_path / "data")
    before = look(folder)
    done = subprocess.run(
        [
            Path(sys.executable).with_name("remit"),
            *(one.format(folder=folder) for one in COMMANDS[command]),
            "--data",
            folder,
        ],
        env=CLEAN,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, resource.RLIM_INFINITY)),
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode in (0, 1, 3)
    assert (done.stderr.count("\n"), done.stderr[:7]) == ((0, "") if done.returncode == 0 else (1, "remit: "))
    check(folder, command, before, expected)


def test_other_months_are_billed_meanwhile(template, tmp_path) -> None:
    folder = copied(template, tmp_path / "data")

    with one_at(ledger_folder(folder, PAYER), THIS):
        assert remit(folder, "bill", "run", NEXT) == 0


_HOLDER = """
import sys, time
from pathlib import Path
from remit.billing.monthly.month_locks import one_at
with one_at(Path(sys.argv[1]), sys.argv[2]):
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(template: Path, tmp_path: Path) -> Iterator[tuple[Path, "subprocess.Popen[str]"]]:
    folder = copied(template, tmp_path / "data")
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(ledger_folder(folder, PAYER)), NEXT], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield folder, process
        process.kill()


def test_a_dead_process_is_in_nobodys_way(holder, capsys) -> None:
    folder, process = holder
    assert remit(folder, "bill", "run", NEXT) == 1
    assert f"by process {process.pid} since" in capsys.readouterr().err

    process.kill()
    process.wait()

    assert remit(folder, "bill", "run", NEXT) == 0
