"""Every operation of Data Exports: it succeeds, answers errors of its model, and is refused by policy."""

from collections.abc import Mapping
from typing import Any

import pytest
from bills import PAYER, Family
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from services.bcm_data_exports.rows import ROWS

from remit.authz.operations import operations
from remit.directory.billing.access import set_billing_access
from remit.wire.models import load

SERVICE = "bcm-data-exports"
MODEL = load(SERVICE).operations
_ABOUT_NOTHING = ("GetTable", "ListTables", "CreateExport", "ListExports")


def asked(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = getattr(client, xform_name(name))(**given)
    return answer


def refused(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        asked(client, name, given)
    answer: dict[str, Any] = caught.value.response
    return answer


def test_every_operation_has_a_row() -> None:
    assert set(ROWS) == set(MODEL)


@pytest.mark.parametrize("name", ROWS)
def test_it_succeeds(family: Family, name: str) -> None:
    answer = asked(family.client(SERVICE), name, ROWS[name].given(family))

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize(("name", "error"), [(name, error) for name, row in ROWS.items() for error in row.errors])
def test_each_error(family: Family, name: str, error: str) -> None:
    given = ROWS[name].errors[error](family)

    client = family.remit.client(SERVICE, config=Config(parameter_validation=False))

    answer = refused(client, name, given)

    assert answer["Error"]["Code"] == error
    assert error in {one.shape for one in MODEL[name].errors}
    assert answer["Message"]
    assert set(load(SERVICE).shapes[error].required) <= answer.keys()


@pytest.mark.parametrize("name", ROWS)
def test_a_policy_that_allows_everything_else_refuses_it(family: Family, name: str) -> None:
    given = ROWS[name].given(family)
    action = operations()[SERVICE][name].action
    ana = family.remit.user("ana", {"Effect": "Allow", "NotAction": action, "Resource": "*"})

    answer = refused(family.client(SERVICE, ana), name, given)

    assert answer["Error"]["Code"] == "AccessDeniedException"
    assert f"is not authorized to perform: {action}" in answer["Error"]["Message"]


@pytest.mark.parametrize("name", ROWS)
def test_until_the_root_user_allows_it_no_policy_does(family: Family, name: str) -> None:
    given = ROWS[name].given(family)
    family.remit.change(lambda tx: set_billing_access(tx, PAYER, is_open=False))

    answer = refused(family.client(SERVICE), name, given)

    assert answer["Error"]["Code"] == "AccessDeniedException"
    assert "IAM user and role access to billing information is not activated" in answer["Error"]["Message"]


@pytest.mark.parametrize("name", [name for name in ROWS if name not in _ABOUT_NOTHING])
def test_nobody_knows_of_exports_of_another_account(family: Family, name: str) -> None:
    given = ROWS[name].given(family)

    answer = refused(family.client(SERVICE, family.member), name, given)

    assert answer["Error"]["Code"] == "ResourceNotFoundException"


@pytest.mark.parametrize("name", ROWS)
def test_it_is_in_the_trail_done_or_refused(family: Family, name: str) -> None:
    given = ROWS[name].given(family)
    asked(family.client(SERVICE), name, given)
    refused(family.client(SERVICE, family.remit.user("ben")), name, given)
    family.remit.flush()

    wanted = [{"AttributeKey": "EventName", "AttributeValue": name}]
    events = family.client("cloudtrail").lookup_events(LookupAttributes=wanted)["Events"]

    assert {("errorCode" in event["CloudTrailEvent"]) for event in events} == {True, False}
    assert {event["EventSource"] for event in events} == {"bcm-data-exports.amazonaws.com"}
