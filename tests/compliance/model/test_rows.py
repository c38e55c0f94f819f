from pathlib import Path

import pytest

from remit.compliance.model import Owner, Party, read_model
from remit.content_files import ContentMistake

MODEL = read_model()
HEAD = "rows:\n"
ROW = """\
  - id: SR-Z1
    title: T
    bullet: B
    owner: {owner}
    halves:
"""
HALF = """\
      - id: SR-Z1.{letter}
        party: {party}
        statement: S
        needs: all
        evidence: [x.y]
        fresh_days: 7
"""
CUSTOMER = HALF.format(letter="c", party="customer")
AWS = HALF.format(letter="a", party="aws")


def test_every_bullet_of_the_shared_responsibility_page_is_a_row():
    assert [row for row in MODEL.by_id if row[3] in "CAS"] == [
        *(f"SR-C{number}" for number in range(1, 6)),
        *(f"SR-A{number}" for number in range(1, 10)),
        *(f"SR-S{number}" for number in range(1, 4)),
    ]


def test_every_row_of_the_reference_is_there():
    assert len(MODEL.rows) == 33


def test_what_is_shared_has_both_halves():
    for row in MODEL.rows:
        parties = {half.party for half in row.halves}
        assert row.owner is not Owner.SHARED or parties == set(Party), row.id
        assert row.owner is not Owner.AWS or Party.AWS in parties, row.id


def test_every_half_is_mapped_to_the_catalogue_of_nist():
    for half in MODEL.halves.values():
        assert any(mapping.framework == "nist-800-53" for mapping in half.maps), half.id


def test_families_stand_for_their_checks():
    half = MODEL.half("SR-I4.c")

    assert half.checks(("iam.group.member", "iam.group.direct", "iam.groups.x")) == (
        "iam.group.direct",
        "iam.group.member",
    )


def mistake(tmp_path: Path, text: str) -> str:
    file = tmp_path / "model.yaml"
    file.write_text(text)
    with pytest.raises(ContentMistake) as caught:
        read_model(file)
    return str(caught.value)


def test_a_small_model_is_read(tmp_path):
    file = tmp_path / "model.yaml"
    file.write_text(HEAD + ROW.format(owner="shared") + AWS + CUSTOMER)

    assert list(read_model(file).halves) == ["SR-Z1.a", "SR-Z1.c"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ROW.format(owner="shared") + CUSTOMER, "model.yaml:5: SR-Z1 is shared, without a half of aws; add it"),
        (ROW.format(owner="aws") + CUSTOMER, "model.yaml:5: SR-Z1 is aws, without a half of aws; add it"),
        (ROW.format(owner="nobody") + CUSTOMER, "model.yaml:5: Invalid enum value 'nobody'"),
        (ROW.format(owner="customer") + CUSTOMER + CUSTOMER, "model.yaml:6: two halves of SR-Z1 are of one party"),
        (
            ROW.format(owner="customer") + HALF.format(letter="a", party="customer"),
            "model.yaml:7: `SR-Z1.a` in the place of `SR-Z1.c`; name it so",
        ),
        (
            (ROW.format(owner="customer") + CUSTOMER) * 2,
            "model.yaml:13: a second row SR-Z1; give each row an id of its own",
        ),
        (
            ROW.format(owner="customer") + CUSTOMER + "        applies_when: has('ec2:moon')\n",
            "model.yaml:13: no kind `ec2:moon` in `has('ec2:moon')`; there are acm",
        ),
        (
            ROW.format(owner="customer") + CUSTOMER.replace("fresh_days: 7", "fresh_days: 0"),
            "model.yaml:12: Expected `int` >= 1",
        ),
        (ROW.format(owner="customer") + CUSTOMER.replace("[x.y]", "[]"), "model.yaml:11: Expected `array` of length"),
        (ROW.format(owner="customer") + CUSTOMER + "        extra: 1\n", "contains unknown field `extra`"),
        ("  - {id: [", "model.yaml:"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(tmp_path, text, said):
    assert said in mistake(tmp_path, HEAD + text)
