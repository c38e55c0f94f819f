"""Certificates verified, without a network: one of them, or all in a folder as training evidence.

A folder holds certificates and status lists, as JSON in any file names. Whatever cannot be verified does not count, and
a certificate whose revocation nobody can look up does not either.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from remit.compliance.checks.facts import Certificate
from remit.compliance.learning.certificates.credential import Award, CertificateInvalid, award_of, issuer_of
from remit.compliance.learning.certificates.proof import ProofInvalid, did_of, public_of, verified
from remit.compliance.learning.certificates.statuses import StatusUnreadable, is_list, is_revoked

_BYTES_MAX = 1 << 20


class NotCounted(Exception):
    """A certificate that does not count; a line for a person."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds.

    Attributes:
        refused: name of a file -> why it does not count.
    """

    certificates: tuple[Certificate, ...]
    refused: Mapping[str, str]


def certificates_in(folder: Path, keys: Collection[bytes]) -> tuple[Certificate, ...]:
    """Return the certificates in a folder that are verified, and signed with one of *keys*, of 32 bytes each.

    Whether they have expired is for whoever counts them to say.
    """
    return look_into(folder, keys).certificates


def look_into(folder: Path, keys: Collection[bytes]) -> Found:
    """Verify every certificate in a folder; what is no credential at all, such as `issued.json`, is passed over."""
    documents, refused = dict[str, dict[str, Any]](), dict[str, str]()
    for path in sorted(folder.glob("*.json")):
        try:
            documents[path.name] = read(path)
        except NotCounted as error:
            refused[path.name] = str(error)
    documents = {name: one for name, one in documents.items() if "@context" in one}
    lists = [one for one in documents.values() if is_list(one)]
    certificates: list[Certificate] = []
    for name, document in documents.items():
        if not is_list(document):
            try:
                award = check(document, keys, lists)
            except NotCounted as error:
                refused[name] = str(error)
            else:
                certificates.append(
                    Certificate(
                        holder=award.holder,
                        course=award.course,
                        issued_at=award.issued_at,
                        expires_at=award.expires_at,
                    )
                )
    found = sorted(certificates, key=lambda one: (one.holder, one.course, one.issued_at))
    return Found(tuple(found), refused)


def read(path: Path) -> dict[str, Any]:
    """Read a credential.

    Raises:
        NotCounted: the file is none.
    """
    try:
        if path.stat().st_size > _BYTES_MAX:
            raise NotCounted(f"it has more than {_BYTES_MAX} bytes")
        found: Any = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise NotCounted(f"it cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise NotCounted("it is no credential")
    return cast("dict[str, Any]", found)


def check(
    document: Mapping[str, Any],
    keys: Collection[bytes],
    lists: Collection[Mapping[str, Any]] | None,
    at: datetime | None = None,
) -> Award:
    """Verify a certificate; return what it is about.

    Args:
        keys: who is trusted.
        lists: status lists, not yet verified; None to leave revocation unlooked at.
        at: when it is to count; None for whenever.

    Raises:
        NotCounted: the proof does not hold, nobody trusts its key, it was revoked, it has expired, or nobody can tell.
    """
    try:
        public = verified(document)
        award = award_of(document)
        if public_of(issuer_of(document)) != public:
            raise NotCounted("it was signed by somebody else than its issuer")
    except (ProofInvalid, CertificateInvalid, ValueError) as error:
        raise NotCounted(str(error)) from None
    if public not in keys:
        raise NotCounted(f"signed by {did_of(public)}, which is no key that you trust")
    if lists is not None and _is_revoked(award, keys, lists):
        raise NotCounted("it was revoked")
    if at is not None and award.expires_at <= at:
        raise NotCounted(f"it counted until {award.expires_at:%Y-%m-%d %H:%M:%S} UTC")
    return award


def _is_revoked(award: Award, keys: Collection[bytes], lists: Collection[Mapping[str, Any]]) -> bool:
    """Look into the newest list of the award's; revoked in any of them is revoked."""
    usable: list[Mapping[str, Any]] = []
    for one in lists:
        if one.get("id") != award.list_id:
            continue
        try:
            public = verified(one)
        except (ProofInvalid, ValueError) as error:
            raise NotCounted(f"the status list is not to be trusted: {error}") from None
        if public in keys:
            usable.append(one)
    if not usable:
        raise NotCounted(f"its status list `{award.list_id}` is not here, so nobody can say that it was not revoked")
    try:
        return any(is_revoked(one, award.index) for one in usable)
    except StatusUnreadable as error:
        raise NotCounted(str(error)) from None
