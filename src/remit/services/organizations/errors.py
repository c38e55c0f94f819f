"""The directory's facts, and broken constraints of the model, in Organizations' words.

Source: `organizations` reference, parts 1, 3 and 6; the texts of reasons are those of the API reference.
"""

from remit.directory.facts import AlreadyExists, DirectoryFact, Hindrance, InUse, NotFound, Noun, ReadOnly
from remit.directory.organizations.facts import (
    Constraint,
    ConstraintBroken,
    Flaw,
    HandshakeConstraint,
    HandshakeInState,
    HandshakeRefused,
    HandshakeTransitionRefused,
    InputFlawed,
    ManagementAccountStays,
    MemberBusy,
    MemberClosed,
    TransferInStatus,
    TransferTransitionRefused,
    TypeAlreadyEnabled,
    TypeNotAvailable,
    TypeNotEnabled,
)
from remit.errors import Rule, ServiceError, ValidationError

# What is not there -> the error, and the text that names it.
_NOT_FOUND = {
    Noun.ACCOUNT: ("AccountNotFoundException", "You specified an account that doesn't exist."),
    Noun.ROOT: ("RootNotFoundException", "You specified a root that doesn't exist."),
    Noun.ORGANIZATIONAL_UNIT: (
        "OrganizationalUnitNotFoundException",
        "You specified an organizational unit that doesn't exist.",
    ),
    Noun.PARENT: ("ParentNotFoundException", "You specified a parent that doesn't exist."),
    Noun.CHILD: ("ChildNotFoundException", "You specified a child that doesn't exist."),
    Noun.SOURCE_PARENT: ("SourceParentNotFoundException", "You specified a source parent that doesn't exist."),
    Noun.DESTINATION_PARENT: (
        "DestinationParentNotFoundException",
        "You specified a destination parent that doesn't exist.",
    ),
    Noun.TARGET: ("TargetNotFoundException", "You specified a target that doesn't exist."),
    Noun.ORGANIZATION_POLICY: ("PolicyNotFoundException", "You specified a policy that doesn't exist."),
    Noun.ORGANIZATION_POLICY_TO_CHANGE: (
        "PolicyNotFoundException",
        "We can't find a policy with the PolicyId that you specified.",
    ),
    Noun.POLICY_ATTACHMENT: ("PolicyNotAttachedException", "The policy isn't attached to the specified target."),
    Noun.DELEGATED_ADMINISTRATOR: (
        "AccountNotRegisteredException",
        "The provided account is not a registered delegated administrator for your organization.",
    ),
    Noun.CREATE_ACCOUNT_REQUEST: (
        "CreateAccountStatusNotFoundException",
        "You specified a create account request that doesn't exist.",
    ),
    Noun.ORGANIZATION_RESOURCE_POLICY: (
        "ResourcePolicyNotFoundException",
        "Your organization doesn't have a resource policy.",
    ),
    Noun.EFFECTIVE_POLICY: (
        "EffectivePolicyNotFoundException",
        "The account has no effective policy of the specified type.",
    ),
    Noun.HANDSHAKE: ("HandshakeNotFoundException", "You specified a handshake that doesn't exist."),
    Noun.RESPONSIBILITY_TRANSFER: (
        "ResponsibilityTransferNotFoundException",
        "You specified a responsibility transfer that doesn't exist.",
    ),
}
_ALREADY_EXISTS = {
    Noun.ORGANIZATION: (
        "AlreadyInOrganizationException",
        "The provided account is already a member of an organization.",
    ),
    Noun.ORGANIZATIONAL_UNIT: ("DuplicateOrganizationalUnitException", "An OU with the same name already exists."),
    Noun.ORGANIZATION_POLICY: ("DuplicatePolicyException", "A policy with the same name already exists."),
    Noun.POLICY_ATTACHMENT: (
        "DuplicatePolicyAttachmentException",
        "The policy is already attached to the specified target.",
    ),
    Noun.ACCOUNT: ("DuplicateAccountException", "The account is already in the specified destination."),
    Noun.DELEGATED_ADMINISTRATOR: (
        "AccountAlreadyRegisteredException",
        "The provided account is already a delegated administrator for your organization.",
    ),
    Noun.HANDSHAKE: (
        "DuplicateHandshakeException",
        "A handshake with the same action and target already exists.",
    ),
}
_IN_USE = {
    Noun.ORGANIZATION: (
        "OrganizationNotEmptyException",
        "To delete an organization you must first remove all member accounts (except the master).",
    ),
    Noun.ORGANIZATIONAL_UNIT: (
        "OrganizationalUnitNotEmptyException",
        "The organizational unit has accounts or other organizational units in it.",
    ),
    Noun.ORGANIZATION_POLICY: (
        "PolicyInUseException",
        (
            "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts "
            "before performing this operation."
        ),
    ),
}
_CONSTRAINTS = {
    Constraint.ACCOUNT_NUMBER_LIMIT_EXCEEDED: "You have exceeded the allowed number of AWS accounts.",
    Constraint.OU_NUMBER_LIMIT_EXCEEDED: "You have exceeded the allowed number of organizational units.",
    Constraint.OU_DEPTH_LIMIT_EXCEEDED: "You have exceeded the maximum depth of organizational units.",
    Constraint.POLICY_NUMBER_LIMIT_EXCEEDED: "You have exceeded the allowed number of policies.",
    Constraint.POLICY_CONTENT_LIMIT_EXCEEDED: "You have exceeded the maximum policy size.",
    Constraint.MAX_ATTACHMENTS: "You have exceeded the maximum number of policies that can be attached to the target.",
    Constraint.MIN_ATTACHMENTS: "You cannot remove the last policy attached to the specified target. "
    "You must have at least one attached at all times.",
    Constraint.ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED: "You have exceeded the number of accounts that you can create at "
    "one time.",
    Constraint.NOT_GOVCLOUD_ENABLED: "The management account isn't enabled for AWS GovCloud (US).",
    Constraint.NOT_IN_ALL_FEATURES_MODE: "This operation requires that your organization has all features enabled.",
    Constraint.WAIT_PERIOD_ACTIVE: "The account can't leave the organization until a waiting period after its creation "
    "is over.",
    Constraint.MAX_TAG_LIMIT_EXCEEDED: "You have exceeded the number of tags allowed on this resource.",
    Constraint.TAG_POLICY_VIOLATION: "Tag policy does not allow the specified value for the following tag keys.",
    Constraint.MAX_DELEGATED_ADMINISTRATORS: "You have exceeded the allowed number of delegated administrators for the "
    "service.",
    Constraint.DELEGATED_ADMINISTRATOR_EXISTS: "The service already has a delegated administrator.",
    Constraint.CANNOT_REGISTER_MASTER: "You cannot register master account/yourself as delegated administrator for "
    "your organization.",
    Constraint.CANNOT_REGISTER_SUSPENDED: "You cannot register a suspended account as delegated administrator for your "
    "organization.",
    Constraint.CANNOT_REMOVE_DELEGATED_ADMINISTRATOR: "You cannot remove an account that is a delegated administrator "
    "for a service from the organization.",
    Constraint.POLICY_TYPE_ENABLED_FOR_THIS_SERVICE: "You cannot disable trusted access for the service while a policy "
    "type of the service is enabled.",
    Constraint.SERVICE_ACCESS_NOT_ENABLED: "You must enable service access before you call this operation.",
    Constraint.CANNOT_CLOSE_MANAGEMENT_ACCOUNT: "You can't close the management account.",
    Constraint.CLOSE_ACCOUNT_QUOTA_EXCEEDED: "You have exceeded close account quota for the past 30 days.",
    Constraint.CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED: "You have exceeded the number of accounts that you can close at "
    "a time.",
    Constraint.ALL_FEATURES_SIZE_LIMIT_EXCEEDED: "Your organization has more than 5,000 accounts; contact support to "
    "enable all features.",
    Constraint.TRANSFER_LEVELS: "You have exceeded the number of levels of responsibility transfers.",
    Constraint.TRANSFERS_INBOUND: "You have exceeded the allowed number of inbound responsibility transfers.",
    Constraint.TRANSFERS_OUTBOUND: "You have exceeded the allowed number of outbound responsibility transfers.",
    Constraint.TRANSFERS_IN_CHAIN: "You have exceeded the allowed number of responsibility transfers.",
    Constraint.TRANSFER_ACTIVE: "You cannot delete an organization that takes part in a responsibility transfer.",
    Constraint.TRANSFER_UPDATE_NOT_ALLOWED: "You cannot update a responsibility transfer in its current status.",
}
_HANDSHAKE_CONSTRAINTS = {
    HandshakeConstraint.ACCOUNT_NUMBER_LIMIT_EXCEEDED: "You attempted to exceed the limit on the number of accounts in "
    "an organization.",
    HandshakeConstraint.HANDSHAKE_RATE_LIMIT_EXCEEDED: "You attempted to exceed the number of handshakes that you can "
    "send in one day.",
    HandshakeConstraint.ALREADY_IN_AN_ORGANIZATION: "The handshake request is invalid because the invited account is "
    "already a member of an organization.",
    HandshakeConstraint.HAS_ALL_FEATURES: "The handshake request is invalid because the organization has already "
    "enabled all features.",
    HandshakeConstraint.PENDING_ALL_FEATURES: "The handshake request is invalid because the organization has already "
    "started the process to enable all features.",
    HandshakeConstraint.INVITE_DISABLED: "You can't issue new invitations to join an organization while it's in the "
    "process of enabling all features.",
    HandshakeConstraint.DIFFERENT_SELLER: "You can only join an organization that operates in the same AWS partition "
    "as your account.",
    HandshakeConstraint.TRANSFER_EXISTS: "You cannot perform this operation with the current transfer.",
    HandshakeConstraint.SOURCE_IS_TARGET: "An account can't accept a transfer invitation if it is both the sender and "
    "recipient of the invitation.",
    HandshakeConstraint.TARGET_VALIDATION_FAILURE: "Billing transfer is not available for your account.",
}
_FLAWS = {
    Flaw.TARGET_NOT_SUPPORTED: "You can't perform the specified operation on that target entity.",
    Flaw.START_NOT_BEGINNING_OF_MONTH: "You provided an invalid start date. The start date must be the first day of "
    "the month.",
    Flaw.START_NOT_BEGINNING_OF_DAY: "You provided an invalid start date. The start date must be the beginning of the "
    "day (00:00:00.000).",
    Flaw.START_TOO_EARLY: "You provided an invalid start date. The start date is too early.",
    Flaw.START_TOO_LATE: "You provided an invalid start date. The start date is too late.",
    Flaw.END_NOT_END_OF_MONTH: "You provided an invalid end date. The end date must be the end of the last day of the "
    "month (23.59.59.999).",
    Flaw.END_TOO_EARLY: "You provided an invalid end date. The end date is too early.",
    Flaw.END_TOO_LATE: "You provided an invalid end date. The end date is too late.",
}


