"""Expectations: who is asked, where, and what they come to."""

import json
from typing import Any

import msgspec
import pytest
from cli.guardrails.organizations import MAIN, SCP, SHOP, TEST, WEB, Company, check, deny, document
from hypothesis import given
from hypothesis import strategies as st

from remit.cli.guardrails.checking import Verdict
from remit.cli.guardrails.expectations import Expectation, read_expectations
from remit.cli.guardrails.places import PlaceUnknown
from remit.directory.aws_managed import ADMINISTRATOR_ACCESS
from remit.yaml_files import FileUnreadable

EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def surprised(verdict: Verdict) -> list[tuple[str, str]]:
    return [(one.account, one.who) for one in verdict.surprises]


def test_nobody_but_breakglass_may_stop_the_trail_in_prod() -> None:
    company = Company()
    company.role(SHOP, "Breakglass", EVERYTHING)
    company.role(SHOP, "Admin", EVERYTHING)
    company.user(WEB, "ana", EVERYTHING)

    nobody = check(company, where="Prod", **{"except": "role/Breakglass"})
    breakglass = check(company, where="Prod", who="role/Breakglass", expect="allowed")
    everybody = check(company, where="Prod")

    assert nobody.has_passed
    # In each of two accounts: root, the role that lets the management account in, two imagined ones; Admin and ana.
    assert (nobody.accounts, nobody.principals) == (2, 10)
    assert breakglass.has_passed
    assert surprised(everybody) == [(SHOP, "role/Breakglass")]


def test_a_guardrail_that_is_missing_fails_and_says_who_may_and_why() -> None:
    company = Company({"root": {"units": [{"name": "Prod", "policies": {SCP: ["FullAWSAccess"]}}]}})
    company.role(SHOP, "Idle")

    verdict = check(company, where="shop")

    assert surprised(verdict) == [
        (SHOP, "root"),
        (SHOP, "role/OrganizationAccountAccessRole"),
        (SHOP, "an imagined role/ImaginedAdministrator"),
        (SHOP, "an imagined user/ImaginedAdministrator"),
    ]
    first = verdict.surprises[1]
    assert (first.place, first.allowed, first.levels) == ("Root/Prod", True, [])
    assert "identity                allows        AdministratorAccess" in first.why


def test_a_refusal_names_the_policy_and_its_level() -> None:
    company = Company()

    denied = check(company, where="web", who="root", expect="allowed").surprises[0]
    silent = check(company, where="test", who="root", action="s3:GetObject", expect="allowed").surprises[0]

    assert denied.levels == ["service control policy `keep-trail` at unit Root/Prod denies it: statement 1"]
    assert silent.levels == ["no service control policy at unit Root/Test allows it: `only-ec2`"]


def test_the_management_account_is_bound_by_nothing() -> None:
    company = Company({"root": {"policies": {SCP: ["FullAWSAccess", "keep-trail"]}}})

    assert check(company, where="members").has_passed
    whole = check(company, where="organization")
    assert {account for account, _ in surprised(whole)} == {MAIN}
    assert whole.surprises[0].levels == ["no control policy binds the management account"]


def test_strangers_are_stopped_by_resource_control_policies_alone() -> None:
    company = Company()
    asked: dict[str, Any] = {"who": "strangers", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}

    assert check(company, where="Prod", **asked).has_passed
    open_ = check(company, where="Test", **asked)
    assert surprised(open_) == [(TEST, "an imagined role/Stranger of another organization")]
    closed = check(company, where="shop", expect="allowed", **asked).surprises[0]
    assert closed.levels == ["resource control policy `ours` at unit Root/Prod denies it: statement 1"]


def test_a_unit_without_accounts_is_asked_about_the_first_that_comes() -> None:
    company = Company()

    verdict = check(company, where="Empty")

    assert verdict.has_passed
    assert (verdict.accounts, verdict.principals) == (1, 3)
    assert not check(company, where="Empty", action="s3:GetObject").has_passed


