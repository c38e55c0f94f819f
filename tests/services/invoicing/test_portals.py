"""Preferences of procurement portals: from pending to active, and no secret is kept."""

import json
from typing import Any

import pytest
from bills import Family
from botocore.exceptions import ClientError
from services.invoicing.rows import ARN, DELIVERY, KEPT, PREFERENCE, code, preference, sent, unit, validated

from remit.directory.billing.portal_preferences import PORTAL_PREFERENCES
from remit.directory.one_time_codes import MESSAGES

SECRET = "very-secret-word"  # a test's
TEST_ENV = {
    "BuyerDomain": "NetworkID",
    "BuyerIdentifier": "b",
    "SupplierDomain": "NetworkID",
    "SupplierIdentifier": "s",
    "ProcurementPortalSharedSecret": SECRET,
}


@pytest.fixture
def client(family: Family) -> Any:
    return family.client("invoicing")


def shown(client: Any, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get_procurement_portal_preference(**{ARN: arn})["ProcurementPortalPreference"]
    return found


def refused(client: Any, operation: str, **given: Any) -> str:
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**given)
    return str(caught.value.response["Error"]["Code"])


def test_what_was_given_is_shown(family: Family, client: Any) -> None:
    of = unit(family)
    arn = preference(family, Selector={"InvoiceUnitArns": [of], "SellerOfRecords": ["AWS_INC"]})

    found = shown(client, arn)

    assert found["Selector"] == {"InvoiceUnitArns": [of], "SellerOfRecords": ["AWS_INC"]}
    assert found["EinvoiceDeliveryPreference"] == DELIVERY
    assert (found["Version"], found["MarketplacePunchOutEnabled"]) == (1, False)
    assert found["EinvoiceDeliveryPreferenceStatus"] == "PENDING_VERIFICATION"
    assert "PurchaseOrderRetrievalPreferenceStatus" not in found
    (listed,) = client.list_procurement_portal_preferences()["ProcurementPortalPreferences"]
    assert listed == {
        name: value for name, value in found.items() if name not in ("EinvoiceDeliveryPreference", "Contacts")
    }


@pytest.mark.parametrize(
    "members",
    [
        {"EinvoiceDeliveryPreference": None},
        {"TestEnvPreference": {**TEST_ENV, "ProcurementPortalInstanceEndpoint": "ftp://example.com"}},
        {"MarketplacePunchOutEnabled": True},
    ],
)
def test_what_cannot_be_a_preference_is_refused(client: Any, members: dict[str, Any]) -> None:
    given = {name: value for name, value in {**PREFERENCE, **members}.items() if value is not None}

    assert refused(client, "create_procurement_portal_preference", **given) == "ValidationException"
    assert client.list_procurement_portal_preferences()["ProcurementPortalPreferences"] == []


def test_no_secret_is_kept_or_recorded(family: Family, client: Any) -> None:
    arn = preference(family, ProcurementPortalSharedSecret=SECRET, TestEnvPreference=TEST_ENV, ClientToken="t")
    one = {ARN: arn, "Code": "AAAAAA"}
    client.send_procurement_portal_validation(**{ARN: arn})
    one["Code"] = code(family)
    client.verify_procurement_portal_validation(**one)
    family.remit.flush()

    kept = family.remit.change(lambda tx: repr(tx.all(PORTAL_PREFERENCES)))
    events = family.client("cloudtrail").lookup_events()["Events"]
    records = [json.loads(event["CloudTrailEvent"]) for event in events]

    assert SECRET not in kept
    assert "ProcurementPortalSharedSecret" not in json.dumps(shown(client, arn), default=str)
    (made,) = [one for one in records if one["eventName"] == "CreateProcurementPortalPreference"]
    assert made["requestParameters"]["buyerIdentifier"] == "buyer-1"
    assert SECRET not in json.dumps(records)
    assert f'"{one["Code"]}"' not in json.dumps(records)


