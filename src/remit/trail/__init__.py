"""What happened: a CloudTrail record for every request, allowed, denied, unsigned or malformed.

An `Event` gathers what becomes known of a request on its way; `records` writes it down, once for each account it
belongs to.
"""

from remit.trail.accesses import Accesses, Attempt, accesses
from remit.trail.event import Event
from remit.trail.malformed import Malformed
from remit.trail.record import records
from remit.trail.service_events import service_event

__all__ = ["Accesses", "Attempt", "Event", "Malformed", "accesses", "records", "service_event"]
