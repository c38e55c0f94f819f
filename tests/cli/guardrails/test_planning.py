"""Plans: what a change would change for whom, and that it changes nothing."""

from typing import Any

import msgspec
import pytest
from cli.guardrails.organizations import AT, MAIN, RCP, SCP, SHOP, TEST, WEB, Company, check, deny, document
from hypothesis import given
from hypothesis import strategies as st

from remit.cli.guardrails.asking import What
from remit.cli.guardrails.planning import Effect, Plan, Planning
from remit.cli.guardrails.things import things_of
from remit.directory.accounts import create_account
from remit.directory.facts import DirectoryFact
from remit.directory.organizations.descriptions import Description, describe
from remit.directory.organizations.imports import Imported, put_organization
from remit.ids import AccountId
from remit.policy import parse
from remit.store import Transaction

EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
NOBODY_ELSE = {"root", "role/OrganizationAccountAccessRole"}
IMAGINED = {"an imagined role/ImaginedAdministrator", "an imagined user/ImaginedAdministrator"}


def plan(company: Company, said: dict[str, Any], *, exact: bool = False, **more: Any) -> Plan:
    description = msgspec.convert(said, Description)

    def make(tx: Transaction) -> Imported:
        return put_organization(tx, description, company.account(MAIN), at=AT.replace(year=2027), exact=exact)

    return Planning(company.fresh(), make, at=AT, context=more.pop("context", {}), **more).plan()


def told(plan: Plan) -> list[tuple[str, bool, set[str], list[str]]]:
    return [(one.action, one.gained, {somebody.account for somebody in one.people}, one.levels) for one in plan.effects]


def people(effect: Effect) -> set[str]:
    return {one.who for one in effect.people}


def test_an_account_that_would_move_loses_and_gains_for_everybody_in_it() -> None:
    company = Company()
    company.user(TEST, "ana", EVERYTHING)
    company.role(TEST, "Idle")

    found = plan(company, {"root": {"units": [{"name": "Prod", "accounts": [{"name": "test"}]}]}})

    assert [change.verb for change in found.changes] == ["move"]
    assert found.accounts == 1
    trail = "service control policy `keep-trail` at unit Root/Prod denies it: statement 1"
    only = "no service control policy at unit Root/Test allows it: `only-ec2`"
    ours = "resource control policy `ours` at unit Root/Prod denies it: statement 1"
    assert ("s3:*", False, {TEST}, [ours]) in told(found)
    stranger = next(one for one in found.effects if one.levels == [ours])
    assert people(stranger) == {"an imagined role/Stranger of another organization"}
    gained = next(one for one in found.effects if one.gained)
    assert (gained.action, gained.levels, people(gained)) == (
        "*:*",
        [only],
        {*NOBODY_ELSE, *IMAGINED, "user/ana"},  # nothing changes for Idle, who may nothing
    )
    # Nobody in Test may stop a trail today, so nobody loses it.
    assert trail not in [line for one in found.effects for line in one.levels]


def test_a_changed_policy_is_asked_about_with_what_it_said_and_says() -> None:
    company = Company()
    changed = {"policies": [{"name": "keep-trail", "type": SCP, "content": deny("s3:DeleteBucket")}]}

    found = plan(company, changed)

    assert [(what.action, what.resource) for what in found.asked] == [
        ("cloudtrail:StopLogging", "*"),
        ("s3:DeleteBucket", "*"),
    ]
    lost, gained = found.effects
    assert (lost.action, lost.gained, gained.action, gained.gained) == (
        "s3:DeleteBucket",
        False,
        "cloudtrail:StopLogging",
        True,
    )
    for effect in (lost, gained):
        assert {one.account for one in effect.people} == {SHOP, WEB}
        assert people(effect) == {*NOBODY_ELSE, *IMAGINED}
    assert lost.data["decision"] == "explicit-deny"


def test_a_plan_changes_nothing() -> None:
    company = Company()
    before = msgspec.to_builtins(describe(company.tx, company.organization))

    plan(company, {"root": {"units": [{"name": "New", "accounts": [{"name": "n", "email": "n@example.com"}]}]}})

    assert msgspec.to_builtins(describe(company.tx, company.organization)) == before


def test_what_is_the_same_is_no_change() -> None:
    company = Company()
    same = msgspec.to_builtins(describe(company.tx, company.organization))

    found = plan(company, same, exact=True)

    assert (found.changes, found.accounts, found.asked, found.effects) == ((), 0, [], [])


def test_a_rename_means_nothing_to_anybody() -> None:
    found = plan(Company(), {"root": {"units": [{"name": "Test", "accounts": [{"id": TEST, "name": "try"}]}]}})

    assert [change.verb for change in found.changes] == ["rename"]
    assert (found.accounts, found.effects) == (0, [])


