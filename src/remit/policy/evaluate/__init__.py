"""Answers requests: policies are compiled once and asked often.

    decision = decide(policies, request)                    compiled sets are kept
    verdict = compile_policies(policies).verdict(request)   the answer alone, several times as fast

It answers as `remit.policy.reference` does.
"""

from remit.policy.evaluate.compiled import Compiled, compile_policies, decide
from remit.policy.evaluate.documents import compiled_document

__all__ = ["Compiled", "compile_policies", "compiled_document", "decide"]
