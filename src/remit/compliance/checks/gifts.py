"""Ways to give full access to somebody: to oneself, or to a user or a role that one has.

Source: `escalation_steps`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from remit.compliance.checks.account_rights import AccountRights
from remit.compliance.checks.escalation_steps import ATTACHING, CHANGES, JOINING, SWITCHING
from remit.compliance.checks.identities import Identity, Managed
from remit.compliance.checks.proofs import ABSENT, Domain, only
from remit.compliance.checks.rights import May, Rights
from remit.policy import Policy, Principal, PrincipalKind


class Gifts:
    """Finds them in one account."""

    def __init__(self, rights: AccountRights) -> None:
        self._rights = rights
        self._admins: tuple[str, ...] | None = None

    def gift(self, here: Identity, one: Identity) -> Iterator[str]:
        """Say how somebody gives full access to one of those held."""
        way = self._change(here, one)
        if way and self._rights.has_everything(one, with_everything=True):
            yield way
            return
        for group in self._groups_not_of(one):
            if self._rights.may(here, JOINING, group):
                joined = replace(one, policies=(*one.policies, *self._policies_of(group)), arn=f"{one.arn} ")
                if self._rights.would_have_everything(joined):
                    yield f"{JOINING} puts {one.arn} into {group}"
        for arn in one.managed:
            if self._rights.may(here, SWITCHING, arn) and self._has_better_version(
                one, self._rights.known.managed[arn]
            ):
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
                if self._rights.may(here, action, place, context):
                    return f"{action} on {place}"
        return ""

    def _administrators_policies(self) -> tuple[str, ...]:
        """Return the managed policies that give full access, those that are in use and AWS's own."""
        if self._admins is None:
            partition = self._rights.known.all[0].arn.split(":")[1] if self._rights.known.all else "aws"
            found = [one.arn for one in self._rights.known.managed.values() if _is_full(one)]
            self._admins = tuple(dict.fromkeys((*found, f"arn:{partition}:iam::aws:policy/AdministratorAccess")))
        return self._admins

    def _groups_not_of(self, one: Identity) -> Iterator[str]:
        if one.is_user:
            yield from sorted(self._group_arns() - set(one.groups))

    def _group_arns(self) -> set[str]:
        return {
            arn
            for arn in (*(at for at, _, _ in self._rights.known.inline), *self._attached_places())
            if ":group/" in arn
        }

    def _attached_places(self) -> Iterator[str]:
        for places in self._rights.known.attached.values():
            yield from places

    def _policies_of(self, place: str) -> tuple[Policy, ...]:
        inline = [Policy(document, name=name) for at, name, document in self._rights.known.inline if at == place]
        managed = [
            Policy(self._rights.known.managed[arn].document, name=self._rights.known.managed[arn].name, arn=arn)
            for arn, places in self._rights.known.attached.items()
            if place in places and arn in self._rights.known.managed
        ]
        return (*inline, *managed)

    def _has_better_version(self, one: Identity, managed: Managed) -> bool:
        for version in managed.others:
            policies = tuple(
                Policy(version, name=policy.name, arn=policy.arn) if policy.arn == managed.arn else policy
                for policy in one.policies
            )
            if self._rights.would_have_everything(replace(one, policies=policies)):
                return True
        return False


def _boundary(one: Identity) -> Mapping[str, Domain]:
    """Return the boundary of who is changed, which conditions may ask for."""
    return {"iam:permissionsboundary": only(one.boundary.arn) if one.boundary is not None else ABSENT}


def _is_full(managed: Managed) -> bool:
    principal = Principal(kind=PrincipalKind.USER, arn="arn:aws:iam::000000000000:user/x", account="000000000000")
    policies = (Policy(managed.document),)
    return Rights(Identity(principal.arn, "x", principal, policies), None).has_everything() is May.YES
