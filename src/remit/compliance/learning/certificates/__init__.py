"""Certificates: what a learner takes along, and what counts as training evidence.

credential   Open Badges 3.0
proof        Ed25519, Data Integrity eddsa-jcs-2022
statuses     revocation
issuing      made and revoked
reading      verified: `certificates_in`
"""

from remit.compliance.learning.certificates.reading import certificates_in

__all__ = ["certificates_in"]
