"""AWS Security Token Service: who am I, and credentials that end."""

from remit.services.sts import (
    assume_role,
    assume_root,
    authorization_messages,
    delegated_access,
    federation_tokens,
    identity,
    saml,
    scoped_credentials,
    session_tokens,
    web_identity,
    web_identity_tokens,
)
from remit.services.sts.registry import STS

# Importing a module registers its operations.
MODULES = (
    assume_role,
    assume_root,
    authorization_messages,
    delegated_access,
    federation_tokens,
    identity,
    saml,
    scoped_credentials,
    session_tokens,
    web_identity,
    web_identity_tokens,
)

__all__ = ["STS"]
