"""Stored documents as the engine takes them; each text is read once."""

import logging
from functools import lru_cache

from remit.policy import Document, DocumentMalformed, Policy, parse

_log = logging.getLogger("remit.authz")
_DOCUMENTS_KEPT = 8_192


class PolicyUnreadable(Exception):
    """A stored policy cannot be read: nothing is allowed until it is mended."""


@lru_cache(maxsize=_DOCUMENTS_KEPT)
def _parsed(text: str) -> Document:
    return parse(text)


def policy_of(text: str, name: str, arn: str = "") -> Policy:
    """Return the policy with a *text*.

    Raises:
        PolicyUnreadable: the text is no policy document.
    """
    try:
        return Policy(_parsed(text), name, arn)
    except DocumentMalformed as error:
        raise unreadable(arn or name, f"be read: {error}") from error


def unreadable(name: str, failure: str) -> PolicyUnreadable:
    """Note in the log what is wrong with a stored policy, and return what is to be raised."""
    _log.error("nothing is allowed by the stored policy %s or beside it, for it cannot %s", name, failure)
    return PolicyUnreadable(name)
