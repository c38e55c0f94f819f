"""Paths of the REST protocols: from method and path to the operation and the labels in the path.

A template is `/accounts/{accountId}/users`, `/objects/{key+}` with a greedy label that takes slashes, or has parameters
that must be there, `/tags?operation=tag`. A word goes before a label and a label before a greedy one, as Smithy orders
them; among operations of one path, the one with the most parameters that the request fulfils is meant. A slash at the
end does not count.
Source: Smithy, "HTTP binding traits", "Routing".
"""

from collections.abc import Iterable

import msgspec

from remit.wire import forms
from remit.wire.models import OperationModel

# A path deeper than any template's needs no look; it also bounds the search.
SEGMENTS_MAX = 256


class _Leaf(msgspec.Struct):
    """An operation at the end of its path."""

    operation: str
    labels: list[str]
    literals: list[tuple[str, str | None]]


class _Node(msgspec.Struct):
    """A place in the tree of templates."""

    words: dict[str, "_Node"] = {}
    label: "_Node | None" = None
    greedy: "_Node | None" = None
    leaves: list[_Leaf] = []


def query_literals(template: str) -> list[tuple[str, str | None]]:
    """List the parameters that a template demands: name and value, None for one without `=`."""
    _, _, query = template.partition("?")
    found: list[tuple[str, str | None]] = []
    for piece in query.split("&") if query else ():
        name, separator, value = piece.partition("=")
        found.append((name, value if separator else None))
    return found


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/") if path.strip("/") else []


class Paths:
    """The templates of one service."""

    def __init__(self, operations: Iterable[OperationModel]) -> None:
        self._methods: dict[str, _Node] = {}
        for operation in operations:
            self._add(operation)

    def _add(self, operation: OperationModel) -> None:
        template = operation.http.request_uri
        node = self._methods.setdefault(operation.http.method, _Node())
        labels: list[str] = []
        for segment in _segments(template.partition("?")[0]):
            if segment.startswith("{"):
                labels.append(segment.strip("{}+"))
                if segment.endswith("+}"):
                    node.greedy = node.greedy or _Node()
                    node = node.greedy
                else:
                    node.label = node.label or _Node()
                    node = node.label
            else:
                node = node.words.setdefault(segment, _Node())
        node.leaves.append(_Leaf(operation.name, labels, query_literals(template)))

    def find(self, method: str, path: str, query: str) -> tuple[str, dict[str, str]] | None:
        """Find the operation and the values of its labels, still percent-encoded; None if there is none.

        Raises:
            MalformedQueryString: the templates of the path differ in parameters, and the query string cannot be read.
        """
        root = self._methods.get(method)
        # A slash at the end is not counted; one at the front is always there.
        segments = path[1:].split("/")
        while segments and not segments[-1]:
            segments.pop()
        if root is None or len(segments) > SEGMENTS_MAX:
            return None
        return _search(root, segments, 0, [], query)


def _search(
    node: _Node, segments: list[str], at: int, values: list[str], query: str
) -> tuple[str, dict[str, str]] | None:
    if at == len(segments):
        return _choose(node.leaves, values, query)
    segment = segments[at]
    child = node.words.get(segment)
    found = _search(child, segments, at + 1, values, query) if child else None
    if found is None and node.label and segment:
        found = _search(node.label, segments, at + 1, [*values, segment], query)
    if found is None and node.greedy:
        found = _greedy(node.greedy, segments, at, values, query)
    return found


def _greedy(
    node: _Node, segments: list[str], at: int, values: list[str], query: str
) -> tuple[str, dict[str, str]] | None:
    """A greedy label takes as much as it can; a template that goes on after it is more exact and comes first."""
    for end in (*range(len(segments) - 1, at, -1), len(segments)):
        found = _search(node, segments, end, [*values, "/".join(segments[at:end])], query)
        if found is not None:
            return found
    return None


def _choose(leaves: list[_Leaf], values: list[str], query: str) -> tuple[str, dict[str, str]] | None:
    given: dict[str, list[str]] = {}
    if query and any(leaf.literals for leaf in leaves):
        for name, value in forms.pairs(query):
            given.setdefault(name, []).append(value)
    fulfilled = [
        leaf
        for leaf in leaves
        if all(name in given and (value is None or value in given[name]) for name, value in leaf.literals)
    ]
    if not fulfilled:
        return None
    leaf = max(fulfilled, key=lambda leaf: len(leaf.literals))
    return leaf.operation, dict(zip(leaf.labels, values, strict=True))
