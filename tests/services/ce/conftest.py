"""A family, and a fresh store for each test."""

from typing import Any

import pytest
from bills import Family
from families import family, remit, signed_then

__all__ = ["ce", "family", "remit", "signed_then"]


@pytest.fixture
def ce(family: Family) -> Any:  # the fixture
    """The management account's Cost Explorer."""
    return family.client("ce")
