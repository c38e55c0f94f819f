"""What one operation sounds like in one protocol: how its input is read and its output written.

Each protocol is a module with a class that makes a `Speech` for an operation when it is first asked for. A further
protocol is a further module, and one line in `wire.py`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from remit.request import HttpResponse, Routed
from remit.wire.faults import Fault
from remit.wire.models import OperationModel

Read = Callable[[Routed, bytes], dict[str, Any]]
Write = Callable[[str, Mapping[str, Any]], HttpResponse]


class Speech(msgspec.Struct, frozen=True):
    """One operation in one protocol.

    Attributes:
        read: the input, by the model's names, not yet checked for constraints; raises ServiceError.
        write: the answer to a request of this id, from the output by the model's names.
    """

    read: Read
    write: Write


class Speaker(Protocol):
    """One service in one protocol."""

    def speech(self, operation: OperationModel) -> Speech:
        """Make what reads and writes the operation."""
        ...

    def refuse(self, fault: Fault, request_id: str) -> HttpResponse:
        """Write an error."""
        ...
