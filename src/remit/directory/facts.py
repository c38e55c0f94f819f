"""What stands against a change, said as facts; each service puts them into its own words.

DirectoryFact
├── NotFound             there is no such thing
├── AlreadyExists        the name is taken
├── QuotaExceeded        one more would be too many
├── InUse                something else must be removed first
├── SuffixRefused        the service has one role and no more
├── StateRefused         a request cannot come there from where it is
├── TemplateRefused      the values do not fit the role template
├── ReadOnly             AWS's own, nobody changes it
├── InvalidPrincipal     a trust policy names somebody who does not exist
├── NotSupported         a service has no credentials of its own
├── PasswordRefused      a password breaks a rule of the account
├── CodeRefused          a code of an MFA device is wrong, late or used
├── OneTimeCodeRefused   a code that was sent is another one, or over
└── RegionRefused        a region cannot come there from where it is
"""

from enum import StrEnum


class Noun(StrEnum):
    """The kinds of things that can be missing or taken."""

    ACCOUNT = "account"
    ORGANIZATION = "organization"
    ROOT = "root"
    ORGANIZATIONAL_UNIT = "organizational unit"
    PARENT = "parent"
    CHILD = "child"
    SOURCE_PARENT = "source parent"
    DESTINATION_PARENT = "destination parent"
    TARGET = "target"
    ORGANIZATION_POLICY = "policy of the organization"
    ORGANIZATION_POLICY_TO_CHANGE = "policy of the organization to change"
    POLICY_ATTACHMENT = "attachment of a policy of the organization"
    DELEGATED_ADMINISTRATOR = "delegated administrator"
    CREATE_ACCOUNT_REQUEST = "request to create an account"
    ORGANIZATION_RESOURCE_POLICY = "resource policy of the organization"
    EFFECTIVE_POLICY = "effective policy"
    HANDSHAKE = "handshake"
    RESPONSIBILITY_TRANSFER = "responsibility transfer"
    USER = "user"
    GROUP = "group"
    ROLE = "role"
    POLICY = "policy"
    POLICY_VERSION = "policy version"
    ATTACHABLE_POLICY = "attachable policy"
    ATTACHMENT = "attachment"
    BOUNDARY = "permissions boundary"
    ACCESS_KEY = "access key"
    USER_POLICY = "user policy"
    GROUP_POLICY = "group policy"
    ROLE_POLICY = "role policy"
    SERVICE_LINKED_ROLE = "service-linked role"
    LINKED_SERVICE = "service with a role"
    DELEGATION_REQUEST = "delegation request"
    DELEGATION_WORKFLOW = "workflow of a delegation request"
    ROLE_TEMPLATE = "role template"
    ROLE_TEMPLATE_VERSION = "version of the role template"
    ACCESS_REPORT = "report"
    DELETION_TASK = "deletion task"
    INSTANCE_PROFILE = "instance profile"
    ROLE_IN_INSTANCE_PROFILE = "role in the instance profile"
    LOGIN_PROFILE = "login profile"
    PASSWORD_POLICY = "password policy"  # noqa: S105  # a kind of thing, not a password
    MFA_DEVICE = "MFA device"
    MFA_ASSIGNMENT = "assignment of an MFA device"
    OIDC_PROVIDER = "OpenID Connect provider"
    OIDC_PROVIDER_TO_DELETE = "OpenID Connect provider to delete"
    SAML_PROVIDER = "SAML provider"
    SAML_PRIVATE_KEY = "private key of a SAML provider"
    SIGNING_CERTIFICATE = "signing certificate"
    SERVER_CERTIFICATE = "server certificate"
    SSH_PUBLIC_KEY = "SSH public key"
    SERVICE_CREDENTIAL = "service-specific credential"
    ACCOUNT_ALIAS = "account alias"
    REPORT = "report"
    TERM = "term"
    AGREEMENT = "agreement"
    CUSTOMER_AGREEMENT = "customer agreement"
    COMPLIANCE_INQUIRY = "compliance inquiry"
    COMPLIANCE_QUERY = "query of the compliance inquiry"
    CONTACT = "primary contact"
    ALTERNATE_CONTACT = "alternate contact"
    EMAIL_UPDATE = "update of the e-mail address"
    GOVCLOUD_ACCOUNT = "account in GovCloud"
    REGION = "region"
    SIGNIN_STATEMENT = "statement of the sign-in policy"


