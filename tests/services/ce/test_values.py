"""What there is to group by: values of dimensions, tags and cost categories; categories and tags themselves."""

from typing import Any

import pytest
from bills import MEMBER, PAYER, Family, line, said, written
from botocore.exceptions import ClientError
from services.ce.rows import CATEGORY, FEBRUARY, RULE, bill

ACTIVE = [{"TagKey": "team", "Status": "Active"}]


@pytest.fixture(autouse=True)
def billed(family: Family) -> Family:
    s3 = line(900, "2026-02-05", "100", account=PAYER, service="AmazonS3", usage_type="Timed", tags={"stage": "test"})
    written(family.remit.folder, [*bill(), s3], closed=["2026-02"])
    return family


def values(ce: Any, **asked: Any) -> list[str]:
    answer = ce.get_dimension_values(**{"TimePeriod": FEBRUARY, "Dimension": "SERVICE_CODE", **asked})
    assert answer["ReturnSize"] == len(answer["DimensionValues"])
    return [one["Value"] for one in answer["DimensionValues"]]


def test_values_come_by_name_or_by_a_metric(ce: Any) -> None:
    by_cost = {"SortBy": [{"Key": "UnblendedCost", "SortOrder": "DESCENDING"}]}

    assert values(ce) == ["AmazonEC2", "AmazonS3", "ComputeSavingsPlans"]
    assert values(ce, **by_cost) == ["AmazonEC2", "AmazonS3", "ComputeSavingsPlans"]
    assert values(ce, SortBy=[{"Key": "UnblendedCost", "SortOrder": "ASCENDING"}])[0] == "ComputeSavingsPlans"


