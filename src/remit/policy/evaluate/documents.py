"""Documents made ready: which statements name an action is looked up, not tried one after the other.

Exact names, which are most, are keys of a dictionary; wildcards are tried within the services they name.
Source: `policy-evaluation` reference, 2.1.
"""

from collections.abc import Iterable, Iterator, Sequence
from weakref import WeakKeyDictionary

from remit.policy.evaluate.statements import CompiledStatement, compile_statement
from remit.policy.evaluate.texts import Test, text_test
from remit.policy.language.document import Document
from remit.policy.language.patterns import EVERYTHING, ActionPattern
from remit.policy.language.wildcards import pieces

_ACTIONS_KEPT = 1_024


class _Names:
    """Patterns of actions, each with the number of a statement; finds the numbers whose patterns an action fits."""

    __slots__ = ("_everything", "_exact", "_odd", "_wild")

    def __init__(self) -> None:
        self._exact: dict[str, list[int]] = {}
        # By service; the names are made ready when somebody first asks for an action of it.
        self._wild: dict[str, list[tuple[str | Test, int]]] = {}
        self._odd: list[tuple[Test, Test, int]] = []
        self._everything: list[int] = []

    def add(self, patterns: Iterable[ActionPattern], number: int) -> None:
        exact = self._exact
        for pattern in patterns:
            text = pattern.text
            if "*" in text or "?" in text:
                self._add_wild(text, number)
                continue
            text = text.lower()
            known = exact.get(text)
            if known is None:
                exact[text] = [number]
            else:
                known.append(number)

    def _add_wild(self, text: str, number: int) -> None:
        service, colon, name = text.lower().partition(":")
        if text == EVERYTHING:
            self._everything.append(number)
        elif "*" in service or "?" in service:
            if colon:
                self._odd.append((text_test(pieces(service)), text_test(pieces(name)), number))
        elif colon:
            self._wild.setdefault(service, []).append((name, number))

    def find(self, action: str) -> set[int]:
        """Return the numbers of *action*, which is in lower case."""
        found = {*self._everything, *self._exact.get(action, ())}
        service, colon, name = action.partition(":")
        if colon:
            found.update([number for test, number in self._tests(service) if test(name)])
            found.update([number for first, second, number in self._odd if first(service) and second(name)])
        return found

    def _tests(self, service: str) -> Iterator[tuple[Test, int]]:
        wild = self._wild.get(service, [])
        for place, (test, number) in enumerate(wild):
            if isinstance(test, str):
                made = text_test(pieces(test))
                wild[place] = made, number
                yield made, number
            else:
                yield test, number


class CompiledDocument:
    """A document, made ready; statements are compiled when an action first reaches them."""

    __slots__ = ("_by_action", "_compiled", "_names", "_negated", "_not_names", "_statements")

    def __init__(self, document: Document) -> None:
        # INVARIANT: nothing here refers to the document itself, which could not be forgotten otherwise.
        self._statements = document.statements
        self._names = _Names()
        self._not_names = _Names()
        negated: list[int] = []
        for number, statement in enumerate(document.statements):
            if statement.actions:
                self._names.add(statement.actions, number)
            else:
                negated.append(number)
                self._not_names.add(statement.not_actions, number)
        self._negated = frozenset(negated)
        self._compiled: list[CompiledStatement | None] = [None] * len(document.statements)
        self._by_action: dict[str, tuple[CompiledStatement, ...]] = {}

    def naming(self, action: str) -> Sequence[CompiledStatement]:
        """Return the statements whose actions *action*, in lower case, fits; in their order."""
        found = self._by_action.get(action)
        if found is None:
            numbers = self._names.find(action)
            if self._negated:
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
