"""What every OSCAL document has: ids, metadata, properties."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from remit.compliance.snapshots.answers import instant

VERSION = "1.2.1"
# The names of our ids and properties begin with it.
NAMESPACE = "urn:remit:oscal"
REMIT = "party-remit"


def id_of(*names: str) -> str:
    """Return the UUID of a name in several parts."""
    return str(uuid5(NAMESPACE_URL, ":".join((NAMESPACE, *names))))


def metadata(title: str, at: datetime) -> dict[str, Any]:
    """Return metadata; the version is the time that the document speaks of."""
    return {"title": title, "last-modified": instant(at), "version": instant(at), "oscal-version": VERSION}


def prop(name: str, value: str) -> dict[str, str]:
    """Return a property of ours."""
    return {"name": name, "ns": NAMESPACE, "value": value}


def control_id(half: str) -> str:
    """Return the id of a half, or row, as OSCAL writes ids of controls: `sr-s1.c`."""
    return half.lower()
