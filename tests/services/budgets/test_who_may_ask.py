"""Whose budgets somebody may ask about."""

import pytest
from bills import Family
from services.budgets.rows import ROWS
from services.every_operation import refused

_BY_ARN = ("TagResource", "UntagResource", "ListTagsForResource")


@pytest.mark.parametrize("name", [name for name in ROWS if name not in _BY_ARN])
def test_nobody_asks_about_another_account(family: Family, name: str) -> None:
    given = ROWS[name].valid(family)

    answer = refused(family.client("budgets", family.member), name, given)

    assert answer["Code"] == "AccessDeniedException"
