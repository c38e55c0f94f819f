"""Where the operations of IAM Toolbox register themselves."""

from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError
from remit.services.service import Service


def _in_words_of_iam_toolbox(fact: DirectoryFact) -> ServiceError:
    """Say *fact* as IAM Toolbox does; there is none that its operations meet."""
    raise AssertionError(f"IAM Toolbox has no words for {fact!r}")


IAM_TOOLBOX = Service("iam-toolbox", _in_words_of_iam_toolbox)
operation = IAM_TOOLBOX.operation
