import pytest
from snapshots import facts

from remit.compliance.model import Expression, ExpressionWrong, Inventory

# What is known: there is a volume and no instance; nothing is known of keys.
HELD = facts(
    {
        "ec2:DescribeVolumes": {"Volumes": [{"VolumeId": "v"}]},
        "ec2:DescribeInstances": {"Reservations": [{"Instances": []}]},
        "kms:ListKeys": "AccessDenied",
        "organizations:DescribeOrganization": {"Organization": {"MasterAccountId": "9" * 12}},
    }
)
SOME, NONE, UNKNOWN = "has('ec2:volume')", "has('ec2:instance')", "has('kms:key')"


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", True),
        (SOME, True),
        (NONE, False),
        (UNKNOWN, None),
        (f"not {SOME}", False),
        (f"not {NONE}", True),
        (f"not {UNKNOWN}", None),
        (f"{SOME} or {UNKNOWN}", True),
        (f"{NONE} or {UNKNOWN}", None),
        (f"{SOME} and {UNKNOWN}", None),
        (f"{NONE} and {UNKNOWN}", False),
        (f"{NONE} or ({SOME} and not {NONE})", True),
        ("in_organization()", True),
        ("is_management()", False),
    ],
)
def test_what_is_not_known_stays_so_unless_the_rest_decides(text, holds):
    assert Expression(text).holds(Inventory(HELD)) is holds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("has(", "no expression: `has(`; it may have has('KIND')"),
        ("has('ec2:moon')", "no kind `ec2:moon` in `has('ec2:moon')`; there are acm:certificate,"),
        ("has()", "`has()` in `has()` means nothing here"),
        ("exit()", "`exit()` in `exit()` means nothing here"),
        ("__import__('os').system('x')", "means nothing here"),
        ("1", "`1` in `1` means nothing here"),
        ("has('ec2:volume') > 1", "means nothing here"),
        ("(" * 1000 + ")" * 1000, "no expression"),
        ("not " * 600 + "x", "at most 2000"),
    ],
)
def test_what_is_no_expression_is_refused(text, said):
    with pytest.raises(ExpressionWrong) as caught:
        Expression(text)
    assert said in str(caught.value)


def test_a_region_that_refuses_leaves_it_unknown_whether_there_is_something():
    regions = {"regions": ("a", "b"), "regions_read": ("a", "b")}
    none, some = {"Volumes": []}, {"Volumes": [{"VolumeId": "v"}]}

    def has(**volumes):
        held = {f"ec2:DescribeVolumes {region}": value for region, value in volumes.items()}
        return Inventory(facts(held, **regions)).has("ec2:volume")

    assert has(a=none, b=none) is False
    assert has(a=none, b=some) is True
    assert has(a="AccessDenied", b=none) is None
    assert has(a="AccessDenied", b=some) is True
    assert has(a=none) is None


def test_the_services_of_an_account_are_those_it_has_something_of():
    assert Inventory(HELD).services == ("ec2",)
