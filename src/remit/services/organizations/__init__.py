"""AWS Organizations: accounts under one management account, and what binds them.

One module for a noun. `registry` says who may call an operation, `summaries` how things look in answers, `errors` what
stands against a change in the service's words.
"""

from remit.services.organizations import (
    accounts,
    all_features,
    attachments,
    effective_policies,
    handshakes,
    invitations,
    organization,
    policies,
    policy_types,
    resource_policy,
    service_access,
    tags,
    transfers,
    units,
)
from remit.services.organizations.registry import ORGANIZATIONS

# Importing a module registers its operations.
MODULES = (
    accounts,
    all_features,
    attachments,
    effective_policies,
    handshakes,
    invitations,
    organization,
    policies,
    policy_types,
    resource_policy,
    service_access,
    tags,
    transfers,
    units,
)

__all__ = ["ORGANIZATIONS"]
