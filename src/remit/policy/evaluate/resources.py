"""Resources made into checks.

Most patterns are a whole ARN, or an ARN that ends in a star: those are compared with the request's ARN as it is. The
others are compared part by part.
Source: `policy-evaluation` reference, 2.2.
"""

import re
from collections.abc import Callable, Sequence

from remit.policy.evaluate.checks import Check, never
from remit.policy.evaluate.index import Head
from remit.policy.evaluate.texts import Filled, Test, filled, is_any, static, text_test
from remit.policy.language.patterns import ARN_PARTS, EVERYTHING, ResourcePattern
from remit.policy.language.request import Request
from remit.policy.language.variables import Template, resolved
from remit.policy.language.wildcards import Wildcard, glob, pieces

_BEFORE_WILDCARD = re.compile(r"[^*?]+")

# Whether an ARN, taken apart, fits; the request is there for variables.
_PartsTest = Callable[[list[str], Request], bool]


class _Patterns:
    """Patterns, sorted by what it takes to compare them."""

    __slots__ = ("fillings", "others", "starts", "wholes")

    def __init__(self, patterns: Sequence[ResourcePattern]) -> None:
        self.wholes: set[str] = set()
        self.starts: list[str] = []
        self.fillings: list[tuple[Filled, bool]] = []
        self.others: list[ResourcePattern] = []
        for pattern in patterns:
            head = _plain(pattern)
            if head is None:
                self._add(pattern)
            elif head.is_whole:
                self.wholes.add(head.text)
            else:
                self.starts.append(head.text)

    def _add(self, pattern: ResourcePattern) -> None:
        if _has_static_parts(pattern):
            self.others.append(pattern)
            return
        segments = pattern.segments
        if not segments or any(":" in part for segment in segments[:-1] for part in segment if isinstance(part, str)):
            return  # it has fewer than six parts, or a colon in one of the first five: no ARN is like that
        front = _front(segments)
        filling = None if front is None else _filling(front, segments[-1])
        if filling is not None:
            self.fillings.append(filling)
        else:
            self.others.append(pattern)


class _Others:
    """Patterns that are compared part by part; made into tests when a request first gets so far."""

    __slots__ = ("_patterns", "_tests")

    def __init__(self, patterns: Sequence[ResourcePattern]) -> None:
        self._patterns = patterns
        self._tests: list[_PartsTest] | None = None

    def fit(self, arn: str, request: Request) -> bool:
        """Say whether *arn* fits one of them."""
        tests = self._tests
        if tests is None:
            tests = self._tests = [
                _static_parts_test(pattern.text) if _has_static_parts(pattern) else _parts_test(pattern.segments)
                for pattern in self._patterns
            ]
        parts = arn.split(":", ARN_PARTS - 1)
        if len(parts) == ARN_PARTS:
            for test in tests:
                if test(parts, request):
                    return True
        return False

    def check(self, request: Request) -> bool:
        """Say whether the request's resource fits one of them."""
        return self.fit(request.resource.arn, request)


def _plain(pattern: ResourcePattern) -> Head | None:
    """Return the ARN that *pattern* is, or begins with before a star at its end; None if it is not that simple."""
    text = pattern.text
    start = text.removesuffix("*")
    if "*" in start or "?" in start or "${" in start or start.count(":") < ARN_PARTS - 1:
        return None
    return Head(start, is_whole=len(start) == len(text))


def _has_static_parts(pattern: ResourcePattern) -> bool:
    """Say whether *pattern* can be taken apart as it is written: six parts and no variable."""
    return "${" not in pattern.text and pattern.text.count(":") >= ARN_PARTS - 1


def heads(patterns: Sequence[ResourcePattern]) -> tuple[Head, ...] | None:
    """Return what the sixth part of a resource that fits one of *patterns* begins with; None if it may be anything."""
    found: list[Head] = []
    for pattern in patterns:
        if pattern.is_everything:
            return None
        if _has_static_parts(pattern):
            last = pattern.text.split(":", ARN_PARTS - 1)[-1]
            start = _BEFORE_WILDCARD.match(last)
            text, is_whole = ("", False) if start is None else (start[0], start[0] == last)
        else:
            segments = pattern.segments
            if not segments:
                continue  # it matches nothing
            first = segments[-1][0] if segments[-1] else ""
            text, is_whole = (first, len(segments[-1]) == 1) if isinstance(first, str) else ("", False)
        if not text:
            return None
        found.append(Head(text, is_whole))
    return tuple(found)


