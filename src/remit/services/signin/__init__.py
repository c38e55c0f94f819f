"""AWS Sign-In: credentials for programs of somebody who signed in, as `aws login` asks for them."""

from remit.services.signin import tokens
from remit.services.signin.registry import SIGNIN

# Importing a module registers its operations.
MODULES = (tokens,)

__all__ = ["SIGNIN"]
