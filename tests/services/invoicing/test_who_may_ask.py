"""What a member may ask: about portals, and what is its own. Of all else it is told that there is none, or no."""

from typing import Any

import pytest
from bills import Family
from botocore import xform_name
from services.every_operation import refused
from services.invoicing.rows import PREFERENCE, ROWS, UNIT

_OPEN = ("ListProcurementPortals", "ListProcurementPortalSuppliers")


@pytest.mark.parametrize("name", [name for name in ROWS if name not in _OPEN])
def test_a_member_has_no_say_in_the_payers_things(family: Family, name: str) -> None:
    given = ROWS[name].valid(family)

    answer = refused(family.client("invoicing", family.member), name, given)

    assert answer["Code"] in ("AccessDeniedException", "ResourceNotFoundException", "ValidationException")


_TAGS = [{"Key": "team", "Value": "red"}]
_CREATES = [("CreateInvoiceUnit", UNIT, "invoice-unit"), ("CreateProcurementPortalPreference", PREFERENCE, "*")]


@pytest.mark.parametrize(("name", "given", "kind"), _CREATES)
def test_who_makes_something_with_tags_may_tag_it_too(
    family: Family, name: str, given: dict[str, Any], kind: str
) -> None:
    create = {"Effect": "Allow", "Action": f"invoicing:{name}", "Resource": "*"}
    here = f"arn:aws:invoicing::*:{kind}" + ("/*" if kind != "*" else "")
    red = {"StringEquals": {"aws:RequestTag/team": "red"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    tag = {"Effect": "Allow", "Action": "invoicing:TagResource", "Resource": here, "Condition": red}
    may_not, may = family.remit.user("ana", create), family.remit.user("ben", create, tag)
    asked = {**given, "ResourceTags": _TAGS}

    answer = refused(family.client("invoicing", may_not), name, asked)

    assert answer["Code"] == "AccessDeniedException"
    assert "invoicing:TagResource" in answer["Message"]
    blue = {**given, "ResourceTags": [{"Key": "team", "Value": "blue"}]}
    assert refused(family.client("invoicing", may), name, blue)["Code"] == "AccessDeniedException"
    method = xform_name(name)
    getattr(family.client("invoicing", may), method)(**asked)


@pytest.mark.parametrize(("name", "given", "kind"), _CREATES)
def test_who_makes_something_without_tags_need_not(family: Family, name: str, given: dict[str, Any], kind: str) -> None:
    del kind
    ana = family.remit.user("ana", {"Effect": "Allow", "Action": f"invoicing:{name}", "Resource": "*"})

    getattr(family.client("invoicing", ana), xform_name(name))(**given)
