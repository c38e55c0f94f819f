"""Which policies are on whom: managed ones attached, inline ones written into the user, group or role itself.

Source: `iam-sts` reference, sections 7, 8 and 17; sizes count without white space.
"""

from collections.abc import Mapping

import msgspec

from remit.directory.aws_managed import aws_managed_policy, is_aws_managed
from remit.directory.facts import LIMITS, Hindrance, InUse, NotFound, Noun, Quota, QuotaExceeded, limit
from remit.directory.groups import GROUPS, Group
from remit.directory.policies import POLICIES, Policy
from remit.directory.roles import ROLES, Role
from remit.directory.users import USERS, User
from remit.ids import AccountId
from remit.store import Transaction

Holder = User | Group | Role

_ATTACHED = {User: Quota.POLICIES_PER_USER, Group: Quota.POLICIES_PER_GROUP, Role: Quota.POLICIES_PER_ROLE}
_INLINE_SIZE = {User: Quota.INLINE_USER, Group: Quota.INLINE_GROUP, Role: Quota.INLINE_ROLE}
_INLINE_NOUN = {User: Noun.USER_POLICY, Group: Noun.GROUP_POLICY, Role: Noun.ROLE_POLICY}


def _put(tx: Transaction, holder: Holder) -> None:
    match holder:
        case User():
            tx.put(USERS, holder)
        case Group():
            tx.put(GROUPS, holder)
        case Role():
            tx.put(ROLES, holder)


def policy_by_arn(tx: Transaction, account: AccountId, arn: str, noun: Noun = Noun.POLICY) -> Policy:
    """Find a policy of *account*, or of AWS, by its ARN.

    Args:
        noun: what to call it when it is missing: messages differ by operation.

    Raises:
        NotFound: there is none that the account can see.
    """
    found = aws_managed_policy(arn) if is_aws_managed(arn) else tx.find(POLICIES, "arn", arn)
    if found is None or found.account not in (account, "aws"):
        raise NotFound(noun, arn)
    return found


def attach(tx: Transaction, holder: Holder, policy: Policy) -> None:
    """Attach *policy*; attached twice is attached once.

    Raises:
        QuotaExceeded: the holder has as many managed policies as it may have.
    """
    if policy.arn in holder.attached:
        return
    limit(_ATTACHED[type(holder)], len(holder.attached) + 1, holder.name)
    _put(tx, msgspec.structs.replace(holder, attached=(*holder.attached, policy.arn)))


def detach(tx: Transaction, holder: Holder, arn: str) -> None:
    """Take the policy with this ARN off *holder*.

    Raises:
        NotFound: it is not attached.
    """
    if arn not in holder.attached:
        raise NotFound(Noun.ATTACHMENT, arn)
    _put(tx, msgspec.structs.replace(holder, attached=tuple(held for held in holder.attached if held != arn)))


def attached_policies(tx: Transaction, holder: Holder) -> list[Policy]:
    """Return the managed policies attached to *holder*, in the order of attachment."""
    return [policy_by_arn(tx, holder.account, arn) for arn in holder.attached]


def attachment_count(tx: Transaction, account: AccountId, arn: str) -> int:
    """Say to how many users, groups and roles of *account* the policy is attached."""
    key = (account, arn)
    return tx.count(USERS, "policy", key) + tx.count(GROUPS, "policy", key) + tx.count(ROLES, "policy", key)


def boundary_count(tx: Transaction, account: AccountId, arn: str) -> int:
    """Say of how many users and roles of *account* the policy is the permissions boundary."""
    key = (account, arn)
    return tx.count(USERS, "boundary", key) + tx.count(ROLES, "boundary", key)


def delete_policy(tx: Transaction, policy: Policy) -> None:
    """Delete *policy* with its only version.

    Raises:
        InUse: it is attached, is a boundary, or has more than one version.
    """
    if attachment_count(tx, policy.account, policy.arn) or boundary_count(tx, policy.account, policy.arn):
        raise InUse(Noun.POLICY, Hindrance.ATTACHMENTS)
    if len(policy.versions) > 1:
        raise InUse(Noun.POLICY, Hindrance.VERSIONS)
    tx.delete(POLICIES, policy)


def inline_policy(holder: Holder, name: str) -> str:
    """Return the document of an inline policy.

    Raises:
        NotFound: the holder has none of that name.
    """
    try:
        return holder.inline[name]
    except KeyError:
        raise NotFound(_INLINE_NOUN[type(holder)], name) from None


def put_inline(tx: Transaction, holder: Holder, name: str, document: str) -> None:
    """Write an inline policy, over one of the same name.

    Raises:
        QuotaExceeded: all inline policies of the holder together would be too long.
    """
    documents = {**holder.inline, name: document}
    quota = _INLINE_SIZE[type(holder)]
    if sum(size_without_white_space(text) for text in documents.values()) > LIMITS[quota]:
        raise QuotaExceeded(quota, holder.name)
    _put(tx, msgspec.structs.replace(holder, inline=documents))


def delete_inline(tx: Transaction, holder: Holder, name: str) -> None:
    """Remove an inline policy.

    Raises:
        NotFound: the holder has none of that name.
    """
    inline_policy(holder, name)
    kept = {held: document for held, document in holder.inline.items() if held != name}
    _put(tx, msgspec.structs.replace(holder, inline=kept))


def put_boundary(tx: Transaction, holder: User | Role, arn: str) -> None:
    """Make the policy with this ARN the permissions boundary; an empty ARN takes the boundary away."""
    _put(tx, msgspec.structs.replace(holder, boundary=arn))


def put_tags(tx: Transaction, holder: User | Role, tags: Mapping[str, str]) -> None:
    """Give *holder* these tags and no others."""
    _put(tx, msgspec.structs.replace(holder, tags=dict(tags)))


def size_without_white_space(document: str) -> int:
    """Count the characters of a policy document as IAM's quotas do: without blanks, tabs and line ends."""
    return len(document) - sum(map(document.count, " \t\n\r"))