@pytest.mark.parametrize(
    ("place", "accounts"),
    [
        ("organization", 4),
        ("Root", 4),
        ("o-aaaaaaaaaa", 4),
        ("members", 3),
        ("Prod", 2),
        ("Root/Prod", 2),
        ("Web", 1),
        ("Prod/Web", 1),
        ("shop", 1),
        ("shop@example.com", 1),
        (int(SHOP), 1),
        (["shop", "Web", "Prod"], 2),
    ],
)
def test_a_place_is_a_path_a_name_or_an_id(place: Any, accounts: int) -> None:
    assert check(Company(), where=place).accounts == accounts


def test_a_place_that_is_none_or_several_is_named() -> None:
    company = Company({"root": {"units": [{"name": "Test", "units": [{"name": "Web"}, {"name": "shop"}]}]}})

    with pytest.raises(PlaceUnknown, match="no unit or account is called `Nowhere`"):
        check(company, where="Nowhere")
    with pytest.raises(PlaceUnknown, match="`Web` could be Root/Prod/Web, Root/Test/Web; say the path"):
        check(company, where="Web")
    with pytest.raises(PlaceUnknown, match=f"`shop` could be Root/Test/shop, account {SHOP}"):
        check(company, where="shop")


@pytest.mark.parametrize(
    ("who", "ask", "names"),
    [
        ("root", "both", ["root"]),
        ("root", "imagined", []),
        ("user/ana", "both", ["user/ana", "an imagined user/ana"]),
        ("user/ana", "existing", ["user/ana"]),
        ("user/eve", "both", ["an imagined user/eve"]),
        ("user/eve", "existing", []),
        ("role/Ops*", "both", ["role/team/OpsLead", "an imagined role/OpsImaginedAdministrator"]),
        ("role/team/*", "existing", ["role/team/OpsLead"]),
        (f"arn:aws:iam::{SHOP}:user/ana", "existing", ["user/ana"]),
        (f"arn:aws:iam::{WEB}:user/ana", "both", []),
        ("arn:aws:iam::*:role/Ops*", "imagined", ["an imagined role/OpsImaginedAdministrator"]),
        ("role/aws-service-role/*", "existing", [
            "role/aws-service-role/organizations.amazonaws.com/AWSServiceRoleForOrganizations"]),
        (["root", "user/*"], "existing", ["root", "user/ana"]),
    ],
)  # fmt: skip
def test_a_pattern_means_who_is_there_and_imagines_who_is_not(who: Any, ask: str, names: list[str]) -> None:
    company = Company({"root": {"units": [{"name": "Prod", "policies": {SCP: ["FullAWSAccess"]}}]}})
    company.user(SHOP, "ana", EVERYTHING)
    company.role(SHOP, "OpsLead", EVERYTHING, path="/team/")

    verdict = check(company, where="shop", who=who, ask=ask, action="organizations:DescribeOrganization")

    assert verdict.principals == len(names)
    assert {one.who for one in verdict.surprises} <= set(names)
    assert verdict.has_passed is (not verdict.surprises and bool(names))


def test_an_expectation_of_nobody_has_not_passed() -> None:
    verdict = check(Company(), where="shop", who="user/eve", ask="existing")

    assert (verdict.questions, verdict.has_passed) == (0, False)


def test_condition_keys_and_the_accounts_own_resources_are_asked() -> None:
    region = deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}})
    role = document({"Effect": "Deny", "Action": "iam:*", "Resource": "arn:aws:iam::*:role/Ops"})
    company = Company(
        {
            "policies": [{"name": "r", "type": SCP, "content": region}, {"name": "i", "type": SCP, "content": role}],
            "root": {"units": [{"name": "Prod", "policies": {SCP: ["FullAWSAccess", "r", "i"]}}]},
        }
    )

    def asked(region: str, name: str) -> bool:
        resource, context = f"arn:aws:iam::${{account}}:role/{name}", {"aws:RequestedRegion": region}
        return check(company, where="shop", action="iam:GetRole", resource=resource, context=context).has_passed

    assert [asked("us-east-1", "x"), asked("eu-west-1", "Ops"), asked("eu-west-1", "x")] == [True, True, False]


def test_those_who_are_alike_are_asked_once() -> None:
    accounts = [{"name": f"a{number}", "email": f"a{number}@example.com"} for number in range(50)]
    company = Company({"quotas": {"AccountsPerOrganization": 100}, "root": {
        "units": [{"name": "Prod", "accounts": accounts}]}})  # fmt: skip
    company.role(SHOP, "Own", EVERYTHING)

    verdict = check(company, where="Prod")

    assert (verdict.accounts, verdict.questions) == (52, 52 * 4 + 1)
    # Root, the role that lets the management account in, two imagined ones; with one place more for the unit Web.
    assert verdict.decided == 2 * 4 + 1


