"""Views: what they are made of, who sees them, and what makes them unhealthy."""

from typing import Any

import pytest
from bills import MEMBER, NOW, PAYER, STRANGER, Family, at, said
from botocore.exceptions import ClientError

from remit.directory.billing.sharing import ACTIONS, share
from remit.directory.billing.views import known_view

PRIMARY = f"arn:aws:billing::{PAYER}:billingview/primary"
OF_RESEARCH = {"dimensions": {"key": "LINKED_ACCOUNT", "values": [MEMBER]}}


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


@pytest.fixture
def billing(family: Family) -> Any:
    return family.client("billing")


def shared(family: Family, arn: str, *accounts: str) -> None:
    family.remit.change(lambda tx: share(tx, known_view(tx, arn), accounts))


def test_a_custom_view_is_shown_as_it_was_made(billing: Any) -> None:
    within = {"timeRange": {"beginDateInclusive": at("2026-01-01"), "endDateInclusive": at("2026-03-31")}}
    arn = billing.create_billing_view(
        name="Research", description="Their part", sourceViews=[PRIMARY], dataFilterExpression={**OF_RESEARCH, **within}
    )["arn"]

    shown = billing.get_billing_view(arn=arn)["billingView"]

    assert shown == {
        "arn": arn,
        "name": "Research",
        "description": "Their part",
        "billingViewType": "CUSTOM",
        "ownerAccountId": PAYER,
        "sourceAccountId": PAYER,
        "dataFilterExpression": {**OF_RESEARCH, **within},
        "createdAt": NOW,
        "updatedAt": NOW,
        "viewDefinitionLastUpdatedAt": NOW,
        "derivedViewCount": 0,
        "sourceViewCount": 1,
        "healthStatus": {"statusCode": "HEALTHY"},
    }


def test_the_same_token_makes_one_view(billing: Any) -> None:
    asked = {"name": "Ours", "sourceViews": [PRIMARY], "clientToken": "once"}

    assert billing.create_billing_view(**asked)["arn"] == billing.create_billing_view(**asked)["arn"]
    assert len(billing.list_billing_views(billingViewTypes=["CUSTOM"])["billingViews"]) == 1


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, {"Primary View", "Red", "Blue"}),
        ({"billingViewTypes": ["PRIMARY"]}, {"Primary View"}),
        ({"names": [{"searchOption": "STARTS_WITH", "searchValue": "R"}]}, {"Red"}),
        ({"arns": [PRIMARY]}, {"Primary View"}),
        ({"sourceAccountId": PAYER}, {"Red", "Blue"}),
        ({"ownerAccountId": STRANGER}, set()),
    ],
)
def test_lists_are_narrowed(billing: Any, wanted: dict[str, Any], names: set[str]) -> None:
    for name in ("Red", "Blue"):
        billing.create_billing_view(name=name, sourceViews=[PRIMARY])

    assert {view["name"] for view in billing.list_billing_views(**wanted)["billingViews"]} == names


def test_pages_hold_every_view_once(billing: Any) -> None:
    for number in range(4):
        billing.create_billing_view(name=f"View {number}", sourceViews=[PRIMARY])

    pages = list(billing.get_paginator("list_billing_views").paginate(PaginationConfig={"PageSize": 2}))

    assert [len(page["billingViews"]) for page in pages] == [2, 2, 1]
    assert len({view["arn"] for page in pages for view in page["billingViews"]}) == 5


def test_a_time_range_is_within_a_month(billing: Any) -> None:
    month = {"activeAfterInclusive": at("2026-03-01"), "activeBeforeInclusive": at("2026-03-31")}
    assert billing.list_billing_views(activeTimeRange=month)["billingViews"]

    with pytest.raises(ClientError) as error:
        billing.list_billing_views(activeTimeRange={**month, "activeBeforeInclusive": at("2026-04-01")})
    assert code(error) == "ValidationException"


def test_a_view_is_another_accounts_once_it_is_shared(family: Family, billing: Any) -> None:
    arn = billing.create_billing_view(name="Research", sourceViews=[PRIMARY], dataFilterExpression=OF_RESEARCH)["arn"]
    stranger = family.client("billing", family.stranger)
    with pytest.raises(ClientError) as before:
        stranger.get_billing_view(arn=arn)

    shared(family, arn, STRANGER)

    assert code(before) == "AccessDeniedException"
    assert stranger.get_billing_view(arn=arn)["billingView"]["ownerAccountId"] == PAYER
    assert arn in [view["arn"] for view in stranger.list_billing_views()["billingViews"]]
    assert str(STRANGER) in stranger.get_resource_policy(resourceArn=arn)["policy"]
    with pytest.raises(ClientError) as change:
        stranger.update_billing_view(arn=arn, name="Mine")
    assert code(change) == "AccessDeniedException"


