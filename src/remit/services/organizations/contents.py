"""Whether the content of a policy is one of its type: its size, its language.

Source: `organizations` reference, 5, 9.3, 9.4 and 10.
"""

from remit.directory.organizations import PolicyType
from remit.directory.organizations.facts import Constraint
from remit.errors import ServiceError
from remit.policy import PolicyType as Language
from remit.policy import acceptance_failure
from remit.services.organizations.errors import constraint

_LANGUAGES = {PolicyType.SERVICE_CONTROL: Language.SCP, PolicyType.RESOURCE_CONTROL: Language.RCP}
# In characters, white space included.
_SIZES = {
    PolicyType.SERVICE_CONTROL: 10_240,
    PolicyType.RESOURCE_CONTROL: 5_120,
    PolicyType.AI_OPT_OUT: 2_500,
}
_SIZE = 10_000


def check_content(type_: PolicyType, content: str) -> None:
    """Look whether *content* can be a policy of its type.

    Raises:
        ServiceError: it is too large, or no document of the type.
    """
    if len(content) > _SIZES.get(type_, _SIZE):
        raise constraint(Constraint.POLICY_CONTENT_LIMIT_EXCEEDED)
    language = _LANGUAGES.get(type_)
    if language is not None and acceptance_failure(content, language) is not None:
        raise malformed()


def malformed() -> ServiceError:
    """Say that a content is no document of its type."""
    return ServiceError(
        "MalformedPolicyDocumentException",
        "The provided policy document does not meet the requirements of the specified policy type.",
    )
