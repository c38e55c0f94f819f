"""What an encoded authorization message says. Source: `iam-sts` reference, section 13.7."""

from remit.authz import MessageInvalid, decode
from remit.errors import ServiceError
from remit.request import Call
from remit.services.sts import shapes
from remit.services.sts.registry import operation
from remit.store import Transaction


@operation("DecodeAuthorizationMessage")
def decode_authorization_message(
    call: Call[shapes.DecodeAuthorizationMessageRequest], tx: Transaction
) -> shapes.DecodeAuthorizationMessageResponse:
    """Show why a request of the caller's account was refused."""
    try:
        return {"DecodedMessage": decode(tx.keyring, call.input["EncodedMessage"], call.account)}
    except MessageInvalid:
        raise ServiceError("InvalidAuthorizationMessageException", "Message is not valid.") from None
