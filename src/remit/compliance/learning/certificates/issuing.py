"""Issuing and revoking: which certificates there are, and the status list that says which of them no longer count.

`learning/certificates/` in the data folder holds `issued.json`, `status.json` and the certificates, which are no
secrets. Keys are those that sign evidence; the list is signed anew with the key that signs now.
"""

import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from remit.clock import whole_second
from remit.compliance.evidence.keys import KeyRing
from remit.compliance.learning.attempts import FOLDER, Attempts, write_private
from remit.compliance.learning.certificates.credential import Award, credential
from remit.compliance.learning.certificates.statuses import BITS, status_list
from remit.compliance.learning.labs import COURSES, EXAM, course_of, lab_ids
from remit.ids import new_uuid

VALID_DAYS = 365
_ISSUED, STATUS = "issued.json", "status.json"


class NotIssued(Exception):
    """A certificate cannot be issued or revoked; a line for a person."""


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate that was issued."""

    id: str
    index: int
    holder: str
    course: str
    issued_at: datetime
    revoked_at: datetime | None = None
    reason: str = ""


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """Every certificate that was issued, and the id of the status list."""

    list_id: str
    issued: list[Issued] = []


class Issuer:
    """Issues certificates in a data folder."""

    def __init__(self, data: Path, ring: KeyRing) -> None:
        self.folder, self._ring = data / FOLDER / "certificates", ring

    def register(self) -> Register:
        """Return what was issued."""
        try:
            return msgspec.json.decode((self.folder / _ISSUED).read_bytes(), type=Register)
        except FileNotFoundError:
            return Register(list_id=f"urn:uuid:{new_uuid()}")

    def issue(self, attempts: Attempts, course: str, at: datetime) -> tuple[Path, dict[str, Any]]:
        """Issue the certificate of a course; return its file and what it holds.

        Raises:
            NotIssued: a lab of the course is not passed.
            KeyRingError: there is no key to sign with.
        """
        passed, wanted = attempts.passed(), [one for one in lab_ids() if course_of(one) == course]
        missing = [one for one in wanted if one not in passed]
        if not wanted or missing:
            what = f"not passed yet: {', '.join(missing)}" if wanted else f"no course `{course}`"
            raise NotIssued(f"{what}; `remit learn list` shows courses and labs")
        key, register, at = self._ring.signing_key(), self.register(), whole_second(at)
        taken = {one.index for one in register.issued}
        index = secrets.randbelow(BITS)
        while index in taken:
            index = secrets.randbelow(BITS)
        award = Award(
            id=f"urn:uuid:{new_uuid()}",
            holder=attempts.learner,
            course=course,
            issued_at=at,
            expires_at=at + timedelta(days=VALID_DAYS),
            list_id=register.list_id,
            index=index,
        )
        title = "Practical exam for auditors" if course == EXAM else COURSES[course]
        document = credential(award, f"{course}: {title}", [passed[one] for one in wanted], key)
        issued = Issued(id=award.id, index=index, holder=award.holder, course=course, issued_at=at)
        self._keep(msgspec.structs.replace(register, issued=[*register.issued, issued]), at)
        path = self.folder / f"{attempts.learner}-{course}-{award.id[-12:]}.json"
        write_private(path, _text(document))
        return path, document

    def revoke(self, id_: str, reason: str, at: datetime) -> Issued:
        """Revoke a certificate by the end of its id.

        Raises:
            NotIssued: there is none, or it was revoked before.
        """
        register, at = self.register(), whole_second(at)
        found = [one for one in register.issued if one.id.endswith(id_.removeprefix("urn:uuid:")) and id_]
        if len(found) != 1 or found[0].revoked_at is not None:
            said = "was revoked before" if len(found) == 1 else f"fits {len(found)} certificates"
            raise NotIssued(f"`{id_}` {said}; give the id that stands in the certificate")
        revoked = msgspec.structs.replace(found[0], revoked_at=at, reason=reason)
        kept = [revoked if one.id == revoked.id else one for one in register.issued]
        self._keep(msgspec.structs.replace(register, issued=kept), at)
        return revoked

    def _keep(self, register: Register, at: datetime) -> None:
        revoked = [one.index for one in register.issued if one.revoked_at is not None]
        write_private(self.folder / _ISSUED, msgspec.json.format(msgspec.json.encode(register), indent=1))
        write_private(self.folder / STATUS, _text(status_list(register.list_id, revoked, self._ring.signing_key(), at)))


def _text(document: dict[str, Any]) -> bytes:
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"
