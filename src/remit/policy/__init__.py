"""The IAM policy language, and what it decides.

A library of its own: no I/O, no AWS calls, nothing of Remit but ARNs and ids.

    document = parse(text)
    decision = decide(Policies(identity=(Policy(document),)), Request(...))
    access_denied_message(...)
    compile(document).decide(action="s3:GetObject")         the same from JSON, for users without a server

`decide` is the compiled backend's; `remit.policy.reference` is the definition that it is held to.
Specification: the `policy-evaluation` reference; its rule numbers (`C14`) are cited in code and tests.
"""

from remit.policy.evaluate import decide
from remit.policy.language.acceptance import CHARACTERS_MAX, PolicyType, acceptance_failure
from remit.policy.language.decision import Decision, Match, Verdict
from remit.policy.language.document import Document, PrincipalType, Statement
from remit.policy.language.layers import Layer
from remit.policy.language.messages import access_denied_message, reason
from remit.policy.language.parsing import DocumentMalformed, parse
from remit.policy.language.policies import Policies, Policy
from remit.policy.language.positions import Position, Span, Spans, position, spans
from remit.policy.language.printing import normal_form, to_json
from remit.policy.language.request import (
    ContextValue,
    Principal,
    PrincipalKind,
    Request,
    Resource,
    ResourceKind,
    folded,
)
from remit.policy.library import Answer, CompiledPolicy, compile  # noqa: A004  # the word of the field, as in `re`

__all__ = [
    "CHARACTERS_MAX",
    "Answer",
    "CompiledPolicy",
    "ContextValue",
    "Decision",
    "Document",
    "DocumentMalformed",
    "Layer",
    "Match",
    "Policies",
    "Policy",
    "PolicyType",
    "Position",
    "Principal",
    "PrincipalKind",
    "PrincipalType",
    "Request",
    "Resource",
    "ResourceKind",
    "Span",
    "Spans",
    "Statement",
    "Verdict",
    "acceptance_failure",
    "access_denied_message",
    "compile",
    "decide",
    "folded",
    "normal_form",
    "parse",
    "position",
    "reason",
    "spans",
    "to_json",
]
