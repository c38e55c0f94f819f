"""The directory's facts in the words of the Cost and Usage Report; the texts are ours.

Source: Cost and Usage Report API reference, the errors of each operation.
"""

from remit.directory.billing.facts import Full, Hindered, Missing, Taken
from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError, ValidationError


def in_words_of_reports(fact: DirectoryFact) -> ServiceError:
    """Say *fact* as the service does; who changes or removes a report that there is not gets `missing` instead."""
    match fact:
        case Missing():
            return ServiceError("ResourceNotFoundException", f"The report {fact.name} does not exist.")
        case Taken():
            text = f"A report called {fact.name} exists already."
            return ServiceError("DuplicateReportNameException", text)
        case Full():
            text = f"An account has at most {fact.limit} reports. Delete one first."
            return ServiceError("ReportLimitReachedException", text)
        case Hindered():
            return wrong(fact.reason)
        case _:
            raise AssertionError(f"the Cost and Usage Report has no words for {fact!r}")


def wrong(message: str) -> ValidationError:
    """Refuse an input that the model allows."""
    return ValidationError(message)


def unreadable(message: str) -> ServiceError:
    """Say that a ledger cannot be read."""
    return ServiceError("InternalErrorException", message, 500)
