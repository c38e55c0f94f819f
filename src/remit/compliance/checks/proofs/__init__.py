"""Proofs: whether any request of a kind would be allowed, found out by asking the policy engine about every class.

    match find(policies, Question(callers=outsiders(...), targets=(Target(actions=(...), resources=(...)),))):
        case Found(words=words): ...          a request that is allowed
        case Exhausted(): ...                 none is, and every class was tried
        case Sampled(why=why): ...            none was found, but not every class was tried

How classes are found, and what the word *every* means: docs/proved-checks.md.
"""

from remit.compliance.checks.proofs.callers import (
    OUTSIDE,
    anonymous,
    members,
    outsiders,
    service_of,
    stranger_account,
    strangers,
)
from remit.compliance.checks.proofs.question import Answer, Caller, Exhausted, Found, Question, Sampled, Target
from remit.compliance.checks.proofs.search import REQUESTS_MAX, Ready, find
from remit.compliance.checks.proofs.values import ABSENT, Domain, only

__all__ = [
    "ABSENT",
    "OUTSIDE",
    "REQUESTS_MAX",
    "Answer",
    "Caller",
    "Domain",
    "Exhausted",
    "Found",
    "Question",
    "Ready",
    "Sampled",
    "Target",
    "anonymous",
    "find",
    "members",
    "only",
    "outsiders",
    "service_of",
    "stranger_account",
    "strangers",
]
