"""Invoice units: an account is in one at most, and what they were stays known."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bills import MEMBER, NOW, PAYER, STRANGER, Family
from botocore.exceptions import ClientError
from composed import composed
from services.invoicing.rows import NO_UNIT, UNIT, unit

from remit.clock import FixedClock
from remit.directory.billing import invoice_units

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def family(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Family]:
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: clock.now().replace(tzinfo=None))
    with composed(tmp_path, clock) as whole:
        yield Family(whole)


@pytest.fixture
def client(family: Family) -> Any:
    return family.client("invoicing")


def reason(client: Any, operation: str, **given: Any) -> str:
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**given)
    return str(caught.value.response.get("reason", caught.value.response["Error"]["Code"]))


def names(client: Any, **asked: Any) -> list[str]:
    pages = client.get_paginator("list_invoice_units").paginate(**asked)
    return [one["Name"] for page in pages for one in page["InvoiceUnits"]]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"Rule": {"LinkedAccounts": [STRANGER]}}, "nonMemberPresent"),
        ({"Rule": {"LinkedAccounts": []}}, "fieldValidationFailed"),
        ({"Rule": {}}, "fieldValidationFailed"),
        ({"Rule": {"LinkedAccounts": [MEMBER, MEMBER]}}, "fieldValidationFailed"),
        ({"Rule": {"LinkedAccounts": [MEMBER], "BillSourceAccounts": [STRANGER]}}, "accountMembershipError"),
        ({"InvoiceReceiver": STRANGER}, "accountMembershipError"),
        ({"Name": " begins with a space"}, "invalidInput"),
        ({"ResourceTags": [{"Key": "a", "Value": ""}, {"Key": "a", "Value": ""}]}, "fieldValidationFailed"),
    ],
)
def test_what_cannot_be_a_unit_is_refused(client: Any, members: dict[str, Any], said: str) -> None:
    assert reason(client, "create_invoice_unit", **{**UNIT, **members}) == said
    assert names(client) == []


def test_an_account_is_in_one_unit_at_most(family: Family, client: Any) -> None:
    first = unit(family)
    other = unit(family, Name="Others", Rule={"LinkedAccounts": [PAYER]})

    assert reason(client, "create_invoice_unit", **{**UNIT, "Name": "More"}) == "mutualExclusionError"
    both = {"LinkedAccounts": [MEMBER, PAYER]}
    assert reason(client, "update_invoice_unit", InvoiceUnitArn=other, Rule=both) == "mutualExclusionError"

    client.delete_invoice_unit(InvoiceUnitArn=first)
    client.update_invoice_unit(InvoiceUnitArn=other, Rule=both)
    assert client.get_invoice_unit(InvoiceUnitArn=other)["Rule"] == {"LinkedAccounts": sorted([MEMBER, PAYER])}


def test_a_name_is_unique_until_its_unit_is_deleted(family: Family, client: Any) -> None:
    first = unit(family)
    again = {**UNIT, "Rule": {"LinkedAccounts": [PAYER]}}

    assert reason(client, "create_invoice_unit", **again) == "duplicateInvoiceUnit"
    client.delete_invoice_unit(InvoiceUnitArn=first)
    assert client.create_invoice_unit(**again)["InvoiceUnitArn"] != first


def test_there_are_as_many_as_the_quota_allows(family: Family, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoice_units, "UNITS_MAX", 1)
    unit(family)

    more = {"Name": "More", "InvoiceReceiver": PAYER, "Rule": {"LinkedAccounts": [PAYER]}}
    assert reason(client, "create_invoice_unit", **more) == "maxInvoiceUnitsExceeded"


def test_what_a_unit_was_can_be_asked_for(family: Family, client: Any, clock: FixedClock) -> None:
    arn = unit(family, Description="first")
    clock.advance(MINUTE)
    client.update_invoice_unit(InvoiceUnitArn=arn, Description="second")
    clock.advance(MINUTE)
    client.update_invoice_unit(InvoiceUnitArn=arn, Description="third", TaxInheritanceDisabled=True)
    clock.advance(MINUTE)
    client.delete_invoice_unit(InvoiceUnitArn=arn)

    def then(minutes: int, seconds: int = 0) -> Any:
        at = NOW + minutes * MINUTE + timedelta(seconds=seconds)
        return client.get_invoice_unit(InvoiceUnitArn=arn, AsOf=at)

    assert [then(minutes)["Description"] for minutes in range(3)] == ["first", "second", "third"]
    assert then(0, 59)["Description"] == "first"
    assert [then(minutes)["TaxInheritanceDisabled"] for minutes in range(3)] == [False, False, True]
    assert then(1, 30)["LastModified"] == NOW + MINUTE
    for minutes in (-1, 3):
        asked = {"InvoiceUnitArn": arn, "AsOf": NOW + minutes * MINUTE}
        assert reason(client, "get_invoice_unit", **asked) == "ResourceNotFoundException"
    assert reason(client, "get_invoice_unit", InvoiceUnitArn=arn) == "ResourceNotFoundException"
    assert [names(client, AsOf=NOW + minutes * MINUTE) for minutes in (-1, 0, 2, 3)] == [
        [],
        [UNIT["Name"]],
        [UNIT["Name"]],
        [],
    ]


def test_a_list_has_what_every_filter_matches(family: Family, client: Any) -> None:
    unit(family)
    unit(family, Name="Rest", InvoiceReceiver=PAYER, Rule={"LinkedAccounts": [PAYER]})

    def matching(**filters: Any) -> list[str]:
        return sorted(names(client, Filters=filters))

    assert matching() == ["Research", "Rest"]
    assert matching(Names=["Rest", "None"]) == ["Rest"]
    assert matching(InvoiceReceivers=[MEMBER]) == ["Research"]
    assert matching(Accounts=[MEMBER, PAYER]) == ["Research", "Rest"]
    assert matching(Accounts=[PAYER], Names=["Research"]) == []
    assert matching(BillSourceAccounts=[PAYER]) == []
    assert sorted(names(client, PaginationConfig={"PageSize": 1})) == ["Research", "Rest"]


def test_only_the_management_account_has_units(family: Family) -> None:
    unit(family)

    for who in (family.member, family.stranger):
        assert reason(family.client("invoicing", who), "list_invoice_units") == "AccessDeniedException"


def test_a_call_that_comes_again_does_nothing(family: Family, client: Any) -> None:
    made = [unit(family, ClientToken="t") for _ in range(2)]

    assert made[0] == made[1]
    assert names(client) == [UNIT["Name"]]
    other = {**UNIT, "Name": "Other", "ClientToken": "t"}
    assert reason(client, "create_invoice_unit", **other) == "fieldValidationFailed"
    gone = {"InvoiceUnitArn": made[0], "ClientToken": "u"}
    assert client.delete_invoice_unit(**gone)["InvoiceUnitArn"] == made[0]
    assert client.delete_invoice_unit(**gone)["InvoiceUnitArn"] == made[0]
    assert reason(client, "delete_invoice_unit", InvoiceUnitArn=made[0]) == "ResourceNotFoundException"


def test_a_policy_can_name_a_unit_by_its_tags(family: Family, client: Any) -> None:
    red = unit(family, ResourceTags=[{"Key": "team", "Value": "red"}])
    condition = {"StringEquals": {"aws:ResourceTag/team": "blue"}}
    ana = family.remit.user(
        "ana", {"Effect": "Allow", "Action": "invoicing:DeleteInvoiceUnit", "Resource": "*", "Condition": condition}
    )

    denied = reason(family.client("invoicing", ana), "delete_invoice_unit", InvoiceUnitArn=red)
    client.tag_resource(ResourceArn=red, ResourceTags=[{"Key": "team", "Value": "blue"}])
    family.client("invoicing", ana).delete_invoice_unit(InvoiceUnitArn=red)

    assert denied == "AccessDeniedException"
    assert names(client) == []


def test_profiles_say_to_whom_invoices_are_addressed(family: Family, client: Any) -> None:
    bare, _ = client.batch_get_invoice_profile(AccountIds=[MEMBER, PAYER])["Profiles"]
    family.client("account", family.member).put_contact_information(
        ContactInformation={
            "FullName": "Research",
            "CompanyName": "Research Ltd.",
            "AddressLine1": "1 Lab Road",
            "City": "Leeds",
            "StateOrRegion": "Yorkshire",
            "PostalCode": "LS1",
            "CountryCode": "GB",
            "PhoneNumber": "+441132",
        }
    )
    own = family.client("invoicing", family.member)

    (profile,) = own.batch_get_invoice_profile(AccountIds=[MEMBER])["Profiles"]

    assert (bare["ReceiverName"], bare["ReceiverEmail"], bare["Issuer"]) == (
        "Research",
        "Research@example.com",
        "Remit",
    )
    assert "ReceiverAddress" not in bare
    assert profile["ReceiverAddress"] == {
        "CompanyName": "Research Ltd.",
        "AddressLine1": "1 Lab Road",
        "City": "Leeds",
        "StateOrRegion": "Yorkshire",
        "PostalCode": "LS1",
        "CountryCode": "GB",
    }
    assert reason(own, "batch_get_invoice_profile", AccountIds=[MEMBER, PAYER]) == "nonMemberPresent"


def test_tags_of_a_unit_that_was_deleted_are_gone(family: Family, client: Any) -> None:
    arn = unit(family)
    client.delete_invoice_unit(InvoiceUnitArn=arn)

    for gone in (arn, NO_UNIT):
        assert reason(client, "list_tags_for_resource", ResourceArn=gone) == "ResourceNotFoundException"
