"""Whose reports somebody knows of, and which a policy lets change."""

import pytest
from bills import PAYER, Family
from services.cur.rows import INVALID, MISSING, ROWS
from services.every_operation import asked, refused

_ABOUT_NONE = ("DescribeReportDefinitions", "PutReportDefinition")


@pytest.mark.parametrize("name", [name for name in ROWS if name not in _ABOUT_NONE])
def test_nobody_knows_of_reports_of_another_account(family: Family, name: str) -> None:
    given = ROWS[name].valid(family)

    answer = refused(family.client("cur", family.member), name, given)

    assert answer["Code"] in (MISSING, INVALID)
    assert "does not exist" in answer["Message"]


@pytest.mark.parametrize("name", ["PutReportDefinition", "ModifyReportDefinition", "DeleteReportDefinition"])
def test_a_policy_says_which_reports(family: Family, name: str) -> None:
    given = ROWS[name].valid(family)
    arn = f"arn:aws:cur:us-east-1:{PAYER}:definition/"
    ana = family.remit.user("ana", {"Effect": "Allow", "Action": "cur:*", "Resource": f"{arn}ours"})
    ben = family.remit.user("ben", {"Effect": "Allow", "Action": "cur:*", "Resource": f"{arn}theirs"})

    assert refused(family.client("cur", ben), name, given)["Code"] == "AccessDeniedException"
    assert asked(family.client("cur", ana), name, given)
