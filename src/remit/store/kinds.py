"""Kinds of documents: what the store needs to know about an entity to keep it, find it and bring it back.

The store knows no users and no roles. `directory` declares a `Kind` for each, with the questions that are asked of it.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class Entity(Protocol):
    """A frozen value with an id that never returns and the account it belongs to."""

    @property
    def id(self) -> str:
        """The unique id."""
        ...

    @property
    def account(self) -> str:
        """The account the entity belongs to."""
        ...


E = TypeVar("E", bound=Entity)


@dataclass(frozen=True, eq=False)
class Kind(Generic[E]):
    """A kind of entity.

    Attributes:
        name: as stored, `user`; never changed once a store holds documents of it.
        type: the msgspec struct that a document's body decodes to.
        unique: name of an index -> the key by which at most one entity is found; None leaves an entity out.
        groups: name of an index -> the keys under which an entity is listed beside others.
        order: what lists in order are sorted by; None for a kind whose lists nobody needs in order.
    """

    name: str
    type: type[E]
    unique: Mapping[str, Callable[[E], Hashable | None]] = field(default_factory=dict[str, Callable[[E], Hashable]])
    groups: Mapping[str, Callable[[E], Iterable[Hashable]]] = field(
        default_factory=dict[str, Callable[[E], Iterable[Hashable]]]
    )
    order: Callable[[E], str] | None = None