# -- alike or not, the answers are the same

TWINS = [{"name": f"t{id_}", "email": f"t{id_}@example.com", "id": id_}
         for id_ in ("222222222223", "922222222222", "123456789012")]  # fmt: skip
FIRST, SECOND = TWINS[0]["id"], TWINS[1]["id"]
IDS = st.sampled_from([FIRST, SECOND, "9*", "*12", "*45*", "????????????", "*"])
ARNS = st.builds("arn:aws:{}:{}".format, st.sampled_from(["iam:", "iam*", "*"]), st.builds(
    "{}:{}".format, IDS, st.sampled_from(["role/*", "role/Ops2", "root", "*"])))  # fmt: skip
OPERATORS = st.sampled_from(["StringLike", "StringNotLike", "StringEquals"])
CONDITIONS = st.one_of(
    st.builds(lambda operator, key, value: {operator: {key: value}}, OPERATORS, st.sampled_from(
        ["aws:PrincipalAccount", "aws:ResourceAccount", "aws:userid", "aws:x"]), IDS),
    st.builds(lambda operator, value: {operator: {"aws:PrincipalArn": value}}, st.sampled_from(
        ["ArnLike", "ArnNotLike", "StringLike", "StringNotLike"]), ARNS),
    st.builds(lambda operator, value: {operator: {"aws:PrincipalOrgPaths": value}}, st.sampled_from(
        ["ForAnyValue:StringLike", "ForAllValues:StringNotLike"]), st.sampled_from(["o-aaaaaaaaaa/*", "o-b/*"])),
    st.sampled_from([{}, {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:root"}}]),
    st.just({"StringLike": {"aws:x": "${aws:PrincipalAccount}"}}),
)  # fmt: skip
RESOURCES = st.sampled_from(
    ["*", "*", f"arn:aws:s3:::b-{FIRST}/*", "arn:aws:s3:::b/*", f"arn:aws:sqs:*:{FIRST}:q", "arn:aws:sqs:*:9*:q"]
)


@st.composite
def statements(draw: st.DrawFn, effect: str = "Deny") -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": effect, "Action": "*", "Resource": draw(RESOURCES)}
    if condition := draw(CONDITIONS):
        statement["Condition"] = condition
    return statement


@given(
    policy=st.lists(statements(), max_size=2),
    held=st.lists(statements("Allow"), max_size=2),
    attached=st.sampled_from([(), (ADMINISTRATOR_ACCESS,)]),
    context=st.sampled_from([{}, {"aws:x": FIRST}, {"aws:x": "${account}"}]),
    resource=st.sampled_from(
        ["*", "arn:aws:s3:::b/k", "arn:aws:s3:::b-${account}/k", "arn:aws:sqs:eu-west-1:${account}:q",
         f"arn:aws:sqs:eu-west-1:{FIRST}:q"]
    ),
    action=st.sampled_from(["s3:GetObject", "sqs:SendMessage", "sts:AssumeRole"]),
)  # fmt: skip
def test_who_is_asked_for_others_answers_as_they_would(
    policy: Any, held: Any, attached: Any, context: Any, resource: str, action: str
) -> None:
    company = Company(
        {
            "policies": [{"name": "p", "type": SCP, "content": document(*policy)}] if policy else [],
            "root": {
                "units": [
                    {
                        "name": "Alike",
                        "policies": {SCP: ["FullAWSAccess", *(["p"] if policy else [])]},
                        "accounts": TWINS,
                    }
                ]
            },
        }
    )
    for account in TWINS:
        company.role(account["id"], "Ops2", *held, attached=attached)
    asked: dict[str, Any] = {"where": "Alike", "action": action, "resource": resource, "context": context}

    for who in ("everybody", "strangers"):
        once, each = check(company, who=who, **asked), check(company, who=who, each=True, **asked)

        assert surprised(once) == surprised(each)
        assert once.surprising == each.surprising
        assert once.questions == each.questions == each.decided


@pytest.mark.parametrize(
    "statement",
    [
        {"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::9*:role/*"}}},
        {"Condition": {"StringLike": {"aws:PrincipalArn": "*:922222222222:*"}}},
        {"Condition": {"StringLike": {"aws:PrincipalAccount": "9*"}}},
        {"Condition": {"NumericLessThan": {"aws:PrincipalAccount": "300000000000"}}},
        {"Condition": {"StringNotLike": {"aws:ResourceAccount": "*3"}}, "Resource": "arn:aws:s3:::b/*"},
        {"Condition": {"StringEquals": {"aws:userid": "922222222222"}}},
        {"Condition": {"StringEquals": {"aws:x": "${aws:PrincipalAccount}"}}},
        {"Condition": {"StringEquals": {"aws:x": "${aws:userid}"}}},
        {"Resource": "arn:aws:sqs:*:9*:q"},
        {"NotResource": "arn:aws:sqs:*:9*:q"},
        {"Resource": "arn:aws:s3:::b-${aws:PrincipalAccount}/*"},
    ],
)
def test_a_policy_that_tells_accounts_apart_is_asked_of_each(statement: dict[str, Any]) -> None:
    policy = document({"Effect": "Deny", "Action": "*", "Resource": "*", **statement})
    if "NotResource" in statement:
        del policy["Statement"][0]["Resource"]
    unit = {"name": "Alike", "policies": {SCP: ["FullAWSAccess", "p"]}, "accounts": TWINS}
    company = Company({"policies": [{"name": "p", "type": SCP, "content": policy}], "root": {"units": [unit]}})
    resources = ["*", "arn:aws:s3:::b/k", f"arn:aws:s3:::b-{FIRST}/k", "arn:aws:sqs:eu-west-1:${account}:q"]
    asked: dict[str, Any] = {"where": "Alike", "resource": resources, "context": {"aws:x": FIRST}}

    once, each = check(company, **asked), check(company, each=True, **asked)

    by_account = {id_: [one for one in each.surprises if one.account == id_] for id_ in (FIRST, SECOND)}
    assert once.surprising == each.surprising
    assert surprised(once) == surprised(each)
    assert len(by_account[FIRST]) != len(by_account[SECOND]) or each.surprising > len(each.surprises)


# -- the file


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"expectations": []}, "Expected `array` of length >= 1"),
        ({"expectations": [{"where": "x", "expect": "denied"}]}, "missing required field `action`"),
        ({"expectations": [{"where": "x", "action": "a:b", "expect": "no"}]}, "Invalid enum value 'no'"),
        ({"expectations": [{"where": "x", "action": "a:b", "expect": "denied", "whom": 1}]}, "unknown field `whom`"),
        ({"expectations": [{"where": [], "action": "a:b", "expect": "denied"}]}, "`where` is empty"),
        ({"expectations": [{"where": "x", "action": [], "expect": "denied"}]}, "`action` is empty"),
        ({"expectations": [{"where": "x", "action": "a:b", "who": [], "expect": "denied"}]}, "`who` is empty"),
        (
            {"expectations": [{"where": "x", "action": "a:b", "resource": [], "expect": "denied"}]},
            "`resource` is empty",
        ),
        ({"expectations": [{"where": "x", "action": "s3:*", "expect": "denied"}]}, "not an action: `s3:*`"),
        ({"expectations": [{"where": "x", "action": "GetObject", "expect": "denied"}]}, "not an action: `GetObject`"),
        ({"expectations": [{"where": "x", "action": "a:b", "who": "ana", "expect": "denied"}]}, "not a pattern of"),
        (
            {"expectations": [{"where": "x", "action": "a:b", "who": ["strangers", "root"], "expect": "denied"}]},
            "`strangers` stand alone",
        ),
    ],
)
def test_a_file_that_expects_nothing_is_named(tmp_path: Any, said: Any, why: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps(said))

    with pytest.raises(FileUnreadable) as refused:
        read_expectations(file)

    assert str(refused.value).startswith(f"{file}: ")
    assert why in str(refused.value)


def test_an_expectation_without_a_title_says_itself() -> None:
    said = {"where": "Prod", "action": "a:b", "expect": "denied", "except": ["root", "user/x"]}

    assert msgspec.convert(said, Expectation).shown == "in Prod everybody but root, user/x: a:b on * is denied"
