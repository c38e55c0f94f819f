"""What is answered without a bill, and what only the payer may change."""

import pytest
from bills import Family
from services.ce.rows import ROWS, UNAVAILABLE, billed
from services.every_operation import refused


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.empty is not None])
def test_without_a_bill_there_is_no_data(family: Family, name: str) -> None:
    given = ROWS[name].empty
    assert given is not None

    answer = refused(family.client("ce"), name, given(family)) if name != "GetCostCategories" else None

    assert answer is None or answer["Code"] == UNAVAILABLE


_PAYER_ONLY = [name for name in ROWS if "CostCategoryDefinition" in name or "CostAllocationTag" in name]


@pytest.mark.parametrize("name", _PAYER_ONLY)
def test_a_member_changes_nothing_of_the_payers(family: Family, name: str) -> None:
    billed(family)
    given = ROWS[name].valid(family)

    answer = refused(family.client("ce", family.member), name, given)

    assert answer["Code"] == "AccessDeniedException"
