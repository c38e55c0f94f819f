"""What the owner of accounts lays down, and checks hold accounts to: who may be administrator, which regions are used.

Without a word of the owner nothing is approved: a list is empty, so that whatever is found is found.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What is laid down.

    Where names or ARNs are listed, `*` and `?` stand for characters as in policies.

    Attributes:
        administrators: ARNs of users and roles that may do everything.
        regions: that may be used; empty for those that the account has enabled.
        trusted_accounts: ids of accounts outside the organization that roles, buckets and keys may be shared with.
        trusted_services: service principals that may act throughout the organization.
        delegated_administrators: account id -> service principals.
        emergency_users: names of users that have a password although people come through an identity provider.
        data_classes: values that the tag DataClass may have.
        restricted_classes: those of them whose data needs keys and records of its own.
        image_owners: ids or aliases of accounts whose machine images may be used.
        health_class: the value of the tag DataClass that marks health data.
        shared_names: in lower case; of users that more than one person would use.
        sensitive_actions: what nobody does without a second factor.
        trail_keepers: ARNs of users and roles that may change what is recorded, administrators apart.
        guardrail_exempt: ARNs of users and roles that an organization's guardrails leave alone.
        root_actions: what member accounts' root users may do.
        region_actions: what may be done in regions that are not approved.
        security_contact: e-mail address of the security team; empty for that of the organization's management account.
        workload_units: in lower case; names of units with workloads, where nobody administers for all.
        report_services: id and version of a provider's report, as `report-1 v2` -> the services that it covers, by
            their names in SDKs, as somebody read them in it.
        role_passers: ARNs of users and roles that may pass roles that may do more than they, administrators apart.
    """

    administrators: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    trusted_accounts: tuple[str, ...] = ()
    trusted_services: tuple[str, ...] = ()
    delegated_administrators: tuple[tuple[str, tuple[str, ...]], ...] = ()
    emergency_users: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = ("public", "internal", "confidential", "restricted", "health")
    restricted_classes: tuple[str, ...] = ("restricted", "health")
    image_owners: tuple[str, ...] = ("self", "amazon")
    health_class: str = "health"
    shared_names: tuple[str, ...] = (
        "admin",
        "admins",
        "administrator",
        "administrators",
        "root",
        "shared",
        "team",
        "team-*",
        "*-team",
        "dev",
        "devs",
        "developer",
        "developers",
        "ops",
        "operator",
        "operators",
        "test",
        "test-user",
        "tester",
        "user",
        "guest",
        "support",
        "service",
    )
    sensitive_actions: tuple[str, ...] = (
        "iam:CreateUser",
        "iam:CreateAccessKey",
        "iam:AttachUserPolicy",
        "iam:AttachRolePolicy",
        "iam:PutUserPolicy",
        "iam:PutRolePolicy",
        "iam:CreatePolicyVersion",
        "iam:UpdateAssumeRolePolicy",
        "iam:DeactivateMFADevice",
        "organizations:LeaveOrganization",
        "cloudtrail:StopLogging",
        "cloudtrail:DeleteTrail",
        "kms:ScheduleKeyDeletion",
        "s3:DeleteBucket",
        "s3:PutBucketPolicy",
        "rds:DeleteDBInstance",
        "ec2:TerminateInstances",
        "secretsmanager:GetSecretValue",
    )
    trail_keepers: tuple[str, ...] = ()
    guardrail_exempt: tuple[str, ...] = ()
    root_actions: tuple[str, ...] = ()
    region_actions: tuple[str, ...] = ()
    security_contact: str = ""
    workload_units: tuple[str, ...] = ("*workload*", "*prod*", "dev*", "*test*", "*staging*", "*sandbox*")
    report_services: tuple[tuple[str, tuple[str, ...]], ...] = ()
    role_passers: tuple[str, ...] = ()


DEFAULTS = Parameters()
