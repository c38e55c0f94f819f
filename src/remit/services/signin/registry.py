"""Where the operations of the sign-in service register themselves."""

from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError
from remit.services.service import Service
from remit.services.signin.errors import against_the_model


def _in_words_of_signin(fact: DirectoryFact) -> ServiceError:
    """Say *fact* as the sign-in service does; there is none that its operations meet."""
    raise AssertionError(f"the sign-in service has no words for {fact!r}")


SIGNIN = Service("signin", _in_words_of_signin, against_the_model)
operation = SIGNIN.operation