def test_an_account_that_joins_is_bound_from_then_on_and_one_that_leaves_is_not() -> None:
    company = Company()
    other = AccountId("999999999999")
    create_account(company.tx, other, email="o@example.com", name="other", at=AT)
    joins = {"root": {"units": [{"name": "Prod", "accounts": [{"id": other}]}]}}
    stays = {
        "root": {
            "units": [
                {"name": "Prod", "accounts": [{"name": "shop"}]},
                {"name": "Test", "accounts": [{"name": "test"}], "policies": {SCP: ["only-ec2"]}},
            ]
        },
        "policies": [{"name": name, "type": type_} for name, type_ in
                     (("keep-trail", SCP), ("only-ec2", SCP), ("ours", RCP))],
    }  # fmt: skip

    joined = plan(company, joins)
    left = plan(company, stays, exact=True)

    trail = "service control policy `keep-trail` at unit Root/Prod denies it: statement 1"
    assert ("cloudtrail:StopLogging", False, {other}, [trail]) in told(joined)
    assert ("cloudtrail:StopLogging", True, {WEB, SHOP}, [trail]) in told(left)
    assert "leave" in [change.verb for change in left.changes]


def test_actions_that_are_named_and_condition_keys_are_asked_about() -> None:
    region = deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}})
    said = {
        "policies": [{"name": "region", "type": SCP, "content": region}],
        "root": {"units": [{"name": "Prod", "policies": {SCP: ["FullAWSAccess", "region"]}}]},
    }

    elsewhere = plan(Company(), said, actions=["ec2:RunInstances"])
    there = plan(Company(), said, actions=["ec2:RunInstances"], context={"aws:RequestedRegion": "eu-west-1"})

    # What goes is asked about, too: keep-trail is no longer attached.
    assert {(one.action, one.gained) for one in elsewhere.effects} == {("ec2:RunInstances", False), ("*:*", False)}
    assert {(one.action, one.gained) for one in there.effects} == {("cloudtrail:StopLogging", True)}


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(DirectoryFact, match="no SERVICE_CONTROL_POLICY is called `none`"):
        plan(Company(), {"root": {"policies": {SCP: ["none"]}}})


@pytest.mark.parametrize(
    ("statement", "things"),
    [
        ({"Action": "s3:GetObject", "Resource": "*"}, [("s3:GetObject", "*")]),
        ({"Action": "s3:Get*", "Resource": "*"}, [("s3:Get*", "*"), ("s3:GetBucketAcl", "*")]),
        ({"Action": "*", "Resource": "*"}, [("*:*", "*"), ("ec2:RunInstances", "*"), ("s3:GetBucketAcl", "*")]),
        ({"NotAction": "iam:*", "Resource": "*"}, [("iam:*", "*"), ("*:*", "*")]),
        ({"Action": "a:b", "NotResource": "arn:aws:s3:::b"}, [("a:b", "*")]),
        (
            {"Action": "a:b", "Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::${aws:username}/*"]},
            [("a:b", "arn:aws:s3:::b/*"), ("a:b", "arn:aws:s3:::x/*")],
        ),
    ],
)
def test_a_statement_says_what_to_ask_about(statement: dict[str, Any], things: list[tuple[str, str]]) -> None:
    def read(*statements: dict[str, Any]) -> Any:
        return parse(msgspec.json.encode(document(*statements)).decode())

    every = read({"Effect": "Deny", "Action": ["s3:GetBucketAcl", "ec2:RunInstances"], "Resource": "*"})

    found = things_of([read({"Effect": "Deny", **statement})], [every], ["x:Y"])

    assert found == [What("x:Y"), *(What(*thing) for thing in things)]


@given(
    before=st.sampled_from(["s3:*", "s3:Get*", "ec2:*", "*"]),
    after=st.sampled_from(["s3:*", "s3:Get*", "ec2:*", "*"]),
    condition=st.sampled_from([
        {}, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{WEB}:*"}}, {"StringLike": {"aws:userid": "2*"}}]),
    asked=st.sampled_from(["s3:GetObject", "ec2:RunInstances", "sqs:SendMessage"]),
)  # fmt: skip
def test_a_plan_says_what_the_import_would_do(before: str, after: str, condition: Any, asked: str) -> None:
    """What is asked before an import, and again after it, differs as the plan said."""

    def policy(action: str) -> dict[str, Any]:
        return {"policies": [{"name": "keep-trail", "type": SCP, "content": deny(action, Condition=condition)}]}

    company = Company(policy(before))

    def may() -> set[tuple[str, str]]:
        verdict = check(company, where="members", action=asked, each=True)
        return {(one.account, one.who) for one in verdict.surprises}

    found = plan(company, policy(after), actions=[asked])
    was = may()
    company.put(policy(after))
    now = may()

    said: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    for effect in found.effects:
        if effect.action == asked and effect.resource == "*":
            said[effect.gained] |= {(one.account, one.who) for one in effect.people if "Stranger" not in one.who}
    assert said == {True: now - was, False: was - now}
