"""A round of billing in a process of its own, which a server starts: `python -m remit.endpoint.billing_round`.

    standard input     the settings, a line of JSON; then nothing, until the server ends
    standard output    what came of it, JSON; a sentence where the store stood against it, and the exit status is 1

It takes what others leave of the processor, and ends with its server: a ledger is whole whenever that is.
"""

import os
import sys
import threading

import msgspec

from remit.clock import SystemClock
from remit.endpoint.settings import Settings

_NICEST = 19
_ORPHANED = 3


def main() -> int:
    """Do a round."""
    os.nice(_NICEST)
    settings = msgspec.json.decode(sys.stdin.buffer.readline(), type=Settings, dec_hook=lambda kind, value: kind(value))
    threading.Thread(target=_end_with_server, daemon=True).start()

    from remit.billing.monthly.rounds import go_round
    from remit.endpoint.stores import open_database
    from remit.store import StoreError

    try:
        database = open_database(settings)
        try:
            done = go_round(database, settings.data, SystemClock().now())
        finally:
            database.close_now()
    except StoreError as error:
        sys.stdout.write(str(error))
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(done))
    return 0


def _end_with_server() -> None:
    os.read(sys.stdin.fileno(), 1)  # not by the buffer, whose lock this thread would hold when the process ends
    os._exit(_ORPHANED)


if __name__ == "__main__":
    sys.exit(main())
