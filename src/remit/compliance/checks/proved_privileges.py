"""Who can do everything, or come to it: proved with the policy engine, boundaries and guardrails counted.

Source: `shared-responsibility` reference, 5, iam.priv.effective, iam.priv.escalate, iam.priv.passrole,
iam.mfa.enforced.
"""

from collections.abc import Iterator

from remit.compliance.checks.account_rights import AccountRights
from remit.compliance.checks.check import Derived, Subject, check
from remit.compliance.checks.control_policies import CONTROL_READS, organization_id, own_levels
from remit.compliance.checks.escalation import Chains, Running
from remit.compliance.checks.findings import Judgement, Verdict, failed, not_applicable, passed
from remit.compliance.checks.identities import IDENTITY_READS, Identity, identities, identity_subjects
from remit.compliance.checks.passing import beyond
from remit.compliance.checks.patterns import fits_any
from remit.compliance.checks.places import FUNCTIONS, INSTANCES, things
from remit.compliance.checks.proofs import ABSENT, Domain
from remit.compliance.checks.rights import May
from remit.compliance.checks.seen import Seen

_EACH = Derived("users and roles", identity_subjects, frozenset(IDENTITY_READS))
RIGHTS_READS = (*IDENTITY_READS, *CONTROL_READS)
_ESCALATION_READS = (*RIGHTS_READS, FUNCTIONS.read, INSTANCES.read)
_WITHOUT = {"aws:multifactorauthpresent": Domain(values=("false",)), "aws:multifactorauthage": ABSENT}


def account_rights(seen: Seen) -> AccountRights:
    """Return what the identities of an account may do.

    Raises:
        Unread: who there is, or which guardrails bind them, is not known.
    """
    return seen.derived(
        "account rights", lambda seen: AccountRights(identities(seen), own_levels(seen), organization_id(seen))
    )


def _chains(seen: Seen) -> Chains:
    def make(seen: Seen) -> Chains:
        rights = account_rights(seen)
        profiles = {profile: one.arn for one in rights.known.all for profile in one.profiles}

        def functions() -> list[Running]:
            return [Running(one.name, one["Role"]) for one in things(seen, (FUNCTIONS,))]

        def instances() -> list[Running]:
            return [Running(one.name, profiles.get(_profile(one), "")) for one in things(seen, (INSTANCES,))]

        return Chains(rights, functions, instances)

    return seen.derived("chains", make)


def _profile(instance: Subject) -> str:
    profile = instance.get("IamInstanceProfile")
    return "" if profile is None else str(profile["Arn"])


def _marked(judgement: Judgement, *, is_sampled: bool) -> Judgement:
    if judgement.verdict is Verdict.PASS and is_sampled:
        return judgement._replace(is_sampled=True, reason=f"{judgement.reason}, as far as samples show")
    return judgement


@check("iam.priv.effective", version=1, each=_EACH, reads=RIGHTS_READS)
def effective(subject: Subject, seen: Seen) -> Judgement:
    """Only those who are meant to can do everything."""
    one: Identity = subject["identity"]
    if one.is_service_linked:
        return not_applicable("AWS made the role for one of its services")
    answer = account_rights(seen).of(one.known()).has_everything()
    if answer is not May.YES:
        return _marked(passed("has no full access"), is_sampled=answer is May.PERHAPS)
    if fits_any(one.arn, seen.parameters.administrators):
        return passed("has full access, and is approved as administrator")
    return failed("has full access, and nobody has approved it")


@check("iam.priv.escalate", version=1, each=_EACH, reads=_ESCALATION_READS)
def escalate(subject: Subject, seen: Seen) -> Judgement:
    """Nobody makes themselves administrator."""
    one: Identity = subject["identity"]
    if one.is_service_linked:
        return not_applicable("AWS made the role for one of its services")
    rights = account_rights(seen)
    if rights.has_everything(one.known()):
        return not_applicable("has full access already")
    if fits_any(one.arn, seen.parameters.administrators):
        return not_applicable("is approved as administrator")
    rights.is_sampled = False
    way = _chains(seen).chain(one)
    if way:
        return failed(f"comes to full access: {way}")
    return _marked(passed("comes to full access in no way"), is_sampled=rights.is_sampled)


@check("iam.priv.passrole", version=1, each=_EACH, reads=RIGHTS_READS)
def passrole(subject: Subject, seen: Seen) -> Judgement:
    """Nobody gives a service more than they may do themselves."""
    one: Identity = subject["identity"]
    parameters = seen.parameters
    if one.is_service_linked:
        return not_applicable("AWS made the role for one of its services")
    if fits_any(one.arn, (*parameters.administrators, *parameters.role_passers)):
        return not_applicable("is approved to pass roles")
    found = account_rights(seen)
    if not found.of(one.known()).might("iam:PassRole"):
        return passed("may pass no role")
    words, is_sampled = beyond(found, one, identities(seen).all)
    if words:
        return failed(words)
    return _marked(passed("passes no role that may do more than itself"), is_sampled=is_sampled)


def _users(seen: Seen) -> Iterator[Subject]:
    for subject in identity_subjects(seen):
        if subject["identity"].is_user:
            yield subject


@check("iam.mfa.enforced", version=1, each=Derived("users", _users, frozenset(IDENTITY_READS)), reads=RIGHTS_READS)
def mfa_enforced(subject: Subject, seen: Seen) -> Judgement:
    """What matters cannot be done without a second factor."""
    one: Identity = subject["identity"]
    rights = account_rights(seen).of(one.known())
    is_sampled = False
    for action in seen.parameters.sensitive_actions:
        answer = rights.may_anywhere(action, _WITHOUT)
        if answer is May.YES:
            return failed(f"may {action} without a second factor")
        is_sampled |= answer is May.PERHAPS
    return _marked(passed("may do nothing sensitive without a second factor"), is_sampled=is_sampled)
