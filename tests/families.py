"""Fixtures that a `conftest.py` imports: a family without a bill, fresh for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bills import NOW, Family
from composed import Composed, composed

from remit.clock import FixedClock


@pytest.fixture(autouse=True)
def signed_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let boto3 sign as if it were then, so that tests can say which month is open."""
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: NOW.replace(tzinfo=None))


@pytest.fixture
def remit(tmp_path: Path) -> Iterator[Composed]:
    """A Remit of the test's own."""
    with composed(tmp_path, FixedClock(NOW)) as whole:
        yield whole


@pytest.fixture
def family(remit: Composed) -> Family:
    """The family."""
    return Family(remit)
