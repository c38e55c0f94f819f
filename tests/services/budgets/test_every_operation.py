"""Every operation of AWS Budgets: it succeeds, answers errors of its model, and is refused by policy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bills import NOW, PAYER, Family
from botocore import xform_name
from botocore.exceptions import ClientError
from composed import composed
from services.budgets.rows import FULL, INVALID, ROWS

from remit.authz.operations import operations
from remit.clock import FixedClock
from remit.directory.billing import budgets as directory
from remit.directory.billing.access import set_billing_access
from remit.wire.models import load

MODEL = load("budgets").operations
_BY_ARN = ("TagResource", "UntagResource", "ListTagsForResource")


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
    answer = asked(family.client("budgets"), name, ROWS[name].given(family))

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize(("name", "error"), [(name, error) for name, row in ROWS.items() for error in row.errors])
def test_each_error(family: Family, monkeypatch: pytest.MonkeyPatch, name: str, error: str) -> None:
    if (name, error) == ("CreateBudget", FULL):
        monkeypatch.setattr(directory, "BUDGETS_MAX", 0)
    given = ROWS[name].errors[error](family)

    answer = refused(family.client("budgets"), name, given)

    assert answer["Code"] == error
    assert error in {one.shape for one in MODEL[name].errors} | {INVALID}
    assert answer["Message"]


@pytest.mark.parametrize("name", ROWS)
def test_a_policy_that_allows_everything_else_refuses_it(family: Family, name: str) -> None:
    given = ROWS[name].given(family)
    action = operations()["budgets"][name].action
    ana = family.remit.user("ana", {"Effect": "Allow", "NotAction": action, "Resource": "*"})

    answer = refused(family.client("budgets", ana), name, given)

    assert answer["Code"] == "AccessDeniedException"
    assert f"is not authorized to perform: {action}" in answer["Message"]


@pytest.mark.parametrize("name", ROWS)
def test_until_the_root_user_allows_it_no_policy_does(tmp_path: Path, name: str) -> None:
    with composed(tmp_path, FixedClock(NOW)) as remit:
        family = Family(remit)
        given = ROWS[name].given(family)
        remit.change(lambda tx: set_billing_access(tx, PAYER, is_open=False))

        answer = refused(remit.client("budgets"), name, given)

    assert answer["Code"] == "AccessDeniedException"
    assert "IAM user and role access to billing information is not activated" in answer["Message"]


@pytest.mark.parametrize("name", [name for name in ROWS if name not in _BY_ARN])
def test_nobody_asks_about_another_account(family: Family, name: str) -> None:
    given = ROWS[name].given(family)

    answer = refused(family.client("budgets", family.member), name, given)

    assert answer["Code"] == "AccessDeniedException"
