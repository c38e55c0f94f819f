"""Where CloudTrail's operations register themselves."""

from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError
from remit.services.service import Service


def _in_words_of_cloudtrail(fact: DirectoryFact) -> ServiceError:
    """Say *fact* as CloudTrail does; there is none that its operations meet."""
    raise AssertionError(f"CloudTrail has no words for {fact!r}")


CLOUDTRAIL = Service("cloudtrail", _in_words_of_cloudtrail)
operation = CLOUDTRAIL.operation
