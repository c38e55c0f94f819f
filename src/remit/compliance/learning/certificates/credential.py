"""Certificates: Open Badges 3.0, which are W3C verifiable credentials.

A certificate says who has passed which course, which labs with which seeds, and until when it counts.
Source: 1EdTech, "Open Badges Specification 3.0": OpenBadgeCredential, AchievementSubject, Achievement, IdentityObject.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from remit.compliance.evidence.signing import SigningKey
from remit.compliance.learning.attempts import Pass
from remit.compliance.learning.certificates.proof import did_of, secured
from remit.compliance.learning.certificates.statuses import entry

_KIND = "OpenBadgeCredential"
_CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
_ISSUER = "Remit learning path"


class CertificateInvalid(Exception):
    """Not a certificate as Remit makes them; a line for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """What a certificate is about.

    Attributes:
        id: `urn:uuid:...`.
        course: `A1`; `EXAM` for the exam.
        expires_at: when it no longer counts.
        list_id, index: where its revocation would stand.
    """

    id: str
    holder: str
    course: str
    issued_at: datetime
    expires_at: datetime
    list_id: str
    index: int


def credential(award: Award, title: str, passed: Sequence[Pass], key: SigningKey) -> dict[str, Any]:
    """Return the signed certificate of *award* for the labs *passed*."""
    did = did_of(key.public)
    document = {
        "@context": _CONTEXT,
        "id": award.id,
        "type": ["VerifiableCredential", _KIND],
        "name": title,
        "issuer": {"id": did, "type": ["Profile"], "name": _ISSUER},
        "validFrom": _time(award.issued_at),
        "validUntil": _time(award.expires_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": award.holder,
                    "identityType": "emailAddress" if "@" in award.holder else "userName",
                }
            ],
            "achievement": {
                "id": f"{did}#{award.course}",
                "type": ["Achievement"],
                "achievementType": "Assessment" if award.course == "EXAM" else "Course",
                "humanCode": award.course,
                "name": title,
                "description": f"Labs in organizations that enforce policies, graded by the policy engine: {title}.",
                "criteria": {"narrative": "Every criterion of every lab was met at one time, without the root user."},
            },
        },
        "evidence": [
            {
                "type": ["Evidence"],
                "name": one.lab,
                "narrative": f"Lab {one.lab}, seed {one.seed}, begun {_time(one.started_at)}, passed "
                f"{_time(one.passed_at)}, {one.checks} checks, {one.hints} hints.",
            }
            for one in passed
        ],
        "credentialStatus": entry(award.list_id, award.index),
    }
    return secured(document, key, award.issued_at)


def award_of(document: Mapping[str, Any]) -> Award:
    """Return what a certificate, whose proof was verified before, is about.

    Raises:
        CertificateInvalid: it is none, or not as Remit makes them.
    """
    try:
        if _KIND not in document["type"]:
            raise CertificateInvalid("not an Open Badge 3.0")
        subject = cast("dict[str, Any]", document["credentialSubject"])
        status = cast("dict[str, Any]", document["credentialStatus"])
        identity = cast("dict[str, Any]", subject["identifier"][0])
        if identity["hashed"] is not False:
            raise CertificateInvalid("its holder is hashed, and cannot be compared with a member's name")
        index = int(status["statusListIndex"])
        if index < 0:
            raise CertificateInvalid("its place in the status list is negative")
        return Award(
            id=str(document["id"]),
            holder=str(identity["identityHash"]),
            course=str(subject["achievement"]["humanCode"]),
            issued_at=_moment(document["validFrom"]),
            expires_at=_moment(document["validUntil"]),
            list_id=str(status["statusListCredential"]),
            index=index,
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise CertificateInvalid(f"a member is missing or is not as it must be: {error}") from None


def issuer_of(document: Mapping[str, Any]) -> str:
    """Return the `did:key` of who issued a credential; empty where it says nobody."""
    issuer: Any = document.get("issuer", "")
    return str(cast("dict[str, Any]", issuer).get("id", "")) if isinstance(issuer, dict) else str(issuer)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: `{text}`")
    return at