# Facts that are all that is to be said.
_OTHERS: dict[type[DirectoryFact], tuple[str, str]] = {
    TypeNotAvailable: (
        "PolicyTypeNotAvailableForOrganizationException",
        "You can't use the specified policy type with the feature set currently enabled for this organization.",
    ),
    TypeNotEnabled: (
        "PolicyTypeNotEnabledException",
        "This operation can be performed only for enabled policy types.",
    ),
    TypeAlreadyEnabled: ("PolicyTypeAlreadyEnabledException", "The specified policy type is already enabled."),
    ManagementAccountStays: (
        "MasterCannotLeaveOrganizationException",
        "You can't remove the management account from an organization.",
    ),
    MemberClosed: ("AccountAlreadyClosedException", "The provided account is already closed."),
    HandshakeInState: (
        "HandshakeAlreadyInStateException",
        "The specified handshake is already in the requested state.",
    ),
    HandshakeTransitionRefused: (
        "InvalidHandshakeTransitionException",
        "You can't perform the operation on the handshake in its current state.",
    ),
    TransferInStatus: (
        "ResponsibilityTransferAlreadyInStatusException",
        "The responsibility transfer is already in the status that you specified.",
    ),
    TransferTransitionRefused: (
        "InvalidResponsibilityTransferTransitionException",
        (
            "The responsibility transfer can't transition to the requested state because it's not in a valid state for "
            "this operation."
        ),
    ),
    MemberBusy: ("ConflictException", "The account is being closed."),
}


