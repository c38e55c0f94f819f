"""Who may delete data may not delete its backups, proved.

Source: `shared-responsibility` reference, 4, SR-B1; AWS Backup Developer Guide, "Access policies on backup vaults".
"""

from collections.abc import Iterator
from typing import NamedTuple

from remit.compliance.checks.check import Derived, Subject, check
from remit.compliance.checks.control_policies import organization_id, own_levels
from remit.compliance.checks.findings import Judgement, Verdict, failed, not_applicable, passed
from remit.compliance.checks.identities import IDENTITY_READS, Identity, document, identity_subjects
from remit.compliance.checks.patterns import fits_any
from remit.compliance.checks.proved_privileges import RIGHTS_READS
from remit.compliance.checks.rights import May, Rights
from remit.compliance.checks.seen import Seen
from remit.policy import Policy

_VAULTS, _POLICY = "backup:ListBackupVaults", "backup:GetBackupVaultAccessPolicy"
_OF_DATA = ("rds:DeleteDBInstance", "ec2:DeleteVolume", "dynamodb:DeleteTable", "s3:DeleteBucket")
_OF_VAULTS = (
    "backup:DeleteBackupVault",
    "backup:PutBackupVaultAccessPolicy",
    "backup:DeleteBackupVaultLockConfiguration",
)
_OF_POINTS = ("backup:DeleteRecoveryPoint",)


class _Place(NamedTuple):
    """What backups can be destroyed by: which actions on which resource, and the vault's policy."""

    arn: str
    actions: tuple[str, ...]
    policy: Policy | None


def _places(seen: Seen) -> Iterator[_Place]:
    partition = seen.snapshot.header.partition
    for region in seen.regions:
        for vault in seen.items(_VAULTS, "BackupVaultList", region):
            answer = seen.maybe(_POLICY, region, BackupVaultName=vault["BackupVaultName"])
            policy = None if answer is None else Policy(document(answer["Policy"]), name="vault policy")
            yield _Place(vault["BackupVaultArn"], _OF_VAULTS, policy)
            # What is a backup of a volume goes by the ARN of its snapshot; most others have one of AWS Backup.
            for point in (
                f"arn:{partition}:backup:{region}:{seen.account}:recovery-point:remit",
                f"arn:{partition}:ec2:{region}::snapshot/snap-remit",
            ):
                yield _Place(point, _OF_POINTS, policy)


@check(
    "bak.vault.delete",
    version=1,
    each=Derived("users and roles", identity_subjects, frozenset(IDENTITY_READS)),
    reads=(*RIGHTS_READS, _VAULTS, _POLICY),
)
def deleting(subject: Subject, seen: Seen) -> Judgement:
    """Nobody can destroy data and its backups."""
    one: Identity = subject["identity"]
    places = seen.derived("vaults", lambda seen: tuple(_places(seen)))
    if not places:
        return not_applicable("there is no vault")
    if one.is_service_linked or fits_any(one.arn, seen.parameters.administrators):
        return not_applicable("is approved to administer everything, or only a service of AWS can use it")
    rights = Rights(one.known(), own_levels(seen), organization_id(seen))
    data = {action: rights.may_anywhere(action, {}) for action in _OF_DATA}
    deletes = next((action for action, answer in data.items() if answer is May.YES), "")
    if not deletes and May.PERHAPS not in data.values():
        return passed("may not delete data")
    return _judged(deletes, places, rights)


def _judged(deletes: str, places: tuple[_Place, ...], rights: Rights) -> Judgement:
    """Judge who may do *deletes* to data; empty where that was not found, and not every way was tried."""
    is_sampled = not deletes
    for place in places:
        for action in place.actions:
            answer = rights.may(action, place.arn, policy=place.policy)
            if answer is May.YES and deletes:
                return failed(f"may {deletes}, and {action} on {place.arn}")
            is_sampled |= answer is May.PERHAPS
    reason = f"may {deletes}, and destroy no backup" if deletes else "may not delete data"
    if is_sampled:
        return Judgement(Verdict.PASS, f"{reason}, as far as samples show", is_sampled=True)
    return passed(reason)
