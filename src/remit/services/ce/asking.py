"""How bills are asked: beside the event loop, and with errors of ledgers in the words of Cost Explorer."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from remit.billing.analysis.dimensions import Known, Unknown, category, dimension, tag
from remit.billing.analysis.expressions import ExpressionWrong, condition
from remit.billing.analysis.fragments import TRUE, Fragment
from remit.billing.analysis.metrics import METRICS
from remit.billing.analysis.scopes import Scope
from remit.billing.ledger import LedgerError
from remit.request import BilledMonth, Call
from remit.services.ce.errors import invalid, unavailable

T = TypeVar("T")
_GROUPS_MAX = 2


def slowly(call: Call[Any], name: str, work: Callable[[], T]) -> T:
    """Return what *work* returns, without holding up anybody else.

    Raises:
        ServiceError: DataUnavailableException, a ledger cannot be read, or DuckDB is not installed.
    """

    def told() -> T:
        try:
            return work()
        except LedgerError as error:
            raise unavailable(f"{error}.") from error

    return call.slowly(name, told)


def billed(call: Call[Any], scope: Scope) -> dict[str, BilledMonth]:
    """Return the months that were billed, of all ledgers; a month is closed when it is in each. Slow.

    Raises:
        ServiceError: DataUnavailableException, there is none.
    """
    found: dict[str, BilledMonth] = {}
    for part in scope.parts:
        for period, month in call.bills.months(part.payer).items():
            known = found.get(period)
            if known is None:
                found[period] = month
            else:
                version = f"{known.version}:{month.version}"
                closed = known.is_closed and month.is_closed
                found[period] = BilledMonth(period, closed, max(known.billed_at, month.billed_at), version)
    if not found:
        raise unavailable()
    return found


def filter_of(call: Call[Any], known: Known) -> Fragment:
    """Return what is true of the lines that the filter of *call* matches; of all, without one.

    Raises:
        ServiceError: ValidationException, it is no filter.
    """
    expression = call.input.get("Filter")
    if expression is None:
        return TRUE
    try:
        return condition(expression, known)
    except (ExpressionWrong, Unknown) as error:
        raise invalid(str(error)) from None


class Key:
    """What lines are grouped by.

    Attributes:
        held: what a line has there.
        prefix: of the keys that answers have.
    """

    def __init__(self, definition: dict[str, Any], known: Known) -> None:
        """Read a `GroupDefinition`.

        Raises:
            ServiceError: ValidationException, there is nothing of that name.
        """
        key: str = definition.get("Key") or ""
        self.key = key
        self.type: str = definition.get("Type") or "DIMENSION"
        if not key:
            raise invalid("GroupBy must have a Key.")
        if self.type == "DIMENSION":
            try:
                self.held, self.prefix = dimension(key, known), ""
            except Unknown as error:
                raise invalid(str(error)) from None
        elif self.type == "TAG":
            self.held, self.prefix = tag(key, known), f"{key}$"
        elif self.type == "COST_CATEGORY":
            if key not in known.categories:
                raise invalid(f"Cost category {key} does not exist.")
            self.held, self.prefix = category(key, known), f"{key}$"
        else:
            raise invalid(f"GroupBy type {self.type} is not supported.")

    def selector(self, value: str) -> dict[str, Any]:
        """Return the expression that matches the lines of a group."""
        name = {"DIMENSION": "Dimensions", "TAG": "Tags", "COST_CATEGORY": "CostCategories"}[self.type]
        options = [] if value else ["ABSENT"]
        leaf: dict[str, Any] = {"Key": self.key, "Values": [value]}
        return {name: {**leaf, "MatchOptions": options} if options else leaf}


def keys_of(call: Call[Any], known: Known, most: int = _GROUPS_MAX) -> list[Key]:
    """Return what *call* groups by.

    Raises:
        ServiceError: ValidationException, there are too many, or one is none.
    """
    definitions: Sequence[dict[str, Any]] = call.input.get("GroupBy") or ()
    if len(definitions) > most:
        raise invalid(f"Maximum number of GroupBy definitions is {most}.")
    return [Key(definition, known) for definition in definitions]


def metrics_of(names: Sequence[str]) -> list[str]:
    """Return *names*, if each is a metric.

    Raises:
        ServiceError: ValidationException, one is none, or there is none.
    """
    if not names:
        raise invalid("Metrics cannot be empty.")
    for name in names:
        if name not in METRICS:
            raise invalid(f"Invalid metric name {name}. Valid metrics are: {', '.join(METRICS)}.")
    return list(dict.fromkeys(names))
