"""Which policies take part in a decision: what is attached to the caller, and what guards the resource.

Source: `policy-evaluation` reference, 4.1.
"""

from typing import Any

import msgspec

from remit.authn.kept import Kept
from remit.authz.belonging import Levels, belonging, placed
from remit.authz.documents import policy_of, unreadable
from remit.directory.attachments import Holder, policy_by_arn
from remit.directory.aws_managed import is_aws_managed
from remit.directory.facts import NotFound
from remit.directory.groups import GROUPS
from remit.directory.password_policy import PASSWORD_POLICIES
from remit.directory.policies import POLICIES
from remit.directory.roles import ROLES, Role
from remit.directory.users import USERS, User
from remit.ids import AccountId
from remit.policy import Policies, Policy
from remit.request import Caller, CallerKind, Session
from remit.store import Kind, Transaction

_HOLDERS_KEPT = 4_096
_NONE = Policies()
_EVERYTHING = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
_HOLDERS = frozenset({CallerKind.USER, CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER})
# A path may hold what means something else in a policy.
_LITERAL = str.maketrans({"*": "${*}", "?": "${?}", "$": "${$}"})


class _Held(msgspec.Struct, frozen=True):
    """The policies on a user or role, and what they were gathered from.

    Attributes:
        made_of: kind, id and the very entity that was seen; while each is still that one, the policies are these.
    """

    made_of: tuple[tuple[Kind[Any], str, Any], ...]
    policies: Policies


class _Guarded(msgspec.Struct, frozen=True, eq=False):
    """Policies with the control policies beside them, and what they were put together from."""

    own: Policies
    scps: Levels | None
    rcps: Levels | None
    policies: Policies


_held: Kept[str, _Held] = Kept(_HOLDERS_KEPT)
_guarded: Kept[tuple[int, int, int], _Guarded] = Kept(_HOLDERS_KEPT)


def policies_for(
    tx: Transaction,
    caller: Caller,
    owner: str = "",
    trusting: Role | None = None,
    own: str = "",
    lent: Policies | None = None,
) -> Policies:
    """Gather the policies of *caller*, and the trust policy of the role *trusting* that it wants to assume.

    Args:
        owner: the account of the resource, whose resource control policies take part; empty for the caller's own.
        own: the policy of a resource that has one, other than a role; empty for none.
        lent: what the caller has in the place of what is attached to it; None for just that.

    While nobody changes a policy, an attachment, a membership or a boundary, a caller's policies are the same value,
    which the engine has compiled.

    Raises:
        PolicyUnreadable: a stored document cannot be read.
    """
    held = lent or (_of_caller(tx, caller) if caller.kind in _HOLDERS else _NONE)
    held = _beside_control_policies(tx, held, caller.account, AccountId(owner) if owner else caller.account)
    session = caller.session
    if trusting is None and not own and (session is None or not _is_limited(session)):
        return held
    passed: tuple[Policy, ...] = ()
    scopes: tuple[tuple[Policy, ...], ...] = ()
    if session is not None:
        inline = (policy_of(text, "session policy") for text in session.policies)
        passed = (*inline, *(_managed(tx, caller.account, arn) for arn in session.policy_arns))
        scopes = tuple([(policy_of(text, "session policy"),) for text in session.scopes])
    resource = policy_of(own, "resource policy") if own else None
    if trusting is not None:
        resource = policy_of(trusting.trust, "trust policy")
    return msgspec.structs.replace(held, session=passed, scopes=scopes, resource=resource)


def _is_limited(session: Session) -> bool:
    return bool(session.policies or session.policy_arns or session.scopes)


