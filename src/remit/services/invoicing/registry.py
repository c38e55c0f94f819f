"""Where AWS Invoicing's operations register themselves, and what client tokens come to."""

from remit.services.client_tokens import ClientTokens
from remit.services.invoicing.errors import in_words_of_invoicing, invalid, wrong_field
from remit.services.service import Service

INVOICING = Service("invoicing", in_words_of_invoicing, invalid)

operation = INVOICING.operation

TOKENS = ClientTokens(
    "ClientToken",
    lambda: wrong_field("ClientToken", "The client token was used with other parameters."),
    "invoicing:",
    frozenset({"ProcurementPortalSharedSecret", "TestEnvPreference", "Code"}),
)
