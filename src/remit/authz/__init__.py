"""May they: which policies apply to a call, what is known of it, which resources it touches, and the answer.

`authorize` is the only thing that makes a `Call`.
"""

from remit.authz.authorize import Question, Refused, ask, authorize, principal, refusal, standing_context
from remit.authz.context import Network
from remit.authz.resources import Target

__all__ = ["Network", "Question", "Refused", "Target", "ask", "authorize", "principal", "refusal", "standing_context"]
