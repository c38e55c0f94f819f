"""What the FIDO Alliance says of makes of security keys: how they are certified.

The operator brings its metadata, the BLOB of the Metadata Service as it was downloaded, and vouches for it by naming
it in the settings. A key is what its attestation says that it is, signed with a certificate that leads to one of the
make's roots in the metadata; without metadata, or without such an attestation, no key has a certification.
Source: FIDO Metadata Service 3.1, 3.1.3 and 3.1.4; IAM User Guide, "Device certifications".
"""

import logging
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fido2.mds3 import MdsAttestationVerifier, MetadataBlobPayloadEntry
    from fido2.webauthn import AttestationObject

_log = logging.getLogger("remit.authn")

FIDO, FIPS_140_2, FIPS_140_3 = "FIDO", "FIPS-140-2", "FIPS-140-3"
_FIDO = re.compile(r"FIDO_CERTIFIED_(L[123](?:plus)?)", re.ASCII)
_FIPS = re.compile(r"FIPS140_CERTIFIED_(L[1234])", re.ASCII)
_FIPS_140_3 = 3


class Authenticators:
    """The metadata.

    Args:
        blob: the file; None when the operator has none.
    """

    def __init__(self, blob: Path | None) -> None:
        self._blob = blob
        self._verifier: MdsAttestationVerifier | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is any metadata."""
        return self._blob is not None

    def load(self) -> None:
        """Read the metadata, once; it takes long. What cannot be read certifies nothing, and is logged."""
        if self._blob is None or self._verifier is not None:
            return
        from fido2.mds3 import MdsAttestationVerifier, parse_blob

        try:
            self._verifier = MdsAttestationVerifier(parse_blob(self._blob.read_bytes().strip(), None))
        except Exception:  # noqa: BLE001  # the server runs on, and certifies nothing
            _log.exception("cannot read the FIDO metadata in %s", self._blob)

    def certifications(self, attestation: "AttestationObject", client_data_hash: bytes) -> Mapping[str, str]:
        """Return what a key is certified as, by the names of GetMFADevice; nothing for a key that is not attested."""
        verifier = self._verifier
        credential = attestation.auth_data.credential_data
        if verifier is None or credential is None:
            return {}
        try:
            verifier.verify_attestation(attestation, client_data_hash)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with an attestation, it attests nothing
            _log.info("a security key's attestation does not count: %s", error)
            return {}
        entry = verifier.find_entry_by_aaguid(credential.aaguid)
        return {} if entry is None else _levels(entry)


def _levels(entry: "MetadataBlobPayloadEntry") -> dict[str, str]:
    """Return the newest level of each certification; a FIPS level that does not say of which revision is of 140-2."""
    found: dict[str, str] = {}
    for report in sorted(entry.status_reports, key=lambda report: report.effective_date or date.min):
        status = str(report.status)
        if level := _FIDO.fullmatch(status):
            found[FIDO] = level[1]
        elif level := _FIPS.fullmatch(status):
            found[FIPS_140_3 if report.fips_revision == _FIPS_140_3 else FIPS_140_2] = level[1]
    return found
