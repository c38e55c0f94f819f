"""The engine asked about somebody in a tenant: one request, or every request of a kind.

For one request the answer is `authz`'s. For every request it is the search of `checks.proofs`, with what is known of
the caller settled and all else left open; a search that could not try every class proves nothing, and says so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from remit.authz import question_of
from remit.authz.gather import policies_for
from remit.authz.imagined import EVERYTHING, imagined
from remit.authz.standing import caller_named
from remit.compliance.checks.proofs import ABSENT, Answer, Domain, Exhausted, Found, Question, Target, find, only
from remit.compliance.checks.proofs import Caller as Asked
from remit.compliance.learning.grading.criteria import Context, Wanted
from remit.compliance.learning.grading.tenant import Tenant
from remit.compliance.learning.labs import ACCESS_ROLE, LEARNER
from remit.directory.roles import Role, roles
from remit.directory.users import users
from remit.policy import Policies, ResourceKind
from remit.request import Caller, CallerKind

EVERYBODY, IMAGINED, ROOT = "everybody", "imagined", "root"
_OF_CALLER = ("aws:principal", "aws:username", "aws:userid")
# What the search finds for `arn:*` where the policies make no difference.
_ANYTHING = re.compile(r" on arn:(?=,|$)")
_ONE_REQUEST = frozenset({"aws:principalisawsservice"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is asked about.

    Attributes:
        lent: what one who is imagined may do; None for who is there.
    """

    name: str
    caller: Caller
    lent: Policies | None = None


def people(tenant: Tenant, account: str, who: Sequence[str], besides: Sequence[str] = ()) -> list[Person]:
    """Return who is meant.

    Raises:
        NotFound: somebody is named who is not there.
    """
    tx, id_ = tenant.tx, tenant.account(account)
    found: list[Person] = []
    for name in who:
        if name == EVERYBODY:
            names = [f"user/{one.name}" for one in users(tx, id_)] + [
                f"role/{one.name}" for one in roles(tx, id_) if not one.is_service_linked
            ]
            left_out = {*besides, f"user/{LEARNER}", f"role/{ACCESS_ROLE}"}
            found += [Person(one, caller_named(tx, id_, one)) for one in sorted(names) if one not in left_out]
        elif name == IMAGINED:
            found.append(Person("an administrator", imagined(id_, "role/Administrator"), EVERYTHING))
        elif name.startswith(f"{IMAGINED}:"):
            one = name.removeprefix(f"{IMAGINED}:")
            found.append(Person(f"an administrator's {one}", imagined(id_, one), EVERYTHING))
        else:
            found.append(Person("the root user" if name == ROOT else name, caller_named(tx, id_, name)))
    return found


def why_not(tenant: Tenant, person: Person, wanted: Wanted) -> str | None:
    """Say why a request is refused; None when it is allowed."""
    question = question_of(
        tenant.tx, person.caller, wanted.action, wanted.resource, wanted.context, at=tenant.at, lent=person.lent
    )
    if question.is_allowed:
        return None
    context = f" with {wanted.context}" if wanted.context else ""
    denies = () if question.decision is None else question.decision.denies
    by = f": `{denies[0].policy.name}` denies it" if denies else ": nothing allows it"
    return f"{person.name} may not {wanted.action} on {wanted.resource}{context}{by}"


def counterexample(
    tenant: Tenant,
    person: Person,
    actions: Sequence[str],
    resources: Sequence[str] = ("*",),
    context: Context | None = None,
    outside: Mapping[str, Sequence[str]] | None = None,
    *,
    assumed: Role | None = None,
) -> str | None:
    """Look for any request of a kind that is allowed; return it in words, None when there is none.

    Args:
        outside: condition keys -> values that are not asked about.
        assumed: the role that the request assumes, whose trust policy takes part.
    """
    owner = assumed.account if assumed is not None else person.caller.account
    policies = policies_for(tenant.tx, person.caller, owner, assumed, lent=person.lent)
    target = Target(
        actions=tuple(actions),
        resources=tuple(resources),
        account=owner,
        kind=ResourceKind.ORDINARY if assumed is None else ResourceKind.ROLE,
    )
    return said(
        find(
            policies,
            Question(callers=(asked(tenant, person),), targets=(target,), context=_known(context, outside or {})),
        )
    )


def said(answer: Answer) -> str | None:
    """Return an allowed request in words; None when it is proved that there is none."""
    match answer:
        case Found(words=words):
            return _ANYTHING.sub(" on anything", words)
        case Exhausted():
            return None
        case _:
            return f"this cannot be proved of these policies, because {answer.why}; write them more simply"


def asked(tenant: Tenant, person: Person) -> Asked:
    """Return somebody as the search wants to know them."""
    question = question_of(
        tenant.tx, person.caller, "sts:GetCallerIdentity", at=tenant.at, lent=person.lent or Policies()
    )
    known: dict[str, Domain] = {
        key: only(value)
        for key, value in question.request.context.items()
        if key.startswith(_OF_CALLER) and key not in _ONE_REQUEST
    }
    if person.caller.kind is not CallerKind.USER:
        known["aws:username"] = ABSENT
    if person.caller.kind is CallerKind.ROLE_SESSION:  # who begins a session chooses its name
        known["aws:userid"] = Domain(like=(f"{person.caller.entity_id}:*",), may_be_absent=False)
    for key in ("aws:principalorgid", "aws:principalorgpaths"):
        known.setdefault(key, ABSENT)
    known |= {"aws:principalisawsservice": only("false"), "aws:principalservicename": ABSENT}
    known.setdefault("aws:principaltag/", ABSENT)
    return Asked(principal=question.request.principal, words=person.name, context=known)


def _known(context: Context | None, outside: Mapping[str, Sequence[str]]) -> Mapping[str, Domain]:
    open_ = {key.lower(): Domain(never=tuple(values), may_be_absent=False) for key, values in outside.items()}
    return open_ | {
        key.lower(): ABSENT if value is None else only(tuple(value) if isinstance(value, list) else value)
        for key, value in (context or {}).items()
    }
