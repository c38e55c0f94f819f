"""The laws of the reference's section 6, on evaluations of small accounts with checks of every kind."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from snapshots import AT, facts

from remit.compliance.checks import Each, Facts, Region
from remit.compliance.checks.check import Check
from remit.compliance.checks.findings import failed, not_applicable, passed
from remit.compliance.model import Model
from remit.compliance.model.rows import Half, Needs, Owner, Party, Responsibility
from remit.compliance.snapshots import Answer, Status
from remit.compliance.snapshots.answers import answered
from remit.compliance.status import Evaluation, roll_up
from remit.compliance.status import Status as Cells
from remit.compliance.status.cells import worst

VOLUMES = Each("ec2:DescribeVolumes", "Volumes", "{VolumeId}")
KEYS = Each("kms:ListKeys", "Keys", "{KeyId}")


def encrypted(volume, _seen):
    return passed("is") if volume["Encrypted"] else failed("is not")


def rotates(key, seen):
    described = seen.answer("kms:DescribeKey", key.region, KeyId=key["KeyId"])
    if described["Manager"] == "AWS":
        return not_applicable("is AWS's")
    return (
        passed("does")
        if seen.answer("kms:GetKeyRotationStatus", key.region, KeyId=key["KeyId"])["On"]
        else failed("not")
    )


def by_default(region, seen):
    return passed("is") if seen.answer("ec2:GetEbsEncryptionByDefault", region.region)["On"] else failed("is not")


KEY_READS = frozenset({"kms:ListKeys", "kms:DescribeKey", "kms:GetKeyRotationStatus"})
CHECKS = {
    check.id: check
    for check in (
        Check("a.volumes", 1, VOLUMES, VOLUMES.reads, encrypted),
        Check("a.keys", 1, KEYS, KEY_READS, rotates),
        Check("b.default", 1, Region(), frozenset({"ec2:GetEbsEncryptionByDefault"}), by_default),
    )
}


def half(name, needs, evidence, applies=""):
    party = Party.AWS if name.endswith("a") else Party.CUSTOMER
    return Half(id=name, party=party, statement="S", evidence=evidence, needs=needs, fresh_days=7, applies_when=applies)


MODEL = Model(
    rows=[
        Responsibility(
            id="SR-Z1",
            title="T",
            bullet="B",
            owner=Owner.SHARED,
            halves=[
                half("SR-Z1.a", Needs.ALL, ["b.*"]),
                half("SR-Z1.c", Needs.ANY, ["a.*"], "has('ec2:volume') or has('kms:key')"),
            ],
        )
    ]
)
HALVES = tuple(MODEL.halves)

booleans = st.booleans()
volumes = st.lists(booleans, max_size=3).map(
    lambda held: {"Volumes": [{"VolumeId": f"v{number}", "Encrypted": on} for number, on in enumerate(held)]}
)
keys = st.lists(st.tuples(st.sampled_from(("AWS", "CUSTOMER")), booleans), max_size=3)


@st.composite
def accounts(draw) -> Facts:
    answers = {"ec2:DescribeVolumes": draw(volumes), "ec2:GetEbsEncryptionByDefault": {"On": draw(booleans)}}
    held = draw(keys)
    answers["kms:ListKeys"] = {"Keys": [{"KeyId": f"k{number}"} for number in range(len(held))]}
    for number, (manager, on) in enumerate(held):
        answers[f"kms:DescribeKey KeyId=k{number}"] = {"Manager": manager}
        answers[f"kms:GetKeyRotationStatus KeyId=k{number}"] = {"On": on}
    regions = draw(st.sampled_from((("eu-west-1",), ("eu-west-1", "eu-west-2"))))
    return facts(answers, regions=regions)


def evaluation(known: Facts) -> Evaluation:
    return Evaluation(known, model=MODEL, checks=CHECKS)


@given(accounts(), st.data())
def test_denying_any_read_never_makes_a_cell_better_than_it_was_known_to_be(known, data):
    before = evaluation(known)
    read = data.draw(st.sampled_from(sorted(known.snapshot.answers)))
    status = data.draw(st.sampled_from((Status.DENIED, Status.FAILED)))

    after = before.with_answer(read, Answer(status, AT, code="AccessDenied"))

    for name in HALVES:
        was, now = before.cell(name, AT).status, after.cell(name, AT).status
        assert was not in (Cells.NOT_MET, Cells.UNKNOWN) or now in (Cells.NOT_MET, Cells.UNKNOWN), (was, now)
        assert now not in (Cells.MET, Cells.INHERITED) or was is now
    for check in CHECKS:
        assert after.outcome(check).findings


@given(accounts())
def test_adding_a_fail_never_improves_a_cell(known):
    before = evaluation(known)
    read = next(read for read in known.snapshot.answers if read.operation == "DescribeVolumes")
    held = known.snapshot.answers[read].value()["Volumes"]

    after = before.with_answer(read, answered({"Volumes": [*held, {"VolumeId": "bad", "Encrypted": False}]}, AT))

    assert after.cell("SR-Z1.c", AT).status is Cells.NOT_MET


@given(accounts())
def test_evaluating_twice_gives_the_same(known):
    assert evaluation(known).rows(AT) == evaluation(known).rows(AT)


@given(accounts(), st.data())
def test_what_is_made_anew_for_one_answer_is_what_is_made_from_nothing(known, data):
    read = data.draw(st.sampled_from(sorted(known.snapshot.answers)))
    before = evaluation(known)
    before.rows(AT)

    after = before.with_answer(read, Answer(Status.DENIED, AT, code="AccessDenied"))

    assert after.rows(AT) == evaluation(after.facts).rows(AT)


@given(accounts(), st.integers(0, 20), st.integers(0, 20))
def test_time_by_itself_only_makes_what_was_known_unknown(known, days, more):
    judged = evaluation(known)
    earlier, later = AT + timedelta(days=days), AT + timedelta(days=days + more)

    for name in HALVES:
        was, now = judged.cell(name, earlier).status, judged.cell(name, later).status
        assert now in (was, Cells.UNKNOWN)


@given(accounts())
def test_a_row_is_no_better_than_each_of_its_halves(known):
    for row in evaluation(known).rows(AT):
        for cell in row.cells:
            assert cell.status is Cells.NOT_APPLICABLE or row.status.rank <= cell.status.rank


@given(st.lists(st.sampled_from(Cells), min_size=1))
def test_a_unit_is_as_bad_as_its_worst_account_and_counts_all(statuses):
    rolled = roll_up(statuses)

    assert rolled.status is worst(statuses)
    assert sum(rolled.counts.values()) == len(statuses)
    met, of = rolled.score
    assert 0 <= met <= of <= len(statuses)


def test_before_it_was_seen_nothing_is_known():
    known = facts({"ec2:GetEbsEncryptionByDefault": {"On": True}})

    assert evaluation(known).cell("SR-Z1.a", AT - timedelta(seconds=1)).status is Cells.UNKNOWN
    assert evaluation(known).cell("SR-Z1.a", AT).status is Cells.INHERITED
