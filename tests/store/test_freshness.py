"""A change that one process answered is seen by the very next work of every other."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store.processes import Worker

_WORKERS = 3
_examples = itertools.count()


@pytest.fixture
def workers(address: str) -> Iterator[list[Worker]]:
    workers = [Worker(address, str(number)) for number in range(_WORKERS)]
    yield workers
    for worker in workers:
        worker.end()


# Who writes, what, and who looks.
_steps = st.tuples(
    st.integers(0, _WORKERS - 1),
    st.sampled_from(["put", "delete"]),
    st.sampled_from("abc"),
    st.integers(0, _WORKERS - 1),
)


@settings(max_examples=25)
@given(steps=st.lists(_steps, min_size=1, max_size=12))
def test_every_process_sees_what_any_process_answered(
    workers: list[Worker], steps: list[tuple[int, str, str, int]]
) -> None:
    prefix = f"example-{next(_examples)}-"
    there: set[str] = set()
    for writer, what, letter, reader in steps:
        name = prefix + letter
        if what == "put":
            assert workers[writer].do("put", name) == ("taken" if name in there else "made")
            there.add(name)
        elif name in there:
            workers[writer].do("delete", name)
            there.remove(name)
        assert workers[reader].do("names", prefix) == sorted(there)
