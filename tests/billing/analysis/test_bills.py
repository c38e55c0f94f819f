"""Questions about bills: from cubes where they are, from lines where they are not, always of one bill."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bills import PAYER, line, written

from remit.billing.analysis.bills import LedgerBills
from remit.billing.analysis.cubes import cube_file, make_cube
from remit.billing.analysis.dimensions import Known, dimension
from remit.billing.analysis.fragments import TRUE
from remit.billing.analysis.questions import Bucket, Granularity, Part, grouped, record_counts
from remit.billing.ledger import Ledger, LedgerError, ledger_folder
from remit.billing.ledger.files import held, let_go, one_writer

TOTAL = "SELECT sum(unblended), count(DISTINCT account) FROM costs"
MARCH, APRIL = "2026-03", "2026-04"


@pytest.fixture
def bills(tmp_path: Path) -> Iterator[LedgerBills]:
    found = LedgerBills(tmp_path)
    yield found
    found.close()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(ledger_folder(tmp_path, PAYER))


def bill(folder: Path, cost: str, *, period: str = MARCH, lines: int = 40) -> None:
    """Bill a month: *lines* lines that cost *cost* each, on two days."""
    written(folder, [line(number, f"{period}-0{1 + number % 2}", cost) for number in range(lines)])


def cubes(ledger: Ledger) -> list[Path]:
    return sorted((ledger.folder / "cubes").glob("*.parquet"))


def total(bills: LedgerBills, *periods: str) -> Decimal:
    found: Decimal = bills.rows(PAYER, periods or [MARCH], TOTAL, [])[0][0]
    return found


def test_a_question_makes_the_cube_that_is_missing_and_the_next_one_finds_it(tmp_path, bills, ledger) -> None:
    bill(tmp_path, "1.5")

    first = total(bills)
    (cube,) = cubes(ledger)
    made_at = cube.stat().st_mtime_ns

    assert (first, total(bills)) == (60, 60)
    assert cubes(ledger) == [cube]
    assert (cube.stat().st_mtime_ns, cube.stat().st_mode & 0o777) == (made_at, 0o600)


def asked(bills: LedgerBills) -> list[Any]:
    """Ask what is answered from cubes, in several groups."""
    part = Part(PAYER, Known(), TRUE)
    time_ = Bucket(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    service, account = dimension("SERVICE", part.known), dimension("LINKED_ACCOUNT", part.known)
    metrics = ["UnblendedCost", "UsageQuantity"]
    return [
        grouped(bills, part, time_, TRUE, [service, account], metrics, Granularity.DAILY),
        grouped(bills, part, time_, TRUE, [], metrics, Granularity.MONTHLY),
        record_counts(bills, part, time_, service, is_detailed=False),
    ]


def test_lines_answer_as_the_cube_does(tmp_path, ledger) -> None:
    lines = [line(number, f"2026-03-0{1 + number % 3}T0{number % 7}:00", "0.125") for number in range(60)]
    lines += [line(90, "2026-03-03", "4", account=PAYER, service="AmazonS3", tags={"team": "red"})]
    written(tmp_path, lines)
    never, ready = LedgerBills(tmp_path), LedgerBills(tmp_path)
    never.close()

    from_lines = asked(never)
    assert cubes(ledger) == []
    from_cube = asked(ready)

    assert len(cubes(ledger)) == 1
    assert from_lines == from_cube
    assert from_cube[2] == {"Amazon Elastic Compute Cloud - Compute": 3, "Amazon Simple Storage Service": 1}


def test_a_question_waits_so_long_for_a_cube_and_no_longer(tmp_path, ledger) -> None:
    bill(tmp_path, "1")
    bills = LedgerBills(tmp_path, wait_seconds=0.2)
    begun = time.monotonic()

    with one_writer(ledger.folder / "cubes"):  # another process makes a cube, and takes its time
        found, took = total(bills), time.monotonic() - begun
        assert cubes(ledger) == []
    bills.close()

    assert found == 40
    assert 0.2 <= took < 5


def test_questions_that_come_together_ask_for_a_cube_once(tmp_path, bills, ledger, monkeypatch) -> None:
    made: list[str] = []

    def counted(ledger: Ledger, period: str, begun: Callable[[Any], object]) -> None:
        made.append(period)
        make_cube(ledger, period, begun)

    monkeypatch.setattr("remit.billing.analysis.cube_making.make_cube", counted)
    bill(tmp_path, "1")

    with ThreadPoolExecutor(4) as pool, one_writer(ledger.folder / "cubes"):
        answers = [pool.submit(total, bills) for _ in range(4)]
        while not made:
            time.sleep(0.001)

    assert [answer.result() for answer in answers] == [40] * 4
    assert made == [MARCH]


def test_a_cube_that_cannot_be_made_is_no_reason_not_to_answer(tmp_path, bills, ledger) -> None:
    bill(tmp_path, "1")
    (ledger.folder / "cubes").write_text("a file where the folder should be")

    assert total(bills) == 40


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no Parquet at all" * 100])
def test_a_damaged_cube_is_made_again(tmp_path, bills, ledger, content) -> None:
    bill(tmp_path, "1")
    make_cube(ledger, MARCH)
    (cube,) = cubes(ledger)
    whole = cube.read_bytes()
    cube.write_bytes(content)

    assert (total(bills), total(bills)) == (40, 40)
    assert cubes(ledger) == [cube]
    assert cube.read_bytes() == whole


def test_a_month_that_is_billed_again_has_one_cube(tmp_path, bills, ledger) -> None:
    bill(tmp_path, "1", period=APRIL)
    bill(tmp_path, "1")
    assert total(bills, MARCH, APRIL) == 80
    before = cubes(ledger)

    bill(tmp_path, "2")

    assert total(bills, MARCH, APRIL) == 120
    assert len(cubes(ledger)) == 2
    assert len(set(before) & set(cubes(ledger))) == 1


def test_a_cube_that_is_read_stays_until_it_was(tmp_path, ledger) -> None:
    bill(tmp_path, "1")
    make_cube(ledger, MARCH)
    (old,) = cubes(ledger)

    reading = held([old])
    bill(tmp_path, "2")
    make_cube(ledger, MARCH)
    assert len(cubes(ledger)) == 2
    let_go(reading)
    make_cube(ledger, MARCH)

    assert old not in cubes(ledger)
    assert len(cubes(ledger)) == 1


def test_a_month_without_a_bill_has_no_cube(ledger, tmp_path) -> None:
    make_cube(ledger, MARCH)
    bill(tmp_path, "1")
    make_cube(ledger, APRIL)

    assert cubes(ledger) == []


def test_what_cannot_be_written_is_told(tmp_path, ledger, monkeypatch) -> None:
    def full(*_: Path) -> None:
        raise OSError(28, "No space left on device")

    bill(tmp_path, "1")
    monkeypatch.setattr("remit.billing.analysis.cubes.published", full)

    with pytest.raises(LedgerError, match=r"cannot write the cube of 2026-03: .*No space left"):
        make_cube(ledger, MARCH)
    assert list((ledger.folder / "cubes").iterdir()) == [ledger.folder / "cubes" / "lock"]


def test_who_ends_waits_for_no_cube(tmp_path, ledger) -> None:
    bill(tmp_path, "1")
    bills = LedgerBills(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        with one_writer(ledger.folder / "cubes"):
            answer = pool.submit(total, bills)
            threading.Timer(0.1, bills.close).start()
            time.sleep(0.2)
        assert answer.result(30) == 40

    assert total(bills) == 40


def test_a_question_finds_one_bill_while_the_month_is_billed_again_and_again(tmp_path, bills, ledger) -> None:
    """Each bill has forty lines of one cost: a total of anything else would be of two."""
    costs = [f"{number + 1}" for number in range(12)]
    bill(tmp_path, "1", period=APRIL)
    bill(tmp_path, costs[0])
    is_over = threading.Event()
    wrong: list[Any] = []
    found: set[Decimal] = set()

    def asks(*, is_detailed: bool) -> None:
        try:
            while not is_over.is_set():
                ((sum_, accounts),) = bills.rows(PAYER, [MARCH, APRIL], TOTAL, [], is_detailed=is_detailed)
                found.add(sum_)
                if (sum_ - 40) % 40 or not 40 <= sum_ - 40 <= 480 or accounts != 1:
                    wrong.append(sum_)
        except Exception as error:  # noqa: BLE001  # what a client would get is what is looked for
            wrong.append(error)

    threads = [threading.Thread(target=asks, kwargs={"is_detailed": number == 0}) for number in range(3)]
    for thread in threads:
        thread.start()
    for cost in costs * 2:
        bill(tmp_path, cost)
        if int(cost) % 2:
            make_cube(ledger, MARCH)
    is_over.set()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert len(found) > 1
    assert total(bills) == 480
    assert cubes(ledger) == sorted(cube_file(ledger, month) for month in ledger.months())
