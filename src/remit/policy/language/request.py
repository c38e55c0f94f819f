"""What a decision is about: who asks, for which action, on which resource, and what is known of the request.

The words are those of the evaluation pages; the kinds of principals are listed in the `policy-evaluation` reference,
2.3.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

# A single-valued key has a text, a multivalued one a tuple of texts.
ContextValue = str | tuple[str, ...]


class PrincipalKind(StrEnum):
    """The kinds of callers that policies tell apart."""

    USER = "user"
    ROLE_SESSION = "role-session"
    FEDERATED_USER = "federated-user"
    ROOT = "root"
    SERVICE = "service"
    OIDC = "oidc"
    SAML = "saml"
    ANONYMOUS = "anonymous"


class Principal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who asks.

    Attributes:
        arn: as in messages: the user's, the session's, the root user's; empty for services and anonymous callers.
        account: empty for services, providers and anonymous callers.
        id: `AIDA...`, `AROA...:session`, `account:name`, or the account id for root.
        names: of a service principal, every name it has.
        role_arn, role_id: the role behind a session, its path included.
        user_arn, user_id: the IAM user behind a federated user.
        provider: what a `Federated` principal would name.
        canonical_id: of the account, as S3 knows it; empty when unknown.
        is_management_account: whether *account* is its organization's management account.
    """

    kind: PrincipalKind
    arn: str = ""
    account: str = ""
    id: str = ""
    names: tuple[str, ...] = ()
    role_arn: str = ""
    role_id: str = ""
    user_arn: str = ""
    user_id: str = ""
    provider: str = ""
    canonical_id: str = ""
    is_management_account: bool = False
    is_service_linked_role: bool = False


class ResourceKind(StrEnum):
    """The kinds of resources whose own policy is needed and not only welcome."""

    ORDINARY = "ordinary"
    ROLE = "trust"
    KMS_KEY = "kms"


class Resource(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is acted on.

    Attributes:
        arn: `*` for actions without resource types.
        account: the owner; empty when unknown, as for `*`, which counts as the caller's own account.
        is_management_account: whether *account* is its organization's management account.
    """

    arn: str
    account: str = ""
    kind: ResourceKind = ResourceKind.ORDINARY
    is_management_account: bool = False
    is_aws_managed_key: bool = False


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One question: may *principal* do *action* on *resource*?

    Attributes:
        action: `iam:CreateUser`.
        context: condition key in lower case -> value; a key that is not there is absent, which is not the same as
            empty. The engine takes it as it is and adds nothing.
    """

    principal: Principal
    action: str
    resource: Resource
    context: Mapping[str, ContextValue]


def folded(context: Mapping[str, "ContextValue | list[str] | bool | float"]) -> dict[str, ContextValue]:
    """Return *context* as `Request` wants it: key names in lower case, several values as a tuple, everything as text.

    Of two keys that differ only by case the last one stays (`policy-evaluation` reference, C2); numbers and truth
    values become the text they stand for (T8).
    """
    return {key.lower(): _value(value) for key, value in context.items()}


def _value(value: ContextValue | list[str] | bool | float) -> ContextValue:  # noqa: FBT001  # a value, not a switch
    match value:
        case str() | tuple():
            return value
        case list():
            return tuple(value)
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
