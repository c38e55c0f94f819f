"""Why a request was refused, told to those of its account who may ask: the policies as they were, and what each says.

Source: `console` reference, 5.7; IAM Toolbox API reference.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from remit.authz import Question, question_of_refusal
from remit.errors import ServiceError
from remit.request import Call
from remit.services.iam_toolbox import shapes
from remit.services.iam_toolbox.evaluation import details
from remit.services.iam_toolbox.registry import operation
from remit.services.iam_toolbox.sources import sources
from remit.store import Transaction

T = TypeVar("T")

# Longer than another process takes to store a refusal that it has answered.
_SECONDS = 0.25


@operation("GetRequestAuthorizationDetails")
def get_request_authorization_details(
    call: Call[shapes.GetRequestAuthorizationDetailsInput], tx: Transaction
) -> shapes.GetRequestAuthorizationDetailsOutput:
    """Show what was asked, what came of it, and which policies took part; a request is refused for one pair."""
    if call.input.get("nextToken") is not None:
        raise ServiceError("ValidationException", "The nextToken is not valid.")
    found = _of_refusal(call, tx, call.input["authorizationId"], details)
    if found is None:
        raise _not_there("authorization details")
    return found


@operation("GetRequestAuthorizationPolicy")
def get_request_authorization_policy(
    call: Call[shapes.GetRequestAuthorizationPolicyInput], tx: Transaction
) -> shapes.GetRequestAuthorizationPolicyOutput:
    """Show a policy as it was when the request was refused."""
    uri = call.input["policyUri"]

    def document(question: Question) -> str | None:
        return next((found.policy.document.text for found in sources(question) if found.uri == uri), None)

    text = _of_refusal(call, tx, call.input["authorizationId"], document)
    if text is None:
        raise _not_there("policy")
    return {"policyDocument": msgspec.json.decode(text)}


def _of_refusal(
    call: Call[shapes.GetRequestAuthorizationDetailsInput] | Call[shapes.GetRequestAuthorizationPolicyInput],
    tx: Transaction,
    id_: str,
    tell: Callable[[Question], T],
) -> T | None:
    """Return what *tell* makes of the refusal with the authorization id *id_*; None if the account has none."""

    def work() -> tuple[bool, T | None]:
        question = question_of_refusal(tx.look_up, call.account, id_)
        return question is not None, None if question is None else tell(question)

    is_there, told = call.slowly("refusal", work)
    return told if is_there else call.slowly("refusal of another process", work, _SECONDS)[1]


def _not_there(what: str) -> ServiceError:
    return ServiceError(
        "ResourceNotFoundException",
        f"The requested {what} could not be found. Verify the authorization id, and that the caller belongs to the "
        "account whose request was refused.",
        404,
    )