def in_words_of_organizations(fact: DirectoryFact) -> ServiceError:  # noqa: PLR0911  # one line for each kind of fact
    """Say *fact* as Organizations does."""
    match fact:
        case NotFound():
            return ServiceError(*_NOT_FOUND[fact.noun])
        case AlreadyExists():
            return ServiceError(*_ALREADY_EXISTS[fact.noun])
        case InUse(hindrance=Hindrance.MEMBERS | Hindrance.ATTACHMENTS):
            return ServiceError(*_IN_USE[fact.noun])
        case ReadOnly(noun=Noun.POLICY_ATTACHMENT):
            return invalid_input("NON_DETACHABLE_POLICY", "You can't detach this AWS managed policy.")
        case ReadOnly():
            return invalid_input("IMMUTABLE_POLICY", "You can't change an AWS managed policy.")
        case ConstraintBroken():
            return constraint(fact.reason)
        case HandshakeRefused():
            return ServiceError(
                "HandshakeConstraintViolationException",
                _HANDSHAKE_CONSTRAINTS[fact.reason],
                members={"Reason": fact.reason.value},
            )
        case InputFlawed():
            return invalid_input(fact.flaw.value, _FLAWS[fact.flaw])
        case _ if type(fact) in _OTHERS:
            return ServiceError(*_OTHERS[type(fact)])
        case _:
            raise AssertionError(f"Organizations has no words for {fact!r}")


