"""Whom roles let in from outside, proved.

Source: `shared-responsibility` reference, 5, iam.priv.trust, iam.priv.oidc; IAM User Guide, "The confused deputy
problem", and "Create a role for OpenID Connect federation".
"""

from collections.abc import Iterator, Sequence

from remit.compliance.checks.check import Derived, Subject, check
from remit.compliance.checks.findings import Judgement, Verdict, failed, not_applicable, passed
from remit.compliance.checks.identities import IDENTITY_READS, Identity, identities
from remit.compliance.checks.outside import FULL_ACCESS, OUTSIDE_READS, outside
from remit.compliance.checks.proofs import ABSENT, Answer, Caller, Domain, Found, Question, Sampled, Target, find, only
from remit.compliance.checks.proofs.callers import strangers
from remit.compliance.checks.seen import Seen
from remit.compliance.checks.trusts import principals_of, providers_of
from remit.policy import Policies, Policy, Principal, PrincipalKind, ResourceKind

_ASSUME, _WEB = "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"
_EXTERNAL_ID = "sts:externalid"
# Subjects of tokens as providers write them, of projects that are nobody's we know.
_STRANGERS = (
    "repo:remit-stranger/remit-stranger:ref:refs/heads/main",
    "repo:remit-stranger/remit-stranger:pull_request",
    "repo:remit-stranger/remit-stranger:environment:production",
    "project_path:remit-stranger/remit-stranger:ref_type:branch:ref:main",
    "organization:remit-stranger:project:remit-stranger:workspace:remit-stranger:run_phase:apply",
    "system:serviceaccount:remit-stranger:remit-stranger",
    "org:remit-stranger:project:remit-stranger:sa:remit-stranger",
    "remit-stranger",
)


def _roles(seen: Seen) -> Iterator[Subject]:
    for one in identities(seen).all:
        if not one.is_user and not one.is_service_linked:
            yield Subject(one.arn, "", {"role": one})


_ROLES = Derived("roles", _roles, frozenset(IDENTITY_READS))


def _trust(role: Identity) -> Policy:
    if role.trust is None:
        role.known()
        message = f"{role.arn} has no trust policy"
        raise ValueError(message)
    return role.trust


def _target(role: Identity, **context: Domain) -> Target:
    return Target(
        actions=(_ASSUME,),
        resources=(role.arn,),
        account=role.principal.account,
        kind=ResourceKind.ROLE,
        context={_EXTERNAL_ID: context.get("external_id", Domain())},
    )


@check("iam.priv.trust", version=1, each=_ROLES, reads=(*IDENTITY_READS, *OUTSIDE_READS))
def trust(subject: Subject, seen: Seen) -> Judgement:
    """A role lets in from outside whom it should, and those by an agreed word only."""
    role: Identity = subject["role"]
    policy = _trust(role)
    if not any(_is_foreign(name, seen.account) for name in principals_of(policy.document)):
        return passed("lets nobody in from other accounts")
    text = policy.document.text
    answer = outside(seen, text, (_target(role),))
    if isinstance(answer, Found):
        return failed(answer.words)
    trusted = [account for account in seen.parameters.trusted_accounts if account in text]
    if trusted:
        callers = [caller for account in trusted for caller in strangers(account)]
        without = _asked(policy, callers, _target(role, external_id=ABSENT))
        if isinstance(without, Found):
            return failed(f"{without.words}, without an external id")
        answer = answer if isinstance(answer, Sampled) else without
    words = "lets in nobody from outside but whom it should"
    if isinstance(answer, Sampled):
        return Judgement(Verdict.PASS, f"{words}, as far as samples show: {answer.why}", is_sampled=True)
    return passed(words)


def _is_foreign(name: str, account: str) -> bool:
    return name != account and f":{account}:" not in name


def _asked(policy: Policy, callers: Sequence[Caller], target: Target) -> Answer:
    policies = Policies(identity=(FULL_ACCESS,), resource=policy)
    return find(policies, Question(callers=tuple(callers), targets=(target,)))


@check("iam.priv.oidc", version=1, each=_ROLES)
def oidc(subject: Subject, seen: Seen) -> Judgement:
    """Whoever has a token of a provider that many use cannot become a role of ours."""
    del seen
    role: Identity = subject["role"]
    policy = _trust(role)
    providers = sorted(name for name in providers_of(policy.document) if _is_oidc(name))
    if not providers:
        return not_applicable("trusts no OpenID Connect provider")
    is_sampled = False
    for provider in providers:
        issuer = provider.partition(":oidc-provider/")[2].lower() or provider.lower()
        for words, context in (
            ("a token of a stranger's project", {f"{issuer}:sub": only(*_STRANGERS)}),
            ("a token for another audience", {f"{issuer}:aud": only("remit-stranger")}),
        ):
            answer = _tokens(policy, role, provider, context)
            if isinstance(answer, Found):
                token = ", ".join(f"{key} {value}" for key, value in sorted(answer.request.context.items()))
                return failed(f"lets in {words} of {provider}: {token}")
            is_sampled |= isinstance(answer, Sampled)
    return Judgement(Verdict.PASS, "lets in the audience and the subjects that it names", is_sampled=is_sampled)


def _is_oidc(provider: str) -> bool:
    return ":saml-provider/" not in provider


def _tokens(policy: Policy, role: Identity, provider: str, context: dict[str, Domain]) -> Answer:
    caller = Caller(
        principal=Principal(kind=PrincipalKind.OIDC, provider=provider),
        words=f"a token of {provider}",
        context=context,
    )
    target = Target(actions=(_WEB,), resources=(role.arn,), account=role.principal.account, kind=ResourceKind.ROLE)
    return find(Policies(resource=policy), Question(callers=(caller,), targets=(target,)))
