"""What is expected of an organization: who may do what where. Page `organization-checks` of the documentation."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from remit.cli.organization_files import read_form
from remit.yaml_files import FileUnreadable

# An account id without quotes is a number in YAML.
_Texts = str | int | list[str | int]
Value = str | int | float | bool
EVERYBODY, STRANGERS = "everybody", "strangers"


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One expectation. What is a text may be a list of them, and then each is asked.

    Attributes:
        where: `organization`, `members`, or units and accounts by path, name or id.
        who: `everybody`, `strangers`, or patterns of principals: `role/Ops*`, `user/ana`, `root`, an ARN.
        except_: patterns of principals that are left out.
        action, resource: actions by name, ARNs; `${account}` stands for the account.
        context: condition keys over those that the principal and the time give.
        expect: whether each of them may do each of it, or none of them any.
        ask: those who are there, those who are imagined, or both.
    """

    title: str = ""
    where: _Texts
    who: _Texts = EVERYBODY
    except_: _Texts = msgspec.field(default_factory=list[str | int], name="except")
    action: _Texts
    resource: _Texts = "*"
    context: dict[str, Value | list[Value]] = {}
    expect: Literal["allowed", "denied"]
    ask: Literal["both", "existing", "imagined"] = "both"

    @property
    def shown(self) -> str:
        """The title, or what stands for it."""
        if self.title:
            return self.title
        excepted = f" but {_listed(self.except_)}" if texts(self.except_) else ""
        return (
            f"in {_listed(self.where)} {_listed(self.who)}{excepted}: {_listed(self.action)} on "
            f"{_listed(self.resource)} is {self.expect}"
        )


class Expectations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of expectations."""

    expectations: Annotated[list[Expectation], msgspec.Meta(min_length=1)]


def texts(said: _Texts) -> list[str]:
    """Return a text, or several, as a list."""
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]


def _listed(said: _Texts) -> str:
    return ", ".join(texts(said))


def context_texts(context: dict[str, Value | list[Value]]) -> dict[str, str | list[str]]:
    """Return the values of condition keys as the engine wants them."""
    return {
        key: [_text(one) for one in value] if isinstance(value, list) else _text(value)
        for key, value in context.items()
    }


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_expectations(path: Path) -> list[Expectation]:
    """Read a file of expectations.

    Raises:
        FileUnreadable: it is none.
    """
    found = read_form(path, Expectations).expectations
    for number, expectation in enumerate(found, 1):
        for failure in _failures(expectation):
            raise FileUnreadable(f"{path}: expectation {number} ({expectation.shown}): {failure}")
    return found


def _failures(expectation: Expectation) -> Iterator[str]:
    for member, said in (("where", expectation.where), ("who", expectation.who), ("action", expectation.action)):
        if not texts(said):
            yield f"`{member}` is empty"
    if not texts(expectation.resource):
        yield "`resource` is empty"
    for action in texts(expectation.action):
        service, colon, name = action.partition(":")
        if not (service and colon and name) or "*" in action or "?" in action or ":" in name:
            yield f"not an action: `{action}`; say SERVICE:NAME, as in s3:GetObject, without wildcards"
    who = texts(expectation.who)
    if STRANGERS in who and len(who) > 1:
        yield "`strangers` stand alone in `who`"
    for pattern in (*who, *texts(expectation.except_)):
        if pattern not in (EVERYBODY, STRANGERS, "*", "root") and not pattern.startswith(("user/", "role/", "arn:")):
            yield f"not a pattern of principals: `{pattern}`; say user/NAME, role/NAME, root or an ARN"
