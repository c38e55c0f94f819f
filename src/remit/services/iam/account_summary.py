"""How many of everything an account has, and may have. Source: `iam-sts` reference, section 15 (recorded)."""

from typing import Any

from remit.directory import (
    ACCESS_KEYS,
    GROUPS,
    INSTANCE_PROFILES,
    LOGIN_PROFILES,
    MFA_DEVICES,
    OIDC_PROVIDERS,
    POLICIES,
    ROLES,
    SAML_PROVIDERS,
    SERVER_CERTIFICATES,
    SIGNING_CERTIFICATES,
    USERS,
)
from remit.directory.accounts import known_account
from remit.directory.facts import LIMITS, Quota
from remit.ids import AccountId
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.registry import operation
from remit.store import Kind, Transaction

_QUOTAS = {
    "AccessKeysPerUserQuota": Quota.ACCESS_KEYS,
    "AssumeRolePolicySizeQuota": Quota.TRUST_POLICY_SIZE,
    "AttachedPoliciesPerGroupQuota": Quota.POLICIES_PER_GROUP,
    "AttachedPoliciesPerRoleQuota": Quota.POLICIES_PER_ROLE,
    "AttachedPoliciesPerUserQuota": Quota.POLICIES_PER_USER,
    "GroupPolicySizeQuota": Quota.INLINE_GROUP,
    "GroupsPerUserQuota": Quota.GROUPS_PER_USER,
    "GroupsQuota": Quota.GROUPS,
    "InstanceProfilesQuota": Quota.INSTANCE_PROFILES,
    "PoliciesQuota": Quota.POLICIES,
    "PolicySizeQuota": Quota.POLICY_SIZE,
    "PolicyVersionsInUseQuota": Quota.POLICY_VERSIONS_IN_USE,
    "RolePolicySizeQuota": Quota.INLINE_ROLE,
    "RolesQuota": Quota.ROLES,
    "ServerCertificatesQuota": Quota.SERVER_CERTIFICATES,
    "SigningCertificatesPerUserQuota": Quota.SIGNING_CERTIFICATES,
    "UserPolicySizeQuota": Quota.INLINE_USER,
    "UsersQuota": Quota.USERS,
    "VersionsPerPolicyQuota": Quota.POLICY_VERSIONS,
}
_COUNTED: dict[str, Kind[Any]] = {
    "Groups": GROUPS,
    "InstanceProfiles": INSTANCE_PROFILES,
    "Policies": POLICIES,
    "ServerCertificates": SERVER_CERTIFICATES,
    "Users": USERS,
}
# Identity providers of every kind, which are counted together.
_PROVIDERS: tuple[Kind[Any], ...] = (OIDC_PROVIDERS, SAML_PROVIDERS)


@operation("GetAccountSummary")
def get_summary(call: Call[shapes.GetUserRequest], tx: Transaction) -> shapes.GetAccountSummaryResponse:
    """Count what the account has; what is called `Account...` is about the root user."""
    account = call.account
    summary = {name: LIMITS[quota] for name, quota in _QUOTAS.items()}
    summary |= {name: tx.count(kind, "account", account) for name, kind in _COUNTED.items()}
    summary["Providers"] = sum(tx.count(kind, "account", account) for kind in _PROVIDERS)
    summary |= _about_root(tx, account)
    summary["MFADevices"] = tx.count(MFA_DEVICES, "every virtual", account)
    summary["MFADevicesInUse"] = tx.count(MFA_DEVICES, "virtual", (account, True))
    summary["Roles"] = sum(not role.is_service_linked for role in tx.select(ROLES, "account", account))
    summary["PolicyVersionsInUse"] = sum(len(policy.versions) for policy in tx.select(POLICIES, "account", account))
    summary["GlobalEndpointTokenVersion"] = known_account(tx, account).token_version
    return {"SummaryMap": dict(sorted(summary.items()))}


def _about_root(tx: Transaction, account: AccountId) -> dict[str, int]:
    return {
        "AccountAccessKeysPresent": int(tx.count(ACCESS_KEYS, "owner", account) > 0),
        "AccountMFAEnabled": int(tx.count(MFA_DEVICES, "owner", account) > 0),
        "AccountPasswordPresent": int(tx.get(LOGIN_PROFILES, account) is not None),
        "AccountSigningCertificatesPresent": int(tx.count(SIGNING_CERTIFICATES, "owner", account) > 0),
    }
