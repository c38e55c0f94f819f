"""The directory's facts in IAM's words, letter for letter.

Source: `iam-sts` reference, sections 4 (entity messages), 7, 16 and 17.
"""

from remit.directory.facts import (
    AlreadyExists,
    CodeRefused,
    DirectoryFact,
    Hindrance,
    InUse,
    InvalidPrincipal,
    NotFound,
    NotSupported,
    Noun,
    PasswordRefused,
    PasswordRule,
    Quota,
    QuotaExceeded,
    ReadOnly,
    StateRefused,
    SuffixRefused,
    TemplateRefused,
)
from remit.errors import AccessDenied, ServiceError

_NOT_FOUND = {
    Noun.ACCOUNT: "The account with id {name} cannot be found.",
    Noun.USER: "The user with name {name} cannot be found.",
    Noun.GROUP: "The group with name {name} cannot be found.",
    Noun.ROLE: "The role with name {name} cannot be found.",
    Noun.POLICY: "Policy {name} was not found.",
    Noun.ATTACHMENT: "Policy {name} was not found.",
    Noun.ATTACHABLE_POLICY: "Policy {name} does not exist or is not attachable.",
    Noun.POLICY_VERSION: "Policy {within} version {name} does not exist or is not attachable.",
    Noun.BOUNDARY: "Scope ARN: {name} does not exist or is not attachable.",
    Noun.ACCESS_KEY: "The Access Key with id {name} cannot be found.",
    Noun.USER_POLICY: "The user policy with name {name} cannot be found.",
    Noun.GROUP_POLICY: "The group policy with name {name} cannot be found.",
    Noun.ROLE_POLICY: "The role policy with name {name} cannot be found.",
    Noun.DELEGATION_REQUEST: "The delegation request with id {name} cannot be found.",
    Noun.ROLE_TEMPLATE: "The role template {name} cannot be found.",
    Noun.ROLE_TEMPLATE_VERSION: "The role template {within} has no version {name}.",
    Noun.ACCESS_REPORT: "The job with id {name} cannot be found.",
    Noun.DELETION_TASK: "The deletion task with id {name} cannot be found.",
    Noun.INSTANCE_PROFILE: "Instance Profile {name} cannot be found.",
    Noun.ROLE_IN_INSTANCE_PROFILE: "Role {name} in Instance Profile {within} cannot be found.",
    Noun.LOGIN_PROFILE: "Login Profile for User {name} cannot be found.",
    Noun.PASSWORD_POLICY: "The Password Policy with domain name {name} cannot be found.",
    Noun.MFA_DEVICE: "MFA Device with serial number {name} does not exist.",
    Noun.OIDC_PROVIDER: "OpenIDConnect Provider not found for arn {name}",
    Noun.OIDC_PROVIDER_TO_DELETE: "OpenId connect Provider {name} cannot be found.",
    Noun.SAML_PROVIDER: "Manifest not found for arn {name}",
    Noun.SAML_PRIVATE_KEY: "The private key with id {name} cannot be found.",
    Noun.SIGNING_CERTIFICATE: "The Certificate with id {name} cannot be found.",
    Noun.SERVER_CERTIFICATE: "The Server Certificate with name {name} cannot be found.",
    Noun.SSH_PUBLIC_KEY: "The Public Key with id {name} cannot be found.",
    Noun.SERVICE_CREDENTIAL: "No such credential {name} exists",
    Noun.ACCOUNT_ALIAS: "The account alias {name} cannot be found.",
}
_TAKEN = {
    Noun.USER: "User with name {name} already exists.",
    Noun.GROUP: "Group with name {name} already exists.",
    Noun.ROLE: "Role with name {name} already exists.",
    Noun.DELEGATION_WORKFLOW: "A delegation request with the workflow id {name} already exists.",
    Noun.INSTANCE_PROFILE: "Instance Profile {name} already exists.",
    Noun.POLICY: "A policy called {name} already exists. Duplicate names are not allowed.",
    Noun.LOGIN_PROFILE: "Login Profile for user {name} already exists.",
    Noun.MFA_DEVICE: "MFA device already exists.",
    Noun.MFA_ASSIGNMENT: "MFA Device is already in use.",
    Noun.OIDC_PROVIDER: "Provider with url {name} already exists.",
    Noun.SAML_PROVIDER: "SAML provider {name} already exists.",
    Noun.SERVER_CERTIFICATE: "The Server Certificate with name {name} already exists.",
    Noun.ACCOUNT_ALIAS: "The account alias {name} already exists.",
    Noun.SIGNING_CERTIFICATE: "The same certificate is associated with an IAM user in the account.",
    Noun.SSH_PUBLIC_KEY: "The SSH public key is already associated with the specified IAM user.",
}
_TAKEN_CODES = {
    Noun.SIGNING_CERTIFICATE: "DuplicateCertificate",
    Noun.SSH_PUBLIC_KEY: "DuplicateSSHPublicKey",
}
_IN_USE = {
    Hindrance.ATTACHED_POLICIES: "Cannot delete entity, must detach all policies first.",
    Hindrance.INLINE_POLICIES: "Cannot delete entity, must delete policies first.",
    Hindrance.LOGIN_PROFILE: "Cannot delete entity, must delete login profile first.",
    Hindrance.MFA_DEVICES: "Cannot delete entity, must delete MFA device first.",
    Hindrance.REFERENCED_OBJECTS: "Cannot delete entity, must remove referenced objects first.",
    Hindrance.SIGNING_CERTIFICATES: "Cannot delete entity, must delete signing certificates first.",
    Hindrance.ASSIGNMENT: "MFA VirtualDevice in use. Must deactivate first.",
    Hindrance.ACCESS_KEYS: "Cannot delete entity, must delete access key first.",
    Hindrance.GROUP_MEMBERSHIP: "Cannot delete entity, must remove users from group first.",
    Hindrance.MEMBERS: "Cannot delete entity, must remove users from group first.",
    Hindrance.INSTANCE_PROFILE: "Cannot delete entity, must remove roles from instance profile first.",
    Hindrance.ROLE: "Cannot delete entity, must remove roles from instance profile first.",
    Hindrance.ATTACHMENTS: "Cannot delete a policy attached to entities.",
    Hindrance.VERSIONS: (
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
        "The default version is deleted with the policy."
    ),
    Hindrance.DEFAULT_VERSION: "Cannot delete the default version of a policy.",
}
_INLINE = {Quota.INLINE_USER: "user", Quota.INLINE_GROUP: "group", Quota.INLINE_ROLE: "role"}
_PASSWORD = {
    PasswordRule.LENGTH: "Password should have a minimum length of {value}",
    PasswordRule.SYMBOL: "Password should have at least one symbol",
    PasswordRule.NUMBER: "Password should have at least one number",
    PasswordRule.UPPERCASE: "Password should have at least one uppercase letter",
    PasswordRule.LOWERCASE: "Password should have at least one lowercase letter",
    PasswordRule.CLASSES: (
        "Password should have at least {value} of uppercase letters, lowercase letters, numbers and symbols"
    ),
    PasswordRule.NAME: "Password should not be the name or the email address of the account",
    PasswordRule.REUSE: "Policy constraint violation with password reuse prevention during password change.",
}
_CONFLICT, _MISSING, _FORBIDDEN = 409, 404, 403


