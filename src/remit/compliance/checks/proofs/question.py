"""Questions about policies: may any of these callers do any of these things, in whatever circumstances?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from remit.compliance.checks.proofs.values import Domain, only
from remit.policy import Principal, Request, ResourceKind

_Domains = Mapping[str, Domain]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A class of callers that differ only by what *context* leaves open.

    Attributes:
        words: who that is, for people.
        context: what is known of condition keys that depend on the caller, in lower case; `aws:principaltag/` is every
            tag.
    """

    principal: Principal
    words: str
    context: _Domains = field(default_factory=dict[str, Domain])


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Actions, and the resources that they act on.

    Attributes:
        actions: every one of them is asked about with every resource.
        resources: ARNs, with `*` and `?` for all that fit, as in policies.
        account: that owns them.
        context: what is known of the condition keys that depend on the resource, in lower case.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)
    account: str = ""
    kind: ResourceKind = ResourceKind.ORDINARY
    context: _Domains = field(default_factory=dict[str, Domain])


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May any of *callers* do anything of *targets*?

    Attributes:
        context: what is known of other condition keys, in lower case; of those that nobody knows anything about, every
            value that the policies tell apart is tried.
    """

    callers: tuple[Caller, ...]
    targets: tuple[Target, ...]
    context: _Domains = field(default_factory=dict[str, Domain])

    def domain(self, key: str, caller: Caller, target: Target) -> Domain:
        """Return which values a key can have."""
        family = key.partition("/")[0] + "/"
        for known in (caller.context, target.context, self.context, KNOWN):
            if key in known or family in known:
                return known.get(key) or known[family]
        return _ANY


_ANY = Domain()
# Keys that every request has, and those that are true or false whenever they are there.
KNOWN: _Domains = {
    "aws:currenttime": Domain(may_be_absent=False),
    "aws:epochtime": Domain(may_be_absent=False),
    "aws:securetransport": only("true", "false"),
    "aws:multifactorauthpresent": Domain(values=("true", "false")),
    "aws:viaawsservice": only("false", "true"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Yes: this request would be allowed.

    Attributes:
        words: the request, for people.
    """

    request: Request
    caller: Caller
    words: str


@dataclass(frozen=True, slots=True)
class Exhausted:
    """No: every class of requests that the policies tell apart was tried.

    Attributes:
        tried: how many requests that took.
        counting: what else was counted, for people; empty for nothing but what the question is about.
    """

    tried: int
    counting: str = ""


@dataclass(frozen=True, slots=True)
class Sampled:
    """Probably not: of too many classes some were tried, or a condition could not be taken apart exactly.

    Attributes:
        why: what was not tried.
    """

    tried: int
    why: str


Answer = Found | Exhausted | Sampled
