"""The resource control policies that bind what an account has, counted where they can only take away.

They deny and never allow, so to leave one out is to find too much and never too little: one counts only where it is
surely in force: its type is enabled, its document is read, and it is attached to the account or to what it is in.
Whatever is not known of them closes nothing: the finding stands, and says what might take it back.
Source: `policy-evaluation` reference, 4.3 and 4.6, O2 to O4; Organizations User Guide, "RCP evaluation".
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from remit.compliance.checks.control_policies import CONTROL_READS, Levels
from remit.compliance.checks.identities import document
from remit.compliance.checks.organization_tree import is_management, tree
from remit.compliance.checks.proofs import Answer, Exhausted, Found, Sampled
from remit.compliance.checks.seen import Seen, Unread
from remit.policy import DocumentMalformed, Policy

RESOURCE_CONTROL_READS = CONTROL_READS
_POLICIES, _POLICY = "organizations:ListPolicies", "organizations:DescribePolicy"
_TARGETS = "organizations:ListTargetsForPolicy"
_RCP = "RESOURCE_CONTROL_POLICY"
_COUNTED = "resource control policies counted"
_NOTHING_KNOWN = (Unread, DocumentMalformed, KeyError, TypeError, ValueError, AttributeError)


class Controls(NamedTuple):
    """What is known of the policies that bind an account's resources.

    Attributes:
        levels: those that do, level by level; none where there are none, or not all are known.
        unknown: why not all are known; empty where they are.
    """

    levels: Levels = ()
    unknown: str = ""


def resource_controls(seen: Seen) -> Controls:
    """Return the policies that bind the account's resources, if they are known."""
    try:
        if not seen.is_in_organization or is_management(seen):
            return Controls()
        known = tree(seen)
        if _RCP not in known.policy_types:
            return Controls()
        on = seen.organization.derived("resource control policies", _attached)
        levels = tuple(on.get(place, ()) for place in known.path(seen.account))
    except _NOTHING_KNOWN as error:
        return Controls(unknown=_told(error))
    return Controls(levels if any(levels) else ())


def _attached(seen: Seen) -> dict[str, tuple[Policy, ...]]:
    """Return root, unit or account -> policies attached to it.

    All or none: with some of them more could be provable than with all, and a read that is denied would close what was
    found.
    """
    found: dict[str, list[Policy]] = {}
    for listed in seen.items(_POLICIES, "Policies", Filter=_RCP):
        id_ = listed["Id"]
        policy = Policy(document(seen.answer(_POLICY, PolicyId=id_)["Policy"]["Content"]), name=id_)
        for target in seen.items(_TARGETS, "Targets", PolicyId=id_):
            found.setdefault(target["TargetId"], []).append(policy)
    return {place: tuple(policies) for place, policies in found.items()}


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, Unread | DocumentMalformed) else f"the answer makes no sense: {error!r}"


def unless(controls: Controls) -> str:
    """Return what a finding has to add that a policy might take back; empty where none might."""
    return f", unless a resource control policy forbids it: {controls.unknown}" if controls.unknown else ""


def counted(answer: Answer, seen: Seen, ask: Callable[[Levels], Answer]) -> Answer:
    """Return *answer*, or what is so if the account's resource control policies are counted.

    Only a proof takes a finding back: where not every class of requests can be tried, it stands, and says so.

    Args:
        ask: asks the same again, with levels of policies that bind the resource.
    """
    if not isinstance(answer, Found):
        return answer
    controls = resource_controls(seen)
    if controls.levels:
        match ask(controls.levels):
            case Exhausted() as exhausted:
                return replace(exhausted, counting=_COUNTED)
            case Found() as found:
                answer = found
            case Sampled(why=why):
                controls = Controls(unknown=why)
    return replace(answer, words=answer.words + unless(controls))
