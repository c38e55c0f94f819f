"""Where the operations of the sign-in service register themselves."""

from remit.directory.facts import DirectoryFact, NotFound, Noun, QuotaExceeded
from remit.errors import ServiceError
from remit.services.service import Service
from remit.services.signin.errors import against_the_model, not_found, too_many


def _in_words_of_signin(fact: DirectoryFact) -> ServiceError:
    """Say *fact* as the sign-in service does."""
    match fact:
        case NotFound(noun=Noun.SIGNIN_STATEMENT):
            return not_found("The permission statement does not exist.")
        case QuotaExceeded(limit=limit):
            return too_many(f"The account has {limit} permission statements, and may have no more.")
        case _:
            raise AssertionError(f"the sign-in service has no words for {fact!r}")


SIGNIN = Service("signin", _in_words_of_signin, against_the_model)
operation = SIGNIN.operation
