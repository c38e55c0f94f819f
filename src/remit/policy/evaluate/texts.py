"""Patterns made into functions: most are a literal with a star at one end, and those need no matcher.

Source: `policy-evaluation` reference, A3, 2.4.
"""

from collections.abc import Callable

import msgspec

from remit.policy.language.request import Request
from remit.policy.language.variables import Template, Variable
from remit.policy.language.wildcards import Pieces, Wildcard, glob

Test = Callable[[str], bool]


class Filled(msgspec.Struct, frozen=True, gc=False):
    """A text with one place for a value of the request.

    Attributes:
        default: what stands there when the key is missing; None if the text comes to nothing then (T5, T6).
    """

    before: str
    key: str
    default: str | None
    after: str

    def text(self, request: Request) -> str | None:
        """Put the request's value in."""
        value = request.context.get(self.key)
        if isinstance(value, str):
            return self.before + value + self.after
        return None if self.default is None else self.before + self.default + self.after


def is_any(pieces: Pieces) -> bool:
    """Say whether every text fits *pieces*."""
    return bool(pieces) and all(piece is Wildcard.ANY for piece in pieces)


def text_test(pieces: Pieces) -> Test:
    """Make a function that says whether a text fits *pieces*."""
    match pieces:
        case ():
            return lambda text: not text
        case (str() as whole,):
            return lambda text: text == whole
        case (str() as start, Wildcard.ANY):
            return lambda text: text.startswith(start)
        case (Wildcard.ANY, str() as end):
            return lambda text: text.endswith(end)
        case (Wildcard.ANY, str() as middle, Wildcard.ANY):
            return lambda text: middle in text
        case _:
            return glob(pieces).matches


def static(template: Template) -> Pieces | None:
    """Return *template* as pieces; None if a request has a say in it."""
    pieces = tuple([part for part in template if not isinstance(part, Variable)])
    return pieces if len(pieces) == len(template) else None


def filled(template: Template) -> Filled | None:
    """Return *template* as a text with one place to fill; None if it is anything else."""
    match template:
        case (Variable() as variable,):
            return Filled("", variable.key, variable.default, "")
        case (str() as before, Variable() as variable):
            return Filled(before, variable.key, variable.default, "")
        case (Variable() as variable, str() as after):
            return Filled("", variable.key, variable.default, after)
        case (str() as before, Variable() as variable, str() as after):
            return Filled(before, variable.key, variable.default, after)
        case _:
            return None
