"""A lab graded: every criterion met or not, and for each that is not what stands against it.

Grading changes nothing. What a criterion needs and the learner has removed is a criterion not met, never an error.
"""

from dataclasses import dataclass

from remit.authz.documents import PolicyUnreadable
from remit.compliance.learning.grading import criteria as asked
from remit.compliance.learning.grading import history, state
from remit.compliance.learning.grading.answers import answered
from remit.compliance.learning.grading.asking import counterexample, people, why_not
from remit.compliance.learning.grading.judges import JUDGES
from remit.compliance.learning.grading.reaching import ways
from remit.compliance.learning.grading.tenant import Tenant
from remit.directory.facts import DirectoryFact


@dataclass(frozen=True, slots=True)
class Graded:
    """A criterion that was looked at.

    Attributes:
        found: what stands against it: a counterexample, what is missing; None when it is met.
        hint: of the lab, for one that is not met.
    """

    says: str
    found: str | None
    hint: str = ""

    @property
    def is_met(self) -> bool:
        """Whether nothing stands against it."""
        return self.found is None


def grade(tenant: Tenant) -> list[Graded]:
    """Grade the lab of a tenant, in the order of its criteria."""
    found: list[Graded] = []
    for criterion in tenant.lab.criteria:
        try:
            against = _against(tenant, criterion)
        except DirectoryFact as fact:
            against = str(fact)
        except PolicyUnreadable as error:
            against = f"a policy cannot be read: {error}"
        found.append(Graded(criterion.says, against, criterion.hint if against is not None else ""))
    return found


def _against(tenant: Tenant, criterion: asked.Criterion) -> str | None:  # noqa: C901, PLR0911, PLR0912  # one case each
    match criterion:
        case asked.Gone():
            return state.gone(tenant, criterion)
        case asked.There():
            return state.there(tenant, criterion)
        case asked.Members():
            return state.group_members(tenant, criterion)
        case asked.RootBare():
            return state.root_bare(tenant, criterion)
        case asked.InUnit():
            return state.in_unit(tenant, criterion)
        case asked.Delegated():
            return state.delegated(tenant, criterion)
        case asked.AgreementInForce():
            return state.agreement(tenant, criterion)
        case asked.NoRoot():
            return history.no_root(tenant, criterion)
        case asked.Never():
            return history.never(tenant, criterion)
        case asked.Did():
            return history.did(tenant, criterion)
        case asked.May():
            return _may(tenant, criterion)
        case asked.MayNot():
            return _may_not(tenant, criterion)
        case asked.NoAdministrator():
            return next(ways(tenant, criterion.account, criterion.who, criterion.besides), None)
        case asked.Answered():
            return answered(tenant.answers, criterion)
        case asked.Judged():
            return JUDGES[criterion.by](tenant, criterion.given)


def _may(tenant: Tenant, criterion: asked.May) -> str | None:
    for person in people(tenant, criterion.account, criterion.who):
        for wanted in criterion.requests:
            refused = why_not(tenant, person, wanted)
            if refused is not None:
                return refused
    return None


def _may_not(tenant: Tenant, criterion: asked.MayNot) -> str | None:
    for person in people(tenant, criterion.account, criterion.who, criterion.besides):
        found = counterexample(
            tenant, person, criterion.actions, criterion.resources, criterion.context, criterion.outside
        )
        if found is not None:
            return found
    return None
