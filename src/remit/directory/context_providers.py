"""What trusted identity propagation takes out of an identity provider's tokens and assertions.

It is kept with the provider. Nothing is propagated, because there is no IAM Identity Center that a provider could be
associated with.
Source: IAM API reference, ContextProvider.
"""

import msgspec


class KeyDefinition(msgspec.Struct, frozen=True, omit_defaults=True):
    """A claim or attribute, and the key of the trusted context that it becomes; its own where *target* is empty."""

    source: str
    target: str = ""


class ContextProvider(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is taken out.

    Attributes:
        subject: the claim or attribute that names the subject.
        subject_type: what kind of subject it is, for all of them; empty where *subject_type_source* tells.
        subject_type_source: the claim or attribute that tells it; empty where nothing does.
    """

    subject: str
    subject_type: str = ""
    subject_type_source: str = ""
    keys: tuple[KeyDefinition, ...] = ()
