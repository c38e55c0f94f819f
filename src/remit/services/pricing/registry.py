"""Where AWS Price List's operations register themselves."""

from remit.services.pricing.errors import in_words_of_pricing, invalid
from remit.services.service import Service

PRICING = Service("pricing", in_words_of_pricing, invalid)

operation = PRICING.operation
