"""Every operation of Cost Explorer: it succeeds, answers errors of its model, and is refused by policy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bills import NOW, PAYER, Family, written
from botocore import xform_name
from botocore.exceptions import ClientError
from composed import composed
from services.ce.rows import INVALID, QUOTA, ROWS, UNAVAILABLE, bill

from remit.clock import FixedClock
from remit.directory.billing import cost_categories
from remit.directory.billing.access import set_billing_access
from remit.wire.models import load

MODEL = load("ce").operations


def asked(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = getattr(client, xform_name(name))(**given)
    return answer


def refused(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        asked(client, name, given)
    answer: dict[str, Any] = caught.value.response["Error"]
    return answer


@pytest.fixture
def billed(family: Family) -> Family:
    written(family.remit.folder, bill(), closed=["2026-02"])
    return family


def test_every_operation_has_a_row() -> None:
    assert set(ROWS) == set(MODEL)


@pytest.mark.parametrize("name", ROWS)
def test_it_succeeds(billed: Family, name: str) -> None:
    answer = asked(billed.client("ce"), name, ROWS[name].given(billed))

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize(("name", "error"), [(name, error) for name, row in ROWS.items() for error in row.errors])
def test_each_error(billed: Family, monkeypatch: pytest.MonkeyPatch, name: str, error: str) -> None:
    if error == QUOTA:
        monkeypatch.setattr(cost_categories, "CATEGORIES_MAX", 0)
        for module in ("plan_recommendations", "purchase_analyses"):
            for limit in ("GENERATIONS_A_DAY", "ANALYSES_A_DAY"):
                monkeypatch.setattr(f"remit.services.ce.{module}.{limit}", 0, raising=False)
    given = ROWS[name].errors[error](billed)

    answer = refused(billed.client("ce"), name, given)

    assert answer["Code"] == error
    assert error in {one.shape for one in MODEL[name].errors} | {INVALID}
    assert answer["Message"]


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.empty is not None])
def test_without_a_bill_there_is_no_data(family: Family, name: str) -> None:
    given = ROWS[name].empty
    assert given is not None

    answer = refused(family.client("ce"), name, given(family)) if name != "GetCostCategories" else None

    assert answer is None or answer["Code"] == UNAVAILABLE


@pytest.mark.parametrize("name", ROWS)
def test_a_policy_that_allows_everything_else_refuses_it(billed: Family, name: str) -> None:
    given = ROWS[name].given(billed)
    ana = billed.remit.user("ana", {"Effect": "Allow", "NotAction": f"ce:{name}", "Resource": "*"})

    answer = refused(billed.client("ce", ana), name, given)

    assert answer["Code"] == "AccessDeniedException"
    assert f"is not authorized to perform: ce:{name}" in answer["Message"]


@pytest.mark.parametrize("name", ROWS)
def test_until_the_root_user_allows_it_no_policy_does(tmp_path: Path, name: str) -> None:
    with composed(tmp_path, FixedClock(NOW)) as remit:
        family = Family(remit)
        written(tmp_path, bill())
        given = ROWS[name].given(family)
        remit.change(lambda tx: set_billing_access(tx, PAYER, is_open=False))

        answer = refused(remit.client("ce"), name, given)

    assert answer["Code"] == "AccessDeniedException"
    assert "IAM user and role access to billing information is not activated" in answer["Message"]


_PAYER_ONLY = [name for name in ROWS if "CostCategoryDefinition" in name or "CostAllocationTag" in name]


@pytest.mark.parametrize("name", _PAYER_ONLY)
def test_a_member_changes_nothing_of_the_payers(billed: Family, name: str) -> None:
    given = ROWS[name].given(billed)

    answer = refused(billed.client("ce", billed.member), name, given)

    assert answer["Code"] == "AccessDeniedException"