class Quota(StrEnum):
    """Quotas, by the names that AWS's messages use."""

    REPORTS = "Reports"
    REPORT_VERSIONS = "VersionsPerReport"
    USERS = "UsersPerAccount"
    GROUPS = "GroupsPerAccount"
    ROLES = "RolesPerAccount"
    INSTANCE_PROFILES = "InstanceProfilesPerAccount"
    ROLES_PER_INSTANCE_PROFILE = "InstanceSessionsPerInstanceProfile"
    POLICIES = "PoliciesPerAccount"
    POLICIES_PER_USER = "PoliciesPerUser"
    POLICIES_PER_GROUP = "PoliciesPerGroup"
    POLICIES_PER_ROLE = "PoliciesPerRole"
    GROUPS_PER_USER = "GroupsPerUser"
    ACCESS_KEYS = "AccessKeysPerUser"
    POLICY_SIZE = "PolicySize"
    TRUST_POLICY_SIZE = "ACLSizePerRole"
    POLICY_VERSIONS = "VersionsPerPolicy"
    INLINE_USER = "UserPolicySize"
    INLINE_GROUP = "GroupPolicySize"
    INLINE_ROLE = "RolePolicySize"
    TAGS = "TagsPerResource"
    MFA_DEVICES = "MFADevicesPerUser"
    VIRTUAL_MFA_DEVICES = "VirtualMFADevicesPerAccount"
    OIDC_PROVIDERS = "OpenIdConnectProvidersPerAccount"
    CLIENT_IDS = "ClientIdsPerOpenIdConnectProvider"
    THUMBPRINTS = "ThumbprintsPerOpenIdConnectProvider"
    SAML_PROVIDERS = "SAMLProvidersPerAccount"
    SAML_PRIVATE_KEYS = "PrivateKeysPerSAMLProvider"
    SIGNING_CERTIFICATES = "CertificatesPerUser"
    POLICY_VERSIONS_IN_USE = "PolicyVersionsInUse"
    SERVER_CERTIFICATES = "ServerCertificatesPerAccount"
    SSH_PUBLIC_KEYS = "SSHPublicKeysPerUser"
    SERVICE_CREDENTIALS = "ServiceSpecificCredentialsPerUser"
    SIGNIN_STATEMENTS = "PermissionStatementsPerAccount"
    ACCOUNTS = "AccountsPerOrganization"
    UNITS = "OrganizationalUnitsPerOrganization"
    UNIT_LEVELS = "OrganizationalUnitLevels"
    SERVICE_CONTROL_POLICIES = "ServiceControlPoliciesPerOrganization"
    RESOURCE_CONTROL_POLICIES = "ResourceControlPoliciesPerOrganization"
    MANAGEMENT_POLICIES = "ManagementPoliciesOfATypePerOrganization"
    ACCOUNT_CREATIONS = "AccountCreationsAtOnce"
    ACCOUNT_CLOSURES = "AccountClosuresAtOnce"
    ACCOUNT_CLOSURES_A_MONTH = "AccountClosuresInThirtyDays"
    CREATION_SECONDS = "SecondsToCreateAnAccount"
    CLOSURE_SECONDS = "SecondsToCloseAnAccount"
    INVITATIONS = "InvitationAttemptsPerDay"
    DELEGATED_ADMINISTRATORS = "DelegatedAdministratorsPerService"
    TRANSFERS_INBOUND = "InboundResponsibilityTransfers"
    TRANSFERS_OUTBOUND = "OutboundResponsibilityTransfers"
    TRANSFER_LEVELS = "ResponsibilityTransferLevels"
    TRANSFERS_IN_CHAIN = "InboundResponsibilityTransfersInAChain"
    ALL_FEATURES_ACCOUNTS = "AccountsToEnableAllFeatures"
    REGION_OPTS = "ConcurrentRegionOptRequestsPerAccount"
    REGION_OPTS_IN_ORGANIZATION = "ConcurrentRegionOptRequestsPerOrganization"
    ONE_TIME_CODES = "OneTimeCodesPer30Seconds"