def test_what_a_shared_view_allows_are_actions_of_our_services() -> None:
    assert {action.split(":")[0] for action in ACTIONS} == {"bcm-data-exports", "billing", "ce"}


def test_a_view_of_anothers_view_is_unhealthy_once_that_is_shared_no_more(family: Family, billing: Any) -> None:
    arn = billing.create_billing_view(name="Research", sourceViews=[PRIMARY])["arn"]
    shared(family, arn, STRANGER)
    stranger = family.client("billing", family.stranger)
    above = stranger.create_billing_view(name="Above", sourceViews=[arn])["arn"]

    shared(family, arn)

    health = stranger.get_billing_view(arn=above)["billingView"]["healthStatus"]
    assert health == {"statusCode": "UNHEALTHY", "statusReasons": ["SOURCE_VIEW_ACCESS_DENIED"]}


def test_a_view_without_its_source_is_unhealthy(billing: Any) -> None:
    below = billing.create_billing_view(name="Below", sourceViews=[PRIMARY])["arn"]
    above = billing.create_billing_view(name="Above", sourceViews=[below])["arn"]

    billing.delete_billing_view(arn=below, force=True)

    health = billing.get_billing_view(arn=above)["billingView"]["healthStatus"]
    assert health == {"statusCode": "UNHEALTHY", "statusReasons": ["SOURCE_VIEW_NOT_FOUND"]}


def test_views_stand_on_each_other_up_to_a_depth(billing: Any) -> None:
    arn = PRIMARY
    for number in range(5):
        arn = billing.create_billing_view(name=f"Level {number}", sourceViews=[arn])["arn"]

    with pytest.raises(ClientError) as error:
        billing.create_billing_view(name="Too high", sourceViews=[arn])
    assert code(error) == "BillingViewHealthStatusException"


def test_a_view_of_several_is_the_source_of_none(billing: Any) -> None:
    one = billing.create_billing_view(name="One", sourceViews=[PRIMARY])["arn"]
    both = billing.create_billing_view(name="Both", sourceViews=[PRIMARY, one])["arn"]

    with pytest.raises(ClientError) as error:
        billing.create_billing_view(name="Above", sourceViews=[both])
    assert "AGGREGATE_SOURCE" in str(error.value)


def test_a_member_has_no_views_of_its_own_but_the_primary_one(family: Family) -> None:
    member = family.client("billing", family.member)
    own = f"arn:aws:billing::{MEMBER}:billingview/primary"

    assert [view["arn"] for view in member.list_billing_views()["billingViews"]] == [own]
    with pytest.raises(ClientError) as error:
        member.create_billing_view(name="Mine", sourceViews=[own])
    assert code(error) == "ConflictException"


def test_segments_say_who_paid(family: Family) -> None:
    family.leaves()

    items = family.client("billing", family.member).list_billing_view_segments()["items"]

    assert items == [
        {
            "domain": "BILLABLE",
            "timeRange": {"beginDateInclusive": at("2026-03-01"), "endDateExclusive": NOW},
            "managementAccountId": PAYER,
        },
        {"domain": "BILLABLE", "timeRange": {"beginDateInclusive": NOW, "endDateExclusive": at("2026-04-01")}},
    ]


def test_tags_come_and_go_and_decide(family: Family, billing: Any) -> None:
    arn = billing.create_billing_view(
        name="Ours", sourceViews=[PRIMARY], resourceTags=[{"key": "team", "value": "red"}]
    )["arn"]
    allowed = {"Effect": "Allow", "Action": "billing:*", "Resource": "*"}
    only_red = {**allowed, "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}}
    ana = family.client("billing", family.remit.user("ana", only_red))
    assert ana.get_billing_view(arn=arn)["billingView"]["name"] == "Ours"

    billing.untag_resource(resourceArn=arn, resourceTagKeys=["team"])
    billing.tag_resource(resourceArn=arn, resourceTags=[{"key": "colour", "value": "blue"}])

    assert said(billing.list_tags_for_resource(resourceArn=arn)) == {
        "resourceTags": [{"key": "colour", "value": "blue"}]
    }
    with pytest.raises(ClientError) as error:
        ana.get_billing_view(arn=arn)
    assert code(error) == "AccessDeniedException"
