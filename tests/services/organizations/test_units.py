"""Units and the tree they make."""

import pytest
from services.organizations.conftest import World, refusal

_NOBODY = "ou-abcd-12345678"


def test_a_unit_has_a_path(world: World) -> None:
    outer = world.unit("Prod")
    inner = world.api.create_organizational_unit(ParentId=outer, Name="Web")["OrganizationalUnit"]

    assert inner["Path"] == f"{world.id}/{world.root}/{outer}/{inner['Id']}/"
    assert inner["Arn"] == f"arn:aws:organizations::{world.remit.account}:ou/{world.id}/{inner['Id']}"
    assert inner["Id"].startswith(f"ou-{world.root[2:]}-")
    shown = world.api.describe_organizational_unit(OrganizationalUnitId=inner["Id"])["OrganizationalUnit"]
    assert shown == inner


def test_names_are_unique_among_siblings(world: World) -> None:
    outer = world.unit("Prod")
    world.unit("Prod", outer)

    assert refusal(lambda: world.unit("Prod"))[0] == "DuplicateOrganizationalUnitException"
    assert refusal(lambda: world.unit("Prod", outer))[0] == "DuplicateOrganizationalUnitException"


def test_the_tree_is_five_levels_deep(world: World) -> None:
    parent = world.root
    for level in range(5):
        parent = world.unit(f"level-{level}", parent)

    assert refusal(lambda: world.unit("too deep", parent)) == (
        "ConstraintViolationException",
        "OU_DEPTH_LIMIT_EXCEEDED",
    )


def test_a_renamed_unit_stays_itself(world: World) -> None:
    unit, other = world.unit("Prod"), world.unit("Test")

    renamed = world.api.update_organizational_unit(OrganizationalUnitId=unit, Name="Production")["OrganizationalUnit"]
    assert (renamed["Id"], renamed["Name"]) == (unit, "Production")
    same = world.api.update_organizational_unit(OrganizationalUnitId=unit)["OrganizationalUnit"]
    assert same == renamed
    assert (
        refusal(lambda: world.api.update_organizational_unit(OrganizationalUnitId=other, Name="Production"))[0]
        == "DuplicateOrganizationalUnitException"
    )


def test_a_unit_with_something_in_it_stays(world: World) -> None:
    outer = world.unit("Prod")
    inner = world.unit("Web", outer)
    delete = world.api.delete_organizational_unit
    assert refusal(lambda: delete(OrganizationalUnitId=outer))[0] == "OrganizationalUnitNotEmptyException"
    account = world.account()
    world.api.move_account(AccountId=account, SourceParentId=world.root, DestinationParentId=inner)
    assert refusal(lambda: delete(OrganizationalUnitId=inner))[0] == "OrganizationalUnitNotEmptyException"
    world.api.move_account(AccountId=account, SourceParentId=inner, DestinationParentId=world.root)

    delete(OrganizationalUnitId=inner)
    delete(OrganizationalUnitId=outer)

    assert refusal(lambda: delete(OrganizationalUnitId=outer))[0] == "OrganizationalUnitNotFoundException"


def test_a_deleted_unit_is_no_target_any_more(world: World) -> None:
    unit = world.unit()
    policy = world.policy('{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}')
    world.api.attach_policy(PolicyId=policy, TargetId=unit)

    world.api.delete_organizational_unit(OrganizationalUnitId=unit)

    assert world.api.list_targets_for_policy(PolicyId=policy)["Targets"] == []
    world.api.delete_policy(PolicyId=policy)


def test_children_and_parents(world: World) -> None:
    unit, account = world.unit(), world.account()
    inner = world.unit("Web", unit)
    world.api.move_account(AccountId=account, SourceParentId=world.root, DestinationParentId=unit)

    children = world.api.list_children
    assert children(ParentId=unit, ChildType="ACCOUNT")["Children"] == [{"Id": account, "Type": "ACCOUNT"}]
    assert children(ParentId=unit, ChildType="ORGANIZATIONAL_UNIT")["Children"] == [
        {"Id": inner, "Type": "ORGANIZATIONAL_UNIT"}
    ]
    assert world.api.list_parents(ChildId=account)["Parents"] == [{"Id": unit, "Type": "ORGANIZATIONAL_UNIT"}]
    assert world.api.list_parents(ChildId=unit)["Parents"] == [{"Id": world.root, "Type": "ROOT"}]


def test_pages_come_one_after_the_other(world: World) -> None:
    made = [world.unit(f"unit-{number}") for number in range(7)]

    pages = world.api.get_paginator("list_organizational_units_for_parent").paginate(
        ParentId=world.root, PaginationConfig={"PageSize": 3}
    )

    assert [[unit["Id"] for unit in page["OrganizationalUnits"]] for page in pages] == [made[:3], made[3:6], made[6:]]


def test_a_token_is_good_for_its_question_only(world: World) -> None:
    outer = world.unit("Prod")
    for number in range(3):
        world.unit(f"unit-{number}", outer)
    listing = world.api.list_organizational_units_for_parent
    token = listing(ParentId=outer, MaxResults=1)["NextToken"]

    for call in (
        lambda: listing(ParentId=world.root, NextToken=token),
        lambda: listing(ParentId=outer, NextToken="made up"),
        lambda: world.api.list_accounts(NextToken=token),
    ):
        assert refusal(call) == ("InvalidInputException", "INVALID_NEXT_TOKEN")


@pytest.mark.parametrize(
    ("operation", "asked", "code"),
    [
        ("create_organizational_unit", {"ParentId": _NOBODY, "Name": "x"}, "ParentNotFoundException"),
        ("describe_organizational_unit", {"OrganizationalUnitId": _NOBODY}, "OrganizationalUnitNotFoundException"),
        (
            "update_organizational_unit",
            {"OrganizationalUnitId": _NOBODY, "Name": "x"},
            "OrganizationalUnitNotFoundException",
        ),
        ("list_organizational_units_for_parent", {"ParentId": _NOBODY}, "ParentNotFoundException"),
        ("list_children", {"ParentId": _NOBODY, "ChildType": "ACCOUNT"}, "ParentNotFoundException"),
        ("list_accounts_for_parent", {"ParentId": "r-none"}, "ParentNotFoundException"),
        ("list_parents", {"ChildId": _NOBODY}, "ChildNotFoundException"),
        ("list_parents", {"ChildId": "999999999999"}, "ChildNotFoundException"),
    ],
)
def test_what_is_not_there(world: World, operation: str, asked: dict[str, str], code: str) -> None:
    assert refusal(lambda: getattr(world.api, operation)(**asked))[0] == code
