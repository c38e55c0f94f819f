"""An answered change survives `kill -9`; an unanswered one is there whole or not at all."""

import random
from pathlib import Path

import pytest
from store.writers import Writer, check_twins

# Long enough for some to be killed while they open the store, and for others between their changes.
_LIFE_SECONDS = 0.25


def kill_writers(address: str, rounds: range) -> None:
    answered: list[str] = []
    for number in rounds:
        writer = Writer(address, f"w{number}")
        writer.live_for(random.uniform(0, _LIFE_SECONDS))  # any moment will do
        writer.kill()
        answered += writer.answered
        check_twins(address, answered)


def kill_some_of_several_writers(address: str, rounds: range) -> None:
    answered: list[str] = []
    for number in rounds:
        writers = [Writer(address, f"w{number}-{which}") for which in range(3)]
        for writer in writers:
            writer.wait_for(1)
        writers[0].live_for(random.uniform(0, 0.05))  # any moment will do
        writers[0].kill()
        writers[1].wait_for(20)  # who lives goes on
        writers[2].wait_for(20)
        for writer in writers[1:]:
            writer.kill()
        answered += [text for writer in writers for text in writer.answered]
        check_twins(address, answered)


def test_a_killed_writer_loses_no_answered_change_and_leaves_no_half_one(tmp_path: Path) -> None:
    kill_writers(str(tmp_path / "store.db"), range(3))


def test_workers_go_on_when_one_of_them_is_killed(tmp_path: Path) -> None:
    kill_some_of_several_writers(str(tmp_path / "store.db"), range(1))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(0, 200, 20))
def test_200_killed_writers_lose_no_answered_change_and_leave_no_half_one(address: str, part: int) -> None:
    """Takes a minute for each database: 200 processes are started and killed, ten times 20 on one store."""
    kill_writers(address, range(part, part + 20))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(0, 20, 5))
def test_workers_go_on_whenever_one_of_them_is_killed(address: str, part: int) -> None:
    """Takes half a minute for each database: 60 processes are started and killed, four times 15 on one store."""
    kill_some_of_several_writers(address, range(part, part + 5))
