"""Tables of what each operation of a service is asked, and answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from bills import Family
from botocore import xform_name
from botocore.exceptions import ClientError

Given = Callable[[Family], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """What is asked of an operation.

    Attributes:
        given: an input that succeeds; None where none can.
        errors: error -> an input that it answers.
        empty: an input that succeeds only where there is a bill.
    """

    given: Given | None
    errors: Mapping[str, Given] = field(default_factory=dict[str, Given])
    empty: Given | None = None

    @property
    def valid(self) -> Given:
        """An input that nobody can be refused for but by policy."""
        return self.given or next(iter(self.errors.values()))


@dataclass(frozen=True)
class Table:
    """The operations of a service.

    Attributes:
        prepared: what there is before an operation is asked.
        narrowed: (operation, error) -> the limits that are nothing while it is asked: no test fills up what is large.
        further: errors that operations answer though their model leaves them out.
        is_of_bills: whether it says something of bills, so that the root user opens it first.
    """

    rows: Mapping[str, Row]
    prepared: Callable[[Family], object] = lambda _: None
    narrowed: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict[tuple[str, str], tuple[str, ...]])
    further: frozenset[str] = frozenset()
    is_of_bills: bool = True


def same(**members: Any) -> Given:
    """Return an input that depends on nothing."""
    return lambda family: members


def asked(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Call an operation, and return its answer."""
    answer: dict[str, Any] = getattr(client, xform_name(name))(**given)
    return answer


def refused(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Call an operation that answers an error, and return that: `Code`, `Message` and the members of its shape."""
    with pytest.raises(ClientError) as caught:
        asked(client, name, given)
    return {**caught.value.response, **caught.value.response["Error"]}
