"""What no export can be, and who may make which: every refusal beside what is taken."""

from typing import Any

import pytest
from bills import MEMBER, PAYER, Family
from botocore.exceptions import ClientError
from deliveries import CUR, FOCUS, QUERY, export, made

from remit.directory.billing.sharing import share
from remit.directory.billing.views import known_view

SERVICE = "bcm-data-exports"


def refused(family: Family, asked: dict[str, Any], client: Any = None) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        (client or family.client(SERVICE)).create_export(Export=asked)
    answer: dict[str, Any] = caught.value.response
    assert answer["Error"]["Code"] == "ValidationException"
    return answer


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (f"SELECT * FROM {CUR}", "SELECT * is not supported"),
        ("SELECT line_item_usage_type FROM lines", "lines does not exist"),
        ("SELECT line_item_usage_type FROM cost_and_usage_report", "cost_and_usage_report does not exist"),
        (f"SELECT nothing, none FROM {CUR}", "not a subset of table COST_AND_USAGE_REPORT: nothing, none"),
        (f"SELECT LINE_ITEM_USAGE_TYPE FROM {CUR}", "not a subset"),
        (f"SELECT line_item_resource_id FROM {CUR}", "not a subset"),
        (f"SELECT count(line_item_usage_type) FROM {CUR}", "needs FROM"),
        (f"{QUERY}; DROP TABLE lines", "cannot be read at `; DROP TABLE lines`"),
        (f"{QUERY} UNION SELECT 1 FROM {CUR}", "needs the end of the query"),
        (f"{QUERY} -- more", "cannot be read"),
        (f"{QUERY}, read_csv('/etc/passwd')", "needs the end of the query"),
        ("SELECT line_item_usage_type FROM read_csv('/etc/passwd')", "needs the end of the query where it says `(`"),
        (f"{QUERY} WHERE line_item_usage_type LIKE '%'", "not `LIKE`"),
        (f'SELECT "line_item_usage_type" FROM {CUR}', "cannot be read"),
        (f"{QUERY} WHERE line_item_unblended_cost > '2'", "cannot be compared"),
        (f"{QUERY} WHERE line_item_usage_account_id = 123456789012", "is no number"),
        (f"{QUERY} WHERE line_item_usage_account_id < 'x'", "is not a number"),
        (f"{QUERY} WHERE product = 'x'", "cannot be compared"),
        (f"{QUERY} WHERE line_item_usage_start_date = 'yesterday'", "is a time"),
        (f"SELECT line_item_usage_type.x FROM {CUR}", "has no attributes"),
        (f"SELECT product.region, product_region_code AS region FROM {CUR}", "would be called region"),
        (f"SELECT product.from FROM {CUR}", "needs the name of an attribute"),
        (f"SELECT line_item_usage_type AS from FROM {CUR}", "needs a name of letters"),
        (f"{QUERY} LIMIT -1", "LIMIT needs a whole number"),
        (f"{QUERY} LIMIT all", "LIMIT needs a whole number"),
        (f"{QUERY} WHERE {'NOT ' * 60}line_item_unblended_cost = 1", "at most 50 deep"),
        (f"{QUERY} WHERE {'(' * 60}line_item_unblended_cost = 1{')' * 60}", "at most 50 deep"),
        ("", "Invalid length"),
    ],
)
def test_queries_that_no_export_can_have(standing: Family, query: str, says: str) -> None:
    if not query:
        query = " "
        says = "needs SELECT"

    answer = refused(standing, export(query=query))

    assert says in answer["Message"]
    assert answer["Reason"] == "fieldValidationFailed"
    assert answer["Fields"] == [{"Name": "Export.DataQuery.QueryStatement", "Message": answer["Message"]}]


