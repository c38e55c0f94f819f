"""Fixtures that a `conftest.py` imports: a family with a bill of March, fresh for each test that changes something."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bills import NOW, PAYER, Family, line, written
from composed import Composed, composed
from families import remit, signed_then

from remit.clock import FixedClock

__all__ = ["remit", "signed_then"]


def _family(remit: Composed) -> Family:
    lines = [
        line(1, "2026-03-01T01:00", "1.5", resource="i-1", tags={"team": "red", "other": "x"}),
        line(2, "2026-03-01T02:00", "2", resource="i-2", tags={"team": "red"}),
        line(3, "2026-03-02", "7", account=PAYER, service="AmazonS3", usage_type="Requests", region="eu-west-1"),
    ]
    written(remit.folder, lines)
    return Family(remit)


@pytest.fixture
def family(remit: Composed) -> Family:
    """The family, for tests that change something."""
    return _family(remit)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Family]:
    """For tests that change nothing: all of a module have the same."""
    with composed(tmp_path_factory.mktemp("standing"), FixedClock(NOW)) as whole:
        yield _family(whole)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where buckets are folders."""
    return tmp_path / "buckets"