def test_values_are_searched_filtered_and_of_a_context(ce: Any) -> None:
    assert values(ce, SearchString="s3") == ["AmazonS3"]
    assert values(ce, Filter={"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [PAYER]}}) == ["AmazonS3"]
    assert values(ce, Context="SAVINGS_PLANS") == ["AmazonEC2", "ComputeSavingsPlans"]
    assert values(ce, Dimension="LINKED_ACCOUNT", SearchString="research") == [MEMBER]


def test_accounts_are_described_and_pages_hold_all(ce: Any) -> None:
    answer = ce.get_dimension_values(TimePeriod=FEBRUARY, Dimension="LINKED_ACCOUNT", MaxResults=1)
    following = ce.get_dimension_values(
        TimePeriod=FEBRUARY, Dimension="LINKED_ACCOUNT", MaxResults=1, NextPageToken=answer["NextPageToken"]
    )

    assert (answer["TotalSize"], answer["ReturnSize"]) == (2, 1)
    assert following["DimensionValues"] == [{"Value": MEMBER, "Attributes": {"description": "Research"}}]
    assert "NextPageToken" not in following


def test_tags_are_there_once_they_are_active(ce: Any) -> None:
    assert ce.get_tags(TimePeriod=FEBRUARY)["Tags"] == []

    ce.update_cost_allocation_tags_status(CostAllocationTagsStatus=ACTIVE)
    ce.start_cost_allocation_tag_backfill(BackfillFrom="2026-01-01T00:00:00Z")

    assert ce.get_tags(TimePeriod=FEBRUARY)["Tags"] == ["team"]
    assert ce.get_tags(TimePeriod=FEBRUARY, TagKey="team")["Tags"] == ["", "red"]


def test_allocation_tags_tell_what_lines_have(ce: Any) -> None:
    ce.update_cost_allocation_tags_status(CostAllocationTagsStatus=ACTIVE)

    found = {one["TagKey"]: one for one in ce.list_cost_allocation_tags()["CostAllocationTags"]}

    assert {key: one["Status"] for key, one in found.items()} == {"stage": "Inactive", "team": "Active"}
    assert found["stage"]["LastUsedDate"] == "2026-02-05T00:00:00Z"
    assert found["team"]["LastUpdatedDate"] == "2026-03-20T12:00:00Z"
    assert [one["TagKey"] for one in ce.list_cost_allocation_tags(Status="Active")["CostAllocationTags"]] == ["team"]


def test_a_key_that_no_line_has_is_told_and_the_others_are_done(ce: Any) -> None:
    entries = [{"TagKey": "nothing", "Status": "Active"}, *ACTIVE]

    errors = ce.update_cost_allocation_tags_status(CostAllocationTagsStatus=entries)["Errors"]

    assert [(one["TagKey"], one["Code"]) for one in errors] == [("nothing", "TagKeyNotFound")]
    assert [one["TagKey"] for one in ce.list_cost_allocation_tags(Status="Active")["CostAllocationTags"]] == ["team"]


def test_a_category_is_defined_grouped_by_changed_and_ended(ce: Any) -> None:
    start = {"EffectiveStart": "2026-02-01T00:00:00Z"}
    arn = ce.create_cost_category_definition(**CATEGORY, **start, DefaultValue="rest")["CostCategoryArn"]
    by = [{"Type": "COST_CATEGORY", "Key": "Teams"}]
    asked = {"TimePeriod": FEBRUARY, "Granularity": "MONTHLY", "Metrics": ["UnblendedCost"]}

    groups = ce.get_cost_and_usage(**asked, GroupBy=by)["ResultsByTime"][0]["Groups"]
    red = {"CostCategories": {"Key": "Teams", "Values": ["red"]}}
    assert [group["Keys"] for group in groups] == [["Teams$red"], ["Teams$rest"]]
    assert groups[1]["Metrics"]["UnblendedCost"]["Amount"] == "100"
    filtered = ce.get_cost_and_usage(**asked, Filter={"Not": red})["ResultsByTime"][0]
    assert filtered["Total"]["UnblendedCost"]["Amount"] == "100"
    assert ce.get_cost_categories(TimePeriod=FEBRUARY)["CostCategoryNames"] == ["Teams"]
    found = ce.get_cost_categories(TimePeriod=FEBRUARY, CostCategoryName="Teams")
    assert found["CostCategoryValues"] == ["red", "rest"]

    shown = ce.describe_cost_category_definition(CostCategoryArn=arn)["CostCategory"]
    assert (shown["Name"], shown["DefaultValue"], shown["Rules"]) == ("Teams", "rest", [RULE])
    reference = ce.list_cost_category_definitions()["CostCategoryReferences"][0]
    assert reference["SupportedResourceTypes"] == ["billing:rispgroupsharing", "billing:benefitgroupsharing"]
    changed = {**CATEGORY, "CostCategoryArn": arn}
    del changed["Name"]
    assert said(ce.update_cost_category_definition(**changed)) == {
        "CostCategoryArn": arn,
        "EffectiveStart": "2026-03-01T00:00:00Z",
    }
    old = ce.describe_cost_category_definition(CostCategoryArn=arn, EffectiveOn="2026-02-10T00:00:00Z")
    assert old["CostCategory"]["EffectiveEnd"] == "2026-03-01T00:00:00Z"
    assert ce.delete_cost_category_definition(CostCategoryArn=arn)["EffectiveEnd"] == "2026-04-01T00:00:00Z"
    assert ce.list_cost_category_definitions()["CostCategoryReferences"] == []


OTHER = {"CostCategories": {"Key": "Other", "Values": ["x"]}}
SPLIT = {"Source": "red", "Targets": ["a", "b"], "Method": "FIXED"}


@pytest.mark.parametrize(
    "members",
    [
        {"Rules": [{"Value": "x", "Rule": OTHER}]},
        {"Rules": [{"Value": "x", "Rule": {"CostCategories": {"Key": "Teams", "Values": ["x"]}}}]},
        {"Rules": [{"Value": "x", "Rule": {"Dimensions": {"Key": "AZ", "Values": ["x"]}}}]},
        {"Rules": [{"InheritedValue": {"DimensionName": "TAG"}, "Type": "INHERITED_VALUE"}]},
        {"Rules": [{"InheritedValue": {"DimensionName": "TAG", "DimensionKey": "x"}, "Type": "REGULAR"}]},
        {"EffectiveStart": "2026-02-02T00:00:00Z"},
        {"EffectiveStart": "2025-02-01T00:00:00Z"},
        {"EffectiveStart": "2026-04-01T00:00:00Z"},
        {"SplitChargeRules": [SPLIT]},
        {"SplitChargeRules": [{**SPLIT, "Method": "EVEN"}, {**SPLIT, "Method": "EVEN"}]},
        {"SplitChargeRules": [{**SPLIT, "Method": "EVEN", "Targets": ["red"]}]},
        {"ResourceTags": [{"Key": "aws:x", "Value": "y"}]},
    ],
)
def test_what_no_category_can_say(ce: Any, members: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        ce.create_cost_category_definition(**{**CATEGORY, **members})
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_categories_refer_to_each_other_without_circles(ce: Any) -> None:
    first = ce.create_cost_category_definition(**CATEGORY)["CostCategoryArn"]
    of_first = {"CostCategories": {"Key": "Teams", "Values": ["red"]}}
    ce.create_cost_category_definition(**{**CATEGORY, "Name": "Other", "Rules": [{"Value": "hot", "Rule": of_first}]})
    rules = {"RuleVersion": CATEGORY["RuleVersion"], "Rules": [{"Value": "x", "Rule": OTHER}]}

    with pytest.raises(ClientError):
        ce.update_cost_category_definition(CostCategoryArn=first, **rules)
    with pytest.raises(ClientError):
        ce.delete_cost_category_definition(CostCategoryArn=first)


def test_what_shares_by_a_category_is_associated(billed: Family, ce: Any) -> None:
    arn = ce.create_cost_category_definition(**CATEGORY)["CostCategoryArn"]
    key = {"key": f"costcategory-restricted/{arn}", "value": "ENABLED"}
    billed.client("billing").update_billing_preferences(feature="RI_SHARING", billingPreferencesPerKey=[key])

    found = ce.list_cost_category_resource_associations()["CostCategoryResourceAssociations"]

    assert found == [
        {
            "CostCategoryArn": arn,
            "CostCategoryName": "Teams",
            "ResourceArn": f"arn:aws:billing::{PAYER}:preference/RI-SHARING",
        }
    ]
