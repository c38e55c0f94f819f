"""IAM Toolbox: why a request was refused."""

from remit.services.iam_toolbox import authorization_details
from remit.services.iam_toolbox.registry import IAM_TOOLBOX

# Importing a module registers its operations.
MODULES = (authorization_details,)

__all__ = ["IAM_TOOLBOX"]
