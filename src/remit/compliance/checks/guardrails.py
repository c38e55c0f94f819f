"""What no member account's principals can do, whatever their own policies say: proved of service control policies.

A principal with full access in its account stands for all: what binds it binds everybody.
Source: `shared-responsibility` reference, 5, org.guard.*; CIS AWS Foundations 7.0, 2.1.2.
"""

from collections.abc import Iterator
from functools import lru_cache

from remit.compliance.checks.check import Derived, Subject, check
from remit.compliance.checks.control_policies import CONTROL_READS, Levels, levels_of, organization_id
from remit.compliance.checks.findings import Judgement, Verdict, failed, passed
from remit.compliance.checks.organization_tree import TREE_READS, members
from remit.compliance.checks.patterns import fits_any
from remit.compliance.checks.proofs import (
    ABSENT,
    Answer,
    Caller,
    Domain,
    Found,
    Question,
    Ready,
    Sampled,
    Target,
    find,
    only,
)
from remit.compliance.checks.rights import FULL, UNNAMED
from remit.compliance.checks.seen import Seen
from remit.policy import Policies, Principal, PrincipalKind

_MEMBERS = Derived("members", members, frozenset(TREE_READS))
TRAIL_ACTIONS = (
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:UpdateTrail",
    "cloudtrail:PutEventSelectors",
)
_REGIONAL = (
    "ec2:RunInstances",
    "s3:CreateBucket",
    "rds:CreateDBInstance",
    "lambda:CreateFunction",
    "dynamodb:CreateTable",
    "kms:CreateKey",
    "sqs:CreateQueue",
    UNNAMED,
)
_OF_ROOT = ("iam:CreateUser", "s3:PutBucketPolicy", "ec2:RunInstances", "kms:ScheduleKeyDeletion", UNNAMED)
_LEVELS_KEPT = 256
_OWN_REQUESTS = {
    "aws:principalisawsservice": only("false"),
    "aws:viaawsservice": only("false"),
    "aws:assumedroot": ABSENT,
}


@check("org.guard.leave", version=1, each=_MEMBERS, reads=CONTROL_READS)
def leave(member: Subject, seen: Seen) -> Judgement:
    """No account leaves the guardrails behind."""
    target = Target(actions=("organizations:LeaveOrganization",), account=member["account"])
    return _judged(seen, member["account"], target, "nobody leaves the organization")


@check("org.guard.trail", version=1, each=_MEMBERS, reads=CONTROL_READS)
def trail(member: Subject, seen: Seen) -> Judgement:
    """No account stops its trail."""
    account = member["account"]
    arn = f"arn:{seen.snapshot.header.partition}:cloudtrail:*:{account}:trail/?*"
    target = Target(actions=TRAIL_ACTIONS, resources=(arn,), account=account)
    return _judged(seen, account, target, "nobody stops or changes a trail")


@check("org.guard.region", version=1, each=_MEMBERS, reads=CONTROL_READS)
def region(member: Subject, seen: Seen) -> Judgement:
    """No account works where nobody looks."""
    approved = seen.parameters.regions or seen.snapshot.header.regions
    account, levels = member["account"], levels_of(seen, member["account"])
    exempt = sorted(
        {
            pattern.text
            for level in levels or ()
            for policy in level
            for statement in policy.document.statements
            for pattern in statement.not_actions
        }
    )
    actions = tuple(action for action in _REGIONAL if not fits_any(action, seen.parameters.region_actions))
    elsewhere = {"aws:requestedregion": Domain(never=tuple(approved), may_be_absent=False)}
    target = Target(actions=actions, resources=("*",), account=account, context=elsewhere)
    words = f"nobody works outside {', '.join(approved)}"
    if exempt:
        words += f", {len(exempt)} exempted patterns of actions apart: {', '.join(exempt[:5])}"
    return _judged(seen, account, target, words)


