import json

from check_cases import FAIL, NA, PASS, UNKNOWN, Case

from remit.compliance.checks.kinds import KINDS
from remit.compliance.checks.parameters import Parameters
from remit.compliance.checks.provider_halves import HALVES
from remit.compliance.checks.seen import items

LISTED, METADATA = "artifact:ListReports", "artifact:GetReportMetadata"
EVENTS = "cloudtrail:LookupEvents"
DAYS_89, DAYS_90 = "2026-09-01T12:00:00Z", "2026-08-31T12:00:00Z"


def report(series="SOC", end=DAYS_89, version=2, **members):
    usual = {
        "id": f"report-{series}",
        "name": f"{series} report",
        "series": series,
        "version": version,
        "periodEnd": end,
        "state": "PUBLISHED",
        "category": "Certifications and Attestations",
    }
    return {**usual, **members}


def event(id_="report-SOC", version="2", **members):
    asked = {"reportId": id_, **({"reportVersion": version} if version else {})}
    record = {
        "eventSource": "artifact.amazonaws.com",
        "eventName": "GetReport",
        "eventTime": "2026-11-20T00:00:00Z",
        "requestParameters": asked,
        **members,
    }
    return {"CloudTrailEvent": json.dumps(record)}


def known(*reports, events=(), created="2026-11-01T00:00:00Z"):
    metadata = {
        f"{METADATA} reportId={one['id']} reportVersion={one['version']}": {"reportDetails": {"createdAt": created}}
        for one in reports
    }
    return {LISTED: {"reports": list(reports)}, EVENTS: {"Events": list(events)}, **metadata}


HAD = known(report(), events=[event()])
LETTER = report(id="report-letter", name="SOC Continued Operations Letter", end="2026-11-01T00:00:00Z")
OLD = report(end=DAYS_90)
OTHERS = report(id="report-x", category="Third-party reports", end="2026-11-01T00:00:00Z")


def nothing():
    answers = {}
    for read, path in KINDS.values():
        value = {path.partition(".")[0].removesuffix("[]"): []}
        answers[read] = {**answers.get(read, {}), **value}
        assert not list(items(answers[read], path))
    return answers


READ = "artifact:GetReport reportId=report-SOC reportVersion=2"


def read(*services):
    document = {"sha256": "0123456789abcdef", "bytes": 9, "pages": 7}
    return {READ: {"document": document, "servicesInScope": dict.fromkeys(services, 4)}}


BUCKET = {"s3:ListBuckets": {"Buckets": [{"Name": "b"}]}}
NAMED = {"parameters": Parameters(report_services=(("report-SOC v2", ("s3", "ec2")),))}
OLDER = {"parameters": Parameters(report_services=(("report-SOC v1", ("s3",)),))}
OTHER = {"parameters": Parameters(report_services=(("report-SOC v2", ("ec2",)),))}

