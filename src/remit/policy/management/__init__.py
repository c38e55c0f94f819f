"""Management policies of AWS Organizations: what an account's policies of one type come to.

    effective = effective_policy(ManagementPolicyType.TAG, [root_policies, unit_policies, account_policies])
    effective.document                                         what DescribeEffectivePolicy shows
    effective.errors                                           what ListEffectivePolicyValidationErrors shows
    acceptance_failure(text, ManagementPolicyType.BACKUP)      why a document is not stored, None if it is
    tag_policy_violations(effective.document, "organizations:account", tags)

A library like the engine beside it: no I/O, no clock. They share nothing; management policies grant and deny nothing.
Specification: the `organizations` reference, 10.
"""

from remit.policy.management.acceptance import acceptance_failure
from remit.policy.management.documents import Unreadable, read, stored
from remit.policy.management.effective import Effective, applied, effective_policy
from remit.policy.management.enforcement import Breach, TagViolation, tag_policy_violations
from remit.policy.management.kinds import KINDS, Kind, ManagementPolicyType
from remit.policy.management.merging import Document
from remit.policy.management.tree import Source
from remit.policy.management.validation import ErrorCode, ValidationError

__all__ = [
    "KINDS",
    "Breach",
    "Document",
    "Effective",
    "ErrorCode",
    "Kind",
    "ManagementPolicyType",
    "Source",
    "TagViolation",
    "Unreadable",
    "ValidationError",
    "acceptance_failure",
    "applied",
    "effective_policy",
    "read",
    "stored",
    "tag_policy_violations",
]
