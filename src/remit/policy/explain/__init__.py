"""Explains a decision: what every layer says, which statements nearly applied, and what would turn the answer.

    explanation = explain(policies, request)
    text(explanation, request)                for a terminal
    as_data(explanation)                      for everything else

It decides as `remit.policy.reference` does.
"""

from remit.policy.explain.explaining import explain
from remit.policy.explain.explanation import Change, Explanation, Finding, LayerFindings, Miss, Says
from remit.policy.explain.words import as_data, text

__all__ = ["Change", "Explanation", "Finding", "LayerFindings", "Miss", "Says", "as_data", "explain", "text"]