@pytest.mark.parametrize(
    "query",
    [
        f"{QUERY} WHERE {' OR '.join(f'line_item_unblended_cost = {number}' for number in range(800))}",
        f"{QUERY} WHERE line_item_usage_type IN ({', '.join(repr(str(number)) for number in range(4000))})",
        f"{QUERY} WHERE {'NOT ' * 50}line_item_unblended_cost = 1",
        f"select  line_item_usage_type\n\tas \n Type from {CUR} where not(line_item_usage_type in ('a')) limit 0",
    ],
)
def test_long_and_odd_queries_that_exports_can_have(family: Family, query: str) -> None:
    assert made(family, query=query)


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({CUR: {"TIME_GRANULARITY": "WEEKLY"}}, "one of HOURLY, DAILY, MONTHLY"),
        ({CUR: {"COLOUR": "RED"}}, "no property COLOUR"),
        ({CUR: {"INCLUDE_RESOURCES": "true"}}, "one of TRUE, FALSE"),
        ({FOCUS: {"TIME_GRANULARITY": "DAILY"}}, "asks COST_AND_USAGE_REPORT, and not FOCUS_1_2_AWS"),
        ({CUR: {"BILLING_VIEW_ARN": "none:billingview/primary"}}, "BILLING_VIEW_ARN"),
        ({CUR: {"BILLING_VIEW_ARN": f"arn:aws:billing::{PAYER}:billingview/custom-none"}}, "BILLING_VIEW_ARN"),
    ],
)
def test_what_cannot_be_set_about_a_table(standing: Family, tables: dict[str, Any], says: str) -> None:
    answer = refused(standing, export(tables=tables))

    assert says in answer["Message"]
    assert answer["Fields"][0]["Name"] == "Export.DataQuery.TableConfigurations"


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"bucket": "../other"}, "S3Bucket"),
        ({"bucket": "Our-Bills"}, "S3Bucket"),
        ({"bucket": "ab"}, "S3Bucket"),
        ({"bucket": "a" * 64}, "S3Bucket"),
        ({"bucket": "a..b"}, "S3Bucket"),
        ({"bucket": "192.168.0.1"}, "S3Bucket"),
        ({"bucket": ".writing"}, "S3Bucket"),
        ({"bucket": "bucket/other"}, "S3Bucket"),
        ({"bucket": ""}, "S3Bucket"),
        ({"prefix": "../../etc"}, "S3Prefix"),
        ({"prefix": "a/../b"}, "S3Prefix"),
        ({"prefix": "a//b"}, "S3Prefix"),
        ({"prefix": "/a"}, "S3Prefix"),
        ({"prefix": "a/"}, "S3Prefix"),
        ({"prefix": "."}, "S3Prefix"),
        ({"prefix": "a\\b"}, "S3Prefix"),
        ({"prefix": "a\x00b"}, "S3Prefix"),
        ({"prefix": "a=b"}, "S3Prefix"),
        ({"prefix": "x" * 257}, "S3Prefix"),
        ({"prefix": "/".join("x" * 21)}, "S3Prefix"),
        ({"S3Region": "moon-1"}, "S3Region"),
        ({"S3BucketOwner": MEMBER}, "S3BucketOwner"),
        ({"Format": "PARQUET", "Compression": "GZIP"}, "S3OutputConfigurations.Compression"),
        ({"Format": "TEXT_OR_CSV", "Compression": "PARQUET"}, "S3OutputConfigurations.Compression"),
        ({"OutputType": "ATHENA"}, "S3OutputConfigurations.OutputType"),
    ],
)
def test_places_that_nothing_is_delivered_to(standing: Family, members: dict[str, str], field: str) -> None:
    answer = refused(standing, export(**members))

    assert answer["Fields"][0]["Name"].endswith(field)


@pytest.mark.parametrize(
    "members",
    [
        {"bucket": "abc"},
        {"bucket": "a" * 63},
        {"prefix": ""},
        {"prefix": "(it's)/a_b-c!d*e.f"},
        {"prefix": "x" * 200},
        {"S3BucketOwner": PAYER},
        {"S3Region": "eu-central-1"},
    ],
)
def test_places_that_exports_are_delivered_to(family: Family, members: dict[str, str]) -> None:
    assert made(family, **members)


def test_a_name_is_one_exports(family: Family) -> None:
    made(family)

    assert "exists already" in refused(family, export())["Message"]
    other = made(family, "other")
    with pytest.raises(ClientError) as caught:
        family.client(SERVICE).update_export(ExportArn=other, Export=export())
    assert caught.value.response["Fields"][0]["Name"] == "Export.Name"
    assert made(family, client=family.client(SERVICE, family.member), bucket="theirs")


