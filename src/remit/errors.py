"""How a request can end badly, in AWS's words.

    ServiceError                          an answer of a service: code, message, status
    └── CommonError                       any operation of any service can give it; the code depends on the protocol
        ├── MissingAuthenticationToken    nothing to authenticate with
        ├── IncompleteSignature           parts of the signature are missing or malformed
        ├── SignatureDoesNotMatch         wrong signature, scope or clock
        ├── InvalidClientTokenId          unknown or inactive key, or a session token that is not of this key
        ├── ExpiredToken                  a session token past its end
        ├── AccessDenied                  the policies do not allow it
        ├── ValidationError               the input breaks the model's constraints
        ├── MalformedInput                the body cannot be read at all
        ├── MalformedQueryString          the form encoding cannot be read
        ├── UnknownOperation              no such operation
        ├── MissingAction                 no operation named
        ├── Throttling                    too many requests
        ├── InternalFailure               our bug
        └── ServiceFailure                the store cannot take the change

What is not a ServiceError is our bug; the endpoint answers InternalFailure and logs it.
Source: "Common Error Types" of the IAM, STS and Organizations API references; `iam-sts` reference, sections 1.4 and
2.3.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar


class ServiceError(Exception):
    """An error that the caller gets to see.

    Attributes:
        code: AWS's name of the error (`NoSuchEntity`), or for modelled errors the name of the shape.
        message: AWS's text, letter for letter; None leaves the element out.
        status: the HTTP status. `wire` prefers the model's when the operation's model has this error.
        members: further members of the error's shape, by name.
    """

    def __init__(
        self, code: str, message: str | None, status: int = 400, members: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status
        self.members: Mapping[str, Any] = members or {}


class CommonError(ServiceError):
    """An error of no service in particular. The query protocol and the JSON protocols call it by different codes."""

    query_code: ClassVar[str] = "InternalFailure"
    json_code: ClassVar[str] = "InternalFailure"
    query_status: ClassVar[int] = 400
    json_status: ClassVar[int] = 400

    def __init__(self, message: str | None) -> None:
        super().__init__(self.query_code, message, self.query_status)


class MissingAuthenticationToken(CommonError):
    """The request carries nothing to authenticate with."""

    query_code, json_code = "MissingAuthenticationToken", "MissingAuthenticationTokenException"
    query_status = 403

    def __init__(self, message: str = "Request is missing Authentication Token") -> None:
        super().__init__(message)


class IncompleteSignature(CommonError):
    """A part of the signature is missing or cannot be read."""

    query_code, json_code = "IncompleteSignature", "IncompleteSignatureException"


class SignatureDoesNotMatch(CommonError):
    """The signature is not that of this request, scope, key or time."""

    query_code, json_code = "SignatureDoesNotMatch", "InvalidSignatureException"
    query_status = 403


class InvalidClientTokenId(CommonError):
    """No active key has this id, or the session token does not belong to it."""

    query_code, json_code = "InvalidClientTokenId", "UnrecognizedClientException"
    query_status = 403

    def __init__(self, message: str = "The security token included in the request is invalid.") -> None:
        super().__init__(message)


class ExpiredToken(CommonError):
    """The session token is past its end."""

    query_code, json_code = "ExpiredToken", "ExpiredTokenException"
    query_status = 403

    def __init__(self, message: str = "The security token included in the request is expired") -> None:
        super().__init__(message)


class AccessDenied(CommonError):
    """The policies that take part do not allow the action."""

    query_code, json_code = "AccessDenied", "AccessDeniedException"
    query_status = 403


class Rule(StrEnum):
    """The kinds of constraints that models have."""

    REQUIRED = "required"
    PATTERN = "pattern"
    ENUM = "enum"
    MAX_LENGTH = "max length"
    MIN_LENGTH = "min length"
    MAX_VALUE = "max value"
    MIN_VALUE = "min value"


class ValidationError(CommonError):
    """The input breaks a constraint.

    Attributes:
        broken: (place, rule) of each constraint of the model that is broken; empty for rules that the model lacks.
    """

    query_code, json_code = "ValidationError", "ValidationException"

    def __init__(self, message: str | None, broken: Sequence[tuple[str, Rule]] = ()) -> None:
        super().__init__(message)
        self.broken = tuple(broken)


class MalformedInput(CommonError):
    """The body or the query string cannot be read at all."""

    query_code, json_code = "MalformedInput", "SerializationException"


class MalformedQueryString(CommonError):
    """The form encoding cannot be read."""

    query_code, json_code = "MalformedQueryString", "SerializationException"
    query_status = 404


class UnknownOperation(CommonError):
    """The service has no operation of this name, or Remit does not answer it yet."""

    query_code, json_code = "InvalidAction", "UnknownOperationException"


class MissingAction(CommonError):
    """The request does not say which operation it wants."""

    query_code, json_code = "MissingAction", "UnknownOperationException"


class Throttling(CommonError):
    """Too many requests."""

    query_code, json_code = "Throttling", "ThrottlingException"


class InternalFailure(CommonError):
    """A bug of ours: the caller learns the request id and nothing more."""

    query_code, json_code = "InternalFailure", "InternalFailure"
    query_status = json_status = 500

    def __init__(
        self,
        message: str = "The request processing has failed because of an unknown error, exception or failure.",
    ) -> None:
        super().__init__(message)


class ServiceFailure(CommonError):
    """The change could not be made durable. Nothing was changed; the caller may try again."""

    query_code, json_code = "ServiceFailure", "ServiceException"
    query_status = json_status = 500