# Those of organizations are what an organization begins with (`Organization.limit`).
# Source: IAM User Guide, "IAM and AWS STS quotas"; `iam-sts` reference, section 17; `organizations` reference, part 5;
# AWS Account Management reference guide, "Quotas".
LIMITS: dict[Quota, int] = {
    Quota.REPORTS: 10_000,
    Quota.REPORT_VERSIONS: 1_000,
    Quota.USERS: 5000,
    Quota.GROUPS: 300,
    Quota.ROLES: 1000,
    Quota.INSTANCE_PROFILES: 1000,
    Quota.ROLES_PER_INSTANCE_PROFILE: 1,
    Quota.POLICIES: 1500,
    Quota.POLICIES_PER_USER: 10,
    Quota.POLICIES_PER_GROUP: 10,
    Quota.POLICIES_PER_ROLE: 10,
    Quota.GROUPS_PER_USER: 10,
    Quota.ACCESS_KEYS: 2,
    Quota.POLICY_SIZE: 6144,
    Quota.TRUST_POLICY_SIZE: 2048,
    Quota.POLICY_VERSIONS: 5,
    Quota.INLINE_USER: 2048,
    Quota.INLINE_GROUP: 5120,
    Quota.INLINE_ROLE: 10240,
    Quota.TAGS: 50,
    Quota.MFA_DEVICES: 8,
    Quota.VIRTUAL_MFA_DEVICES: 5000,
    Quota.OIDC_PROVIDERS: 100,
    Quota.CLIENT_IDS: 100,
    Quota.THUMBPRINTS: 5,
    Quota.SAML_PROVIDERS: 100,
    Quota.SAML_PRIVATE_KEYS: 2,
    Quota.SIGNING_CERTIFICATES: 2,
    Quota.POLICY_VERSIONS_IN_USE: 10_000,
    Quota.SERVER_CERTIFICATES: 20,
    Quota.SSH_PUBLIC_KEYS: 5,
    Quota.SERVICE_CREDENTIALS: 2,
    Quota.SIGNIN_STATEMENTS: 20,
    Quota.ACCOUNTS: 10,
    Quota.UNITS: 2_000,
    Quota.UNIT_LEVELS: 5,
    Quota.SERVICE_CONTROL_POLICIES: 10_000,
    Quota.RESOURCE_CONTROL_POLICIES: 2_000,
    Quota.MANAGEMENT_POLICIES: 1_000,
    Quota.ACCOUNT_CREATIONS: 5,
    Quota.ACCOUNT_CLOSURES: 3,
    Quota.ACCOUNT_CLOSURES_A_MONTH: 250,
    Quota.CREATION_SECONDS: 0,
    Quota.CLOSURE_SECONDS: 0,
    Quota.INVITATIONS: 20,
    Quota.DELEGATED_ADMINISTRATORS: 50,
    Quota.TRANSFERS_INBOUND: 0,
    Quota.TRANSFERS_OUTBOUND: 1,
    Quota.TRANSFER_LEVELS: 1,
    Quota.TRANSFERS_IN_CHAIN: 1_000,
    Quota.ALL_FEATURES_ACCOUNTS: 5_000,
    Quota.REGION_OPTS: 6,
    Quota.REGION_OPTS_IN_ORGANIZATION: 50,
    Quota.ONE_TIME_CODES: 3,
}

# What an organization can have of its own: `Organization.limit` asks for these.
ORGANIZATION_QUOTAS = (
    Quota.ACCOUNTS,
    Quota.UNITS,
    Quota.UNIT_LEVELS,
    Quota.SERVICE_CONTROL_POLICIES,
    Quota.RESOURCE_CONTROL_POLICIES,
    Quota.MANAGEMENT_POLICIES,
    Quota.ACCOUNT_CREATIONS,
    Quota.ACCOUNT_CLOSURES,
    Quota.ACCOUNT_CLOSURES_A_MONTH,
    Quota.CREATION_SECONDS,
    Quota.CLOSURE_SECONDS,
    Quota.INVITATIONS,
    Quota.DELEGATED_ADMINISTRATORS,
    Quota.TRANSFERS_INBOUND,
    Quota.TRANSFERS_OUTBOUND,
    Quota.TRANSFER_LEVELS,
)


class Hindrance(StrEnum):
    """What must be removed before something can be deleted."""

    ATTACHED_POLICIES = "attached policies"
    INLINE_POLICIES = "inline policies"
    ACCESS_KEYS = "access keys"
    GROUP_MEMBERSHIP = "group membership"
    MEMBERS = "members"
    INSTANCE_PROFILE = "a place in an instance profile"
    ROLE = "a role"
    ATTACHMENTS = "attachments"
    VERSIONS = "versions"
    DEFAULT_VERSION = "default version"
    LOGIN_PROFILE = "login profile"
    MFA_DEVICES = "MFA devices"
    REFERENCED_OBJECTS = "credentials of services"
    SIGNING_CERTIFICATES = "signing certificates"
    ASSIGNMENT = "assignment to a user"


