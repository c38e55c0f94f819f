"""Nobody but those who keep records can stop, alter or delete them, proved.

Source: `shared-responsibility` reference, 4, SR-L1; CloudTrail User Guide, "Security best practices in AWS CloudTrail".
"""

from collections.abc import Iterator
from typing import NamedTuple

from remit.compliance.checks.check import Derived, Subject, check
from remit.compliance.checks.findings import Judgement, Verdict, failed, not_applicable, passed
from remit.compliance.checks.guardrails import TRAIL_ACTIONS
from remit.compliance.checks.identities import IDENTITY_READS, Identity, document, identity_subjects
from remit.compliance.checks.patterns import fits_any
from remit.compliance.checks.proved_privileges import RIGHTS_READS, account_rights
from remit.compliance.checks.rights import May
from remit.compliance.checks.seen import Seen
from remit.compliance.checks.trails import BUCKETS, TRAILS, trails
from remit.policy import Policy

_POLICY = "s3:GetBucketPolicy"
_OF_BUCKETS = ("s3:PutBucketPolicy", "s3:PutLifecycleConfiguration", "s3:DeleteBucket")
_OF_OBJECTS = ("s3:DeleteObject", "s3:DeleteObjectVersion")
_OF_KEYS = ("kms:ScheduleKeyDeletion", "kms:DisableKey")


class _Place(NamedTuple):
    """What can be tampered with, and by which actions."""

    arn: str
    actions: tuple[str, ...]
    policy: Policy | None = None


def _places(seen: Seen) -> tuple[_Place, ...]:
    return seen.derived("places of records", lambda seen: tuple(_found(seen)))


def _found(seen: Seen) -> Iterator[_Place]:
    known = trails(seen).whole()
    own = {bucket["Name"] for bucket in seen.items(BUCKETS, "Buckets")}
    for trail in known:
        if f":{seen.account}:" in trail.arn:
            yield _Place(trail.arn, TRAIL_ACTIONS)
        key = trail.members.get("KmsKeyId", "")
        if f":{seen.account}:" in key:
            yield _Place(key, _OF_KEYS)
        name = trail.members["S3BucketName"]
        if name in own:
            answer = seen.maybe(_POLICY, Bucket=name)
            policy = None if answer is None else Policy(document(answer["Policy"]), name="bucket policy")
            arn = f"arn:{seen.snapshot.header.partition}:s3:::{name}"
            yield _Place(arn, _OF_BUCKETS, policy)
            yield _Place(f"{arn}/AWSLogs/remit", _OF_OBJECTS, policy)


def _subjects(seen: Seen) -> Iterator[Subject]:
    for subject in identity_subjects(seen):
        if not subject["identity"].is_service_linked:
            yield subject


@check(
    "log.tamper",
    version=1,
    each=Derived("users and roles", _subjects, frozenset(IDENTITY_READS)),
    reads=(*RIGHTS_READS, TRAILS, BUCKETS, _POLICY),
)
def tamper(subject: Subject, seen: Seen) -> Judgement:
    """Whoever does something they should not cannot make it unseen."""
    one: Identity = subject["identity"]
    places = _places(seen)
    if not places:
        return not_applicable("no trail of this account, nor the bucket or the key of one, is here")
    if fits_any(one.arn, (*seen.parameters.administrators, *seen.parameters.trail_keepers)):
        return not_applicable("is approved to keep records")
    rights = account_rights(seen).of(one.known())
    is_sampled = False
    for place in places:
        for action in place.actions:
            answer = rights.may(action, place.arn, policy=place.policy)
            if answer is May.YES:
                return failed(f"may {action} on {place.arn}")
            is_sampled |= answer is May.PERHAPS
    return (
        Judgement(Verdict.PASS, "can neither stop nor alter records", is_sampled=is_sampled)
        if is_sampled
        else passed("can neither stop nor alter records")
    )
