"""May they: which policies apply to a call, what is known of it, which resources it touches, and the answer.

`authorize` is the only thing that makes a `Call`; `question_of` asks without a request, for people.
"""

from remit.authz.authorize import Question, Refused, authorization_id, authorize
from remit.authz.denials import Denials, question_of_refusal
from remit.authz.encoded import MessageInvalid, decode, encode
from remit.authz.explanation import as_data, text
from remit.authz.questions import question_of, question_of_record

__all__ = [
    "Denials",
    "MessageInvalid",
    "Question",
    "Refused",
    "as_data",
    "authorization_id",
    "authorize",
    "decode",
    "encode",
    "question_of",
    "question_of_record",
    "question_of_refusal",
    "text",
]
