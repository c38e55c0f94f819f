"""What a check is, and how it is run: it lists its subjects and judges each of them.

    @check("enc.ebs.volumes", version=1, each=Each("ec2:DescribeVolumes", "Volumes", "ec2", "volume/{VolumeId}"))
    def volumes(volume: Subject, seen: Seen) -> Judgement:
        return passed("is encrypted") if volume["Encrypted"] else failed("is not encrypted")

A check is a pure function of a snapshot: the same bytes, the same verdicts. It cannot be quieted by taking reads from
it: a list that is not there is a finding of its own, UNKNOWN, and so is a subject about which something could not be
read, or whose answer makes no sense.

What a check is called, why it matters and how to mend what it finds stands in `catalogue/`.
Source: `shared-responsibility` reference, 5 and 6.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, cast

from remit.compliance.checks.facts import Facts
from remit.compliance.checks.findings import Coverage, Finding, Judgement, Outcome, Verdict, not_applicable, unknown
from remit.compliance.checks.seen import Seen, Unread, is_regional


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that is judged.

    Attributes:
        name: its ARN, or what tells it from others of its kind.
        region: empty for what is in none.
        members: what the list says of it; empty where the subject is an account or a region.
    """

    name: str
    region: str
    members: Mapping[str, Any]

    def __getitem__(self, member: str) -> Any:
        """Return a member. One that is not there makes the judgement UNKNOWN."""
        return self.members[member]

    def get(self, member: str, default: Any = None) -> Any:
        """Return a member that the service leaves out where it has nothing to say."""
        return self.members.get(member, default)


@dataclass(frozen=True, slots=True)
class Each:
    """Judge each thing that a read lists, in every region where the read is a regional one.

    Attributes:
        read: `ec2:DescribeVolumes`.
        path: of the things in the answer, as `items` takes it.
        name: what a thing is called: the name of a member that has its ARN, `Arn`; or an ARN with members in it,
            `arn:{partition}:ec2:{region}:{account}:volume/{VolumeId}`. `{}` stands for a thing that is a text.
        params: which of several reads of that name is meant.
        owner: the member with the account that a thing belongs to, where an endpoint may list others' beside one's own;
            those are passed over. Empty where there are no others'.
    """

    read: str
    path: str
    name: str
    params: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    owner: str = ""

    @property
    def reads(self) -> frozenset[str]:
        """The names of the reads that the list needs."""
        return frozenset((self.read,))

    def places(self, seen: Seen) -> tuple[str, ...]:
        """Return the regions to look in; the empty one for what is in none."""
        return seen.regions if is_regional(self.read) else ("",)

    def subjects(self, seen: Seen, region: str) -> Iterator[Subject]:
        """List the things of a region.

        Raises:
            Unread: they cannot be listed.
        """
        place = {"partition": seen.snapshot.header.partition, "region": region, "account": seen.account}
        for thing in seen.items(self.read, self.path, region, **self.params):
            members = cast("Mapping[str, Any]", thing) if isinstance(thing, dict) else {"": thing}
            if self.owner and members[self.owner] != seen.account:
                continue
            yield Subject(self._name(members, place), region, members)

    def _name(self, members: Mapping[str, Any], place: Mapping[str, str]) -> str:
        if "{" not in self.name:
            return str(members[self.name])
        if "" in members:
            return self.name.format(members[""], **place)
        return self.name.format_map({**place, **members})


@dataclass(frozen=True, slots=True)
class Account:
    """Judge the account as a whole."""

    reads: frozenset[str] = frozenset()

    def places(self, seen: Seen) -> tuple[str, ...]:
        """Return the one place that is no region."""
        del seen
        return ("",)

    def subjects(self, seen: Seen, region: str) -> Iterator[Subject]:
        """List the account."""
        yield Subject(f"arn:{seen.snapshot.header.partition}:iam::{seen.account}:root", region, {})


@dataclass(frozen=True, slots=True)
class Region:
    """Judge each region as a whole."""

    reads: frozenset[str] = frozenset()

    def places(self, seen: Seen) -> tuple[str, ...]:
        """Return the regions that were asked."""
        return seen.regions

    def subjects(self, seen: Seen, region: str) -> Iterator[Subject]:
        """List the region."""
        yield Subject(f"{seen.account}/{region}", region, {})


@dataclass(frozen=True, slots=True)
class Derived:
    """Judge each thing that follows from several reads, or from a part of one.

    Attributes:
        what: what the things are, in one word or two.
        list: returns them; what it cannot read is unknown, as with other lists.
    """

    what: str
    list: Callable[[Seen], Iterable[Subject]]
    reads: frozenset[str] = frozenset()

    def places(self, seen: Seen) -> tuple[str, ...]:
        """Return the one place that is no region."""
        del seen
        return ("",)

    def subjects(self, seen: Seen, region: str) -> Iterator[Subject]:
        """List the things."""
        del region
        yield from self.list(seen)


