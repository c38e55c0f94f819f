"""Where Cost Explorer's operations register themselves."""

from remit.services.ce.errors import in_words_of_cost_explorer
from remit.services.service import Service

COST_EXPLORER = Service("ce", in_words_of_cost_explorer)

operation = COST_EXPLORER.operation
