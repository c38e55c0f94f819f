"""The opening of an audit report, and a bridge letter, for the lab about reading them; all names are invented."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from remit.compliance.learning.attempts import Attempt

_YEAR = 2026


class Report(NamedTuple):
    """What the report says, in the names of the lab's questions.

    Attributes:
        letter_end: the last day that the letter speaks of.
    """

    type: int
    period_start: date
    period_end: date
    letter_end: date

    @property
    def uncovered_days(self) -> int:
        """Days of the audit year that neither the report nor the letter covers."""
        first, last = date(_YEAR, 1, 1), date(_YEAR, 12, 31)
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return sum(not self.period_start <= day <= self.letter_end for day in days)


def report_of(attempt: Attempt) -> Report:
    """Return the report of an attempt."""
    dice = Random(f"{attempt.seed} report")  # noqa: S311  # reproducible by design
    month = dice.randint(1, 6)
    start = date(_YEAR, month, 1) if dice.random() < 0.5 else date(_YEAR - 1, month + 6, 1)  # noqa: PLR2004  # a coin
    end = date(start.year, start.month, 1)
    for _ in range(dice.choice([6, 9])):
        end = (end + timedelta(days=32)).replace(day=1)
    end -= timedelta(days=1)
    return Report(2, start, end, end + timedelta(days=dice.choice([45, 60, 90])))


def report_file(name: str, attempt: Attempt, drawn: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the report as a text."""
    report = report_of(attempt)
    signed = report.period_end + timedelta(days=47)
    text = f"""Your audit covers 1 January {_YEAR} to 31 December {_YEAR}.

{drawn["vendor"]}
System and Organization Controls 2: report on the suitability of the design and on the operating effectiveness of
controls relevant to security and availability, throughout a period

INDEPENDENT SERVICE AUDITOR'S REPORT, signed on {_long(signed)}

We have examined the description of the system of {drawn["vendor"]} as it stood throughout {_long(report.period_start)}
to {_long(report.period_end)}, and whether its controls were suitably designed and operated effectively throughout that
period. {drawn["vendor"]} uses {drawn["carved"]} for its buildings. The description does not extend to the controls of
{drawn["carved"]}, and neither did our examination.

Basis for a qualified opinion. In four of twenty-five cases that we selected, access was not removed within the time
that the control demands. Criterion {drawn["criterion"]} was not achieved.

Opinion. Except for the matter described above, the controls were suitably designed and operated effectively
throughout the period, if customers apply the complementary controls that section 3 lists.

---

LETTER of {drawn["vendor"]}, {_long(signed + timedelta(days=9))}

Our latest report covers the period that ended on {_long(report.period_end)}. From the day after until
{_long(report.letter_end)} we are not aware of any material change of the controls that it describes. This letter is our
own statement. No auditor has examined it, and it says nothing about the time after {_long(report.letter_end)}.
"""
    return {name: text.encode()}


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
