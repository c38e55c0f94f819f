"""What Artifact's links lead to; how links are made and followed is in `directory/links.py`."""

import msgspec

from remit.directory.links import Links


class Plain(msgspec.Struct, frozen=True, tag="plain"):
    """A document as it is kept.

    Attributes:
        document: SHA-256 of its bytes.
    """

    document: str
    media_type: str = "application/pdf"


class Stamped(msgspec.Struct, frozen=True, tag="stamped"):
    """A version of a report, to be stamped anew for each download.

    Attributes:
        acceptance: id of the acceptance of its terms, which tells who downloads what.
    """

    acceptance: str


class Certified(msgspec.Struct, frozen=True, tag="certified"):
    """The certificate of an acceptance, for those who accepted.

    Attributes:
        customer_agreement: its id.
        as_json: whether it is the certificate alone, or a PDF with the agreement behind it.
    """

    customer_agreement: str
    as_json: bool = False


Target = Plain | Stamped | Certified
_decoder: msgspec.json.Decoder[Target] = msgspec.json.Decoder(Target)
_LINKS = Links("/_remit/artifact/", "artifact-link", _decoder)
PREFIX = _LINKS.prefix
link_to = _LINKS.to
follow = _LINKS.follow
