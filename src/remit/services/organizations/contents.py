"""Whether the content of a policy is one of its type: its size, its language.

Source: `organizations` reference, 5, 9.3, 9.4 and 10.
"""

from remit.directory.organizations import PolicyType
from remit.directory.organizations.facts import Constraint
from remit.errors import ServiceError
from remit.policy import PolicyType as Language
from remit.policy import acceptance_failure, management
from remit.services.organizations.errors import constraint

# In characters, white space included.
_LANGUAGES = {PolicyType.SERVICE_CONTROL: (Language.SCP, 10_240), PolicyType.RESOURCE_CONTROL: (Language.RCP, 5_120)}


def check_content(type_: PolicyType, content: str) -> None:
    """Look whether *content* can be a policy of its type.

    Raises:
        ServiceError: it is too large, or no document of the type.
    """
    if type_ in _LANGUAGES:
        language, most = _LANGUAGES[type_]
        _check_size(content, most)
        failure = acceptance_failure(content, language)
    else:
        kind = management.ManagementPolicyType(type_)
        _check_size(content, management.KINDS[kind].characters_max)
        failure = management.acceptance_failure(content, kind)
    if failure is not None:
        raise ServiceError(
            "MalformedPolicyDocumentException",
            "The provided policy document does not meet the requirements of the specified policy type.",
        )


def _check_size(content: str, most: int) -> None:
    if len(content) > most:
        raise constraint(Constraint.POLICY_CONTENT_LIMIT_EXCEEDED)
