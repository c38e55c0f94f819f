"""What an identity may do: its policies, boundary and guardrails together, whatever the circumstances.

The engine answers. Where no condition stands in the way one question is enough; where one does, every class of
requests that the policies tell apart is asked about.
Source: `policy-evaluation` reference, 4; docs/proved-checks.md.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache

from remit.compliance.checks.control_policies import Levels
from remit.compliance.checks.identities import Identity, document
from remit.compliance.checks.proofs import (
    ABSENT,
    Caller,
    Domain,
    Exhausted,
    Found,
    Question,
    Ready,
    Sampled,
    Target,
    find,
    only,
)
from remit.compliance.checks.proofs.contexts import choices
from remit.compliance.checks.trusts import principals_of
from remit.policy import ContextValue, Document, Policies, Policy, Request, Resource, ResourceKind, Verdict
from remit.policy.evaluate import Compiled
from remit.policy.language.document import Effect, Statement
from remit.policy.language.wildcards import glob, pieces

Domains = Mapping[str, Domain]
# An action that no policy names: who may do it may do everything that nobody has thought of.
UNNAMED = "remit-unnamed:Anything"
FULL = Policy(
    document('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'), name="everything"
)
_NOTHING: Domains = {}
_LIKELY = 3
# Of every request that an identity sends by itself.
_DIRECT: Domains = {
    "aws:principalisawsservice": only("false"),
    "aws:viaawsservice": only("false"),
    "aws:calledvia": ABSENT,
    "aws:calledviafirst": ABSENT,
    "aws:calledvialast": ABSENT,
}


class May(Enum):
    """Whether something is allowed. PERHAPS: no allowed request was found, and not every one was tried."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"


class Rights:
    """What one identity may do in its account.

    Args:
        levels: of service control policies; None for none.
        organization: id; empty for none.
        more: policies that it is taken to have beside its own.
    """

    def __init__(
        self, identity: Identity, levels: Levels | None, organization: str = "", more: tuple[Policy, ...] = ()
    ) -> None:
        self.identity = identity
        self.policies = Policies(identity=(*identity.policies, *more), boundary=identity.boundary, scps=levels)
        self._caller = Caller(
            principal=identity.principal, words=identity.arn, context=_context(identity, organization)
        )
        self._compiled: Compiled | None = None
        self._ready: Ready | None = None
        self._likely: tuple[dict[str, ContextValue], ...] | None = None
        self._answers: dict[tuple[object, ...], May] = {}

    def might(self, action: str) -> bool:
        """Whether some statement allows an action, conditions, resources and denials left out."""
        return any(action in mentioned(policy.document, action) for policy in self.policies.identity)

    def may(
        self,
        action: str,
        arn: str,
        context: Domains = _NOTHING,
        *,
        kind: ResourceKind = ResourceKind.ORDINARY,
        policy: Policy | None = None,
    ) -> May:
        """Return whether an action is allowed in any circumstances.

        Args:
            arn: of the resource, without wildcards.
            context: what is known of condition keys, in lower case.
            policy: the resource's own.
        """
        if not self.might(action) and (policy is None or not principals_of(policy.document)):
            return May.NO
        key = (action, arn, kind, policy, tuple(context.items()))
        if key not in self._answers:
            self._answers[key] = self._may(action, arn, context, kind, policy)
        return self._answers[key]

    def may_anywhere(self, action: str, context: Domains = _NOTHING) -> May:
        """Return as `may`, on any resource that the policies tell apart."""
        if not self.might(action):
            return May.NO
        key = (action, "anywhere", tuple(context.items()))
        if key not in self._answers:
            account = self._caller.principal.account
            target = Target(actions=(action,), resources=("*", "arn:*"), account=account, context=context)
            self._answers[key] = self._found(self._prepared(), target)
        return self._answers[key]

    def _found(self, policies: Policies | Ready, target: Target) -> May:
        match find(policies, Question(callers=(self._caller,), targets=(target,), context=_DIRECT)):
            case Found():
                return May.YES
            case Exhausted():
                return May.NO
            case Sampled():
                return May.PERHAPS

    def _may(self, action: str, arn: str, context: Domains, kind: ResourceKind, policy: Policy | None) -> May:
        principal = self._caller.principal
        policies = self.policies if policy is None else _with(self.policies, policy)
        if not _has_conditions(policies):
            compiled = self._own() if policy is None else Compiled(policies)
            resource = Resource(arn=arn, account=principal.account, kind=kind)
            request = Request(principal=principal, action=action, resource=resource, context={})
            return May.YES if compiled.verdict(request) is Verdict.ALLOW else May.NO
        target = Target(actions=(action,), resources=(arn,), account=principal.account, kind=kind, context=context)
        if policy is None and self._is_likely(action, arn, kind, context):
            return May.YES
        return self._found(self._prepared() if policy is None else policies, target)

    def _is_likely(self, action: str, arn: str, kind: ResourceKind, context: Domains) -> bool:
        """Whether one of a few requests is allowed, of those that a search would come to later."""
        principal = self._caller.principal
        resource = Resource(arn=arn, account=principal.account, kind=kind)
        for likely in self._likely_contexts():
            known = dict(likely)
            for key, domain in context.items():
                known.pop(key, None)
                if domain.values:
                    known[key] = domain.values[0]
                elif domain.values is None and not domain.may_be_absent:
                    return False
            request = Request(principal=principal, action=action, resource=resource, context=known)
            if self._prepared().whole.verdict(request) is Verdict.ALLOW:
                return True
        return False

    def _likely_contexts(self) -> tuple[dict[str, ContextValue], ...]:
        """Return what every request of the identity has, and with it the first values that its policies ask for."""
        if self._likely is None:
            ready = self._prepared()
            question = Question(callers=(self._caller,), targets=(), context=_DIRECT)
            domains = {key: question.domain(key, self._caller, Target(actions=())) for key in ready.names}
            settled = {
                key: domain.values[0]
                for key, domain in domains.items()
                if domain.values is not None and len(domain.values) == 1 and not domain.may_be_absent
            }
            unsettled = {key: domain for key, domain in domains.items() if key not in settled}
            values = choices(ready.statements, unsettled, settled, "").values
            found = [settled]
            for number in range(_LIKELY):
                given = {key: several[number % len(several)] for key, several in values.items() if several}
                found.append(settled | {key: value for key, value in given.items() if value is not None})
            self._likely = tuple(found)
        return self._likely

    def _prepared(self) -> Ready:
        if self._ready is None:
            self._ready = Ready(self.policies)
        return self._ready

    def _own(self) -> Compiled:
        if self._compiled is None:
            self._compiled = Compiled(self.policies)
        return self._compiled

    def has_everything(self) -> May:
        """Return whether it has full access: may do what no policy names, and give rights to users and roles."""
        account, partition = self.identity.principal.account, self.identity.arn.split(":")[1]
        unnamed = f"arn:{partition}:remit-unnamed:eu-west-1:{account}:thing/unnamed"
        users, roles = (f"arn:{partition}:iam::{account}:{kind}/remit-unnamed" for kind in ("user", "role"))
        asked = ((UNNAMED, unnamed), ("iam:PutUserPolicy", users), ("iam:PutRolePolicy", roles))
        return every(self.may(action, arn) for action, arn in asked)


