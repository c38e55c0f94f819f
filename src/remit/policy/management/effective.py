"""The policy that an account has in the end, of one type."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from remit.ids import AccountId
from remit.policy.management.kinds import KINDS, ManagementPolicyType
from remit.policy.management.merging import Document, merged
from remit.policy.management.validation import ValidationError, validation_errors


class Effective(msgspec.Struct, frozen=True):
    """A merged policy.

    Attributes:
        document: values without operators; it cannot be used as a policy. Empty when no policy sets a value.
        errors: what in it cannot be enforced; the rest is.
    """

    document: dict[str, Any]
    errors: tuple[ValidationError, ...] = ()


def effective_policy(policy_type: ManagementPolicyType, levels: Sequence[Sequence[Document]]) -> Effective:
    """Merge the policies of an account.

    Args:
        policy_type: of all of them.
        levels: the organization's root first, then each unit on the way, and the account last; at each, the documents
            in the order in which they were attached.
    """
    kind = KINDS[policy_type]
    root = merged(levels, kind.operators)
    return Effective(root.document(), tuple(validation_errors(root, kind)))


def applied(document: Mapping[str, Any], account: AccountId) -> dict[str, Any]:
    """Return an effective policy as it works in *account*: with its id for `$account`.

    Source: Organizations User Guide, "Backup policy syntax and examples"; `organizations` reference, 10.3.
    """
    within: dict[str, Any] = json.loads(json.dumps(document).replace("$account", account))
    return within