def constraint(reason: Constraint) -> ServiceError:
    """Say which rule of organizations forbids it."""
    return ServiceError("ConstraintViolationException", _CONSTRAINTS[reason], members={"Reason": reason.value})


def invalid_input(reason: str, message: str) -> ServiceError:
    """Say what is wrong with an input that the model allows."""
    return ServiceError("InvalidInputException", message, members={"Reason": reason})


_INVALID_VALUE = "You specified an invalid value."
_RULES = {
    Rule.REQUIRED: ("INPUT_REQUIRED", "You must include a value for all required parameters."),
    Rule.PATTERN: ("INVALID_PATTERN", _INVALID_VALUE),
    Rule.ENUM: ("INVALID_ENUM", _INVALID_VALUE),
    Rule.MAX_LENGTH: ("MAX_LENGTH_EXCEEDED", "You provided a string parameter that is longer than allowed."),
    Rule.MIN_LENGTH: ("MIN_LENGTH_EXCEEDED", "You provided a string parameter that is shorter than allowed."),
    Rule.MAX_VALUE: (
        "MAX_VALUE_EXCEEDED",
        "You provided a numeric parameter that has a larger value than allowed.",
    ),
    Rule.MIN_VALUE: (
        "MIN_VALUE_EXCEEDED",
        "You provided a numeric parameter that has a smaller value than allowed.",
    ),
}
# Places whose reasons are narrower: (place, rule) -> reason and text.
_NARROWER = {
    ("policyType", Rule.ENUM): ("INVALID_ENUM_POLICY_TYPE", _INVALID_VALUE),
    ("states", Rule.ENUM): ("INVALID_LIST_MEMBER", "You provided a list that has at least one invalid value."),
    ("targetId", Rule.PATTERN): ("INVALID_PATTERN_TARGET_ID", _INVALID_VALUE),
    ("policyId", Rule.PATTERN): ("INVALID_SYNTAX_POLICY_ID", _INVALID_VALUE),
    ("resourceId", Rule.PATTERN): (
        "INVALID_PATTERN",
        "You provided a value that does not match the required pattern.",
    ),
}


def invalid(error: ValidationError) -> ServiceError:
    """Say which constraint of the model an input breaks; of several the first."""
    if not error.broken:
        return error
    place, rule = error.broken[0]
    return invalid_input(*_NARROWER.get((place, rule), _RULES[rule]))


def throttled(_seconds: float) -> ServiceError:
    """Say that there were too many calls; when to come again this service does not tell."""
    return ServiceError(
        "TooManyRequestsException",
        "AWS Organizations can't complete your request because another request is already in progress. "
        "Try again later.",
        members={"Type": "Throttling"},
    )