def every(answers: Iterable[May]) -> May:
    """Return NO if one is, else PERHAPS if one is."""
    found = May.YES
    for one in answers:
        if one is May.NO:
            return May.NO
        if one is May.PERHAPS:
            found = May.PERHAPS
    return found


def _context(identity: Identity, organization: str) -> Domains:
    account = identity.principal.account
    is_user = identity.is_user
    return {
        "aws:principalarn": only(identity.arn),
        "aws:principalaccount": only(account),
        "aws:principaltype": only("User" if is_user else "AssumedRole"),
        "aws:username": only(identity.name) if is_user else ABSENT,
        "aws:userid": only(identity.principal.id)
        if is_user
        else Domain(like=(f"{identity.principal.role_id}:*",), may_be_absent=False),
        **{f"aws:principaltag/{key.lower()}": only(value) for key, value in identity.tags},
        "aws:principaltag/": ABSENT,
        "aws:principalorgid": only(organization) if organization else ABSENT,
    }


def _with(policies: Policies, resource: Policy) -> Policies:
    return Policies(identity=policies.identity, boundary=policies.boundary, scps=policies.scps, resource=resource)


def _has_conditions(policies: Policies) -> bool:
    levels = (policies.identity, *(policies.scps or ()))
    single = [one for one in (policies.boundary, policies.resource) if one is not None]
    return any(_is_conditional(one.document) for one in (*(one for level in levels for one in level), *single))


_DOCUMENTS_KEPT = 8_192


@lru_cache(maxsize=_DOCUMENTS_KEPT)
def _is_conditional(one: Document) -> bool:
    """Whether a document's answer can depend on the request's context."""
    return any(statement.conditions or _has_variables(statement) for statement in one.statements)


def _has_variables(statement: Statement) -> bool:
    return any("${" in pattern.text for pattern in (*statement.resources, *statement.not_resources))


@lru_cache(maxsize=8 * _DOCUMENTS_KEPT)
def mentioned(one: Document, action: str) -> frozenset[str]:
    """Return the action if some statement allows it, whatever else that asks for; nothing if none does."""
    for statement in one.statements:
        if statement.effect is Effect.ALLOW and _means(statement, action):
            return frozenset((action,))
    return frozenset()


def _means(statement: Statement, action: str) -> bool:
    if statement.actions:
        return any(_fits(pattern.text, action) for pattern in statement.actions)
    return not any(_fits(pattern.text, action) for pattern in statement.not_actions)


@lru_cache(maxsize=8 * _DOCUMENTS_KEPT)
def _fits(pattern: str, action: str) -> bool:
    if pattern == "*":
        return True
    wanted, _, wanted_name = pattern.lower().partition(":")
    service, _, name = action.lower().partition(":")
    return glob(pieces(wanted)).matches(service) and glob(pieces(wanted_name)).matches(name)