def in_words_of_iam(fact: DirectoryFact) -> ServiceError:  # noqa: C901, PLR0911  # one for each fact
    """Say *fact* as IAM does."""
    match fact:
        case NotFound(noun=Noun.LINKED_SERVICE) | AlreadyExists(noun=Noun.SERVICE_LINKED_ROLE) | SuffixRefused():
            return invalid_input(_no_linked_role(fact))
        case StateRefused():
            return invalid_input(f"The delegation request {fact.name} is in the state {fact.state}.")
        case TemplateRefused():
            return invalid_input(str(fact))
        case NotFound():
            text = _NOT_FOUND[fact.noun].format(name=fact.name, within=fact.within)
            return ServiceError("NoSuchEntity", text, _MISSING)
        case AlreadyExists():
            code = _TAKEN_CODES.get(fact.noun, "EntityAlreadyExists")
            return ServiceError(code, _TAKEN[fact.noun].format(name=fact.name), _CONFLICT)
        case InUse():
            return ServiceError("DeleteConflict", _IN_USE[fact.hindrance], _CONFLICT)
        case QuotaExceeded():
            return _too_many(fact)
        case ReadOnly():
            what = "policy versions for policies" if fact.noun is Noun.POLICY_VERSION else "policies"
            return AccessDenied(f"Cannot {fact.verb} {what} outside your own account.")
        case InvalidPrincipal():
            return ServiceError("MalformedPolicyDocument", f'Invalid principal in policy: "{fact.kind}":"{fact.value}"')
        case NotSupported() | PasswordRefused() | CodeRefused():
            return _about_credentials(fact)
        case _:
            raise AssertionError(f"IAM has no words for {fact!r}")


def _about_credentials(fact: NotSupported | PasswordRefused | CodeRefused) -> ServiceError:
    match fact:
        case NotSupported():
            text = f"No such service {fact.service} is supported for Service Specific Credentials"
            return ServiceError("NotSupportedService", text, _MISSING)
        case PasswordRefused():
            return ServiceError("PasswordPolicyViolation", _PASSWORD[fact.rule].format(value=fact.value))
        case CodeRefused():
            text = "Authentication code for device is not valid."
            return ServiceError("InvalidAuthenticationCode", text, _FORBIDDEN)


def _too_many(fact: QuotaExceeded) -> ServiceError:
    if fact.quota is Quota.THUMBPRINTS:
        return invalid_input(f"Thumbprint list must contain fewer than {fact.limit} entries.")
    return ServiceError("LimitExceeded", _over(fact), _CONFLICT)


def _no_linked_role(fact: NotFound | AlreadyExists | SuffixRefused) -> str:
    match fact:
        case NotFound():
            return f"Service name {fact.name} is not valid for a service-linked role."
        case AlreadyExists():
            return f"Service role name {fact.name} has been taken in this account, please try a different suffix."
        case SuffixRefused():
            return f"Custom suffix is not allowed for {fact.service}"


def _over(fact: QuotaExceeded) -> str:
    match fact.quota:
        case Quota.INLINE_USER | Quota.INLINE_GROUP | Quota.INLINE_ROLE:
            return f"Maximum policy size of {fact.limit} bytes exceeded for {_INLINE[fact.quota]} {fact.name}"
        case Quota.POLICY_VERSIONS:
            return (
                f"A managed policy can have up to {fact.limit} versions. Before you create a new version, you must "
                "delete an existing version."
            )
        case Quota.TAGS:
            return "The number of tags has reached the maximum limit."
        case _:
            return f"Cannot exceed quota for {fact.quota}: {fact.limit}"


def invalid_input(message: str) -> ServiceError:
    """Refuse a value that the model allows and IAM does not."""
    return ServiceError("InvalidInput", message)


def malformed_policy(message: str) -> ServiceError:
    """Refuse a policy document."""
    return ServiceError("MalformedPolicyDocument", message)
