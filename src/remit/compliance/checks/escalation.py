"""Chains of permitted steps by which somebody comes to full access.

Users and roles are places, steps lead from one to another: a key for a user, a role assumed, or passed to a service
that runs what one gives it. In each place it is asked whether whoever is there has full access, or may give it to one
of the places on the way. A user and a role that are yet to be made are places as well.
Source: `shared-responsibility` reference, 5, iam.priv.escalate; steps: `escalation_steps`.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from remit.compliance.checks.control_policies import Levels
from remit.compliance.checks.escalation_steps import (
    ASSUMING,
    ATTACHING,
    BEGINNINGS,
    CHANGES,
    CREDENTIALS,
    JOINING,
    NEW_ROLE,
    NEW_USER,
    OF_FUNCTIONS,
    OF_INSTANCES,
    PASSING,
    SERVICES,
    SWITCHING,
    TRUSTING,
)
from remit.compliance.checks.identities import Identities, Identity, Managed
from remit.compliance.checks.proofs import ABSENT, Domain, only
from remit.compliance.checks.rights import FULL, Domains, May, Rights, every
from remit.compliance.checks.seen import Unread
from remit.compliance.checks.trusts import admits_service, may_admit
from remit.policy import Policy, Principal, PrincipalKind, ResourceKind

_NEW = "remit-new"


class Step(NamedTuple):
    """A step to another place, in words."""

    to: Identity
    words: str


@dataclass(frozen=True, slots=True)
class Running:
    """What runs already, with a role.

    Attributes:
        role: its ARN; empty where it has none.
    """

    arn: str
    role: str


class Chains:
    """Finds chains in one account.

    Args:
        functions, instances: return what runs; asked only where somebody may do something to it, as that may raise
            `Unread`.
    """

    def __init__(
        self,
        known: Identities,
        levels: Levels | None,
        organization: str,
        functions: Callable[[], Sequence[Running]],
        instances: Callable[[], Sequence[Running]],
    ) -> None:
        self._known = known
        self._levels = levels
        self._organization = organization
        self._by_arn = {one.arn: one for one in known.all}
        self._rights: dict[tuple[str, bool], Rights] = {}
        self._running = ((OF_FUNCTIONS, functions), (OF_INSTANCES, instances))
        self._admins: tuple[str, ...] | None = None
        self.is_sampled = False

    def rights(self, identity: Identity, *, with_everything: bool = False) -> Rights:
        """Return what an identity may do; *with_everything*: if somebody gives it a policy that allows everything."""
        key = (identity.arn, with_everything)
        if key not in self._rights:
            more = (FULL,) if with_everything else ()
            self._rights[key] = Rights(identity, self._levels, self._organization, more)
        return self._rights[key]

    def has_everything(self, identity: Identity, *, with_everything: bool = False) -> bool:
        """Whether an identity has full access."""
        return self._is(self.rights(identity, with_everything=with_everything).has_everything())

    def chain(self, start: Identity) -> str:
        """Return in words how somebody comes to full access; empty if nobody does.

        Raises:
            Unread: it depends on what is not known.
        """
        reached: dict[str, str] = {start.arn: ""}
        waiting = deque([start])
        held = [start]
        unread: Unread | None = None
        while waiting:
            here = waiting.popleft()
            way = reached[here.arn]
            try:
                if here is not start and self.has_everything(here.known()):
                    return way
                for change in self._gifts(here.known(), held):
                    return _joined(way, change)
                for step in self._steps(here):
                    if step.to.arn in reached:
                        continue
                    reached[step.to.arn] = _joined(way, step.words)
                    waiting.append(step.to)
                    held.append(step.to)
                    for change in self._gifts_of(held, step.to):
                        return _joined(reached[step.to.arn], change)
            except Unread as error:
                unread = error
        if unread is not None:
            raise unread
        return ""

    def _begins(self, here: Identity) -> bool:
        return any(self.rights(here).might(action) for action in BEGINNINGS)

    def _is(self, answer: May) -> bool:
        self.is_sampled |= answer is May.PERHAPS
        return answer is May.YES

    def _may(self, here: Identity, action: str, arn: str, context: Domains | None = None) -> bool:
        return self._is(self.rights(here).may(action, arn, context or {}))

    # -- giving full access to who is held

    def _gifts(self, here: Identity, held: Iterable[Identity]) -> Iterator[str]:
        if self._begins(here):
            for one in held:
                yield from self._gift(here, one)

    def _gifts_of(self, held: Iterable[Identity], one: Identity) -> Iterator[str]:
        for here in held:
            if self._begins(here):
                yield from self._gift(here, one)

    def _gift(self, here: Identity, one: Identity) -> Iterator[str]:
        """Say how somebody gives full access to one of those held."""
        way = self._change(here, one)
        if way and self.has_everything(one, with_everything=True):
            yield way
            return
        for group in self._groups_not_of(one):
            if self._may(here, JOINING, group):
                joined = replace(one, policies=(*one.policies, *self._policies_of(group)), arn=f"{one.arn} ")
                if self._is(Rights(joined, self._levels, self._organization).has_everything()):
                    yield f"{JOINING} puts {one.arn} into {group}"
        for arn in one.managed:
            if self._may(here, SWITCHING, arn) and self._has_better_version(one, self._known.managed[arn]):
                yield f"{SWITCHING} goes back to another version of {arn}"

    def _change(self, here: Identity, one: Identity) -> str:
        places = {
            "user": (one.arn,) if one.is_user else (),
            "role": () if one.is_user else (one.arn,),
            "group": one.groups,
            "policy": one.managed,
        }
        for action, on in CHANGES:
            for place in places[on]:
                context = dict(_boundary(one)) if on in ("user", "role") else {}
                if action in ATTACHING:
                    context["iam:policyarn"] = Domain(values=self._administrators_policies(), may_be_absent=False)
                if self._may(here, action, place, context):
                    return f"{action} on {place}"
        return ""

    def _administrators_policies(self) -> tuple[str, ...]:
        """Return the managed policies that give full access, those that are in use and AWS's own."""
        if self._admins is None:
            partition = self._known.all[0].arn.split(":")[1] if self._known.all else "aws"
            found = [one.arn for one in self._known.managed.values() if _is_full(one)]
            self._admins = tuple(dict.fromkeys((*found, f"arn:{partition}:iam::aws:policy/AdministratorAccess")))
        return self._admins

    def _groups_not_of(self, one: Identity) -> Iterator[str]:
        if one.is_user:
            yield from sorted(self._group_arns() - set(one.groups))

    def _group_arns(self) -> set[str]:
        return {arn for arn in (*(at for at, _, _ in self._known.inline), *self._attached_places()) if ":group/" in arn}

    def _attached_places(self) -> Iterator[str]:
        for places in self._known.attached.values():
            yield from places

    def _policies_of(self, place: str) -> tuple[Policy, ...]:
        inline = [Policy(document, name=name) for at, name, document in self._known.inline if at == place]
        managed = [
            Policy(self._known.managed[arn].document, name=self._known.managed[arn].name, arn=arn)
            for arn, places in self._known.attached.items()
            if place in places and arn in self._known.managed
        ]
        return (*inline, *managed)

    def _has_better_version(self, one: Identity, managed: Managed) -> bool:
        for version in managed.others:
            policies = tuple(
                Policy(version, name=policy.name, arn=policy.arn) if policy.arn == managed.arn else policy
                for policy in one.policies
            )
            if self._is(Rights(replace(one, policies=policies), self._levels, self._organization).has_everything()):
                return True
        return False

    # -- getting from one to another

    def _steps(self, here: Identity) -> Iterator[Step]:
        if not self._begins(here) and not self._is_named(here):
            return
        for one in self._known.all:
            if one.arn == here.arn or one.is_service_linked:
                continue
            words = self._credentials(here, one) if one.is_user else self._assumption(here, one)
            if words:
                yield Step(one, words)
        yield from self._passed(here)
        yield from self._made(here)
        yield from self._taken(here)

    def _credentials(self, here: Identity, user: Identity) -> str:
        return next((f"{action} of {user.arn}" for action in CREDENTIALS if self._may(here, action, user.arn)), "")

    def _assumption(self, here: Identity, role: Identity) -> str:
        if self._may(here, TRUSTING, role.arn):
            return f"{TRUSTING} of {role.arn} to trust oneself"
        if role.trust is None or not may_admit(role.trust.document, here):
            return ""
        answer = self.rights(here).may(
            ASSUMING, role.arn, {"sts:externalid": Domain()}, kind=ResourceKind.ROLE, policy=role.trust
        )
        return f"{ASSUMING} of {role.arn}" if self._is(answer) else ""

    def _is_named(self, here: Identity) -> bool:
        """Whether a trust policy lets somebody in by name, who needs no policy of their own then."""
        return any(one.trust is not None and may_admit(one.trust.document, here, named=True) for one in self._known.all)

    def _passed(self, here: Identity) -> Iterator[Step]:
        rights = self.rights(here)
        if not rights.might(PASSING):
            return
        for service in SERVICES:
            if not all(rights.might(action) for action in service.actions):
                continue
            begun = self._is(every(rights.may(action, "*") for action in service.actions)) or self._is(
                every(rights.may(action, _anything(action, here)) for action in service.actions)
            )
            if not begun:
                continue
            for role in self._known.all:
                if role.trust is None or role.is_service_linked or not admits_service(role.trust, service.principal):
                    continue
                if service.principal == "ec2.amazonaws.com" and not role.profiles:
                    continue
                if self._may(here, PASSING, role.arn, {"iam:passedtoservice": only(service.principal)}):
                    yield Step(role, f"{PASSING} of {role.arn} to {service.principal} by {', '.join(service.actions)}")

    def _taken(self, here: Identity) -> Iterator[Step]:
        for actions, running in self._running:
            for action in actions:
                if not self.rights(here).might(action):
                    continue
                for one in running():
                    role = self._by_arn.get(one.role)
                    if role is not None and self._may(here, action, one.arn):
                        yield Step(role, f"{action} on {one.arn}, which has {role.arn}")

    def _made(self, here: Identity) -> Iterator[Step]:
        account, partition = here.principal.account, here.arn.split(":")[1]
        user, role = (f"arn:{partition}:iam::{account}:{kind}/{_NEW}" for kind in ("user", "role"))
        if self._may(here, NEW_USER, user, {"iam:permissionsboundary": ABSENT}):
            principal = Principal(kind=PrincipalKind.USER, arn=user, account=account, id="AIDANEW")
            made = Identity(user, _NEW, principal)
            words = self._credentials(here, made)
            if words:
                yield Step(made, f"{NEW_USER} without a boundary, {words}")
        if self._may(here, NEW_ROLE, role, {"iam:permissionsboundary": ABSENT}):
            session = f"arn:{partition}:sts::{account}:assumed-role/{_NEW}/session"
            principal = Principal(
                kind=PrincipalKind.ROLE_SESSION,
                arn=session,
                account=account,
                id="AROANEW:session",
                role_arn=role,
                role_id="AROANEW",
            )
            yield Step(Identity(role, _NEW, principal), f"{NEW_ROLE} without a boundary that trusts oneself")


def _joined(*steps: str) -> str:
    return "; ".join(filter(None, steps))


def _boundary(one: Identity) -> Mapping[str, Domain]:
    """Return the boundary of who is changed, which conditions may ask for."""
    return {"iam:permissionsboundary": only(one.boundary.arn) if one.boundary is not None else ABSENT}


def _is_full(managed: Managed) -> bool:
    principal = Principal(kind=PrincipalKind.USER, arn="arn:aws:iam::000000000000:user/x", account="000000000000")
    policies = (Policy(managed.document),)
    return Rights(Identity(principal.arn, "x", principal, policies), None).has_everything() is May.YES


def _anything(action: str, here: Identity) -> str:
    service = action.partition(":")[0]
    return f"arn:{here.arn.split(':')[1]}:{service}:eu-west-1:{here.principal.account}:thing/remit-new"
