"""Policies of several levels become one tree of values.

    (1) Levels go in order: the root, each unit on the path, the account.
    (2) Within a level, the first @@assign of a setting counts, all @@append add up, and then @@remove takes away.
    (3) What a level's control operators forbid binds the levels below it. Several at one node: what all of them allow.
    (4) An operator that is not allowed at its node is ignored.
    (5) A new key under a section counts as @@append or @@assign on the section.
    (6) Keys compare without regard to case; the spelling that came first stays.
    (7) The result has values and no operators. A list that @@remove emptied, and a section without values, leave it.

Source: Organizations User Guide, "Understanding management policy inheritance"; `organizations` reference, 10.2.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from remit.policy.management.operators import ADDS, CONTROL, Allowed, Operator, allowed
from remit.policy.management.tree import NOTHING, Node, Source

Document = Mapping[str, Any]

_ASSIGN, _APPEND, _REMOVE = (operator.value for operator in Operator)
_ADDS = int(ADDS)


def merged(levels: Sequence[Sequence[Document]], operators: Allowed) -> Node:
    """Merge policies, root first; the node that is returned is the whole document's.

    Args:
        levels: of each level, the policies in the order in which they were attached.
        operators: those that the policy type knows; others are ignored.
    """
    root = Node("")
    for level, policies in enumerate(levels):
        _Level(level, operators).lay_over(root, policies)
    return root


class _Level:
    """One level on its way in: policy by policy, and what waits for the last of them."""

    def __init__(self, number: int, operators: Allowed) -> None:
        self._number = number
        self._assigns, self._appends, self._removes = (
            int(operators & operator) for operator in (Allowed.ASSIGN, Allowed.APPEND, Allowed.REMOVE)
        )
        self._source = Source(number, 0)
        self._sources = (self._source,)
        self._removals: list[tuple[Node, list[Any], Source]] = []
        self._controls: list[tuple[Node, int]] = []

    def lay_over(self, root: Node, policies: Sequence[Document]) -> None:
        """Merge the level's policies into what the levels above have made."""
        for place, policy in enumerate(policies):
            self._source = Source(self._number, place)
            self._sources = (self._source,)
            self._merge(root, policy)
        for node, values, source in self._removals:
            _remove(node, values, source)
        for node, control in self._controls:
            node.allowed &= control

    def _merge(self, section: Node, written: Document) -> None:
        below = section.below
        for key, value in written.items():
            if value.__class__ is not dict:
                if key == CONTROL and value.__class__ is list:
                    self._controls.append((section, allowed(value)))
                continue
            node = below.get(key) or below.get(key.lower())
            if node is None:
                if not section.allowed & _ADDS:
                    continue
                node = below[key.lower()] = Node(key)
            if _ASSIGN in value and len(value) == 1:
                self._assign(node, value[_ASSIGN])
            elif _ASSIGN in value or _APPEND in value or _REMOVE in value:
                self._set(section, node, value)
            else:
                self._merge(node, value)

    def _set(self, section: Node, node: Node, written: Document) -> None:
        """Carry out the operators at a setting of *section*.

        A setting that is written inside another one counts as one beside it: AWS's own example writes `enforced_for`
        inside `tag_value`, and it has its effect ("Example 3: Remove values from inherited tags").
        """
        if _ASSIGN in written:
            self._assign(node, written[_ASSIGN])
        if _APPEND in written and written[_APPEND].__class__ is list:
            self._append(node, written[_APPEND])
        if _REMOVE in written and written[_REMOVE].__class__ is list and node.allowed & self._removes:
            self._removals.append((node, written[_REMOVE], self._source))
        for key, value in written.items():
            if key == CONTROL and value.__class__ is list:
                self._controls.append((node, allowed(value)))
            elif value.__class__ is dict and key != _ASSIGN:
                self._merge(section, {key: value})

    def _assign(self, node: Node, value: Any) -> None:
        number = self._number
        if node.assigned_at == number or not node.allowed & self._assigns:
            return
        node.assigned_at = number
        if node.appended_at == number and value.__class__ is list:
            node.value = _united(value, node.appended)
            node.sources = (*(source for source in node.sources if source.level == number), self._source)
        else:
            node.value = value
            node.sources = self._sources

    def _append(self, node: Node, values: list[Any]) -> None:
        if not node.allowed & self._appends:
            return
        if node.value is NOTHING:
            node.value = []
        elif node.value.__class__ is not list:
            return
        if node.appended_at != self._number:
            node.appended_at, node.appended = self._number, ()
        node.appended += tuple(values)
        node.value = _united(node.value, values)
        node.sources += self._sources


def _remove(node: Node, values: list[Any], source: Source) -> None:
    if node.value.__class__ is not list:
        return
    kept = [value for value in node.value if value not in values]
    if len(kept) < len(node.value):
        node.value = kept or NOTHING
        node.sources = (*node.sources, source)


def _united(values: Sequence[Any], more: Sequence[Any]) -> list[Any]:
    """Return *values* and those of *more* that are not among them, each once."""
    try:
        return list(dict.fromkeys((*values, *more)))
    except TypeError:  # lists and objects among them
        united: list[Any] = []
        for value in (*values, *more):
            if value not in united:
                united.append(value)
        return united
