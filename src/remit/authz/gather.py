"""Which policies take part in a decision: what is attached to the caller, and what guards the resource.

Source: `policy-evaluation` reference, 4.1.
"""

import logging
from functools import lru_cache

from remit.directory.attachments import Holder, policy_by_arn
from remit.directory.facts import NotFound
from remit.directory.groups import GROUPS
from remit.directory.roles import ROLES, Role
from remit.directory.users import USERS
from remit.ids import AccountId
from remit.policy import Document, DocumentMalformed, Policies, Policy, parse
from remit.request import Caller, CallerKind
from remit.store import Transaction

_log = logging.getLogger("remit.authz")
_DOCUMENTS_KEPT = 8_192


class PolicyUnreadable(Exception):
    """A stored policy cannot be read: nothing is allowed until it is mended."""


@lru_cache(maxsize=_DOCUMENTS_KEPT)
def _parsed(text: str) -> Document:
    return parse(text)


def _policy(text: str, name: str, arn: str = "") -> Policy:
    try:
        return Policy(_parsed(text), name, arn)
    except DocumentMalformed as error:
        raise _unreadable(arn or name, f"be read: {error}") from error


def _unreadable(name: str, failure: str) -> PolicyUnreadable:
    _log.error("nothing is allowed by the stored policy %s or beside it, for it cannot %s", name, failure)
    return PolicyUnreadable(name)


def policies_for(tx: Transaction, caller: Caller, trusting: Role | None = None) -> Policies:
    """Gather the policies of *caller*, and the trust policy of the role *trusting* that it wants to assume.

    Raises:
        PolicyUnreadable: a stored document cannot be read.
    """
    resource = None if trusting is None else _policy(trusting.trust, "trust policy")
    session = caller.session
    passed: tuple[Policy, ...] = ()
    if session is not None and (session.policies or session.policy_arns):
        inline = (_policy(text, "session policy") for text in session.policies)
        passed = (*inline, *(_managed(tx, caller.account, arn) for arn in session.policy_arns))
    if caller.kind is CallerKind.ROLE_SESSION:
        role = tx.get(ROLES, caller.entity_id)
        holders: tuple[Holder, ...] = () if role is None else (role,)
        boundary = "" if role is None else role.boundary
    elif caller.kind is CallerKind.ROOT:
        return Policies(session=passed, resource=resource)
    else:
        user = tx.get(USERS, caller.entity_id)
        groups = () if user is None else (group for id_ in user.groups if (group := tx.get(GROUPS, id_)) is not None)
        holders = () if user is None else (user, *groups)
        boundary = "" if user is None else user.boundary
    return Policies(
        identity=tuple(policy for holder in holders for policy in _of(tx, holder)),
        boundary=_managed(tx, caller.account, boundary) if boundary else None,
        session=passed,
        resource=resource,
    )


def _of(tx: Transaction, holder: Holder) -> list[Policy]:
    inline = [_policy(text, name) for name, text in holder.inline.items()]
    return inline + [_managed(tx, holder.account, arn) for arn in holder.attached]


def _managed(tx: Transaction, account: AccountId, arn: str) -> Policy:
    try:
        policy = policy_by_arn(tx, account, arn)
    except NotFound as error:
        raise _unreadable(arn, "be found") from error
    return _policy(policy.document, policy.name, arn)
