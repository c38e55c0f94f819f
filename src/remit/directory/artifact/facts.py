"""What stands against a change of Artifact's things, beside the facts of the whole directory.

DirectoryFact
├── Outdated        somebody else changed it since the caller looked
├── OutOfOrder      it cannot be taken a step further from where it is
├── TokenRefused    a token was made up, altered, is somebody else's, or over
└── NotTheProvider  only the account that runs the server hands out reports and agreements

Source: `artifact` reference, sections 2, 5 and 6.
"""

from remit.directory.facts import DirectoryFact, Noun


class Outdated(DirectoryFact):
    """The *noun* called *name* has another sequence number, *current*, than the caller saw."""

    def __init__(self, noun: Noun, name: str, current: int) -> None:
        super().__init__(f"{noun} `{name}` is at sequence number {current}")
        self.noun = noun
        self.name = name
        self.current = current


class OutOfOrder(DirectoryFact):
    """The *noun* called *name* cannot be taken that step; the *reason* is a sentence for the caller."""

    def __init__(self, noun: Noun, name: str, reason: str) -> None:
        super().__init__(f"{noun} `{name}`: {reason}")
        self.noun = noun
        self.name = name
        self.reason = reason


class TokenRefused(DirectoryFact):
    """A token that stands for an acceptance was made up, altered, given to somebody else, or is over."""


class NotTheProvider(DirectoryFact):
    """The account called *account* hands nothing out."""

    def __init__(self, account: str) -> None:
        super().__init__(f"account `{account}` is not the provider")
        self.account = account
