"""Documents made ready: which statements name an action is looked up, not tried one after the other.

Exact names, which are most, are keys of a dictionary; wildcards are tried within the services they name. Both are made
for a service when a request first asks for an action of it.
Source: `policy-evaluation` reference, 2.1.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

import msgspec

from remit.policy.evaluate.statements import CompiledStatement, compile_statement
from remit.policy.evaluate.texts import Test, text_test
from remit.policy.language.document import Document
from remit.policy.language.patterns import EVERYTHING, ActionPattern
from remit.policy.language.wildcards import pieces

_ACTIONS_KEPT = 1_024
_SERVICES_KEPT = 256
# A line with a wildcard before its colon, or without a colon; its parts are what stands before and after the colon.
_ODD_LINE = re.compile(r"\n([^\n:]*[*?][^\n:]*)(?::([^\n]*))?")


class _Service(msgspec.Struct, frozen=True):
    """Patterns of the actions of one service.

    Attributes:
        exact: name of an action -> numbers of the statements that name it.
        wild: what a name must fit, and the number of the statement.
    """

    exact: dict[str, list[int]]
    wild: list[tuple[Test, int]]


class _Names:
    """Patterns of actions, each with the number of a statement; finds the numbers whose patterns an action fits.

    The patterns stand in one text in lower case, a line each: documents name thousands of actions, and requests ask for
    those of a few services. The lines of a service are taken out when an action of it is first asked for.

    Attributes:
        _starts, _numbers: where in the text the patterns of a statement begin, and which statement that is.
        _broken: patterns that no line can hold.
        _odd: patterns whose prefix has a wildcard, as tests of prefix and name; None until the first action is asked.
        _everything: the statements that name `*`.
    """

    __slots__ = ("_broken", "_everything", "_lines", "_numbers", "_odd", "_services", "_starts")

    def __init__(self, patterns: Iterable[tuple[int, Sequence[ActionPattern]]]) -> None:
        starts: list[int] = []
        numbers: list[int] = []
        broken: list[tuple[ActionPattern, int]] = []
        parts: list[str] = []
        length = 0
        for number, found in patterns:
            part = "\n" + "\n".join([pattern.text for pattern in found])
            if part.count("\n") != len(found):
                broken += [(pattern, number) for pattern in found if "\n" in pattern.text]
                part = "".join([f"\n{pattern.text}" for pattern in found if "\n" not in pattern.text])
            part = part.lower()
            starts.append(length)
            numbers.append(number)
            parts.append(part)
            length += len(part)
        self._starts, self._numbers, self._broken = tuple(starts), tuple(numbers), tuple(broken)
        self._lines = "".join(parts)
        self._services: dict[str, _Service] = {}
        self._everything: Sequence[int] = ()
        self._odd: Sequence[tuple[Test, Test, int]] | None = None

    def find(self, action: str) -> set[int]:
        """Return the numbers of *action*, which is in lower case."""
        odd = self._odd
        if odd is None:
            odd = self._find_odd()
        found = set(self._everything)
        prefix, colon, name = action.partition(":")
        if colon:
            service = self._service(prefix)
            found.update(service.exact.get(name, ()))
            found.update([number for test, number in service.wild if test(name)])
            found.update([number for first, second, number in odd if first(prefix) and second(name)])
        for pattern, number in self._broken:
            segments = pattern.segments
            if colon and segments and text_test(segments[0])(prefix) and text_test(segments[1])(name):
                found.add(number)
        return found

    def _number(self, place: int) -> int:
        return self._numbers[bisect_right(self._starts, place) - 1]

    def _find_odd(self) -> Sequence[tuple[Test, Test, int]]:
        odd: list[tuple[Test, Test, int]] = []
        everything: list[int] = []
        for line in _ODD_LINE.finditer(self._lines):
            prefix, name = line.groups()
            if name is not None:
                odd.append((text_test(pieces(prefix)), text_test(pieces(name)), self._number(line.start())))
            elif prefix == EVERYTHING:
                everything.append(self._number(line.start()))
        self._everything, self._odd = tuple(everything), tuple(odd)
        return self._odd

    def _service(self, prefix: str) -> _Service:
        known = self._services.get(prefix)
        if known is None:
            if len(self._services) >= _SERVICES_KEPT:
                self._services.clear()
            known = self._services[prefix] = self._find_service(prefix)
        return known

    def _find_service(self, prefix: str) -> _Service:
        service = _Service({}, [])
        head = f"\n{prefix}:"
        place = self._lines.find(head)
        while place >= 0:
            start = place + len(head)
            place = self._lines.find("\n", start)
            name = self._lines[start : place if place >= 0 else None]
            number = self._number(start)
            if "*" in name or "?" in name:
                service.wild.append((text_test(pieces(name)), number))
            else:
                service.exact.setdefault(name, []).append(number)
            place = self._lines.find(head, place) if place >= 0 else -1
        return service


class CompiledDocument:
    """A document, made ready; statements are compiled when an action first reaches them."""

    __slots__ = ("_by_action", "_compiled", "_names", "_negated", "_not_names", "_statements")

    def __init__(self, document: Document) -> None:
        # INVARIANT: nothing here refers to the document itself, which could not be forgotten otherwise.
        self._statements = document.statements
        numbered = list(enumerate(document.statements))
        negated = [(number, statement.not_actions) for number, statement in numbered if not statement.actions]
        self._names = _Names((number, statement.actions) for number, statement in numbered if statement.actions)
        self._not_names = _Names(negated) if negated else None
        self._negated = frozenset([number for number, _ in negated])
        self._compiled: list[CompiledStatement | None] = [None] * len(document.statements)
        self._by_action: dict[str, tuple[CompiledStatement, ...]] = {}

    def naming(self, action: str) -> Sequence[CompiledStatement]:
        """Return the statements whose actions *action*, in lower case, fits; in their order."""
        found = self._by_action.get(action)
        if found is None:
            numbers = self._names.find(action)
            if self._not_names is not None:
                numbers |= self._negated - self._not_names.find(action)
            found = tuple(map(self.statement, sorted(numbers)))
            if len(self._by_action) >= _ACTIONS_KEPT:
                self._by_action.clear()
            self._by_action[action] = found
        return found

    def statement(self, number: int) -> CompiledStatement:
        """Return a statement, compiled if it was not yet."""
        compiled = self._compiled[number]
        if compiled is None:
            compiled = self._compiled[number] = compile_statement(self._statements[number], number)
        return compiled


# For as long as somebody keeps the document.
_compiled_documents: WeakKeyDictionary[Document, CompiledDocument] = WeakKeyDictionary()


def compiled_document(document: Document) -> CompiledDocument:
    """Return *document*, made ready."""
    compiled = _compiled_documents.get(document)
    if compiled is None:
        compiled = _compiled_documents[document] = CompiledDocument(document)
    return compiled
