"""AWS Sign-In: credentials for programs of somebody who signed in, as `aws login` asks for them, and their sessions."""

from remit.services.signin import access_tokens, console_access, sessions, tokens
from remit.services.signin.registry import SIGNIN

# Importing a module registers its operations.
MODULES = (access_tokens, console_access, sessions, tokens)

__all__ = ["SIGNIN"]
