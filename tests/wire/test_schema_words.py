"""Constraints in the words of a JSON schema, as Account Management was recorded to say them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from remit.errors import InternalFailure, Rule, ServiceError, ValidationError
from remit.request import HttpRequest, Protocol, Routed
from remit.wire import Wire

ALTERNATE = {
    "AlternateContactType": "BILLING",
    "Name": "n",
    "Title": "t",
    "EmailAddress": "a@b.com",
    "PhoneNumber": "1",
}
CONTACT = {
    "FullName": "f",
    "AddressLine1": "a",
    "City": "c",
    "PostalCode": "p",
    "CountryCode": "NO",
    "PhoneNumber": "+1",
}
MISSING = '["AddressLine1","CountryCode","FullName","PhoneNumber","PostalCode"]'
SHORT = 'string "" is too short (length: 0, required minimum: 1)'
STATUSES = '["ENABLED","ENABLING","DISABLING","DISABLED","ENABLED_BY_DEFAULT"]'


@pytest.fixture(scope="module")
def wire() -> Wire:
    return Wire(["account"])


def _routed(operation: str) -> Routed:
    http = HttpRequest("POST", f"/{operation[0].lower()}{operation[1:]}", "", {}, b"", "::1")
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return Routed(http, "account", "account", operation, Protocol.REST_JSON, "id", at)


def _parse(wire: Wire, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
    return wire.parse(_routed(operation), json.dumps(asked).encode())


@pytest.mark.parametrize(
    ("operation", "asked", "text"),
    [
        (
            "ListRegions",
            {"RegionOptStatusContains": ["ENABLED", "enabled"]},
            f'[instance value ("enabled") not found in enum (possible values: {STATUSES})]',
        ),
        (
            "PutAccountName",
            {"AccountName": "Stackd <Name>"},
            '[ECMA 262 regex "^[ -;=?-~]+$" does not match input string "Stackd <Name>"]',
        ),
        (
            "PutContactInformation",
            {"ContactInformation": {**CONTACT, "PhoneNumber": " "}},
            r'[ECMA 262 regex "^[+][\s0-9()-]+$" does not match input string " "]',
        ),
        ("PutAccountName", {}, '[object has missing required properties (["AccountName"])]'),
        (
            "PutContactInformation",
            {"ContactInformation": {"City": "c"}},
            f"[object has missing required properties ({MISSING})]",
        ),
        (
            "ListRegions",
            {"MaxResults": 0},
            "[numeric instance is lower than the required minimum (minimum: 1, found: 0)]",
        ),
        (
            "ListRegions",
            {"MaxResults": 51},
            "[numeric instance is greater than the required maximum (maximum: 50, found: 51)]",
        ),
        (
            "PutAlternateContact",
            {**ALTERNATE, "Title": "t" * 51},
            f'[string "{"t" * 51}" is too long (length: 51, maximum allowed: 50)]',
        ),
        (
            "PutAlternateContact",
            {**ALTERNATE, "Name": "", "Title": ""},
            f"[{SHORT}, {SHORT}]",
        ),
    ],
)
def test_a_broken_constraint_is_said_as_the_validator_does(
    wire: Wire, operation: str, asked: dict[str, Any], text: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        _parse(wire, operation, asked)

    assert refusal.value.message == text


@pytest.mark.parametrize(
    ("operation", "asked"),
    [
        ("ListRegions", {"RegionOptStatusContains": ["ENABLED", "ENABLED"], "MaxResults": 50}),
        ("ListRegions", {"MaxResults": 1}),
        ("PutAlternateContact", {**ALTERNATE, "Title": "t" * 50}),
        ("PutContactInformation", {"ContactInformation": CONTACT}),
    ],
)
def test_what_breaks_nothing_passes(wire: Wire, operation: str, asked: dict[str, Any]) -> None:
    assert _parse(wire, operation, asked) == asked


def test_places_and_rules_are_told_apart(wire: Wire) -> None:
    with pytest.raises(ValidationError) as refusal:
        _parse(wire, "PutContactInformation", {"ContactInformation": {**CONTACT, "City": "", "PhoneNumber": "x" * 21}})

    assert refusal.value.broken == (
        ("ContactInformation.City", Rule.MIN_LENGTH),
        ("ContactInformation.PhoneNumber", Rule.PATTERN),
        ("ContactInformation.PhoneNumber", Rule.MAX_LENGTH),
    )


def test_a_fault_of_ours_has_the_services_own_name(wire: Wire) -> None:
    answer = wire.render_error(_routed("ListRegions"), InternalFailure("no more"))

    assert answer.status == 500
    assert ("x-amzn-ErrorType", "InternalServerException") in answer.headers
    assert json.loads(answer.body) == {"message": "no more"}


def test_a_service_without_such_a_name_keeps_the_common_one() -> None:
    wire = Wire(["cloudtrail"])
    http = HttpRequest("POST", "/", "", {}, b"", "::1")
    at = datetime(2026, 11, 24, tzinfo=UTC)
    routed = Routed(http, "cloudtrail", "cloudtrail", "LookupEvents", Protocol.JSON, "id", at, json_version="1.1")

    assert b"InternalFailure" in wire.render_error(routed, InternalFailure()).body


def test_an_error_with_members_shows_them(wire: Wire) -> None:
    members = {"reason": "fieldValidationFailed", "fieldList": [{"name": "Otp", "message": "wrong"}]}

    answer = wire.render_error(
        _routed("AcceptPrimaryEmailUpdate"), ServiceError("ValidationException", "wrong", 400, members)
    )

    assert json.loads(answer.body) == {"message": "wrong", **members}


@pytest.mark.parametrize(
    ("code", "is_recorded"),
    [("ValidationException", False), ("ConflictException", True), ("AccessDeniedException", True), ("Unknown", True)],
)
def test_a_message_that_the_model_calls_sensitive_is_not_recorded(wire: Wire, code: str, *, is_recorded: bool) -> None:
    assert wire.is_message_recorded("account", "PutAccountName", code) is is_recorded
