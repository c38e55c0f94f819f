"""Readers of hostile input, each in a process of its own that has limits and inherits nothing.

A reader is a function of bytes that returns bytes. It says no by raising `Refusal`; whatever else happens to it, an
endless loop, a bomb, a crash of a library in C, ends its process and is a `ConfinedError` here:

    ConfinedError
    ├── Refused       the reader raised `Refusal`; the message is the reader's
    ├── TookTooLong   it had not ended after the seconds of computing that it was given, or twice that by the clock
    ├── TookTooMuch   it asked for more memory than it was given
    └── Crashed       it ended in any other way, or answered more than is taken

INVARIANT: when `run` returns or raises, its process has ended, and what that one started has been killed.
A parent that is killed leaves none behind for longer than the seconds that were given: the child has an alarm of its
own.

`run` blocks: call it from a thread, never on the event loop. It takes about 50 ms to start a child.
This package knows nothing of the rest of Remit, and loads nothing that the reader does not need.
"""

from remit.confined.errors import ConfinedError, Crashed, Refusal, Refused, TookTooLong, TookTooMuch
from remit.confined.parent import MEMORY_BYTES, SECONDS, run

__all__ = [
    "MEMORY_BYTES",
    "SECONDS",
    "ConfinedError",
    "Crashed",
    "Refusal",
    "Refused",
    "TookTooLong",
    "TookTooMuch",
    "run",
]
