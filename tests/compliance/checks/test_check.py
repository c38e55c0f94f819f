from datetime import timedelta

import pytest
from snapshots import ACCOUNT, AT, facts, snapshot

from remit.compliance.checks import Coverage, Each, Region, Verdict
from remit.compliance.checks.check import Account, Check
from remit.compliance.checks.findings import failed, passed
from remit.compliance.checks.seen import Seen, Undeclared, Unread, items

VOLUMES = Each("ec2:DescribeVolumes", "Volumes", "{VolumeId}")


def is_encrypted(volume, _seen):
    return passed("is") if volume["Encrypted"] else failed("is not")


def looks(subject, seen):
    seen.answer("ec2:DescribeVpcs", subject.region)
    return passed("is there")


def of(each, judge=is_encrypted, reads=()):
    return Check("x.y", 1, each, each.reads | frozenset(reads), judge)


def found(outcome):
    return [(finding.subject, finding.verdict.value) for finding in outcome.findings]


def test_each_thing_of_a_list_is_judged():
    held = {"Volumes": [{"VolumeId": "a", "Encrypted": True}, {"VolumeId": "b", "Encrypted": False}]}

    outcome = of(VOLUMES).outcome(facts({"ec2:DescribeVolumes": held}))

    assert found(outcome) == [("a", "PASS"), ("b", "FAIL")]
    assert outcome.verdict is Verdict.FAIL
    assert outcome.coverage == Coverage(2, 2)
    assert outcome.coverage.is_whole


def test_a_list_of_nothing_is_not_applicable_and_no_pass():
    outcome = of(VOLUMES).outcome(facts({"ec2:DescribeVolumes": {"Volumes": []}}))

    assert found(outcome) == [(ACCOUNT, "NA")]
    assert outcome.verdict is Verdict.NA


@pytest.mark.parametrize("answer", ["AccessDenied", "Hangs", {}, {"Volumes": None}, {"Volumes": [1]}, []])
def test_a_list_that_is_no_list_is_unknown(answer):
    outcome = of(VOLUMES).outcome(facts({"ec2:DescribeVolumes": answer}))

    assert outcome.verdict is Verdict.UNKNOWN
    assert not outcome.coverage.is_whole


def test_a_list_that_was_not_asked_is_unknown():
    outcome = of(VOLUMES).outcome(facts({}))

    assert "is not in the snapshot" in outcome.findings[0].reason


def test_a_thing_without_the_member_is_unknown_and_the_others_are_judged():
    held = {"Volumes": [{"VolumeId": "a"}, {"VolumeId": "b", "Encrypted": False}]}

    outcome = of(VOLUMES).outcome(facts({"ec2:DescribeVolumes": held}))

    assert found(outcome) == [("a", "UNKNOWN"), ("b", "FAIL")]
    assert outcome.coverage == Coverage(2, 1)


def test_one_region_that_refuses_does_not_hide_what_another_shows():
    held = {"Volumes": [{"VolumeId": "b", "Encrypted": False}]}

    outcome = of(VOLUMES).outcome(
        facts(
            {"ec2:DescribeVolumes a": "AccessDenied", "ec2:DescribeVolumes b": held},
            regions=("a", "b"),
            regions_read=("a", "b"),
        )
    )

    assert [verdict for _, verdict in found(outcome)] == ["UNKNOWN", "FAIL"]
    assert outcome.verdict is Verdict.FAIL


def test_a_region_that_was_left_out_leaves_a_gap_in_the_coverage():
    outcome = of(VOLUMES).outcome(
        facts(
            {"ec2:DescribeVolumes a": {"Volumes": [{"VolumeId": "a", "Encrypted": True}]}},
            regions=("a", "b"),
            regions_read=("a",),
        )
    )

    assert outcome.verdict is Verdict.PASS
    assert outcome.coverage == Coverage(1, 1, 2, 1)
    assert not outcome.coverage.is_whole


def test_no_region_at_all_is_unknown():
    outcome = of(Region(), looks).outcome(facts({}, regions=(), regions_read=()))

    assert outcome.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(("answer", "verdict"), [({}, "PASS"), ("AccessDenied", "UNKNOWN"), ("Hangs", "UNKNOWN")])
def test_what_a_judge_cannot_read_is_unknown(answer, verdict):
    outcome = of(Region(), looks, ["ec2:DescribeVpcs"]).outcome(facts({"ec2:DescribeVpcs": answer}))

    assert outcome.verdict.value == verdict


def test_a_judge_that_looks_at_what_it_does_not_name_is_our_mistake():
    with pytest.raises(Undeclared, match="ec2:DescribeVpcs"):
        of(Region(), looks).outcome(facts({"ec2:DescribeVpcs": {}}))


def test_the_account_is_one_subject():
    outcome = of(Account(), lambda account, seen: passed("is")).outcome(facts({}))

    assert found(outcome) == [(f"arn:aws:iam::{ACCOUNT}:root", "PASS")]


NAMES = frozenset({"organizations:DescribeOrganization", "organizations:ListAccounts", "s3:GetBucketPolicy"})
MEMBER = {"organizations:DescribeOrganization": {"Organization": {"MasterAccountId": "9" * 12}}}


def test_an_organization_is_what_its_management_account_sees():
    management = snapshot({"organizations:ListAccounts": {"Accounts": [1]}}, account="9" * 12)

    assert Seen(facts(MEMBER, management), NAMES).organization.items("organizations:ListAccounts", "Accounts") == (1,)
    for other in (None, snapshot({}, account="8" * 12)):
        with pytest.raises(Unread, match="no snapshot of the management account 999999999999"):
            _ = Seen(facts(MEMBER, other), NAMES).organization


def test_an_answer_that_there_is_none_is_none():
    seen = Seen(facts({"s3:GetBucketPolicy Bucket=b": "NoSuchBucketPolicy"}), NAMES)

    assert seen.maybe("s3:GetBucketPolicy", Bucket="b") is None
    with pytest.raises(Unread, match="s3:GetBucketPolicy b was answered NoSuchBucketPolicy"):
        seen.answer("s3:GetBucketPolicy", Bucket="b")


def test_now_is_when_the_snapshot_was_taken():
    assert Seen(facts({}, taken_at=AT - timedelta(days=1)), NAMES).now == AT - timedelta(days=1)


@pytest.mark.parametrize(
    ("path", "value", "walked"),
    [
        ("", {"a": 1}, [{"a": 1}]),
        ("a", {"a": [1, 2]}, [1, 2]),
        ("a[].b[]", {"a": [{"b": [1]}, {"b": [2, 3]}]}, [1, 2, 3]),
        ("a", {"a": []}, []),
    ],
)
def test_a_path_leads_to_things(path, value, walked):
    assert list(items(value, path)) == walked
