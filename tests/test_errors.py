"""Errors that any operation can give, in the words of each protocol (`iam-sts` reference, section 1.4)."""

import re

import pytest

from remit import errors
from remit.errors import (
    AccessDenied,
    CommonError,
    ExpiredToken,
    IncompleteSignature,
    InternalFailure,
    InvalidClientTokenId,
    MalformedInput,
    MalformedQueryString,
    MissingAction,
    MissingAuthenticationToken,
    ServiceError,
    ServiceFailure,
    SignatureDoesNotMatch,
    Throttling,
    UnknownOperation,
    ValidationError,
)

# code and status in the query protocol, code and status in the JSON protocols
TABLE: list[tuple[type[CommonError], str, int, str, int]] = [
    (MissingAuthenticationToken, "MissingAuthenticationToken", 403, "MissingAuthenticationTokenException", 400),
    (IncompleteSignature, "IncompleteSignature", 400, "IncompleteSignatureException", 400),
    (SignatureDoesNotMatch, "SignatureDoesNotMatch", 403, "InvalidSignatureException", 400),
    (InvalidClientTokenId, "InvalidClientTokenId", 403, "UnrecognizedClientException", 400),
    (ExpiredToken, "ExpiredToken", 403, "ExpiredTokenException", 400),
    (AccessDenied, "AccessDenied", 403, "AccessDeniedException", 400),
    (ValidationError, "ValidationError", 400, "ValidationException", 400),
    (MalformedInput, "MalformedInput", 400, "SerializationException", 400),
    (MalformedQueryString, "MalformedQueryString", 404, "SerializationException", 400),
    (UnknownOperation, "InvalidAction", 400, "UnknownOperationException", 400),
    (MissingAction, "MissingAction", 400, "UnknownOperationException", 400),
    (Throttling, "Throttling", 400, "ThrottlingException", 400),
    (InternalFailure, "InternalFailure", 500, "InternalFailure", 500),
    (ServiceFailure, "ServiceFailure", 500, "ServiceException", 500),
]


@pytest.mark.parametrize(("kind", "query_code", "query_status", "json_code", "json_status"), TABLE)
def test_a_common_error_has_a_code_in_each_protocol(
    kind: type[CommonError], query_code: str, query_status: int, json_code: str, json_status: int
) -> None:
    error = kind("what went wrong")

    assert (error.code, error.status) == (kind.query_code, kind.query_status) == (query_code, query_status)
    assert (kind.json_code, kind.json_status) == (json_code, json_status)
    assert (error.message, error.members) == ("what went wrong", {})
    assert isinstance(error, ServiceError)


def test_the_table_has_every_common_error() -> None:
    assert {row[0] for row in TABLE} == set(CommonError.__subclasses__())


def test_the_tree_at_the_top_of_the_module_has_every_error() -> None:
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__ or ""))

    assert drawn == {"CommonError", *(row[0].__name__ for row in TABLE)}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (MissingAuthenticationToken(), "Request is missing Authentication Token"),
        (InvalidClientTokenId(), "The security token included in the request is invalid."),
        (ExpiredToken(), "The security token included in the request is expired"),
        (
            InternalFailure(),
            "The request processing has failed because of an unknown error, exception or failure.",
        ),
    ],
)
def test_some_errors_have_awss_text(error: CommonError, message: str) -> None:
    assert error.message == message


def test_an_error_of_a_service_says_what_it_is_told() -> None:
    error = ServiceError("ReportNotPresent", None, 410, {"reportId": "r-1"})

    assert (error.code, error.message, error.status, error.members) == (
        "ReportNotPresent",
        None,
        410,
        {"reportId": "r-1"},
    )
    assert ServiceError("X", "y").status == 400
    assert ServiceError("X", "y").members == {}
