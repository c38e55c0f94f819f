"""AWS Identity and Access Management: one module for a noun, one function for an operation."""

from remit.services.iam import (
    access_keys,
    account_aliases,
    attachments,
    boundaries,
    entities,
    groups,
    inline_policies,
    instance_profiles,
    login_profiles,
    mfa_devices,
    oidc_providers,
    password_policy,
    policies,
    policy_versions,
    provider_tags,
    roles,
    saml_providers,
    server_certificates,
    service_credentials,
    signing_certificates,
    simulator,
    ssh_public_keys,
    tags,
    users,
)
from remit.services.iam.registry import IAM

# Importing a module registers its operations.
MODULES = (
    access_keys,
    account_aliases,
    attachments,
    boundaries,
    entities,
    groups,
    inline_policies,
    instance_profiles,
    login_profiles,
    mfa_devices,
    password_policy,
    oidc_providers,
    policies,
    policy_versions,
    provider_tags,
    roles,
    saml_providers,
    server_certificates,
    service_credentials,
    signing_certificates,
    ssh_public_keys,
    simulator,
    tags,
    users,
)

__all__ = ["IAM"]