def _beside_control_policies(tx: Transaction, own: Policies, account: AccountId, owner: AccountId) -> Policies:
    """Return *own* with the service control policies of *account* and the resource control policies of *owner*."""
    here = belonging(tx, account)
    there = here if owner == account else belonging(tx, owner)
    scps, rcps = None if here is None else here.scps, None if there is None else there.rcps
    if scps is None and rcps is None:
        return own
    key = (id(own), id(scps), id(rcps))
    known = _guarded.get(key)
    if known is None or known.own is not own or known.scps is not scps or known.rcps is not rcps:
        known = _guarded.keep(key, _Guarded(own, scps, rcps, msgspec.structs.replace(own, scps=scps, rcps=rcps)))
    return known.policies


def in_place(tx: Transaction, policies: Policies, account: AccountId, owner: AccountId) -> Policies:
    """Return *policies* with the places of those of organizations, for explanations."""
    if policies.scps is None and policies.rcps is None:
        return policies
    here = belonging(tx, account)
    there = here if owner == account else belonging(tx, owner)
    return msgspec.structs.replace(policies, scps=placed(here, policies.scps), rcps=placed(there, policies.rcps))


def _of_caller(tx: Transaction, caller: Caller) -> Policies:
    known = _held.get(caller.entity_id)
    if known is not None:
        for kind, id_, entity in known.made_of:
            if tx.get(kind, id_) is not entity:
                break
        else:
            return known.policies
    gathered = _gathered(tx, caller)
    return _held.keep(caller.entity_id, gathered).policies


def _gathered(tx: Transaction, caller: Caller) -> _Held:
    if caller.entity_id == caller.account:  # root lends its permissions to a federated user
        return _Held((), Policies(identity=(policy_of(_EVERYTHING, "root"),)))
    kind: Kind[Any] = ROLES if caller.kind is CallerKind.ROLE_SESSION else USERS
    own: User | Role | None = tx.get(kind, caller.entity_id)
    if own is None:
        return _Held(((kind, caller.entity_id, None),), Policies())
    groups = [] if isinstance(own, Role) else [(id_, tx.get(GROUPS, id_)) for id_ in own.groups]
    holders: list[Holder] = [own, *(group for _, group in groups if group is not None)]
    made_of: list[tuple[Kind[Any], str, Any]] = [(kind, own.id, own), *((GROUPS, id_, group) for id_, group in groups)]
    for arn in {arn for holder in holders for arn in holder.attached} | {own.boundary} - {""}:
        policy = None if is_aws_managed(arn) else tx.find(POLICIES, "arn", arn)
        if policy is not None:
            made_of.append((POLICIES, policy.id, policy))
    boundary = _managed(tx, own.account, own.boundary) if own.boundary else None
    identity = tuple(policy for holder in holders for policy in _of(tx, holder, "" if holder is own else holder.arn))
    if isinstance(own, User):
        rules = tx.get(PASSWORD_POLICIES, own.account)
        made_of.append((PASSWORD_POLICIES, own.account, rules))
        if rules is not None and rules.users_may_change:
            identity = (*identity, _own_password(own))
    return _Held(tuple(made_of), Policies(identity=identity, boundary=boundary))


def _own_password(user: User) -> Policy:
    """Return what an account's password policy allows each user without any other policy (`iam-sts` reference, 3.3)."""
    arn = user.arn.translate(_LITERAL)
    statements = [
        {"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": arn},
        {"Effect": "Allow", "Action": "iam:GetAccountPasswordPolicy", "Resource": "*"},
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    return policy_of(msgspec.json.encode(document).decode(), "account password policy")


def _of(tx: Transaction, holder: Holder, attached_to: str) -> list[Policy]:
    inline = [policy_of(text, name) for name, text in holder.inline.items()]
    found = inline + [_managed(tx, holder.account, arn) for arn in holder.attached]
    return [msgspec.structs.replace(policy, attached_to=attached_to) for policy in found] if attached_to else found


def _managed(tx: Transaction, account: AccountId, arn: str) -> Policy:
    try:
        policy = policy_by_arn(tx, account, arn)
    except NotFound as error:
        raise unreadable(arn, "be found") from error
    return policy_of(policy.document, policy.name, arn)
