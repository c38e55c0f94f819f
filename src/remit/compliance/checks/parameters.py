"""What the owner of accounts lays down, and checks hold accounts to: who may be administrator, which regions are used.

Without a word of the owner nothing is approved: a list is empty, so that whatever is found is found.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What is laid down.

    Attributes:
        administrators: ARNs of users and roles that may do everything, with `*` and `?` as in policies.
        regions: that may be used; empty for those that the account has enabled.
        trusted_accounts: ids of accounts outside the organization that roles, buckets and keys may be shared with.
        trusted_services: service principals that may act throughout the organization.
        delegated_administrators: account id -> service principals.
        emergency_users: names of users that have a password although people come through an identity provider.
        data_classes: values that the tag DataClass may have.
        restricted_classes: those of them whose data needs keys and records of its own.
        image_owners: ids or aliases of accounts whose machine images may be used.
        health_class: the value of the tag DataClass that marks health data.
    """

    administrators: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    trusted_accounts: tuple[str, ...] = ()
    trusted_services: tuple[str, ...] = ()
    delegated_administrators: tuple[tuple[str, tuple[str, ...]], ...] = ()
    emergency_users: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = ("public", "internal", "confidential", "restricted", "health")
    restricted_classes: tuple[str, ...] = ("restricted", "health")
    image_owners: tuple[str, ...] = ("self", "amazon")
    health_class: str = "health"


DEFAULTS = Parameters()
