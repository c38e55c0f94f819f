"""The primary contact of an account, and the verification of its phone number.

Source: AWS Account Management API reference; what is trimmed, and what must not be blank, as AWS was recorded in
September 2026.
"""

from collections.abc import Mapping
from typing import Any

from remit.directory import contacts as directory
from remit.directory.facts import OneTimeCodeRefused
from remit.errors import ServiceError
from remit.request import Call
from remit.services.account import shapes
from remit.services.account.errors import PhoneCodeWrong, invalid
from remit.services.account.registry import operation
from remit.services.account.targets import target_of
from remit.store import Transaction

# Where an address needs a state or region: ContactInformation, StateOrRegion.
_WITH_STATE = frozenset({"US", "CA", "GB", "DE", "JP", "IN", "BR"})


@operation("GetContactInformation")
def get_contact_information(
    call: Call[shapes.GetContactInformationRequest], tx: Transaction
) -> shapes.GetContactInformationResponse:
    """Show the primary contact.

    Raises:
        NotFound: the account never got one.
    """
    found = directory.primary_contact(tx, target_of(call))
    information: Any = found.primary
    return {"ContactInformation": information, "VerificationStatus": found.phone_status(call.at)}


@operation("PutContactInformation")
def put_contact_information(call: Call[shapes.PutContactInformationRequest], tx: Transaction) -> None:
    """Give the primary contact, in the place of the one before: what is left out is gone.

    Raises:
        ServiceError: ValidationException, a member is blank, or the address is not one of its country.
    """
    directory.put_primary_contact(tx, target_of(call), _trimmed(call.input["ContactInformation"]))


def _trimmed(asked: Mapping[str, Any]) -> dict[str, str]:
    given: dict[str, str] = {member: value.strip() for member, value in asked.items() if value is not None}
    for member, value in given.items():
        if not value:
            raise ServiceError("ValidationException", f"the argument {member} can not be empty")
    country = given["CountryCode"] = given["CountryCode"].upper()
    if not (country.isascii() and country.isalpha()):
        raise invalid("The country code must be a two-letter ISO-3166 code.", "CountryCode")
    if country in _WITH_STATE and "StateOrRegion" not in given:
        raise invalid(f"The state or region is required in {country}.", "StateOrRegion")
    return given


@operation("SendPhoneNumberVerification")
def send_phone_number_verification(
    call: Call[shapes.SendPhoneNumberVerificationRequest], tx: Transaction
) -> shapes.SendPhoneNumberVerificationResponse:
    """Send a code to the phone number, unless that is verified.

    Raises:
        NotFound: the account has no primary contact.
        QuotaExceeded: three codes were sent within half a minute.
    """
    return {"Status": directory.send_phone_code(tx, target_of(call), call.at).phone_status(call.at)}


@operation("VerifyPhoneNumber")
def verify_phone_number(
    call: Call[shapes.VerifyPhoneNumberRequest], tx: Transaction
) -> shapes.VerifyPhoneNumberResponse:
    """Believe that somebody reads what is sent to the phone number.

    Raises:
        NotFound: the account has no primary contact.
        StateRefused: the number is another one since the code was sent.
        PhoneCodeWrong: the code is wrong, or over.
    """
    account = target_of(call)
    try:
        verified = directory.verify_phone(tx, account, call.input["Otp"], call.at)
    except OneTimeCodeRefused:
        raise PhoneCodeWrong(account) from None
    return {"Status": verified.phone_status(call.at)}
