"""What links of the billing services lead to; how links are made and followed is in `directory/links.py`."""

import msgspec

from remit.directory.links import Links


class InvoiceFile(msgspec.Struct, frozen=True, tag="invoice"):
    """The invoice with a number, as PDF."""

    number: str


class PriceFile(msgspec.Struct, frozen=True, tag="prices"):
    """A price list file.

    Attributes:
        service: its code.
        region: empty for the rates of Savings Plans, which are of all regions.
        form: `json` or `csv`.
    """

    service: str
    version: str
    region: str
    form: str


BillingFile = InvoiceFile | PriceFile
_decoder: msgspec.json.Decoder[BillingFile] = msgspec.json.Decoder(BillingFile)
BILLING_LINKS = Links("/_remit/billing/", "billing-link", _decoder)
