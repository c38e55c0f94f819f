"""Checks: pure functions on a snapshot, one module for a family.

They use the standard library and the policy engine only, since evidence bundles carry them along to be run anywhere.

    for check in CHECKS.values():
        outcome = check.outcome(Facts(snapshot=snapshot, organization=management))
        outcome.verdict, outcome.coverage, outcome.findings
"""

from remit.compliance.checks import (
    access_keys,
    accounts,
    agreements,
    costs,
    encryption,
    exposure,
    firewalls,
    guardrails,
    invitations,
    keys,
    log_buckets,
    log_filters,
    networks,
    organizations,
    passwords,
    patching,
    privileges,
    proved_privileges,
    provider_halves,
    public,
    reachability,
    recording,
    recovery,
    root_user,
    storage,
    tampering,
    training,
    transit,
    trust,
    users,
    vaults,
    versions,
)
from remit.compliance.checks.check import Account, Check, Each, Region, Subject, checks
from remit.compliance.checks.facts import Certificate, Facts, Training
from remit.compliance.checks.findings import Coverage, Finding, Judgement, Outcome, Verdict
from remit.compliance.checks.seen import Seen, Unread

FAMILIES = (
    access_keys,
    accounts,
    agreements,
    costs,
    encryption,
    exposure,
    firewalls,
    guardrails,
    invitations,
    keys,
    log_buckets,
    log_filters,
    networks,
    organizations,
    passwords,
    patching,
    privileges,
    proved_privileges,
    provider_halves,
    public,
    reachability,
    recording,
    recovery,
    root_user,
    storage,
    tampering,
    training,
    transit,
    trust,
    users,
    vaults,
    versions,
)

# Id -> check, in order of ids.
CHECKS = checks()

__all__ = [
    "CHECKS",
    "FAMILIES",
    "Account",
    "Certificate",
    "Check",
    "Coverage",
    "Each",
    "Facts",
    "Finding",
    "Judgement",
    "Outcome",
    "Region",
    "Seen",
    "Subject",
    "Training",
    "Unread",
    "Verdict",
]
