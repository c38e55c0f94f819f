import json

from check_cases import FAIL, NA, PASS, UNKNOWN, Case
from principals import ADMIN, IN_ONE, account, allow, arn, denied, document, guarded, role, statement, user

from remit.compliance.checks.parameters import Parameters

VAULTS, POLICY = "backup:ListBackupVaults", "backup:GetBackupVaultAccessPolicy BackupVaultName=v"
VAULT = "arn:aws:backup:eu-west-1:111122223333:backup-vault:v"
APPROVED = {"parameters": Parameters(administrators=("arn:aws:iam::*:user/alice",))}


def held(*identities, policy=None, vaults=("v",)):
    listed = [{"BackupVaultName": name, "BackupVaultArn": VAULT} for name in vaults]
    return account(
        *identities,
        **{
            VAULTS: {"BackupVaultList": listed},
            POLICY: {"Policy": json.dumps(policy)} if policy else "ResourceNotFoundException",
        },
    )


KEPT = document(statement("backup:*", "*", "Deny", Principal="*"))
POINTS = document(statement("backup:DeleteRecoveryPoint", "*", "Deny", Principal="*"))
DATA, BACKUPS = allow("rds:*"), allow("backup:*")
BOTH = allow("rds:*", "backup:DeleteRecoveryPoint")
ONE_POINT = allow("ec2:DeleteVolume"), allow("backup:DeleteRecoveryPoint", resources="arn:aws:ec2:*::snapshot/*")

CASES = (
    Case("bak.vault.delete", PASS, held(user("alice", DATA)), "and destroy no backup"),
    Case("bak.vault.delete", PASS, held(user("alice", BACKUPS)), "may not delete data"),
    Case("bak.vault.delete", PASS, held(user("alice", DATA, BACKUPS), policy=KEPT)),
    Case("bak.vault.delete", PASS, held(user("alice", BOTH), policy=POINTS)),
    Case("bak.vault.delete", FAIL, held(user("alice", BOTH)), "may rds:DeleteDBInstance, and backup:DeleteRecovery"),
    Case("bak.vault.delete", FAIL, held(role("ops", *ONE_POINT)), "snapshot/"),
    Case("bak.vault.delete", FAIL, held(user("alice", DATA, BACKUPS), policy=POINTS), "backup:DeleteBackupVault on"),
    Case("bak.vault.delete", FAIL, held(user("alice", attached=[ADMIN])), "backup:DeleteBackupVault"),
    Case(
        "bak.vault.delete",
        PASS,
        {**held(user("alice", DATA, BACKUPS)), **IN_ONE},
        organization=guarded(denied("backup:Delete*", "backup:Put*")),
    ),
    Case("bak.vault.delete", UNKNOWN, {**held(user("alice", BOTH)), POLICY: "AccessDeniedException"}),
    Case("bak.vault.delete", UNKNOWN, held(user(attached=[arn("policy", "own")])), "is not in"),
    Case("bak.vault.delete", NA, held(user("alice", BOTH), vaults=()), "no vault"),
    Case("bak.vault.delete", NA, held(user("alice", BOTH)), "approved", more=APPROVED),
)
