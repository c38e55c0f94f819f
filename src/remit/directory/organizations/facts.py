"""What stands against a change of an organization; reasons have the API's own names.

DirectoryFact
├── ConstraintBroken         a rule of organizations forbids it
├── TypeNotAvailable         no policies in an organization with consolidated billing only
├── TypeNotEnabled           the root does not have the type of policy
├── TypeAlreadyEnabled       the root has it
├── ManagementAccountStays   the management account cannot leave
├── MemberClosed             the account is closed
└── MemberBusy               the account is being closed
"""

from enum import StrEnum

from remit.directory.facts import DirectoryFact


class Constraint(StrEnum):
    """Reasons of ConstraintViolationException that Remit meets."""

    ACCOUNT_NUMBER_LIMIT_EXCEEDED = "ACCOUNT_NUMBER_LIMIT_EXCEEDED"
    OU_NUMBER_LIMIT_EXCEEDED = "OU_NUMBER_LIMIT_EXCEEDED"
    OU_DEPTH_LIMIT_EXCEEDED = "OU_DEPTH_LIMIT_EXCEEDED"
    POLICY_NUMBER_LIMIT_EXCEEDED = "POLICY_NUMBER_LIMIT_EXCEEDED"
    POLICY_CONTENT_LIMIT_EXCEEDED = "POLICY_CONTENT_LIMIT_EXCEEDED"
    MAX_ATTACHMENTS = "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"
    MIN_ATTACHMENTS = "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"
    ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED = "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED"
    NOT_GOVCLOUD_ENABLED = "MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED"
    NOT_IN_ALL_FEATURES_MODE = "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"
    WAIT_PERIOD_ACTIVE = "WAIT_PERIOD_ACTIVE"
    MAX_TAG_LIMIT_EXCEEDED = "MAX_TAG_LIMIT_EXCEEDED"
    TAG_POLICY_VIOLATION = "TAG_POLICY_VIOLATION"
    DELEGATED_ADMINISTRATOR_EXISTS = "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE"
    MAX_DELEGATED_ADMINISTRATORS = "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED"
    CANNOT_REGISTER_MASTER = "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR"
    CANNOT_REGISTER_SUSPENDED = "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR"
    CANNOT_REMOVE_DELEGATED_ADMINISTRATOR = "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"
    POLICY_TYPE_ENABLED_FOR_THIS_SERVICE = "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE"
    SERVICE_ACCESS_NOT_ENABLED = "SERVICE_ACCESS_NOT_ENABLED"
    CANNOT_CLOSE_MANAGEMENT_ACCOUNT = "CANNOT_CLOSE_MANAGEMENT_ACCOUNT"
    CLOSE_ACCOUNT_QUOTA_EXCEEDED = "CLOSE_ACCOUNT_QUOTA_EXCEEDED"
    CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED = "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED"
    ALL_FEATURES_SIZE_LIMIT_EXCEEDED = "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED"
    TRANSFER_LEVELS = "RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION"
    TRANSFERS_INBOUND = "RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION"
    TRANSFERS_OUTBOUND = "RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION"
    TRANSFERS_IN_CHAIN = "RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION"
    TRANSFER_ACTIVE = "ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS"
    TRANSFER_UPDATE_NOT_ALLOWED = "TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED"


class ConstraintBroken(DirectoryFact):
    """A rule of organizations forbids it."""

    def __init__(self, reason: Constraint) -> None:
        super().__init__(f"not allowed: {reason}")
        self.reason = reason


class TypeNotAvailable(DirectoryFact):
    """An organization with consolidated billing only has no policies."""


class TypeNotEnabled(DirectoryFact):
    """The root does not have the type of policy enabled."""


class TypeAlreadyEnabled(DirectoryFact):
    """The root has the type of policy enabled."""


class ManagementAccountStays(DirectoryFact):
    """The management account cannot leave its organization."""


class MemberClosed(DirectoryFact):
    """The account is closed."""


class MemberBusy(DirectoryFact):
    """The account is being closed."""
