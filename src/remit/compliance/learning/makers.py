"""Tenants that are made rather than written down: name in a lab's file -> who makes it."""

from collections.abc import Callable, Mapping

from remit.compliance.learning.attempts import Attempt
from remit.compliance.learning.audit.planting import plant
from remit.store import Transaction

Maker = Callable[[Transaction, Attempt], None]
MAKERS: Mapping[str, Maker] = {"audit": plant}
