"""What stands against a change of an organization; reasons have the API's own names.

DirectoryFact
├── ConstraintBroken         a rule of organizations forbids it
├── TypeNotAvailable         no policies in an organization with consolidated billing only
├── TypeNotEnabled           the root does not have the type of policy
├── TypeAlreadyEnabled       the root has it
├── ManagementAccountStays   the management account cannot leave
├── MemberClosed             the account is closed
├── MemberBusy               the account is being closed
├── HandshakeRefused         a rule of handshakes forbids it
├── HandshakeInState         the handshake is in the state that is asked for
├── HandshakeTransitionRefused  it ended in another one, or cannot be answered yet
├── TransferInStatus         the transfer is in the status that is asked for
├── TransferTransitionRefused   it cannot come there from where it is
└── InputFlawed              a value that the model allows cannot be
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


class HandshakeConstraint(StrEnum):
    """Reasons of HandshakeConstraintViolationException that Remit meets."""

    ACCOUNT_NUMBER_LIMIT_EXCEEDED = "ACCOUNT_NUMBER_LIMIT_EXCEEDED"
    HANDSHAKE_RATE_LIMIT_EXCEEDED = "HANDSHAKE_RATE_LIMIT_EXCEEDED"
    ALREADY_IN_AN_ORGANIZATION = "ALREADY_IN_AN_ORGANIZATION"
    HAS_ALL_FEATURES = "ORGANIZATION_ALREADY_HAS_ALL_FEATURES"
    PENDING_ALL_FEATURES = "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION"
    INVITE_DISABLED = "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES"
    DIFFERENT_SELLER = "ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD"
    TRANSFER_EXISTS = "RESPONSIBILITY_TRANSFER_ALREADY_EXISTS"
    SOURCE_IS_TARGET = "SOURCE_AND_TARGET_CANNOT_MATCH"
    TARGET_VALIDATION_FAILURE = "TARGET_ACCOUNT_VALIDATION_FAILURE"


class HandshakeRefused(DirectoryFact):
    """A rule of handshakes forbids it."""

    def __init__(self, reason: HandshakeConstraint) -> None:
        super().__init__(f"not allowed: {reason}")
        self.reason = reason


class HandshakeInState(DirectoryFact):
    """The handshake is in the state that is asked for."""


class HandshakeTransitionRefused(DirectoryFact):
    """The handshake ended in another state, or cannot be answered yet."""


class TransferInStatus(DirectoryFact):
    """The transfer of responsibility is in the status that is asked for."""


class TransferTransitionRefused(DirectoryFact):
    """The transfer of responsibility cannot come there from the status it is in."""


class Flaw(StrEnum):
    """Reasons of InvalidInputException that the state of the directory or the clock decides."""

    TARGET_NOT_SUPPORTED = "TARGET_NOT_SUPPORTED"
    START_NOT_BEGINNING_OF_MONTH = "START_DATE_NOT_BEGINNING_OF_MONTH"
    START_NOT_BEGINNING_OF_DAY = "START_DATE_NOT_BEGINNING_OF_DAY"
    START_TOO_EARLY = "START_DATE_TOO_EARLY"
    START_TOO_LATE = "START_DATE_TOO_LATE"
    END_NOT_END_OF_MONTH = "END_DATE_NOT_END_OF_MONTH"
    END_TOO_EARLY = "END_DATE_TOO_EARLY"
    END_TOO_LATE = "END_DATE_TOO_LATE"


class InputFlawed(DirectoryFact):
    """A value that the model allows cannot be."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(f"cannot be: {flaw}")
        self.flaw = flaw