def test_a_code_validates_and_is_good_once(family: Family, client: Any) -> None:
    one = sent()(family)
    waiting = family.remit.change(lambda tx: [message.to for message in tx.all(MESSAGES)])

    client.verify_procurement_portal_validation(**one)

    assert waiting == ["mailto:ana@example.com"]
    assert shown(client, one[ARN])["EinvoiceDeliveryPreferenceStatus"] == "VALIDATED"
    assert shown(client, one[ARN])["Version"] == 2
    assert family.remit.change(lambda tx: tx.all(MESSAGES)) == []
    assert refused(client, "verify_procurement_portal_validation", **one) == "ValidationException"


def test_five_wrong_codes_spend_the_right_one(family: Family, client: Any) -> None:
    one = sent()(family)

    for _ in range(5):
        assert refused(client, "verify_procurement_portal_validation", **{**one, "Code": "no"}) == "ValidationException"

    assert refused(client, "verify_procurement_portal_validation", **one) == "ValidationException"
    assert shown(client, one[ARN])["EinvoiceDeliveryPreferenceStatus"] == "PENDING_VERIFICATION"


def test_four_wrong_codes_do_not(family: Family, client: Any) -> None:
    one = sent()(family)
    for _ in range(4):
        refused(client, "verify_procurement_portal_validation", **{**one, "Code": "no"})

    client.verify_procurement_portal_validation(**one)

    assert shown(client, one[ARN])["EinvoiceDeliveryPreferenceStatus"] == "VALIDATED"


def test_what_is_validated_is_made_active_and_suspended(family: Family, client: Any) -> None:
    one = validated()(family)

    def step(status: str, reason: str) -> str:
        given = {"EinvoiceDeliveryPreferenceStatus": status, "EinvoiceDeliveryPreferenceStatusReason": reason}
        client.update_procurement_portal_preference_status(**one, **given)
        found = shown(client, one[ARN])
        assert found["EinvoiceDeliveryPreferenceStatusReason"] == reason
        return str(found["EinvoiceDeliveryPreferenceStatus"])

    assert [step(status, status.lower()) for status in ("ACTIVE", "SUSPENDED", "ACTIVE")] == [
        "ACTIVE",
        "SUSPENDED",
        "ACTIVE",
    ]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ({"EinvoiceDeliveryPreferenceStatus": "VALIDATED"}, "ValidationException"),
        ({"EinvoiceDeliveryPreferenceStatus": "TEST_FAILED"}, "ValidationException"),
        ({"PurchaseOrderRetrievalPreferenceStatus": "ACTIVE"}, "ConflictException"),
        ({}, "ValidationException"),
    ],
)
def test_no_status_is_made_up(family: Family, client: Any, status: dict[str, str], error: str) -> None:
    one = validated()(family)

    assert refused(client, "update_procurement_portal_preference_status", **one, **status) == error
    assert shown(client, one[ARN])["EinvoiceDeliveryPreferenceStatus"] == "VALIDATED"


def test_a_preference_that_is_replaced_is_pending_again(family: Family, client: Any) -> None:
    one = validated()(family)
    contacts = [{"Name": "Ben", "Email": "ben@example.com"}]

    client.put_procurement_portal_preference(
        **one, **{**KEPT, "Contacts": contacts, "PurchaseOrderRetrievalEnabled": True}
    )

    found = shown(client, one[ARN])
    assert (found["Contacts"], found["Version"]) == (contacts, 3)
    assert found["ProcurementPortalName"] == "COUPA"
    assert {found[f"{name}PreferenceStatus"] for name in ("EinvoiceDelivery", "PurchaseOrderRetrieval")} == {
        "PENDING_VERIFICATION"
    }


def test_a_removed_preference_leaves_no_message(family: Family, client: Any) -> None:
    one = sent()(family)

    client.delete_procurement_portal_preference(**{ARN: one[ARN]})

    assert family.remit.change(lambda tx: tx.all(MESSAGES)) == []
    assert refused(client, "get_procurement_portal_preference", **{ARN: one[ARN]}) == "ResourceNotFoundException"


def test_the_issuer_of_our_invoices_is_registered_at_no_portal(client: Any) -> None:
    portals = client.list_procurement_portals()["ProcurementPortals"]

    assert [one["PortalName"] for one in portals] == ["COUPA", "SAP_BUSINESS_NETWORK"]
    for one in portals:
        suppliers = client.list_procurement_portal_suppliers(PortalIdentifier=one["PortalIdentifier"])
        assert suppliers["ProcurementPortalSuppliers"] == []
