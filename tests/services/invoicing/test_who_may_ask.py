"""What a member may ask: about portals, and what is its own. Of all else it is told that there is none, or no."""

import pytest
from bills import Family
from services.every_operation import refused
from services.invoicing.rows import ROWS

_OPEN = ("ListProcurementPortals", "ListProcurementPortalSuppliers")


@pytest.mark.parametrize("name", [name for name in ROWS if name not in _OPEN])
def test_a_member_has_no_say_in_the_payers_things(family: Family, name: str) -> None:
    given = ROWS[name].valid(family)

    answer = refused(family.client("invoicing", family.member), name, given)

    assert answer["Code"] in ("AccessDeniedException", "ResourceNotFoundException", "ValidationException")