def resource_check(patterns: Sequence[ResourcePattern]) -> Check | None:
    """Make a check that the request's resource fits one of *patterns*."""
    if any(pattern.is_everything for pattern in patterns):
        return None
    found = _Patterns(patterns)
    wholes, starts = frozenset(found.wholes), tuple(found.starts)
    if found.fillings or found.others:
        if len(found.fillings) == 1 and not (wholes or starts or found.others):
            filling, is_start = found.fillings[0]
            return _filled_check(filling, is_start=is_start)
        others = _Others(tuple(found.others))
        if not (wholes or starts or found.fillings):
            return others.check
        return _any_of_all(wholes, starts, tuple(found.fillings), others)
    return _literal_check(wholes, starts)


def _literal_check(wholes: frozenset[str], starts: tuple[str, ...]) -> Check:
    if not starts:
        if len(wholes) == 1:
            (only,) = wholes
            return lambda request: request.resource.arn == only
        return (lambda request: request.resource.arn in wholes) if wholes else never
    if not wholes:
        start = starts[0] if len(starts) == 1 else starts
        return lambda request: request.resource.arn.startswith(start)

    def check(request: Request) -> bool:
        arn = request.resource.arn
        return arn in wholes or arn.startswith(starts)

    return check


def _front(segments: tuple[Template, ...]) -> str | None:
    """Return the first five parts with their colons; None if one of them is more than a literal."""
    parts: list[str] = []
    for segment in segments[:-1]:
        match segment:
            case ():
                parts.append("")
            case (str() as literal,):
                parts.append(literal)
            case _:
                return None
    return ":".join([*parts, ""])


def _filling(front: str, last: Template) -> tuple[Filled, bool] | None:
    """Return the ARN with its one place to fill, and whether a star follows; None if it is not that simple."""
    is_start = last[-1:] == (Wildcard.ANY,)
    kept = last[:-1] if is_start else last
    first = kept[0] if kept else ""
    filling = filled((front + first, *kept[1:]) if isinstance(first, str) else (front, *kept))
    return None if filling is None else (filling, is_start)


def _filled_check(filling: Filled, *, is_start: bool) -> Check:
    before, key, after = filling.before, filling.key, filling.after
    otherwise = None if filling.default is None else before + filling.default + after

    def starts(request: Request) -> bool:
        value = request.context.get(key)
        if isinstance(value, str):
            return request.resource.arn.startswith(f"{before}{value}{after}")
        return otherwise is not None and request.resource.arn.startswith(otherwise)

    def equals(request: Request) -> bool:
        value = request.context.get(key)
        return request.resource.arn == (f"{before}{value}{after}" if isinstance(value, str) else otherwise)

    return starts if is_start else equals


def _any_of_all(
    wholes: frozenset[str],
    starts: tuple[str, ...],
    fillings: tuple[tuple[Filled, bool], ...],
    others: _Others,
) -> Check:
    def check(request: Request) -> bool:
        arn = request.resource.arn
        if arn in wholes or arn.startswith(starts):
            return True
        for filling, is_start in fillings:
            written = filling.text(request)
            if written is not None and (arn.startswith(written) if is_start else arn == written):
                return True
        return others.fit(arn, request)

    return check


def _static_parts_test(text: str) -> _PartsTest:
    literals: list[tuple[int, str]] = []
    tests: list[tuple[int, Test]] = []
    for place, part in enumerate(text.split(":", ARN_PARTS - 1)):
        if "*" not in part and "?" not in part:
            literals.append((place, part))
        elif part != EVERYTHING:
            tests.append((place, text_test(pieces(part))))

    def fits(parts: list[str], _: Request) -> bool:
        for place, literal in literals:
            if parts[place] != literal:
                return False
        for place, test in tests:  # noqa: SIM110  # a generator takes as long as the tests
            if not test(parts[place]):
                return False
        return True

    return fits


def _parts_test(segments: tuple[Template, ...]) -> _PartsTest:
    tests: list[tuple[int, Test]] = []
    for place, segment in enumerate(segments):
        fixed = static(segment)
        if fixed is not None and not is_any(fixed):
            tests.append((place, text_test(fixed)))
    last = segments[-1]
    if static(last) is not None:
        return lambda parts, _: all(test(parts[place]) for place, test in tests)

    # Variables mean something in the sixth part only (R9).
    def fits(parts: list[str], request: Request) -> bool:
        if not all(test(parts[place]) for place, test in tests):
            return False
        filled_in = resolved(last, request.context)
        return filled_in is not None and glob(filled_in).matches(parts[-1])

    return fits
