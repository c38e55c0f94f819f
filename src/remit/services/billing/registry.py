"""Where AWS Billing's operations register themselves."""

from remit.services.billing.errors import in_words_of_billing, invalid
from remit.services.service import Service

BILLING = Service("billing", in_words_of_billing, invalid)

operation = BILLING.operation
