"""Buckets are open to nobody by accident: policy, access control lists, ownership and blocks together.

Source: `shared-responsibility` reference, 5, `s3.public`; S3 User Guide, "The meaning of public", "Blocking public
access".
"""

from remit.compliance.checks.buckets import BUCKET_POLICY, BUCKETS, bucket_targets
from remit.compliance.checks.check import Subject, check
from remit.compliance.checks.control_policies import Levels
from remit.compliance.checks.findings import Judgement, Verdict, failed, passed
from remit.compliance.checks.outside import OUTSIDE_READS, judged, outside, policies
from remit.compliance.checks.proofs import Answer, Found, Question, anonymous, find, stranger_account, strangers
from remit.compliance.checks.resource_controls import RESOURCE_CONTROL_READS, counted
from remit.compliance.checks.seen import Seen
from remit.compliance.checks.storage import ACCOUNT_BLOCK, BLOCK, OWNERSHIP, has_no_acls
from remit.policy import parse

_ACL = "s3:GetBucketAcl"
_EVERYBODY = ("/global/AllUsers", "/global/AuthenticatedUsers")


def _is_blocked(seen: Seen, bucket: str, setting: str) -> bool:
    """Whether a setting against public access is on, for the bucket or, if it is not, for the account."""
    own = seen.maybe(BLOCK, Bucket=bucket)
    if own is not None and own["PublicAccessBlockConfiguration"].get(setting):
        return True
    account = seen.maybe(ACCOUNT_BLOCK)
    return account is not None and bool(account["PublicAccessBlockConfiguration"].get(setting))


def _public(seen: Seen, bucket: str, text: str) -> Answer:
    """Return whether a policy lets in somebody of whom it knows nothing."""

    def asked(levels: Levels = ()) -> Answer:
        named = [parse(text), *(policy.document for level in levels for policy in level)]
        callers = (anonymous(), *strangers(stranger_account(named, {seen.account})))
        return find(policies(text, levels or None), Question(callers=callers, targets=bucket_targets(bucket, seen)))

    return counted(asked(), seen, asked)


_READS = (BUCKET_POLICY, _ACL, OWNERSHIP, BLOCK, ACCOUNT_BLOCK, *RESOURCE_CONTROL_READS)


@check("s3.public", version=1, each=BUCKETS, reads=_READS)
def public(bucket: Subject, seen: Seen) -> Judgement:
    """No request of somebody unknown is allowed."""
    name = bucket["Name"]
    policy = seen.maybe(BUCKET_POLICY, Bucket=name)
    answer = None if policy is None else _public(seen, name, policy["Policy"])
    if isinstance(answer, Found) and not _is_blocked(seen, name, "RestrictPublicBuckets"):
        return failed(f"is public by its policy: {answer.words}")
    if not has_no_acls(seen, name) and not _is_blocked(seen, name, "IgnorePublicAcls"):
        for grant in seen.answer(_ACL, Bucket=name)["Grants"]:
            if str(grant["Grantee"].get("URI", "")).endswith(_EVERYBODY):
                return failed(f"is public by its access control list: {grant['Permission']} for everybody")
        unseen = "nothing of the bucket is public; its objects have access control lists of their own, not looked at"
        return Judgement(Verdict.PASS, unseen, is_sampled=True)
    if answer is None:
        return passed("has no policy, and access control lists that count for nothing")
    if isinstance(answer, Found):
        return passed("is closed by RestrictPublicBuckets, although its policy is public")
    return judged(answer, "nobody unknown is let in")


@check("s3.outside", version=1, each=BUCKETS, reads=(BUCKET_POLICY, BLOCK, ACCOUNT_BLOCK, *OUTSIDE_READS))
def outsiders(bucket: Subject, seen: Seen) -> Judgement:
    """Nobody outside the organization is let in but accounts that may be."""
    name = bucket["Name"]
    policy = seen.maybe(BUCKET_POLICY, Bucket=name)
    if policy is None:
        return passed("has no policy that could let anybody in")
    text = policy["Policy"]
    # Owner is left out where the answer has no bucket.
    owner = seen.answer("s3:ListBuckets").get("Owner", {}).get("ID", "")
    answer = outside(seen, text, bucket_targets(name, seen), (anonymous(),), owner)
    if (
        isinstance(answer, Found)
        and isinstance(_public(seen, name, text), Found)
        and _is_blocked(seen, name, "RestrictPublicBuckets")
    ):
        return passed("is closed by RestrictPublicBuckets: a public policy lets nobody in from other accounts")
    return judged(answer, "nobody outside is let in")
