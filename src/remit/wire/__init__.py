"""AWS's wire protocols, from botocore's service models: what a request asks for, and how an answer is written.

A `Wire` knows some services. It routes a request to an operation, reads its input by the model's names and checks the
model's constraints, and writes outputs and errors, in the protocol that the caller speaks: query, json or rest-json. It
neither verifies signatures nor decides anything.
"""

from remit.wire.facts import ErrorFacts, OperationFacts
from remit.wire.routing import RouteFailed, Unrouted, scope_service
from remit.wire.wire import Wire

__all__ = ["ErrorFacts", "OperationFacts", "RouteFailed", "Unrouted", "Wire", "scope_service"]
