"""The backends that can answer cases of kind `decide`."""

from collections.abc import Callable, Mapping

from remit.policy import Decision, Policies, Request, reference

Backend = Callable[[Policies, Request], Decision]

BACKENDS: Mapping[str, Backend] = {"reference": reference.decide}
