"""Where the operations of STS register themselves."""

from remit.directory.facts import DirectoryFact, NotFound
from remit.errors import AccessDenied, ServiceError
from remit.services.service import Service


def _in_words_of_sts(fact: DirectoryFact) -> ServiceError:
    """Say *fact* as STS does, which tells nobody what exists."""
    match fact:
        case NotFound():
            return AccessDenied(f"{fact.noun} {fact.name} is not accessible")
        case _:
            raise AssertionError(f"STS has no words for {fact!r}")


STS = Service("sts", _in_words_of_sts)
operation = STS.operation
