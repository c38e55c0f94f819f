"""Checks: questions to a request that a statement asks, made once and asked often.

None stands for a check that always holds, so that what always holds costs nothing.
"""

from collections.abc import Callable, Sequence

from remit.policy.language.request import Request

Check = Callable[[Request], bool]


def never(_: Request) -> bool:
    """Hold for no request."""
    return False


def always(_: Request) -> bool:
    """Hold for every request."""
    return True


def all_of(checks: Sequence[Check | None]) -> Check | None:
    """Make one check that holds when all of *checks* do."""
    asked = [check for check in checks if check is not None]
    if not asked or never in asked:
        return never if asked else None
    if len(asked) == 1:
        return asked[0]
    first, second, others = asked[0], asked[1], all_of(asked[2:])
    if others is None:
        return lambda request: first(request) and second(request)
    return lambda request: first(request) and second(request) and others(request)
