"""Every operation of AWS Invoicing: it succeeds, answers errors of its model, and is refused by policy."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bills import NOW, PAYER, Family
from botocore import xform_name
from botocore.exceptions import ClientError
from composed import composed
from services.invoicing.rows import QUOTA, ROWS

from remit.authz.operations import operations
from remit.clock import FixedClock
from remit.directory.billing import portal_preferences
from remit.directory.billing.access import set_billing_access
from remit.wire.models import load

MODEL = load("invoicing").operations
# What a member may do: see portals, and what is its own. Of everything else it is told that there is none, or no.
_OPEN = ("ListProcurementPortals", "ListProcurementPortalSuppliers")


def asked(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = getattr(client, xform_name(name))(**given)
    return answer


def refused(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        asked(client, name, given)
    answer: dict[str, Any] = caught.value.response["Error"]
    return answer


def test_every_operation_has_a_row() -> None:
    assert set(ROWS) == set(MODEL)


@pytest.mark.parametrize("name", ROWS)
def test_it_succeeds(family: Family, name: str) -> None:
    answer = asked(family.client("invoicing"), name, ROWS[name].given(family))

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize(("name", "error"), [(name, error) for name, row in ROWS.items() for error in row.errors])
def test_each_error(family: Family, monkeypatch: pytest.MonkeyPatch, name: str, error: str) -> None:
    if (name, error) == ("CreateProcurementPortalPreference", QUOTA):
        monkeypatch.setattr(portal_preferences, "PREFERENCES_MAX", 0)
    given = ROWS[name].errors[error](family)

    answer = refused(family.client("invoicing"), name, given)

    assert answer["Code"] == error
    assert error in {one.shape for one in MODEL[name].errors}
    assert answer["Message"]


@pytest.mark.parametrize("name", ROWS)
def test_a_policy_that_allows_everything_else_refuses_it(family: Family, name: str) -> None:
    given = ROWS[name].given(family)
    action = operations()["invoicing"][name].action
    ana = family.remit.user("ana", {"Effect": "Allow", "NotAction": action, "Resource": "*"})

    answer = refused(family.client("invoicing", ana), name, given)

    assert answer["Code"] == "AccessDeniedException"
    assert f"is not authorized to perform: {action}" in answer["Message"]


@pytest.mark.parametrize("name", ROWS)
def test_until_the_root_user_allows_it_no_policy_does(tmp_path: Path, name: str) -> None:
    with composed(tmp_path, FixedClock(NOW)) as remit:
        family = Family(remit)
        given = ROWS[name].given(family)
        remit.change(lambda tx: set_billing_access(tx, PAYER, is_open=False))

        answer = refused(remit.client("invoicing"), name, given)

    assert answer["Code"] == "AccessDeniedException"
    assert "IAM user and role access to billing information is not activated" in answer["Message"]


@pytest.mark.parametrize("name", [name for name in ROWS if name not in _OPEN])
def test_a_member_has_no_say_in_the_payers_things(family: Family, name: str) -> None:
    given = ROWS[name].given(family)

    answer = refused(family.client("invoicing", family.member), name, given)

    assert answer["Code"] in ("AccessDeniedException", "ResourceNotFoundException", "ValidationException")


@pytest.mark.parametrize("name", ROWS)
def test_it_is_in_the_trail(family: Family, name: str) -> None:
    asked(family.client("invoicing"), name, ROWS[name].given(family))
    family.remit.flush()

    wanted = [{"AttributeKey": "EventName", "AttributeValue": name}]
    found = family.client("cloudtrail").lookup_events(LookupAttributes=wanted)["Events"]

    record = json.loads(found[0]["CloudTrailEvent"])
    assert (record["eventSource"], record["userIdentity"]["arn"]) == ("invoicing.amazonaws.com", family.admin.arn)
    assert "errorCode" not in record
