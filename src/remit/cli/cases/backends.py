"""The backends that can answer cases of kind `decide`."""

from collections.abc import Callable, Mapping

from remit.policy import Decision, Policies, Request, evaluate, explain, reference

Backend = Callable[[Policies, Request], Decision]


def _explain(policies: Policies, request: Request) -> Decision:
    return explain.explain(policies, request).decision


BACKENDS: Mapping[str, Backend] = {"reference": reference.decide, "evaluate": evaluate.decide, "explain": _explain}