class PasswordRule(StrEnum):
    """What a password can break."""

    LENGTH = "minimum length"
    SYMBOL = "a symbol"
    NUMBER = "a number"
    UPPERCASE = "an uppercase letter"
    LOWERCASE = "a lowercase letter"
    CLASSES = "three classes of characters"
    NAME = "not the account's name or e-mail address"
    REUSE = "not a former one"


class DirectoryFact(Exception):
    """Why the directory does not do what was asked."""


class NotFound(DirectoryFact):
    """There is no *noun* called *name*; *within* is what it was looked for in."""

    def __init__(self, noun: Noun, name: str, within: str = "") -> None:
        super().__init__(f"no {noun} `{name}`")
        self.noun = noun
        self.name = name
        self.within = within


class AlreadyExists(DirectoryFact):
    """The *name* is taken by another *noun*."""

    def __init__(self, noun: Noun, name: str) -> None:
        super().__init__(f"{noun} `{name}` exists")
        self.noun = noun
        self.name = name


class QuotaExceeded(DirectoryFact):
    """One more than *limit* of *quota*; *name* is whose quota it is."""

    def __init__(self, quota: Quota, name: str = "") -> None:
        super().__init__(f"{quota} is {LIMITS[quota]}")
        self.quota = quota
        self.limit = LIMITS[quota]
        self.name = name


class InUse(DirectoryFact):
    """*noun* cannot be deleted while there is *hindrance*."""

    def __init__(self, noun: Noun, hindrance: Hindrance) -> None:
        super().__init__(f"{noun} still has {hindrance}")
        self.noun = noun
        self.hindrance = hindrance


class SuffixRefused(DirectoryFact):
    """*service* has one service-linked role, so no suffix can tell it from others."""

    def __init__(self, service: str) -> None:
        super().__init__(f"`{service}` has one role")
        self.service = service


class StateRefused(DirectoryFact):
    """The request called *name* is in *state*, from which it cannot come where it should."""

    def __init__(self, name: str, state: str) -> None:
        super().__init__(f"`{name}` is {state}")
        self.name = name
        self.state = state


class TemplateRefused(DirectoryFact):
    """A role cannot be made from the template with these values; the text says why, for the caller."""


class ReadOnly(DirectoryFact):
    """AWS's own *noun*, which no account may *verb* (`delete`, `update`)."""

    def __init__(self, noun: Noun, name: str, verb: str) -> None:
        super().__init__(f"{noun} `{name}` belongs to AWS")
        self.noun = noun
        self.name = name
        self.verb = verb


class InvalidPrincipal(DirectoryFact):
    """A trust policy names a principal that does not exist; *kind* is `AWS`, `SERVICE` or `FEDERATED`."""

    def __init__(self, kind: str, value: str) -> None:
        super().__init__(f"no principal `{value}`")
        self.kind = kind
        self.value = value


class NotSupported(DirectoryFact):
    """*service* has no credentials of its own."""

    def __init__(self, service: str) -> None:
        super().__init__(f"no credentials of its own has `{service}`")
        self.service = service


class PasswordRefused(DirectoryFact):
    """A new password breaks *rule*; *value* is the number in it, such as the minimum length."""

    def __init__(self, rule: PasswordRule, value: int = 0) -> None:
        super().__init__(f"the password breaks a rule: {rule}{f' ({value})' if value else ''}")
        self.rule = rule
        self.value = value


class CodeRefused(DirectoryFact):
    """A code is not the MFA device's of this half minute, or was used already."""

    def __init__(self, serial: str) -> None:
        super().__init__(f"not a code of MFA device `{serial}`")
        self.serial = serial


class OneTimeCodeRefused(DirectoryFact):
    """A code is not the one that was sent for *account*, or that is over."""

    def __init__(self, account: str) -> None:
        super().__init__(f"not the code that was sent for account `{account}`")
        self.account = account


class RegionRefused(DirectoryFact):
    """*region* of *account* is not in the status that the change begins with, or *is_changing* just now."""

    def __init__(self, account: str, region: str, *, is_changing: bool) -> None:
        super().__init__(f"`{region}` of account `{account}` {'is being changed' if is_changing else 'is so already'}")
        self.account = account
        self.region = region
        self.is_changing = is_changing


def limit(quota: Quota, count: int, name: str = "") -> None:
    """Refuse when *count* is more than *quota* allows.

    Raises:
        QuotaExceeded: it is.
    """
    if count > LIMITS[quota]:
        raise QuotaExceeded(quota, name)
