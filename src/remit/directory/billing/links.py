"""What links of the billing services lead to; how links are made and followed is in `directory/links.py`."""

import msgspec

from remit.directory.links import Links


class InvoiceFile(msgspec.Struct, frozen=True, tag="invoice"):
    """The invoice with a number, as PDF."""

    number: str


BillingFile = InvoiceFile
_decoder: msgspec.json.Decoder[BillingFile] = msgspec.json.Decoder(BillingFile)
BILLING_LINKS = Links("/_remit/billing/", "billing-link", _decoder)
