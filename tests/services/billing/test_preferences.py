"""Preferences: who shares by default and after a change, who may say so, and what is remembered."""

from typing import Any

import pytest
from bills import MEMBER, PAYER, STRANGER, Family
from botocore.exceptions import ClientError

from remit.directory.accounts import known_account
from remit.directory.billing.cost_categories import Rules, create_cost_category, month_of
from remit.directory.billing.preferences import Feature, sharing
from remit.directory.organizations import join_organization, organization_of


def preferences(client: Any, feature: str, **more: Any) -> dict[str, str]:
    found = client.get_billing_preferences(features=[feature], **more)["billingPreferences"]
    return {one["key"]: one["value"] for one in found}


def put(client: Any, feature: str, **values: str) -> None:
    keys = [{"key": key, "value": value} for key, value in values.items()]
    client.update_billing_preferences(feature=feature, billingPreferencesPerKey=keys)


@pytest.fixture
def billing(family: Family) -> Any:
    return family.client("billing")


def category(family: Family, name: str = "Teams") -> str:
    rule = {"Value": "red", "Rule": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [MEMBER]}}}

    def work(tx: Any) -> str:
        account = known_account(tx, PAYER)
        at = account.created_at
        return create_cost_category(tx, PAYER, name, Rules(starts_at=month_of(at), rules=(rule,)), at=at).id

    return str(family.remit.change(work))


@pytest.mark.parametrize("feature", ["RI_SHARING", "CREDIT_SHARING"])
def test_everybody_shares_with_the_whole_family_by_default(billing: Any, feature: str) -> None:
    on = dict.fromkeys([PAYER, MEMBER, "new-accounts", "open-sharing"], "ENABLED")

    assert preferences(billing, feature) == on


def test_an_account_that_is_off_is_off_for_its_feature_alone(family: Family, billing: Any) -> None:
    put(billing, "RI_SHARING", **{MEMBER: "DISABLED"})

    assert preferences(billing, "RI_SHARING")[MEMBER] == "DISABLED"
    assert preferences(billing, "CREDIT_SHARING")[MEMBER] == "ENABLED"
    assert family.remit.change(lambda tx: sharing(tx, PAYER, Feature.RI_SHARING).off) == {MEMBER}


def test_the_default_for_new_accounts_leaves_the_others_as_they_are(family: Family, billing: Any) -> None:
    put(billing, "RI_SHARING", **{"new-accounts": "DISABLED"})

    def joins(tx: Any) -> None:
        organization = organization_of(tx, PAYER)
        assert organization is not None
        stranger = known_account(tx, STRANGER)
        join_organization(tx, organization, stranger, at=stranger.created_at)

    family.remit.change(joins)

    shown = preferences(billing, "RI_SHARING")
    assert {account: shown[account] for account in (PAYER, MEMBER, STRANGER)} == {
        PAYER: "ENABLED",
        MEMBER: "ENABLED",
        STRANGER: "DISABLED",
    }


def test_one_group_is_in_force(family: Family, billing: Any) -> None:
    first, second = (f"costcategory-prioritized/{category(family, name)}" for name in ("One", "Two"))

    put(billing, "RI_SHARING", **{first: "ENABLED"})
    put(billing, "RI_SHARING", **{second: "ENABLED"})
    grouped = preferences(billing, "RI_SHARING")
    put(billing, "RI_SHARING", **{"open-sharing": "ENABLED"})

    assert first not in grouped
    assert grouped[second] == "ENABLED"
    assert preferences(billing, "RI_SHARING").keys() == {PAYER, MEMBER, "new-accounts", "open-sharing"}


def test_history_has_the_last_setting_of_each_month(billing: Any) -> None:
    put(billing, "RI_SHARING", **{MEMBER: "DISABLED"})
    put(billing, "RI_SHARING", **{MEMBER: "ENABLED"})

    found = billing.get_billing_preferences(features=["RI_SHARING_HISTORY"])["billingPreferences"]

    assert [(one["key"], one["value"], one["billingPeriod"]) for one in found] == [
        (MEMBER, "ENABLED", {"year": 2026, "month": 3})
    ]
    assert found[0]["accountName"] == "Research"


@pytest.mark.parametrize("feature", ["RI_SHARING", "CREDIT_SHARING", "CREDIT_LEVEL_SHARING", "RI_SHARING_HISTORY"])
@pytest.mark.parametrize("who", ["member", "stranger"])
def test_only_a_management_account_has_a_family(family: Family, who: str, feature: str) -> None:
    client = family.client("billing", getattr(family, who))

    for ask in (preferences, lambda *_: put(client, feature, **{MEMBER: "DISABLED"})):
        with pytest.raises(ClientError) as error:
            ask(client, feature)
        assert error.value.response["Error"]["Code"] == "AccessDeniedException"


def test_the_owner_of_a_credit_may_turn_it_off_and_nothing_else(family: Family) -> None:
    own, other = family.credit(account=MEMBER), family.credit()
    member = family.client("billing", family.member)

    put(member, "CREDIT_PREFERENCE_OPTIONS", **{f"credit/{own}/status": "DISABLED"})

    assert preferences(member, "CREDIT_PREFERENCE_OPTIONS") == {f"credit/{own}/status": "DISABLED"}
    with pytest.raises(ClientError) as error:
        put(member, "CREDIT_PREFERENCE_OPTIONS", **{f"credit/{other}/status": "DISABLED"})
    assert error.value.response["Error"]["Code"] == "AccessDeniedException"


@pytest.mark.parametrize(
    ("feature", "values"),
    [
        ("RI_SHARING", {"x": "ENABLED"}),
        ("RI_SHARING", {"open-sharing": "DISABLED"}),
        ("RI_SHARING_HISTORY", {MEMBER: "ENABLED"}),
        ("BILLING_ALERTS", {MEMBER: "ENABLED"}),
        ("BENEFIT_LEVEL_SHARING", {"benefit/ri/1/sharing/mode/restricted": "ENABLED"}),
    ],
)
def test_keys_are_those_of_the_feature(billing: Any, feature: str, values: dict[str, str]) -> None:
    with pytest.raises(ClientError) as error:
        put(billing, feature, **values)
    assert error.value.response["Error"]["Code"] == "ValidationException"


def test_a_benefit_is_shared_with_the_accounts_of_a_rule(family: Family, billing: Any) -> None:
    arn = category(family)
    keys = [f"costCategoryArn/{arn}", "ruleName/red", "mode/restricted"]

    put(billing, "BENEFIT_LEVEL_SHARING", **{f"benefit/ri/1/sharing/{key}": "ENABLED" for key in keys})

    wanted = {"filters": [{"name": "PREFERENCE_KEY", "value": ["benefit/ri/1"]}]}
    assert len(preferences(billing, "BENEFIT_LEVEL_SHARING", **wanted)) == 3
    other = {"filters": [{"name": "PREFERENCE_KEY", "value": ["benefit/ri/2"]}]}
    assert preferences(billing, "BENEFIT_LEVEL_SHARING", **other) == {}