@dataclass(frozen=True, slots=True)
class Several:
    """Judge each thing of several lists; one that cannot be read hides nothing of the others."""

    lists: tuple[Each, ...]

    @property
    def reads(self) -> frozenset[str]:
        """The names of the reads that the lists need."""
        return frozenset(one.read for one in self.lists)


Listing = Each | Account | Region | Derived
Judge = Callable[[Subject, Seen], Judgement]


@dataclass(frozen=True, slots=True)
class Check:
    """How one thing is looked at.

    Attributes:
        id: `enc.ebs.volumes`.
        version: grows when the same snapshot could be judged otherwise.
        each: the subjects.
        reads: names of all reads that may be looked at, those of *each* among them.
    """

    id: str
    version: int
    each: Listing | Several
    reads: frozenset[str]
    judge: Judge

    def outcome(self, facts: Facts) -> Outcome:
        """Judge what is known of an account."""
        snapshot = facts.snapshot
        seen = Seen(facts, self.reads)
        lists = self.each.lists if isinstance(self.each, Several) else (self.each,)
        places = lists[0].places(seen)
        findings: list[Finding] = []
        for one in lists:
            for place in one.places(seen):
                self._judge_all(findings, seen, one, place)
        if not places:
            findings.append(self._finding(_list_of(lists[0], seen, ""), unknown("no region was read")))
        listed = len(findings)
        inspected = listed - [finding.verdict for finding in findings].count(Verdict.UNKNOWN)
        if places == ("",):
            coverage = Coverage(listed, inspected)
        else:
            coverage = Coverage(listed, inspected, len(snapshot.header.regions), len(places))
        if not findings:
            nothing = not_applicable("nothing there to judge")
            findings.append(self._finding(Subject(snapshot.header.account, "", {}), nothing))
        if len(findings) > 1:
            findings.sort(key=_ORDER)
        return Outcome(self.id, self.version, tuple(findings), coverage)

    def _judge_all(self, findings: list[Finding], seen: Seen, each: Listing, region: str) -> None:
        subjects, why = _listed(each, seen, region)
        for subject in subjects:
            verdict, reason, is_sampled = self._judgement(subject, seen)
            findings.append(Finding(self.id, subject.name, subject.region, verdict, reason, is_sampled))
        if why:
            findings.append(self._finding(_list_of(each, seen, region), unknown(f"cannot list: {why}")))

    def _judgement(self, subject: Subject, seen: Seen) -> Judgement:
        try:
            return self.judge(subject, seen)
        except Unread as unread:
            return unknown(str(unread))
        except _NONSENSE as error:
            return unknown(f"the answer makes no sense: {error!r}")

    def _finding(self, subject: Subject, judgement: Judgement) -> Finding:
        return Finding(self.id, subject.name, subject.region, judgement.verdict, judgement.reason, judgement.is_sampled)


# What comes of looking for members in an answer that has not the form that the service's model gives it.
_NONSENSE = (KeyError, TypeError, ValueError, IndexError, AttributeError)


# What is found stands in the order of regions, subjects and reasons.
_ORDER = attrgetter("region", "subject", "reason")


def _listed(each: Listing, seen: Seen, region: str) -> tuple[tuple[Subject, ...], str]:
    """Return the things of a list up to where it ends, and why it ends before its end; empty if it does not.

    Many checks judge the same things, so what an answer lists is looked for once.
    """
    key = (each, region) if isinstance(each, Each) else None
    held: tuple[tuple[Subject, ...], str] | None = seen.facts.listed.get(key)
    if held is not None:
        return held
    found: list[Subject] = []
    why = ""
    try:
        for subject in each.subjects(seen, region):
            found.append(subject)  # noqa: PERF402  # what came before a list broke off stays
    except Unread as unread:
        why = str(unread)
    except _NONSENSE as error:
        why = f"the answer makes no sense: {error!r}"
    listed = tuple(found), why
    if key is not None:
        seen.facts.listed[key] = listed
    return listed


def _list_of(each: Listing, seen: Seen, region: str) -> Subject:
    match each:
        case Each(read=read):
            name = read
        case Derived(what=what):
            name = what
        case _:
            name = "account"
    return Subject(f"{seen.account}/{region}/{name}" if region else f"{seen.account}/{name}", region, {})


_CHECKS: dict[str, Check] = {}


def check(id: str, *, version: int, each: Listing | Several, reads: tuple[str, ...] = ()) -> Callable[[Judge], Judge]:  # noqa: A002  # the word of the catalogue
    """Make a check of the function that judges one subject.

    Args:
        reads: names of what the function looks at beside the list.
    """

    def register(judge: Judge) -> Judge:
        if id in _CHECKS:
            message = f"two checks are called {id}"
            raise ValueError(message)
        _CHECKS[id] = Check(id, version, each, each.reads | frozenset(reads), judge)
        return judge

    return register


def checks() -> Mapping[str, Check]:
    """Return all checks by id, in order of their ids."""
    return dict(sorted(_CHECKS.items()))