CASES = (
    *(Case(id_, PASS, HAD, "SOC report, version 2 covers") for id_ in HALVES),
    *(Case(id_, UNKNOWN, known(report()), "did not download SOC report, version 2") for id_ in HALVES),
    *(Case(id_, UNKNOWN, known(), "no report of the series") for id_ in HALVES),
    Case("rep.virtualization", PASS, known(report("C5"), events=[event("report-C5")]), "C5 report"),
    Case("rep.staff", PASS, known(report(), OTHERS, events=[event()])),
    Case("rep.staff", PASS, known(report(), LETTER, events=[event()])),
    Case("rep.staff", PASS, known(report(), events=[event(version="")]), "version 2"),
    Case("rep.staff", UNKNOWN, known(report(), events=[event(version="")], created="2026-11-21T00:00:00Z")),
    Case("rep.staff", UNKNOWN, known(OLD, events=[event()]), "more than 90 days ago"),
    Case("rep.staff", UNKNOWN, known(report(), events=[event(version="1")])),
    Case("rep.staff", UNKNOWN, known(report(), events=[event(errorCode="AccessDenied")])),
    Case("rep.staff", UNKNOWN, known(report(), events=[event(eventSource="glue.amazonaws.com")])),
    Case("rep.staff", UNKNOWN, known(report(), events=[event(recipientAccountId="222233334444")])),
    Case("rep.staff", UNKNOWN, known(report(state="UNPUBLISHED"), events=[event()])),
    Case("rep.staff", UNKNOWN, {**HAD, EVENTS: "AccessDeniedException"}),
    Case("rep.current", PASS, HAD, "has SOC report"),
    Case("rep.current", FAIL, known(report()), "nobody downloaded SOC report, version 2"),
    Case("rep.current", FAIL, known(report(), report("ISO"), events=[event()]), "nobody downloaded ISO"),
    Case("rep.current", FAIL, known(OLD, events=[event()]), "more than 90 days ago"),
    Case("rep.current", UNKNOWN, known(report(), created="2026-08-01T00:00:00Z"), "older than the event history"),
    Case("rep.current", UNKNOWN, {**known(report()), EVENTS: "AccessDeniedException"}),
    Case("rep.current", UNKNOWN, {LISTED: "AccessDeniedException"}),
    Case("rep.current", NA, known()),
    Case("rep.bridge", PASS, known(report())),
    Case("rep.bridge", PASS, known(OLD, LETTER), "SOC Continued Operations Letter"),
    Case("rep.bridge", FAIL, known(OLD), "no letter"),
    Case("rep.bridge", FAIL, known(OLD, {**LETTER, "periodEnd": DAYS_90}), "no letter"),
    Case("rep.bridge", UNKNOWN, {LISTED: "AccessDeniedException"}),
    Case("rep.bridge", UNKNOWN, {LISTED: {"reports": [{"id": "x"}]}}),
    Case("rep.bridge", NA, known(OTHERS)),
    Case("rep.services", PASS, {**nothing(), **BUCKET, **HAD}, "names it", more=NAMED),
    Case("rep.services", UNKNOWN, {**nothing(), **BUCKET, **HAD}, "nobody laid down"),
    Case("rep.services", UNKNOWN, {**nothing(), **BUCKET, **HAD}, "nobody laid down", more=OLDER),
    Case("rep.services", UNKNOWN, {**nothing(), **BUCKET, **HAD}, "none of 1 reports", more=OTHER),
    Case("rep.services", UNKNOWN, {**nothing(), **BUCKET, **known(report())}, "nobody laid down", more=NAMED),
    # Who has read a report has it, whatever the event history shows by now.
    Case("rep.services", PASS, {**nothing(), **BUCKET, **known(report()), **read("s3")}, "names it on page 4 of 0123"),
    Case("rep.services", PASS, {**nothing(), **BUCKET, **HAD, **read("ec2")}, "names it", more=NAMED),
    Case("rep.services", UNKNOWN, {**nothing(), **BUCKET, **HAD, **read("s3")}, "none of 1 reports", more=OTHER),
    Case("rep.services", UNKNOWN, {**nothing(), **BUCKET, **HAD, **read("ec2")}, "none of 1 reports"),
    Case("rep.services", UNKNOWN, {**nothing(), **BUCKET, **HAD, **read()}, "none of 1 reports"),
    Case("rep.services", UNKNOWN, {**nothing(), **BUCKET, **known(OLD), **read("s3")}, "nobody laid down"),
    Case("rep.services", UNKNOWN, {**nothing(), **BUCKET, **HAD, READ: "AccessDenied"}, "was denied"),
    Case("rep.services", UNKNOWN, {**nothing(), **BUCKET, **HAD, READ: "Hangs"}, "failed: Hangs: for a test"),
    Case("rep.services", UNKNOWN, {**nothing(), **BUCKET, **HAD, READ: {"servicesInScope": ["s3"]}}),
    Case("rep.services", UNKNOWN, {**nothing(), **HAD, "efs:DescribeFileSystems": "AccessDenied"}, more=NAMED),
    Case("rep.services", NA, {**nothing(), **HAD}),
)
