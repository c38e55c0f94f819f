"""Chains of permitted steps by which somebody comes to full access.

Users and roles are places, steps lead from one to another: a key for a user, a role assumed, or passed to a service
that runs what one gives it. In each place it is asked whether whoever is there has full access, or may give it to one
of the places on the way. A user and a role that are yet to be made are places as well.
Source: `shared-responsibility` reference, 5, iam.priv.escalate; steps: `escalation_steps`.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from remit.compliance.checks.account_rights import AccountRights
from remit.compliance.checks.escalation_steps import (
    ASSUMING,
    BEGINNINGS,
    CREDENTIALS,
    NEW_ROLE,
    NEW_USER,
    OF_FUNCTIONS,
    OF_INSTANCES,
    PASSING,
    SERVICES,
    TRUSTING,
)
from remit.compliance.checks.gifts import Gifts
from remit.compliance.checks.identities import Identity
from remit.compliance.checks.proofs import ABSENT, Domain, only
from remit.compliance.checks.seen import Unread
from remit.compliance.checks.trusts import admits_service, may_admit
from remit.policy import Principal, PrincipalKind, ResourceKind

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
        rights: AccountRights,
        functions: Callable[[], Sequence[Running]],
        instances: Callable[[], Sequence[Running]],
    ) -> None:
        self._rights = rights
        self._giving = Gifts(rights)
        self._by_arn = {one.arn: one for one in rights.known.all}
        self._running = ((OF_FUNCTIONS, functions), (OF_INSTANCES, instances))

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
                if here is not start and self._rights.has_everything(here.known()):
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
        return any(self._rights.of(here).might(action) for action in BEGINNINGS)

    def _gifts(self, here: Identity, held: Iterable[Identity]) -> Iterator[str]:
        if self._begins(here):
            for one in held:
                yield from self._giving.gift(here, one)

    def _gifts_of(self, held: Iterable[Identity], one: Identity) -> Iterator[str]:
        for here in held:
            yield from self._gifts(here, (one,))

    # -- getting from one to another

    def _steps(self, here: Identity) -> Iterator[Step]:
        if not self._begins(here) and not self._is_named(here):
            return
        for one in self._rights.known.all:
            if one.arn == here.arn or one.is_service_linked:
                continue
            words = self._credentials(here, one) if one.is_user else self._assumption(here, one)
            if words:
                yield Step(one, words)
        yield from self._passed(here)
        yield from self._made(here)
        yield from self._taken(here)

    def _credentials(self, here: Identity, user: Identity) -> str:
        return next(
            (f"{action} of {user.arn}" for action in CREDENTIALS if self._rights.may(here, action, user.arn)), ""
        )

    def _assumption(self, here: Identity, role: Identity) -> str:
        if self._rights.may(here, TRUSTING, role.arn):
            return f"{TRUSTING} of {role.arn} to trust oneself"
        if role.trust is None or not may_admit(role.trust.document, here):
            return ""
        answer = self._rights.of(here).may(
            ASSUMING, role.arn, {"sts:externalid": Domain()}, kind=ResourceKind.ROLE, policy=role.trust
        )
        return f"{ASSUMING} of {role.arn}" if self._rights.holds(answer) else ""

    def _is_named(self, here: Identity) -> bool:
        """Whether a trust policy lets somebody in by name, who needs no policy of their own then."""
        return any(
            one.trust is not None and may_admit(one.trust.document, here, named=True) for one in self._rights.known.all
        )

    def _passed(self, here: Identity) -> Iterator[Step]:
        rights = self._rights.of(here)
        if not rights.might(PASSING):
            return
        for service in SERVICES:
            if not all(rights.might(action) for action in service.actions):
                continue
            begun = all(self._rights.holds(rights.may_anywhere(action)) for action in service.actions)
            if not begun:
                continue
            for role in self._rights.known.all:
                if role.trust is None or role.is_service_linked or not admits_service(role.trust, service.principal):
                    continue
                if service.principal == "ec2.amazonaws.com" and not role.profiles:
                    continue
                if self._rights.may(here, PASSING, role.arn, {"iam:passedtoservice": only(service.principal)}):
                    yield Step(role, f"{PASSING} of {role.arn} to {service.principal} by {', '.join(service.actions)}")

    def _taken(self, here: Identity) -> Iterator[Step]:
        for actions, running in self._running:
            for action in actions:
                if not self._rights.of(here).might(action):
                    continue
                for one in running():
                    role = self._by_arn.get(one.role)
                    if role is not None and self._rights.may(here, action, one.arn):
                        yield Step(role, f"{action} on {one.arn}, which has {role.arn}")

    def _made(self, here: Identity) -> Iterator[Step]:
        account = here.principal.account
        unbounded = {"iam:permissionsboundary": ABSENT}
        for arn in self._new(here, "user") if self._rights.of(here).might(NEW_USER) else ():
            if self._rights.may(here, NEW_USER, arn, unbounded):
                made = Identity(arn, _NEW, Principal(kind=PrincipalKind.USER, arn=arn, account=account, id="AIDANEW"))
                words = self._credentials(here, made)
                if words:
                    yield Step(made, f"{NEW_USER} without a boundary, {words}")
        for arn in self._new(here, "role") if self._rights.of(here).might(NEW_ROLE) else ():
            if self._rights.may(here, NEW_ROLE, arn, unbounded):
                principal = Principal(
                    kind=PrincipalKind.ROLE_SESSION,
                    arn=f"{arn}/session".replace(":iam:", ":sts:").replace(":role/", ":assumed-role/"),
                    account=account,
                    id="AROANEW:session",
                    role_arn=arn,
                    role_id="AROANEW",
                )
                yield Step(Identity(arn, _NEW, principal), f"{NEW_ROLE} without a boundary that trusts oneself")

    def _new(self, here: Identity, kind: str) -> list[str]:
        """Return ARNs of what is not there yet, one for each pattern of names that somebody's policies have."""
        start = f"arn:{here.arn.split(':')[1]}:iam::{here.principal.account}:{kind}/"
        names = {_NEW: None}
        for policy in self._rights.of(here).policies.identity:
            for statement in policy.document.statements:
                for pattern in (*statement.resources, *statement.not_resources):
                    _, found, name = pattern.text.partition(f":{kind}/")
                    if found and ("*" in name or "?" in name) and "${" not in name:
                        names[name.replace("*", _NEW).replace("?", "r")] = None
        return [f"{start}{name}" for name in names if f"{start}{name}" not in self._by_arn]


def _joined(*steps: str) -> str:
    return "; ".join(filter(None, steps))