@pytest.mark.parametrize(
    "changed",
    [
        export(query=f"SELECT BilledCost FROM {FOCUS}"),
        export(tables={CUR: {"TIME_GRANULARITY": "DAILY"}}),
        export(ExportArn=f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:export/other"),
        export(query=f"SELECT * FROM {CUR}"),
    ],
)
def test_what_never_changes(family: Family, changed: dict[str, Any]) -> None:
    arn = made(family)

    with pytest.raises(ClientError) as caught:
        family.client(SERVICE).update_export(ExportArn=arn, Export=changed)

    assert caught.value.response["Error"]["Code"] == "ValidationException"
    assert family.client(SERVICE).get_export(ExportArn=arn)["Export"] == {"ExportArn": arn, **export()}


def test_there_are_as_many_exports_of_each_table_as_aws_has(family: Family) -> None:
    for number in range(5):
        made(family, f"cur-{number}")
    for number in range(2):
        made(family, f"focus-{number}", f"SELECT BilledCost FROM {FOCUS}")

    with pytest.raises(ClientError) as caught:
        made(family, "focus-2", f"SELECT BilledCost FROM {FOCUS}")

    assert caught.value.response["Error"]["Code"] == "ServiceQuotaExceededException"
    assert caught.value.response["ServiceCode"] == "AWSBillingAndCostManagementDataExports"


# -- who may make which


def allowed(*resources: str, action: str = "bcm-data-exports:*", **members: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": list(resources), **members}


def may_not(client: Any, **members: Any) -> None:
    with pytest.raises(ClientError) as caught:
        client.create_export(Export=export(**members))
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"


def test_a_policy_says_which_tables(family: Family) -> None:
    table = f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:table/{FOCUS}"
    client = family.client(SERVICE, family.remit.user("ana", allowed(table)))

    may_not(client)
    may_not(client, query=f"SELECT line_item_usage_type FROM\n{CUR}")
    assert made(family, query=f"SELECT BilledCost FROM {FOCUS}", client=client)
    assert client.get_table(TableName=FOCUS)
    with pytest.raises(ClientError):
        client.get_table(TableName=CUR)


def test_a_policy_says_which_views(family: Family) -> None:
    table = f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:table/*"
    view = f"arn:aws:billing::{PAYER}:billingview/primary"
    without = family.client(SERVICE, family.remit.user("ana", allowed(table)))
    both = family.client(SERVICE, family.remit.user("ben", allowed(table, view)))
    tables = {CUR: {"BILLING_VIEW_ARN": view}}

    may_not(without, tables=tables)
    assert made(family, "theirs", client=without)
    assert made(family, client=both, tables=tables)


def test_a_view_of_another_account_must_be_shared(family: Family) -> None:
    arn = f"arn:aws:billing::{PAYER}:billingview/primary"
    member = family.client(SERVICE, family.member)
    tables = {CUR: {"BILLING_VIEW_ARN": arn}}
    may_not(member, tables=tables)

    family.remit.change(lambda tx: share(tx, known_view(tx, arn), [MEMBER]))

    assert made(family, client=member, tables=tables)


def test_a_policy_says_by_tags(family: Family) -> None:
    tagged = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    arn = made(family)
    client = family.client(SERVICE, family.remit.user("ana", allowed("*", Condition=tagged)))
    with pytest.raises(ClientError) as before:
        client.get_export(ExportArn=arn)

    family.client(SERVICE).tag_resource(ResourceArn=arn, ResourceTags=[{"Key": "team", "Value": "red"}])

    assert before.value.response["Error"]["Code"] == "AccessDeniedException"
    assert client.get_export(ExportArn=arn)


def test_a_policy_says_which_tags_new_exports_have(family: Family) -> None:
    asked = {"StringEquals": {"aws:RequestTag/team": "red"}}
    client = family.client(SERVICE, family.remit.user("ana", allowed("*", Condition=asked)))

    may_not(client)
    tags = [{"Key": "team", "Value": "red"}]
    arn = client.create_export(Export=export(), ResourceTags=tags)["ExportArn"]

    api = family.client(SERVICE)
    assert api.list_tags_for_resource(ResourceArn=arn)["ResourceTags"] == tags
    api.untag_resource(ResourceArn=arn, ResourceTagKeys=["team", "none"])
    assert api.list_tags_for_resource(ResourceArn=arn)["ResourceTags"] == []


# -- lists


def test_lists_come_in_pages(family: Family) -> None:
    arns = [made(family, f"export-{number}") for number in range(3)]
    api = family.client(SERVICE)

    first = api.list_exports(MaxResults=2)
    rest = api.list_exports(MaxResults=2, NextToken=first["NextToken"])

    assert [one["ExportArn"] for page in (first, rest) for one in page["Exports"]] == arns
    assert "NextToken" not in rest
    with pytest.raises(ClientError):
        api.list_executions(ExportArn=arns[0], NextToken=first["NextToken"])


def test_the_schema_is_as_the_properties_say(family: Family) -> None:
    api = family.client(SERVICE)

    def names(**properties: str) -> set[str]:
        return {one["Name"] for one in api.get_table(TableName=CUR, TableProperties=properties)["Schema"]}

    plain = names()
    assert names(INCLUDE_RESOURCES="TRUE") - plain == {"line_item_resource_id"}
    assert plain - names(INCLUDE_MANUAL_DISCOUNT_COMPATIBILITY="TRUE") == {"discount", "discount_total_discount"}
    assert len(names(INCLUDE_SPLIT_COST_ALLOCATION_DATA="TRUE") - plain) == 11
    assert len(names(INCLUDE_CAPACITY_RESERVATION_DATA="TRUE") - plain) == 3
    assert names(INCLUDE_IAM_PRINCIPAL_DATA="TRUE") - plain == {"line_item_iam_principal"}


def test_the_tables_are_listed_with_what_can_be_set(family: Family) -> None:
    tables = {one["TableName"]: one for one in family.client(SERVICE).list_tables()["Tables"]}

    assert set(tables) == {CUR, FOCUS, "FOCUS_1_0_AWS", "COST_OPTIMIZATION_RECOMMENDATIONS"}
    (granularity,) = [one for one in tables[CUR]["TableProperties"] if one["Name"] == "TIME_GRANULARITY"]
    assert granularity["ValidValues"] == ["HOURLY", "DAILY", "MONTHLY"]
    assert granularity["DefaultValue"] == "HOURLY"
    assert all(one["Description"] for table in tables.values() for one in table["TableProperties"])
