"""The errors of the sign-in service: each has a code of OAuth beside its name.

Source: `iam-sts` reference, 19.1 (7) and 19.2.
"""

from remit.errors import ServiceError, ValidationError


def denied(error: str, message: str) -> ServiceError:
    """Return what a program without the right grant is told."""
    return ServiceError("AccessDeniedException", message, 400, {"error": error})


def invalid(message: str) -> ServiceError:
    """Return what is said of an input that cannot be."""
    return ServiceError("ValidationException", message, 400, {"error": "INVALID_REQUEST"})


def against_the_model(error: ValidationError) -> ServiceError:
    """Say that an input breaks constraints of the model."""
    return invalid(error.message or "")


def not_found(message: str) -> ServiceError:
    """Return what is said of something that is not there, or not the caller's."""
    return ServiceError("ResourceNotFoundException", message, 404, {"error": "RESOURCE_NOT_FOUND"})


def conflict(message: str) -> ServiceError:
    """Return what is said of a wish that contradicts an earlier one."""
    return ServiceError("ConflictException", message, 409, {"error": "CONFLICT"})


def too_many(message: str) -> ServiceError:
    """Return what is said of one more than there may be."""
    return ServiceError("ServiceQuotaExceededException", message, 402, {"error": "SERVICE_QUOTA_EXCEEDED"})
