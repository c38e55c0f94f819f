"""`README.txt` of a bundle: what it is, and how to check it without Remit."""

import json

from remit.compliance.evidence.attestation import Collection

_TEXT = """\
EVIDENCE BUNDLE

What it is
  Answers of an AWS endpoint as they came, the verdicts drawn from them, and the programs that drew them, in one file
  that shows every later change. It was collected by {collector}
  from {endpoint}, {began:%Y-%m-%d %H:%M:%S} to {ended:%Y-%m-%d %H:%M:%S} UTC.
  Scope: {scope}

How to check it, without a network and without Remit
  1. Get the collector's key from the collector, not from here: this bundle says it was signed by key
     {key}
  2. With Python 3.9 or later:   python3 verify.py bundle.zip --key KEY-OR-FILE
     or open verify.html in a browser, choose the bundle, and enter the key.
  3. The last line must begin with "verified:". Whatever is wrong is named by its file.
  Take verify.py or verify.html from a place you trust: whoever alters a bundle can put another one into it.
  All bundles of one version of Remit have the same two; `remit compliance verify` is the same program.
  The folder can be unpacked as well: the name of a file in evidence/ is what `sha256sum` says of it.

What is in it
  cells.jsonl            one line for each verdict, with the hashes of its evidence
  evidence/SHA256        one answer each, byte for byte as it was kept
  checks/                the programs that drew the verdicts; `verify.py --key KEY --replay` runs them again
  oscal/                 the same verdicts in OSCAL, each file with a signature that `trestle verify` reads
  merkle.json            the SHA-256 of every file above, the leaves of a tree (RFC 6962), and its root
  attestation.dsse.json  the root, signed (Ed25519, DSSE, in-toto Statement v1)

What a fitting signature shows
  That the holder of the key had exactly these files. Not that the endpoint told the truth, nor that it was asked for
  everything: for that see the coverage in each verdict, and who holds the key.
"""


def readme(collection: Collection, key: str) -> bytes:
    """Return the text; *key* is the id of the key that signs."""
    return _TEXT.format(
        collector=collection.collector,
        endpoint=collection.endpoint,
        began=collection.began_at,
        ended=collection.ended_at,
        scope=json.dumps(collection.scope, sort_keys=True),
        key=key,
    ).encode()
