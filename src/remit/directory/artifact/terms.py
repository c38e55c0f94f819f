"""Terms under which reports are handed out, version by version; a report names the version that it goes with.

Source: `artifact` reference, sections 3 and 5.
"""

from datetime import datetime

import msgspec

from remit.directory.facts import NotFound, Noun
from remit.ids import AccountId, new_artifact_id
from remit.store import Kind, Transaction


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """A version of terms.

    Attributes:
        id: the terms', a colon and the number.
        term: the terms' id.
        document: SHA-256 of the PDF.
    """

    id: str
    account: AccountId
    term: str
    number: int
    name: str
    document: str
    created_at: datetime

    def arn(self, partition: str) -> str:
        """Return the version's name; each partition has its own."""
        return f"arn:{partition}:artifact:us-east-1::term/{self.id}"


TERMS = Kind("artifact-term", Term, groups={"term": lambda term: (term.term,)})


def add_term(
    tx: Transaction, account: AccountId, term: str | None, name: str, document: str, at: datetime, id_: str = ""
) -> Term:
    """Make terms, or the next version of those with the id *term*.

    Args:
        id_: the id of new terms; a new one by default.

    Raises:
        NotFound: there are no terms of the id *term*.
    """
    numbers = [] if term is None else [version.number for version in tx.select(TERMS, "term", term)]
    if term is not None and not numbers:
        raise NotFound(Noun.TERM, term)
    number = max(numbers, default=0) + 1
    of = term or id_ or new_artifact_id("term")
    made = Term(
        id=f"{of}:{number}", account=account, term=of, number=number, name=name, document=document, created_at=at
    )
    tx.put(TERMS, made)
    return made


def known_term(tx: Transaction, id_: str) -> Term:
    """Find a version of terms by its id.

    Raises:
        NotFound: there is none.
    """
    found = tx.get(TERMS, id_)
    if found is None:
        raise NotFound(Noun.TERM, id_)
    return found
