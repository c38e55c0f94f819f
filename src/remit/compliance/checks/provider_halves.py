"""The provider's halves: inherited where its newest reports are at hand.

What is missing leaves a half unknown; it is never the provider's failure that we have not read what it says of itself.
Source: `shared-responsibility` reference, 4, SR-A1 to SR-A9 and SR-F2, and 6.
"""

from collections.abc import Callable, Iterator, Mapping

from remit.compliance.checks.check import Account, Derived, Subject, check
from remit.compliance.checks.findings import Judgement, failed, passed, unknown
from remit.compliance.checks.kinds import KINDS
from remit.compliance.checks.reports import (
    LISTED,
    READS,
    SERIES,
    Report,
    is_current,
    is_downloaded,
    lack,
    letters,
    may_have_been_downloaded,
    newest,
    no_report,
)
from remit.compliance.checks.seen import Seen, Unread, is_regional
from remit.compliance.snapshots.reads import REPORT

# Check -> the series of which one report has to be at hand.
HALVES = {
    "rep.datacentre": ("SOC", "ISO"),
    "rep.hardware": ("SOC", "ISO", "PCI"),
    "rep.hypervisor": ("SOC", "PCI"),
    "rep.infrastructure": ("SOC", "ISO"),
    "rep.network": ("SOC", "ISO"),
    "rep.physical": ("SOC", "PCI", "ISO"),
    "rep.staff": ("SOC",),
    "rep.time": ("SOC",),
    "rep.virtualization": ("SOC", "C5"),
}


def _at_hand(seen: Seen, series: tuple[str, ...]) -> tuple[Report | None, str]:
    """Return a report that the account has, of one of some series; or what is missing of each."""
    missing: list[str] = []
    for one in series:
        reports = newest(seen, one)
        if not reports:
            missing.append(str(no_report(one)))
        for report in reports:
            lacking = lack(report, seen)
            if not lacking:
                return report, ""
            missing.append(lacking)
    return None, "; ".join(missing)


def _half(series: tuple[str, ...]) -> Callable[[Subject, Seen], Judgement]:
    def judge(_account: Subject, seen: Seen) -> Judgement:
        report, missing = _at_hand(seen, series)
        if report is None:
            return unknown(missing)
        return passed(f"{report} covers the time until {report.period_end:%Y-%m-%d}, and this account has it")

    return judge


for _id, _series in HALVES.items():
    check(_id, version=1, each=Account(), reads=READS)(_half(_series))


def _series_read(seen: Seen) -> Iterator[Subject]:
    for series in SERIES:
        if newest(seen, series):
            yield Subject(f"{seen.account}/{series}", "", {"series": series})


_EACH = Derived("series", _series_read, frozenset((LISTED,)))


@check("rep.current", version=1, each=_EACH, reads=READS)
def current(series: Subject, seen: Seen) -> Judgement:
    """The newest report of each series is read, and not too old."""
    reports = newest(seen, series["series"])
    for report in reports:
        if is_downloaded(report, seen):
            if is_current(report, seen.now):
                return passed(f"has {report}")
            return failed(lack(report, seen))
    if any(may_have_been_downloaded(report, seen) for report in reports):
        return unknown(f"{reports[0]} is older than the event history, which does not show who has it")
    return failed(f"nobody downloaded {' nor '.join(str(report) for report in reports)}")


@check("rep.bridge", version=1, each=_EACH, reads=(LISTED,))
def bridge(series: Subject, seen: Seen) -> Judgement:
    """Between two audits a letter says that nothing has changed."""
    report = newest(seen, series["series"])[0]
    if is_current(report, seen.now):
        return passed(f"{report} covers the time until {report.period_end:%Y-%m-%d}")
    for letter in letters(seen, series["series"]):
        if is_current(letter, seen.now):
            return passed(f"{letter} covers the time until {letter.period_end:%Y-%m-%d}")
    return failed(f"{report} covers the time until {report.period_end:%Y-%m-%d}, and no letter what came after")


def _services(seen: Seen) -> Iterator[Subject]:
    """List the services that the account has something of."""
    found: set[str] = set()
    unread: Unread | None = None
    for kind, (read, path) in KINDS.items():
        service = kind.partition(":")[0]
        for region in seen.regions if is_regional(read) else ("",):
            try:
                if service not in found and seen.items(read, path, region):
                    found.add(service)
            except Unread as error:
                unread = error
    for service in sorted(found):
        yield Subject(f"{seen.account}/{service}", "", {"service": service})
    if unread is not None:
        raise unread


_KIND_READS = frozenset(read for read, _ in KINDS.values())


@check(
    "rep.services",
    version=2,
    each=Derived("services", _services, _KIND_READS),
    reads=(*READS, REPORT),
)
def services(service: Subject, seen: Seen) -> Judgement:
    """The reports at hand cover the services in use.

    No operation says which services a report covers: a collector that was let read the reports does, or somebody who
    has read them lays it down.
    """
    name = service["service"]
    lists, unread = 0, ""
    for series in SERIES:
        for report in newest(seen, series):
            try:
                named = _named_by(report, seen)
            except Unread as error:
                unread = unread or str(error)
                continue
            if named is None:
                continue
            lists += 1
            if name in named:
                return passed(f"{report} names it{named[name]}")
    if lists:
        return unknown(f"none of {lists} reports at hand names it")
    if unread:
        return unknown(unread)
    return unknown("nobody laid down which services the newest reports cover, report_services, or had them read")


def _named_by(report: Report, seen: Seen) -> Mapping[str, str] | None:
    """Return the services that a report names, and where, for people; None where it is not at hand or not read.

    Raises:
        Unread: it was to be read, and could not be; or it is not known whether it is at hand.
    """
    laid_down = dict(seen.parameters.report_services).get(f"{report.id} v{report.version}")
    if laid_down is not None:
        return None if lack(report, seen) else dict.fromkeys(laid_down, "")
    if not is_current(report, seen.now) or not seen.was_asked(REPORT, **_which(report)):
        return None
    # Who has read it has it, whatever the event history shows by now.
    read = seen.answer(REPORT, **_which(report))
    digest = read["document"]["sha256"]
    return {name: f" on page {page} of {digest[:12]}" for name, page in read["servicesInScope"].items()}


def _which(report: Report) -> dict[str, str]:
    return {"reportId": report.id, "reportVersion": str(report.version)}
