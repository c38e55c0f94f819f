"""What a collector says of a bundle and signs: whose evidence it is, from when, from where, and the root of its tree.

Source: in-toto Attestation Framework 1.0, Statement.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from remit.compliance.evidence.signing import SigningKey, envelope
from remit.compliance.evidence.standalone.attestation import PREDICATE, STATEMENT
from remit.compliance.evidence.standalone.tree import LISTING, Tree


@dataclass(frozen=True, slots=True)
class Collection:
    """What evidence is about.

    Attributes:
        scope: what was looked at, for example accounts and regions; JSON.
        began_at: when the first answer was asked for.
        ended_at: when the last one had come.
        collector: who asked, for example the ARN of the caller.
        endpoint: where the answers came from.
        versions: name -> version of what made the bundle: remit, checks, catalogue.
    """

    scope: Mapping[str, Any]
    began_at: datetime
    ended_at: datetime
    collector: str
    endpoint: str
    versions: Mapping[str, str] = field(default_factory=dict[str, str])


def attest(collection: Collection, tree: Tree, *, items: int, listing: str, key: SigningKey) -> bytes:
    """Sign the root of a bundle's tree; return `attestation.dsse.json`.

    Args:
        collection: what the evidence is about.
        tree: over every file but `merkle.json` and the attestation.
        items: how many leaves are evidence.
        listing: the SHA-256 of `merkle.json`, in hexadecimal.
        key: whose signature it is.
    """
    statement = {
        "_type": STATEMENT,
        "subject": [
            {"name": "root of the tree", "digest": {"sha256": tree.root().hex()}},
            {"name": LISTING, "digest": {"sha256": listing}},
        ],
        "predicateType": PREDICATE,
        "predicate": {
            "scope": collection.scope,
            "period": {"from": collection.began_at.isoformat(), "to": collection.ended_at.isoformat()},
            "collector": collection.collector,
            "endpoint": collection.endpoint,
            "versions": dict(collection.versions),
            "tree": {"leaves": tree.size, "items": items},
            "signer": {"keyid": key.id, "publicKey": key.public.hex()},
        },
    }
    return envelope(json.dumps(statement, separators=(",", ":"), sort_keys=True).encode(), key)
