"""How often something is tried that others may hinder for a while, and how long is waited before the next attempt.

For whatever the server does later and again: notifications, deliveries of exports.
"""

from datetime import timedelta

ATTEMPTS_MAX = 10
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


def wait_after(attempts: int) -> timedelta:
    """Say how long after attempt number *attempts*, from 1, the next one is due: a minute, then twice as long each."""
    return min(_FIRST_WAIT * (1 << (attempts - 1)), _LONGEST_WAIT)
