"""Whose exports somebody knows of."""

import pytest
from bills import Family
from services.bcm_data_exports.rows import ROWS
from services.every_operation import refused

_ABOUT_NOTHING = ("GetTable", "ListTables", "CreateExport", "ListExports")


@pytest.mark.parametrize("name", [name for name in ROWS if name not in _ABOUT_NOTHING])
def test_nobody_knows_of_exports_of_another_account(family: Family, name: str) -> None:
    given = ROWS[name].valid(family)

    answer = refused(family.client("bcm-data-exports", family.member), name, given)

    assert answer["Code"] == "ResourceNotFoundException"
