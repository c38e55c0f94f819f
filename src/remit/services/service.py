"""A service: its operations by name, and how it says the directory's facts."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError, Throttling, ValidationError
from remit.request import Call, Caller, Outside, Parsed
from remit.store import Transaction

Handler = Callable[[Call[Any], Transaction], Mapping[str, Any] | None]
# Runs before the policies are asked, and may only refuse: AWS checks a few things of a few operations first.
Before = Callable[[Parsed, Transaction], None]
# Says who asks, for an operation that nobody signs: what its input brings is believed after it was verified. Slow work
# is done as a handler's is: given what earlier runs of the request had done.
Identify = Callable[[Parsed, Transaction, Mapping[str, Any], Outside], Caller]
H = TypeVar("H", bound=Callable[..., Any])


class Service:
    """The operations of one service that Remit answers.

    Attributes:
        name: botocore's name of the service.
        handlers: operation -> the function that carries it out.
        before: operation -> what is checked before the policies.
        identify: operation that nobody signs -> who says who asks.
        words: says a fact of the directory as this service's error.
        invalid: says that an input breaks constraints of the model.
        throttled: says that there were too many calls, of which one is taken again after some seconds.
    """

    def __init__(
        self,
        name: str,
        words: Callable[[DirectoryFact], ServiceError],
        invalid: Callable[[ValidationError], ServiceError] = lambda error: error,
        throttled: Callable[[float], ServiceError] = lambda _: Throttling("Rate exceeded"),
    ) -> None:
        self.name = name
        self.words = words
        self.invalid = invalid
        self.throttled = throttled
        self.handlers: dict[str, Handler] = {}
        self.before: dict[str, Before] = {}
        self.identify: dict[str, Identify] = {}

    def operation(
        self, name: str, *, before: Before | None = None, identify: Identify | None = None
    ) -> Callable[[H], H]:
        """Register the decorated function as what carries out the operation *name*."""

        def register(handler: H) -> H:
            self.handlers[name] = handler
            if before is not None:
                self.before[name] = before
            if identify is not None:
                self.identify[name] = identify
            return handler

        return register
