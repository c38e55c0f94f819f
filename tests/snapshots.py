"""Snapshots for tests, written down as what an endpoint would have answered.

snapshot({"ec2:DescribeVolumes eu-west-1": {"Volumes": []}, "s3:GetBucketPolicy Bucket=b": "AccessDenied"})
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from remit.compliance.checks.facts import Facts
from remit.compliance.checks.seen import asked, is_regional
from remit.compliance.snapshots import READS, Answer, Header, Read, Snapshot, Status
from remit.compliance.snapshots.answers import answered

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
ACCOUNT = "111122223333"
REGION = "eu-west-1"
HEADER = Header(account=ACCOUNT, taken_at=AT, regions=(REGION,), regions_read=(REGION,))


def snapshot(answers: Mapping[str, object], **header: object) -> Snapshot:
    """Return a snapshot.

    Args:
        answers: a read - name, region if it is regional and not the usual one, and parameters - and its value; or the
            code of an error: one that the read's kind knows to mean that there is none, or of a refusal, or `Hangs`.
        header: members of the header that differ from the usual ones.
    """
    head = replace(HEADER, **header)
    return Snapshot(head, dict(_answered(read, value, head) for read, value in answers.items()))


def facts(answers: Mapping[str, object], organization: Snapshot | None = None, **more: object) -> Facts:
    """Return facts: a snapshot as above, with what else is known.

    Args:
        organization: the snapshot of the management account.
        more: members of `Facts`, the others of the header.
    """
    named = {name: more.pop(name) for name in ("parameters", "training") if name in more}
    return Facts(snapshot=snapshot(answers, **more), organization=organization, **named)


def _answered(written: str, value: object, header: Header) -> tuple[Read, Answer]:
    name, *words = written.split()
    params = dict(word.split("=", 1) for word in words if "=" in word)
    places = [word for word in words if "=" not in word] or [REGION if is_regional(name) else ""]
    read = asked(name, places[0], params, header.account)
    if not isinstance(value, str):
        return read, answered(value, header.taken_at)
    if value in {code for kind in READS[name] for code in kind.absent}:
        return read, Answer(Status.ABSENT, header.taken_at, code=value)
    status = Status.FAILED if value == "Hangs" else Status.DENIED
    return read, Answer(status, header.taken_at, code=value, message="for a test")
