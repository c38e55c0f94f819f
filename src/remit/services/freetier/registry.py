"""Where AWS Free Tier's operations register themselves."""

from remit.services.freetier.errors import in_words_of_free_tier
from remit.services.service import Service

FREE_TIER = Service("freetier", in_words_of_free_tier)

operation = FREE_TIER.operation
