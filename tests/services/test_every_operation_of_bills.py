"""Every operation of the services of billing: it succeeds, answers errors of its model, and is refused by policy.

What each is asked is in the `rows.py` of its service.
"""

import json

import pytest
from bills import PAYER, Family
from botocore.config import Config
from families import family, remit, signed_then
from services.bcm_data_exports import rows as bcm_data_exports
from services.billing import rows as billing
from services.budgets import rows as budgets
from services.ce import rows as ce
from services.cur import rows as cur
from services.every_operation import Table, asked, refused
from services.freetier import rows as freetier
from services.invoicing import rows as invoicing
from services.pricing import rows as pricing

from remit.authz.operations import operations
from remit.directory.billing.access import set_billing_access
from remit.wire.models import load

__all__ = ["family", "remit", "signed_then"]

_OURS = "remit.directory.billing"
TABLES = {
    "bcm-data-exports": Table(bcm_data_exports.ROWS, prepared=bcm_data_exports.billed),
    "billing": Table(billing.ROWS, narrowed={("CreateBillingView", billing.QUOTA): (f"{_OURS}.views.VIEWS_MAX",)}),
    "budgets": Table(
        budgets.ROWS,
        narrowed={("CreateBudget", budgets.FULL): (f"{_OURS}.budgets.BUDGETS_MAX",)},
        further=frozenset((budgets.INVALID,)),
    ),
    "ce": Table(
        ce.ROWS,
        prepared=ce.billed,
        narrowed={
            ("CreateCostCategoryDefinition", ce.QUOTA): (f"{_OURS}.cost_categories.CATEGORIES_MAX",),
            ("StartSavingsPlansPurchaseRecommendationGeneration", ce.QUOTA): (
                "remit.services.ce.plan_recommendations.GENERATIONS_A_DAY",
            ),
            ("StartCommitmentPurchaseAnalysis", ce.QUOTA): ("remit.services.ce.purchase_analyses.ANALYSES_A_DAY",),
        },
        further=frozenset((ce.INVALID,)),
    ),
    "cur": Table(cur.ROWS),
    "freetier": Table(freetier.ROWS),
    "invoicing": Table(
        invoicing.ROWS,
        narrowed={
            ("CreateProcurementPortalPreference", invoicing.QUOTA): (f"{_OURS}.portal_preferences.PREFERENCES_MAX",)
        },
    ),
    "pricing": Table(pricing.ROWS, prepared=pricing.sampled, is_of_bills=False),
}
EVERY = [(service, name) for service, table in TABLES.items() for name in table.rows]
SUCCEEDING = [(service, name) for service, name in EVERY if TABLES[service].rows[name].given is not None]
ERRORS = [(service, name, error) for service, name in EVERY for error in TABLES[service].rows[name].errors]
OF_BILLS = [(service, name) for service, name in EVERY if TABLES[service].is_of_bills]


def newest(family: Family, name: str) -> dict[str, object]:
    """Return the newest record of an operation in the trail."""
    family.remit.flush()
    wanted = [{"AttributeKey": "EventName", "AttributeValue": name}]
    found = family.client("cloudtrail").lookup_events(LookupAttributes=wanted)["Events"]
    record: dict[str, object] = json.loads(found[0]["CloudTrailEvent"])
    return record


@pytest.mark.parametrize("service", TABLES)
def test_every_operation_has_a_row(service: str) -> None:
    assert set(TABLES[service].rows) == set(load(service).operations)


@pytest.mark.parametrize(("service", "name"), SUCCEEDING)
def test_it_succeeds_and_is_in_the_trail(family: Family, service: str, name: str) -> None:
    TABLES[service].prepared(family)
    given = TABLES[service].rows[name].valid(family)

    answer = asked(family.client(service), name, given)

    record = newest(family, name)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert (record["eventSource"], record["requestID"]) == (
        f"{service}.amazonaws.com",
        answer["ResponseMetadata"]["RequestId"],
    )
    assert "errorCode" not in record


@pytest.mark.parametrize(("service", "name", "error"), ERRORS)
def test_each_error(family: Family, monkeypatch: pytest.MonkeyPatch, service: str, name: str, error: str) -> None:
    table = TABLES[service]
    table.prepared(family)
    given = table.rows[name].errors[error](family)
    for limit in table.narrowed.get((name, error), ()):
        monkeypatch.setattr(limit, 0)
    client = family.remit.client(service, config=Config(parameter_validation=False))

    answer = refused(client, name, given)

    assert answer["Code"] == error
    assert answer["Message"]
    model = load(service)
    modelled = {one.shape for one in model.operations[name].errors}
    assert error in modelled | table.further
    if error in modelled:
        assert {member for member in model.shapes[error].required if member.lower() != "message"} <= answer.keys()


@pytest.mark.parametrize(("service", "name"), EVERY)
def test_a_policy_that_allows_everything_else_refuses_it(family: Family, service: str, name: str) -> None:
    TABLES[service].prepared(family)
    given = TABLES[service].rows[name].valid(family)
    action = operations()[service][name].action
    ana = family.remit.user("ana", {"Effect": "Allow", "NotAction": action, "Resource": "*"})

    answer = refused(family.client(service, ana), name, given)

    assert answer["Code"] == "AccessDeniedException"
    assert f"is not authorized to perform: {action}" in answer["Message"]
    assert str(newest(family, name)["errorCode"]).startswith("AccessDenied")


@pytest.mark.parametrize(("service", "name"), OF_BILLS)
def test_until_the_root_user_allows_it_no_policy_does(family: Family, service: str, name: str) -> None:
    TABLES[service].prepared(family)
    given = TABLES[service].rows[name].valid(family)
    family.remit.change(lambda tx: set_billing_access(tx, PAYER, is_open=False))

    answer = refused(family.client(service), name, given)

    assert answer["Code"] == "AccessDeniedException"
    assert "IAM user and role access to billing information is not activated" in answer["Message"]
