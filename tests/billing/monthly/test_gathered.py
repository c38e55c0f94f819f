"""What the store says of a month: who was paid for, who shares, which credits are left."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from bills import MEMBER, NOW, PAYER, Family
from composed import composed

from remit.billing.commitments.sharing import BenefitSharing, SharingMode
from remit.billing.monthly.gathered import Gathered, gathered
from remit.billing.months import Month
from remit.clock import FixedClock
from remit.directory.billing.credits import record_uses

MARCH = Month(2026, 3)


@pytest.fixture
def family(tmp_path, monkeypatch):
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: NOW.replace(tzinfo=None))
    with composed(tmp_path, FixedClock(NOW)) as whole:
        yield Family(whole)


def known(family: Family) -> Gathered:
    found: Gathered = family.remit.change(lambda tx: gathered(tx, PAYER, MARCH))
    return found


def category(family: Family, **rules: str) -> str:
    made: Any = family.client("ce").create_cost_category_definition(
        Name="Groups",
        RuleVersion="CostCategoryExpression.v1",
        Rules=[
            {"Value": value, "Rule": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [account]}}}
            for value, account in rules.items()
        ],
    )
    return str(made["CostCategoryArn"])


def prefer(family: Family, **values: str) -> None:
    family.client("billing").update_billing_preferences(
        feature="RI_SHARING", billingPreferencesPerKey=[{"key": key, "value": value} for key, value in values.items()]
    )


def test_who_was_paid_for_until_when(family) -> None:
    assert [(one.account, one.payer, one.until) for one in known(family).memberships] == [(MEMBER, PAYER, None)]
    family.leaves()
    (one,) = known(family).memberships
    assert (one.account, one.until) == (MEMBER, NOW)


def test_everybody_shares_unless_it_is_said(family) -> None:
    assert known(family).sharing.off == frozenset()
    assert known(family).sharing.mode is SharingMode.ORGANIZATION
    assert known(family).sharing.groups == {}


def test_an_account_that_is_off_is_off(family) -> None:
    prefer(family, **{MEMBER: "DISABLED"})
    assert known(family).sharing.off == {MEMBER}


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("costcategory-prioritized", SharingMode.PRIORITIZED),
        ("costcategory-restricted", SharingMode.RESTRICTED),
    ],
)
def test_groups_are_the_values_of_a_cost_category(family, kind, mode) -> None:
    arn = category(family, red=MEMBER)
    prefer(family, **{f"{kind}/{arn}": "ENABLED"})
    assert known(family).sharing.mode is mode
    assert known(family).sharing.groups == {MEMBER: "red"}


def test_a_single_reservation_is_shared_with_the_accounts_of_a_rule(family) -> None:
    arn = category(family, red=MEMBER)

    def say(is_on: str, rule: str, mode: str) -> None:
        keys = (f"costCategoryArn/{arn}", f"ruleName/{rule}", f"mode/{mode}")
        prefer_credits(family, "BENEFIT_LEVEL_SHARING", **{f"benefit/ri/ri-1/sharing/{key}": is_on for key in keys})

    say("ENABLED", "red", "prioritized")
    assert known(family).sharing.benefits == {"ri-1": BenefitSharing(frozenset({MEMBER}), is_restricted=False)}
    say("ENABLED", "blue", "restricted")  # in the place of what was said before
    assert known(family).sharing.benefits == {"ri-1": BenefitSharing(frozenset(), is_restricted=True)}
    say("DISABLED", "blue", "restricted")
    assert known(family).sharing.benefits == {}


def test_what_is_left_of_a_credit_does_not_count_what_the_month_itself_took(family) -> None:
    credit = family.credit("500", MEMBER)

    def use(period: str, amount: str) -> None:
        family.remit.change(
            lambda tx: record_uses(
                tx, PAYER, period, {credit: [(MEMBER, "AmazonEC2", Decimal(amount))]}, is_final=False
            )
        )

    use("2026-02", "100")
    use("2026-03", "50")
    (found,) = known(family).credits
    assert (found.owner, found.amount) == (MEMBER, Fraction(400))
    assert found.expires - found.issued > timedelta(days=1)


# -- credits


def prefer_credits(family: Family, feature: str, **values: str) -> None:
    family.client("billing").update_billing_preferences(
        feature=feature, billingPreferencesPerKey=[{"key": key, "value": value} for key, value in values.items()]
    )


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("costcategory-prioritized", SharingMode.PRIORITIZED),
        ("costcategory-restricted", SharingMode.RESTRICTED),
    ],
)
def test_groups_of_credits_are_their_own(family, kind, mode) -> None:
    arn = category(family, red=MEMBER)
    prefer_credits(family, "CREDIT_SHARING", **{f"{kind}/{arn}": "ENABLED"})
    found = known(family).sharing
    assert (found.credit_mode, found.credit_groups) == (mode, {MEMBER: "red"})
    assert (found.mode, found.groups) == (SharingMode.ORGANIZATION, {})


def shown(family: Family, credit: str) -> dict[str, Any]:
    asked = {"accountId": PAYER, "startDate": NOW - timedelta(days=30), "payerAccountFlag": True}
    found = family.client("billing").get_credits(**asked)["credits"]
    return next(one for one in found if one["creditId"] == credit)


def test_a_credit_that_is_off_pays_nothing(family) -> None:
    credit = family.credit("500")
    prefer_credits(family, "CREDIT_PREFERENCE_OPTIONS", **{f"credit/{credit}/status": "DISABLED"})

    assert known(family).credits == ()
    assert shown(family, credit)["creditStatus"] == "DISABLED"


def test_a_credit_is_shared_as_the_family_says_or_as_itself_says(family) -> None:
    credit = family.credit("500")
    assert known(family).credits[0].accounts is None
    assert shown(family, credit)["shareableAccounts"] == sorted([PAYER, MEMBER])

    prefer_credits(family, "CREDIT_LEVEL_SHARING", **{f"credit/{credit}/account/{MEMBER}": "DISABLED"})

    assert known(family).credits[0].accounts == {PAYER}
    assert shown(family, credit)["shareableAccounts"] == [PAYER]
    assert shown(family, credit)["creditSharingType"] == "CUSTOM"


@pytest.mark.parametrize(("rule", "reached"), [("red", [PAYER, MEMBER]), ("blue", [PAYER])])
def test_a_credit_is_shared_with_the_accounts_of_a_rule(family, rule, reached) -> None:
    credit = family.credit("500")
    arn = category(family, red=MEMBER)
    prefix = f"credit/{credit}/sharing"
    keys = {f"{prefix}/costCategoryArn/{arn}": "ENABLED", f"{prefix}/ruleName/{rule}": "ENABLED"}
    prefer_credits(family, "CREDIT_PREFERENCE_OPTIONS", **keys)

    assert known(family).credits[0].accounts == set(reached) - {PAYER}
    assert shown(family, credit)["shareableAccounts"] == sorted(reached)
    assert shown(family, credit)["creditSharingType"] == "COST_CATEGORY_RULE"


@pytest.mark.parametrize("without", [PAYER, MEMBER])
def test_a_rule_reaches_nobody_unless_owner_and_account_share_credits(family, without) -> None:
    credit = family.credit("500")
    arn = category(family, red=MEMBER)
    prefix = f"credit/{credit}/sharing"
    keys = {f"{prefix}/costCategoryArn/{arn}": "ENABLED", f"{prefix}/ruleName/red": "ENABLED"}
    prefer_credits(family, "CREDIT_PREFERENCE_OPTIONS", **keys)

    prefer_credits(family, "CREDIT_SHARING", **{without: "DISABLED"})

    assert known(family).credits[0].accounts == set()
    assert shown(family, credit)["shareableAccounts"] == [PAYER]


def test_what_a_restricted_group_shares_is_shown(family) -> None:
    credit = family.credit("500")
    arn = category(family, red=MEMBER)

    prefer_credits(family, "CREDIT_SHARING", **{f"costcategory-restricted/{arn}": "ENABLED"})

    assert shown(family, credit)["shareableAccounts"] == [PAYER]