@check("org.guard.root", version=1, each=_MEMBERS, reads=CONTROL_READS)
def root(member: Subject, seen: Seen) -> Judgement:
    """A member's root user does nothing but what it should."""
    account, levels = member["account"], levels_of(seen, member["account"])
    named = {
        pattern.text.replace("*", "Remit").replace("?", "r")
        for level in levels or ()
        for policy in level
        for statement in policy.document.statements
        for pattern in (*statement.actions, *statement.not_actions)
        if ":" in pattern.text
    }
    actions = tuple(
        action
        for action in (*_OF_ROOT, *sorted(named))
        if not fits_any(action.lower(), tuple(one.lower() for one in seen.parameters.root_actions))
    )
    target = Target(actions=actions, resources=("*",), account=account)
    caller = _root(account, seen.snapshot.header.partition, organization_id(seen))
    return _answered(_asked(levels, (caller,), target), "the root user does nothing but what is laid down")


def _judged(seen: Seen, account: str, target: Target, nobody: str) -> Judgement:
    partition, organization = seen.snapshot.header.partition, organization_id(seen)
    exempt = seen.parameters.guardrail_exempt
    callers = (
        *_principals(account, partition, organization, exempt),
        _root(account, partition, organization),
    )
    return _answered(_asked(levels_of(seen, account), callers, target), nobody)


def _asked(levels: Levels | None, callers: tuple[Caller, ...], target: Target) -> Answer:
    return find(_ready(levels), Question(callers=callers, targets=(target,)))


@lru_cache(maxsize=_LEVELS_KEPT)
def _ready(levels: Levels | None) -> Ready:
    """Make levels ready once for all accounts that they bind."""
    return Ready(Policies(identity=(FULL,), scps=levels))


def _answered(answer: Answer, nobody: str) -> Judgement:
    match answer:
        case Found(words=words):
            return failed(words)
        case Sampled(why=why):
            return Judgement(Verdict.PASS, f"{nobody}, as far as samples show: {why}", is_sampled=True)
        case _:
            return passed(f"{nobody}: proved of all that the policies tell apart")


def _root(account: str, partition: str, organization: str) -> Caller:
    arn = f"arn:{partition}:iam::{account}:root"
    return Caller(
        principal=Principal(kind=PrincipalKind.ROOT, arn=arn, account=account, id=account),
        words=f"the root user of {account}",
        context={
            "aws:principalarn": only(arn),
            "aws:principaltype": only("Account"),
            "aws:username": ABSENT,
            "aws:userid": only(account),
            "aws:principaltag/": ABSENT,
            **_of_account(account, organization),
        },
    )


def _principals(account: str, partition: str, organization: str, exempt: tuple[str, ...]) -> Iterator[Caller]:
    for kind, called in (("user", "a user"), ("role", "a role")):
        start = f"arn:{partition}:iam::{account}:{kind}/"
        is_user = kind == "user"
        principal = Principal(
            kind=PrincipalKind.USER if is_user else PrincipalKind.ROLE_SESSION,
            arn=f"{start}somebody" if is_user else f"arn:{partition}:sts::{account}:assumed-role/somebody/session",
            account=account,
            id="AIDASOMEBODY" if is_user else "AROASOMEBODY:session",
            role_arn="" if is_user else f"{start}somebody",
            role_id="" if is_user else "AROASOMEBODY",
        )
        context = {
            "aws:principalarn": Domain(like=(f"{start}?*",), never=exempt, may_be_absent=False),
            "aws:principaltype": only("User" if is_user else "AssumedRole"),
            "aws:username": Domain(may_be_absent=False) if is_user else ABSENT,
            **_of_account(account, organization),
        }
        yield Caller(principal=principal, words=f"{called} of {account}", context=context)


def _of_account(account: str, organization: str) -> dict[str, Domain]:
    return {
        "aws:principalaccount": only(account),
        "aws:principalorgid": only(organization),
        **_OWN_REQUESTS,
    }
