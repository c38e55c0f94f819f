"""Contacts: what is kept of them, what must be there, and how a phone number is verified."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from composed import Composed
from services.account.test_targets import ALTERNATE, CONTACT

from remit.clock import FixedClock
from remit.directory.one_time_codes import MESSAGES

Refused = Callable[..., dict[str, Any]]
Code = Callable[[], tuple[str, str]]
MISSING = "No contact of the inputted alternate contact type found."


def _contact(account: Any) -> dict[str, Any]:
    found: dict[str, Any] = account.get_contact_information()["ContactInformation"]
    return found


# -- alternate contacts


def test_each_type_has_one_contact(remit: Composed, refused: Refused) -> None:
    account = remit.client("account")

    account.put_alternate_contact(AlternateContactType="BILLING", **ALTERNATE)
    account.put_alternate_contact(AlternateContactType="SECURITY", **{**ALTERNATE, "Name": "Cy"})
    account.put_alternate_contact(AlternateContactType="BILLING", **{**ALTERNATE, "Name": "Di"})

    shown = account.get_alternate_contact(AlternateContactType="BILLING")["AlternateContact"]
    assert shown == {**ALTERNATE, "Name": "Di", "AlternateContactType": "BILLING"}
    assert account.get_alternate_contact(AlternateContactType="SECURITY")["AlternateContact"]["Name"] == "Cy"
    error = refused(
        lambda: account.get_alternate_contact(AlternateContactType="OPERATIONS"), "ResourceNotFoundException", 404
    )
    assert error["message"] == MISSING


def test_a_contact_is_deleted_once(remit: Composed, refused: Refused) -> None:
    account = remit.client("account")
    account.put_alternate_contact(AlternateContactType="BILLING", **ALTERNATE)
    account.put_alternate_contact(AlternateContactType="SECURITY", **ALTERNATE)

    account.delete_alternate_contact(AlternateContactType="BILLING")

    for call in (account.get_alternate_contact, account.delete_alternate_contact):
        error = refused(lambda call=call: call(AlternateContactType="BILLING"), "ResourceNotFoundException", 404)
        assert error["message"] == MISSING
    assert account.get_alternate_contact(AlternateContactType="SECURITY")["AlternateContact"]["Name"] == "Bo"


def test_only_the_address_of_an_alternate_contact_is_trimmed(remit: Composed) -> None:
    account = remit.client("account")
    asked = {
        "Name": "  Probe  ",
        "Title": " Ops ",
        "EmailAddress": "  Ops+1@Example.invalid ",
        "PhoneNumber": " +1 (2) ",
    }

    account.put_alternate_contact(AlternateContactType="OPERATIONS", **asked)

    shown = account.get_alternate_contact(AlternateContactType="OPERATIONS")["AlternateContact"]
    assert shown == {**asked, "EmailAddress": "Ops+1@Example.invalid", "AlternateContactType": "OPERATIONS"}


@pytest.mark.parametrize("kind", ["operations", "OTHER", "Billing", ""])
def test_another_type_is_refused_as_if_nobody_might(remit: Composed, refused: Refused, kind: str) -> None:
    account = remit.client("account")

    for call in (account.get_alternate_contact, account.delete_alternate_contact):
        error = refused(lambda call=call: call(AlternateContactType=kind), "AccessDeniedException", 403)
        assert error["message"].endswith("(You specified an invalid Alternate Contact type.)")


@pytest.mark.parametrize(
    ("member", "value", "is_good"),
    [
        ("Name", "n" * 64, True),
        ("Name", "n" * 65, False),
        ("Title", "t" * 50, True),
        ("Title", "t" * 51, False),
        ("PhoneNumber", "1" * 25, True),
        ("PhoneNumber", "1" * 26, False),
        ("PhoneNumber", "call me", False),
        ("EmailAddress", "a@b", False),
        ("EmailAddress", f"{'a' * 248}@b.com", True),
        ("EmailAddress", f"{'a' * 249}@b.com", False),
    ],
)
def test_members_of_a_contact_have_limits(
    remit: Composed, refused: Refused, member: str, value: str, *, is_good: bool
) -> None:
    account = remit.client("account")
    asked = {**ALTERNATE, member: value}

    if is_good:
        account.put_alternate_contact(AlternateContactType="BILLING", **asked)
        assert account.get_alternate_contact(AlternateContactType="BILLING")["AlternateContact"][member] == value
        return
    refused(lambda: account.put_alternate_contact(AlternateContactType="BILLING", **asked), "ValidationException", 400)
    refused(lambda: account.get_alternate_contact(AlternateContactType="BILLING"), "ResourceNotFoundException", 404)


def test_a_policy_tells_types_apart(remit: Composed, refused: Refused) -> None:
    ana = remit.user(
        "ana",
        {
            "Effect": "Allow",
            "Action": "account:*AlternateContact",
            "Resource": "*",
            "Condition": {"ForAllValues:StringEquals": {"account:AlternateContactTypes": ["BILLING"]}},
        },
    )
    account = remit.client("account", ana)

    account.put_alternate_contact(AlternateContactType="BILLING", **ALTERNATE)
    refused(
        lambda: account.put_alternate_contact(AlternateContactType="SECURITY", **ALTERNATE),
        "AccessDeniedException",
        403,
    )


# -- the primary contact


def test_an_account_begins_without_a_contact(remit: Composed, refused: Refused) -> None:
    account = remit.client("account")

    for call in (
        account.get_contact_information,
        account.send_phone_number_verification,
        lambda: account.verify_phone_number(Otp="ABCDEF"),
    ):
        refused(call, "ResourceNotFoundException", 404)


def test_a_contact_is_put_as_a_whole(remit: Composed) -> None:
    account = remit.client("account")
    account.put_contact_information(ContactInformation={**CONTACT, "CompanyName": "Ito", "AddressLine2": "2nd floor"})

    account.put_contact_information(ContactInformation=CONTACT)

    assert _contact(account) == CONTACT
    assert account.get_contact_information()["VerificationStatus"] == "UNVERIFIED"


def test_blanks_around_a_member_go_and_a_country_is_in_capitals(remit: Composed) -> None:
    account = remit.client("account")
    asked = {**CONTACT, "FullName": "  Ana Ito ", "City": " Oslo", "CountryCode": "no", "PhoneNumber": "+47 22 "}

    account.put_contact_information(ContactInformation=asked)

    assert _contact(account) == {**CONTACT, "PhoneNumber": "+47 22"}


@pytest.mark.parametrize("member", ["FullName", "AddressLine1", "City", "PostalCode", "StateOrRegion"])
def test_no_member_is_blank(remit: Composed, refused: Refused, member: str) -> None:
    account = remit.client("account")
    account.put_contact_information(ContactInformation=CONTACT)

    error = refused(
        lambda: account.put_contact_information(ContactInformation={**CONTACT, member: " "}),
        "ValidationException",
        400,
    )

    assert error["message"] == f"the argument {member} can not be empty"
    assert "reason" not in error
    assert _contact(account) == CONTACT


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"CountryCode": "US"}, "StateOrRegion"),
        ({"CountryCode": "br"}, "StateOrRegion"),
        ({"CountryCode": "4x"}, "CountryCode"),
        ({"CountryCode": "ÆØ"}, "CountryCode"),
    ],
)
def test_an_address_is_one_of_its_country(
    remit: Composed, refused: Refused, changes: dict[str, str], field: str
) -> None:
    account = remit.client("account")

    error = refused(
        lambda: account.put_contact_information(ContactInformation={**CONTACT, **changes}),
        "ValidationException",
        400,
    )

    assert error["reason"] == "fieldValidationFailed"
    assert [one["name"] for one in error["fieldList"]] == [field]
    account.put_contact_information(ContactInformation={**CONTACT, "CountryCode": "US", "StateOrRegion": "NJ"})


@pytest.mark.parametrize("number", [" +47 22", "0047 22", "+47 call me", "+" + "1" * 20])
def test_a_phone_number_is_international(remit: Composed, refused: Refused, number: str) -> None:
    account = remit.client("account")

    refused(
        lambda: account.put_contact_information(ContactInformation={**CONTACT, "PhoneNumber": number}),
        "ValidationException",
        400,
    )


# -- its phone number


def test_a_code_verifies_the_phone_number(remit: Composed, newest_code: Code) -> None:
    account = remit.client("account")
    account.put_contact_information(ContactInformation=CONTACT)

    assert account.send_phone_number_verification()["Status"] == "PENDING"
    assert account.get_contact_information()["VerificationStatus"] == "PENDING"
    to, code = newest_code()
    assert to == "sms:+47 22 00 00 00"
    assert account.verify_phone_number(Otp=code)["Status"] == "VERIFIED"
    assert account.get_contact_information()["VerificationStatus"] == "VERIFIED"

    assert account.send_phone_number_verification()["Status"] == "VERIFIED"
    assert remit.change(lambda tx: tx.all(MESSAGES)) == []  # the code was used, and nothing more was sent
    account.put_contact_information(ContactInformation={**CONTACT, "PhoneNumber": "+47 33"})
    assert account.get_contact_information()["VerificationStatus"] == "UNVERIFIED"


def test_a_code_is_good_once(remit: Composed, refused: Refused, newest_code: Code) -> None:
    account = remit.client("account")
    account.put_contact_information(ContactInformation=CONTACT)
    account.send_phone_number_verification()
    code = newest_code()[1]
    account.verify_phone_number(Otp=code)

    error = refused(lambda: account.verify_phone_number(Otp=code), "ValidationException", 400)

    assert error["reason"] == "fieldValidationFailed"
    assert [one["name"] for one in error["fieldList"]] == ["Otp"]


def test_a_code_is_for_the_number_it_was_sent_to(
    remit: Composed, refused: Refused, newest_code: Code, clock: FixedClock
) -> None:
    account = remit.client("account")
    account.put_contact_information(ContactInformation=CONTACT)
    account.send_phone_number_verification()
    account.put_contact_information(ContactInformation={**CONTACT, "PhoneNumber": "+47 33"})

    refused(lambda: account.verify_phone_number(Otp=newest_code()[1]), "ConflictException", 409)

    clock.advance(timedelta(seconds=1))
    account.send_phone_number_verification()
    assert account.verify_phone_number(Otp=newest_code()[1])["Status"] == "VERIFIED"


def test_a_code_bears_few_guesses(remit: Composed, refused: Refused, newest_code: Code) -> None:
    account = remit.client("account")
    account.put_contact_information(ContactInformation=CONTACT)
    account.send_phone_number_verification()
    code = newest_code()[1]

    for _ in range(5):
        refused(lambda: account.verify_phone_number(Otp="000000"), "ValidationException", 400)

    refused(lambda: account.verify_phone_number(Otp=code), "ValidationException", 400)
    assert account.get_contact_information()["VerificationStatus"] == "UNVERIFIED"


def test_a_code_ends(remit: Composed, refused: Refused, newest_code: Code, clock: FixedClock) -> None:
    account = remit.client("account")
    account.put_contact_information(ContactInformation=CONTACT)
    account.send_phone_number_verification()
    code = newest_code()[1]

    clock.advance(timedelta(minutes=10))

    refused(lambda: account.verify_phone_number(Otp=code), "ValidationException", 400)
    assert account.get_contact_information()["VerificationStatus"] == "UNVERIFIED"


def test_codes_are_not_sent_too_often(remit: Composed, refused: Refused, clock: FixedClock) -> None:
    account = remit.client("account")
    account.put_contact_information(ContactInformation=CONTACT)
    for _ in range(3):
        account.send_phone_number_verification()

    # botocore tries it again on its own, and is refused again.
    refused(account.send_phone_number_verification, "TooManyRequestsException", 429)

    clock.advance(timedelta(seconds=30))
    account.send_phone_number_verification()
