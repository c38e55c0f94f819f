"""When a half of a row counts: expressions over what an account has.

    has('ec2:instance') and not in_organization()

The words of Python, parsed by Python and carried out by us: `has(KIND)`, `in_organization()`, `is_management()`, `and`,
`or`, `not`. What is not known stays unknown unless the rest decides.
"""

import ast
from collections.abc import Callable, Mapping

from remit.compliance.checks.kinds import KINDS
from remit.compliance.model.inventory import Inventory

_CHARACTERS_MAX = 2000
_QUESTIONS: Mapping[str, Callable[[Inventory], bool | None]] = {
    "in_organization": lambda inventory: inventory.in_organization,
    "is_management": lambda inventory: inventory.is_management,
}
_HELP = "it may have has('KIND'), in_organization(), is_management(), and, or, not"


class ExpressionWrong(ValueError):
    """A text is no expression. The message says where it goes wrong, and what there is."""


class Expression:
    """An expression that was understood.

    Attributes:
        text: as it was written; empty for one that always holds.
    """

    def __init__(self, text: str) -> None:
        """Understand *text*.

        Raises:
            ExpressionWrong: it is none.
        """
        self.text = text
        self._node = _parsed(text) if text else None

    def holds(self, inventory: Inventory) -> bool | None:
        """Return whether it holds; None where that is not known."""
        return True if self._node is None else _value(self._node, inventory)


def _parsed(text: str) -> ast.expr:
    if len(text) > _CHARACTERS_MAX:
        message = f"an expression of {len(text)} characters: at most {_CHARACTERS_MAX}"
        raise ExpressionWrong(message)
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        message = f"no expression: `{text}`; {_HELP}"
        raise ExpressionWrong(message) from None
    _check(node, text)
    return node


def _check(node: ast.expr, text: str) -> None:
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                _check(value, text)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _check(operand, text)
        case ast.Call(func=ast.Name(id="has"), args=[ast.Constant(value=str() as kind)], keywords=[]):
            if kind not in KINDS:
                message = f"no kind `{kind}` in `{text}`; there are {', '.join(KINDS)}"
                raise ExpressionWrong(message)
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]) if name in _QUESTIONS:
            pass
        case _:
            message = f"`{ast.unparse(node)}` in `{text}` means nothing here; {_HELP}"
            raise ExpressionWrong(message)


def _value(node: ast.expr, inventory: Inventory) -> bool | None:
    match node:
        case ast.BoolOp(op=op, values=values):
            decisive = isinstance(op, ast.Or)
            found = [_value(value, inventory) for value in values]
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        case ast.UnaryOp(operand=operand):
            held = _value(operand, inventory)
            return None if held is None else not held
        case ast.Call(func=ast.Name(id="has"), args=[ast.Constant(value=str() as kind)]):
            return inventory.has(kind)
        case ast.Call(func=ast.Name(id=name)):
            return _QUESTIONS[name](inventory)
        case _:
            raise AssertionError(ast.unparse(node))
