"""Whose account a call may be about, for each of the 18 operations; words and order as AWS was recorded."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from composed import Composed
from services.account.conftest import ACCOUNT, OTHER, OWN

from remit.clock import SystemClock
from remit.directory import ACCOUNTS, ORGANIZATIONS
from remit.directory.organizations import FeatureSet
from remit.store import Transaction
from remit.testing import Identity

AT = SystemClock().now()
Refused = Callable[..., dict[str, Any]]
CONTACT = {
    "FullName": "Ana Ito",
    "AddressLine1": "1 Long Street",
    "City": "Oslo",
    "PostalCode": "0150",
    "CountryCode": "NO",
    "PhoneNumber": "+47 22 00 00 00",
}
ALTERNATE = {"Name": "Bo", "Title": "Chief", "EmailAddress": "bo@example.com", "PhoneNumber": "5550100"}
# Operation -> input, without the account.
OPERATIONS: dict[str, dict[str, Any]] = {
    "accept_primary_email_update": {"PrimaryEmail": "new@example.com", "Otp": "ABCDEF"},
    "delete_alternate_contact": {"AlternateContactType": "BILLING"},
    "disable_region": {"RegionName": "af-south-1"},
    "enable_region": {"RegionName": "af-south-1"},
    "get_account_information": {},
    "get_alternate_contact": {"AlternateContactType": "BILLING"},
    "get_contact_information": {},
    "get_gov_cloud_account_information": {},
    "get_primary_email": {},
    "get_primary_email_update_status": {},
    "get_region_opt_status": {"RegionName": "af-south-1"},
    "list_regions": {},
    "put_account_name": {"AccountName": "Sales"},
    "put_alternate_contact": {"AlternateContactType": "BILLING", **ALTERNATE},
    "put_contact_information": {"ContactInformation": CONTACT},
    "send_phone_number_verification": {},
    "start_primary_email_update": {"PrimaryEmail": "new@example.com"},
    "verify_phone_number": {"Otp": "ABCDEF"},
}
NEEDS_NAME = {"accept_primary_email_update", "get_primary_email", "start_primary_email_update"}
STANDALONE = [name for name in OPERATIONS if name not in NEEDS_NAME]
EVERY = pytest.mark.parametrize("name", OPERATIONS)


def call(client: Any, name: str, account: str = "") -> Callable[[], Any]:
    parameter = "StandardAccountId" if name == "get_gov_cloud_account_information" else "AccountId"
    return lambda: getattr(client, name)(**OPERATIONS[name], **({parameter: account} if account else {}))


def action(name: str) -> str:
    return "account:" + "".join(word.capitalize() for word in name.split("_"))


def test_these_are_all_operations(remit: Composed) -> None:
    assert set(remit.client("account").meta.method_to_api_mapping) == set(OPERATIONS)


@EVERY
def test_who_may_not_is_refused(remit: Composed, member: Identity, refused: Refused, name: str) -> None:
    del member
    ana = remit.user("ana")
    client = remit.client("account", ana)
    why = f"because no identity-based policy allows the {action(name)} action"

    if name in STANDALONE:
        message = refused(call(client, name), "AccessDeniedException", 403)["message"]
        own = f"arn:aws:account::{OWN}:account"
        assert message == f"User: {ana.arn} is not authorized to perform: {action(name)} on resource: {own} {why}"
    message = refused(call(client, name, OTHER), "AccessDeniedException", 403)["message"]
    assert f"resource: arn:aws:account::{OWN}:account/o-" in message
    assert message.endswith(f"/{OTHER} {why}")


@EVERY
def test_the_checks_are_made_in_awss_order(
    remit: Composed,
    organize: Callable[..., str],
    join: Callable[[str], Identity],
    refused: Refused,
    name: str,
) -> None:
    own = remit.client("account")

    def message(client: Any, account: str) -> str:
        return str(refused(call(client, name, account), "AccessDeniedException", 403)["message"])

    bare = f"User: {remit.admin.arn} is not authorized to perform: {action(name)}"
    assert message(own, OTHER) == bare  # in no organization
    id_ = organize(feature_set=FeatureSet.CONSOLIDATED_BILLING, trusted_services={})
    root = join(id_)
    member = remit.client("account", root)
    assert message(own, OTHER) == bare
    _change(remit, id_, feature_set=FeatureSet.ALL)
    trust = f"{bare} (Your organization must first enable trusted access with AWS Account Management.)"
    assert message(own, OTHER) == trust
    assert message(own, OWN) == trust
    assert message(member, OTHER) == f"User: {root.arn} is not authorized to perform: {action(name)}"
    _change(remit, id_, trusted_services={ACCOUNT: AT})
    itself = "The management account can only be managed using the standalone context from the management account."
    assert message(own, OWN) == f"{bare} ({'Access Denied' if 'email' in name else itself})"
    assert message(own, "999988887777") == bare  # no member
    assert message(member, OTHER) == f"User: {root.arn} is not authorized to perform: {action(name)}"
    _change(remit, id_, delegated_administrators={"iam.amazonaws.com": {OTHER: AT}})
    assert message(member, OTHER) == f"User: {root.arn} is not authorized to perform: {action(name)}"


def _change(remit: Composed, id_: str, **state: Any) -> None:
    def change(tx: Transaction) -> None:
        found = tx.get(ORGANIZATIONS, id_)
        assert found is not None
        tx.put(ORGANIZATIONS, msgspec.structs.replace(found, **state))

    remit.change(change)


@pytest.mark.parametrize("is_delegated", [False, True])
def test_the_management_account_and_its_delegate_speak_for_members(
    remit: Composed, organize: Callable[..., str], join: Callable[[str], Identity], *, is_delegated: bool
) -> None:
    root = join(organize(trusted_services={ACCOUNT: AT}, delegated_administrators={ACCOUNT: {OTHER: AT}}))
    account = remit.client("account", root if is_delegated else None)

    account.put_account_name(AccountId=OTHER, AccountName="Sales")
    account.put_contact_information(AccountId=OTHER, ContactInformation=CONTACT)
    account.put_alternate_contact(AccountId=OTHER, AlternateContactType="SECURITY", **ALTERNATE)
    account.enable_region(AccountId=OTHER, RegionName="af-south-1")

    its_own = remit.client("account", root)
    assert its_own.get_account_information()["AccountName"] == "Sales"
    assert its_own.get_contact_information()["ContactInformation"] == CONTACT
    assert its_own.get_alternate_contact(AlternateContactType="SECURITY")["AlternateContact"]["Name"] == "Bo"
    assert its_own.get_region_opt_status(RegionName="af-south-1")["RegionOptStatus"] == "ENABLING"
    assert account.get_account_information(AccountId=OTHER) | {"ResponseMetadata": None} == (
        its_own.get_account_information() | {"ResponseMetadata": None}
    )
    assert account.get_primary_email(AccountId=OTHER)["PrimaryEmail"] == "other@example.com"
    assert remit.client("account").get_account_information()["AccountName"] == "remit"


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("resource", "can_own", "can_members"),
    [
        (f"arn:aws:account::{OWN}:account", True, False),
        (f"arn:aws:account::{OWN}:account/*", False, True),
        (f"arn:aws:account::{OWN}:account/o-*/{OTHER}", False, True),
        (f"arn:aws:account::{OTHER}:account", False, False),
        ("arn:aws:account::*:account*", True, True),
    ],
)
def test_a_policy_tells_the_own_account_from_members(
    remit: Composed, refused: Refused, resource: str, *, can_own: bool, can_members: bool
) -> None:
    ana = remit.user("ana", {"Effect": "Allow", "Action": "account:ListRegions", "Resource": resource})
    account = remit.client("account", ana)

    for asked, is_allowed in (({}, can_own), ({"AccountId": OTHER}, can_members)):
        if is_allowed:
            assert account.list_regions(**asked)["Regions"]
        else:
            refused(lambda asked=asked: account.list_regions(**asked), "AccessDeniedException", 403)


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("key", "value", "is_allowed"),
    [
        ("account:AccountResourceOrgTags/team", "red", True),
        ("account:AccountResourceOrgTags/team", "blue", False),
        ("account:AccountResourceOrgPaths", "o-*/r-*/", True),
        ("account:AccountResourceOrgPaths", "o-*/r-*/ou-*", False),
    ],
)
def test_a_policy_tells_members_by_what_the_organization_says_of_them(
    remit: Composed, refused: Refused, key: str, value: str, *, is_allowed: bool
) -> None:
    def tag(tx: Transaction) -> None:
        member = tx.get(ACCOUNTS, OTHER)
        assert member is not None
        assert member.membership is not None
        membership = msgspec.structs.replace(member.membership, tags={"team": "red"})
        tx.put(ACCOUNTS, msgspec.structs.replace(member, membership=membership))

    remit.change(tag)
    operator = "ForAnyValue:StringLike" if key.endswith("Paths") else "StringEquals"
    statement = {"Effect": "Allow", "Action": "account:*", "Resource": "*", "Condition": {operator: {key: value}}}
    account = remit.client("account", remit.user("ana", statement))

    if is_allowed:
        assert account.list_regions(AccountId=OTHER)["Regions"]
    else:
        refused(lambda: account.list_regions(AccountId=OTHER), "AccessDeniedException", 403)
    refused(account.list_regions, "AccessDeniedException", 403)


@pytest.mark.parametrize("account", ["12345678901", "1234567890123", "12345678901x"])
def test_an_account_has_twelve_digits(remit: Composed, refused: Refused, account: str) -> None:
    refused(lambda: remit.client("account").list_regions(AccountId=account), "ValidationException", 400)
