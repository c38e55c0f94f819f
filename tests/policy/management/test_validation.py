"""What a merged policy can break: both sides of each limit, and who contributed."""

from typing import Any

import pytest

from remit.policy.management import ErrorCode, ManagementPolicyType, Source, effective_policy

BACKUP, CHAT, EC2 = ManagementPolicyType.BACKUP, ManagementPolicyType.CHATBOT, ManagementPolicyType.DECLARATIVE_EC2
GUARDDUTY, HUB, TAG = ManagementPolicyType.GUARDDUTY, ManagementPolicyType.SECURITY_HUB, ManagementPolicyType.TAG


def assign(value: Any) -> dict[str, Any]:
    return {"@@assign": value}


RULE = {"target_backup_vault_name": assign("Default")}
SELECTION = {"iam_role_arn": assign("arn:aws:iam::$account:role/R"), "tag_key": assign("k"), "tag_value": assign(["v"])}


def rules(number: int) -> dict[str, Any]:
    return {f"r{at}": RULE for at in range(number)}


def plan(**more: Any) -> dict[str, Any]:
    whole = {
        "regions": assign(["us-east-1"]),
        "rules": rules(1),
        "selections": {"tags": {"s": SELECTION}},
        **more,
    }
    return {"plans": {"Daily": {key: value for key, value in whole.items() if value is not None}}}


def lifecycle(cold: Any, deleted: Any) -> dict[str, Any]:
    days = {"move_to_cold_storage_after_days": assign(cold), "delete_after_days": assign(deleted)}
    return plan(rules={"r": {**RULE, "lifecycle": days}})


def conditions(number: int) -> dict[str, Any]:
    listed = {f"c{at}": {"condition_key": assign("k"), "condition_value": assign("v")} for at in range(number)}
    selection = {
        "iam_role_arn": assign("arn:r"),
        "resource_types": assign(["*"]),
        "conditions": {"string_equals": listed},
    }
    return plan(selections={"resources": {"s": selection}})


def workspaces(number: int) -> dict[str, Any]:
    return {"chatbot": {"platforms": {"slack": {"workspaces": assign([f"T{at}" for at in range(number)])}}}}


def gateway(**settings: Any) -> dict[str, Any]:
    return {"ec2_attributes": {"vpc_block_public_access": {"internet_gateway_block": settings}}}


def features(**statuses: str) -> dict[str, Any]:
    return {"guardduty": {"enablement": {"default": {name: {"status": assign(to)} for name, to in statuses.items()}}}}


RIGHT = [
    (BACKUP, plan()),
    (BACKUP, plan(rules=rules(10))),
    (BACKUP, lifecycle("10", "100")),
    (BACKUP, lifecycle(10, 100)),
    (BACKUP, conditions(30)),
    (CHAT, workspaces(255)),
    (EC2, gateway(mode=assign("off"), exclusions_allowed=assign("enabled"))),
    (GUARDDUTY, features(foundational="enabled", s3_data_events="enabled")),
    (GUARDDUTY, features(s3_data_events="disabled")),
    (HUB, {"securityhub": {"enable_in_regions": assign([]), "disable_in_regions": assign([])}}),
    (TAG, {"tags": {"a": {"tag_value": assign([])}}}),
]


@pytest.mark.parametrize("case", RIGHT)
def test_a_policy_that_says_enough_and_not_too_much_has_no_errors(case: tuple[ManagementPolicyType, Any]) -> None:
    assert effective_policy(case[0], [[case[1]]]).errors == ()


def together(fields: str, block: str) -> str:
    return f"Dependent fields {fields} in policy block {block} are invalid when used together"


WRONG = [
    (BACKUP, plan(rules=None), "KEY_REQUIRED", "'rules' is missing", "plans/Daily"),
    (BACKUP, plan(regions=None), "KEY_REQUIRED", "'regions' is missing", "plans/Daily"),
    (BACKUP, plan(selections=None), "KEY_REQUIRED", "'selections' is missing", "plans/Daily"),
    (
        BACKUP,
        plan(rules={"r": {"start_backup_window_minutes": assign("60")}}),
        "KEY_REQUIRED",
        "'target_backup_vault_name' is missing",
        "plans/Daily/rules/r",
    ),
    (
        BACKUP,
        plan(regions=assign([])),
        "ELEMENTS_TOO_FEW",
        "'regions' is less than the allowed minimum limit 1",
        "plans/Daily/regions",
    ),
    (
        BACKUP,
        plan(rules=rules(11)),
        "ELEMENTS_TOO_MANY",
        "'rules' exceeds the allowed maximum limit 10",
        "plans/Daily/rules",
    ),
    (
        BACKUP,
        lifecycle("10", "99"),
        "CROSS_ATTRIBUTE_VALIDATION",
        together("move_to_cold_storage_after_days(10),delete_after_days(99)", "lifecycle"),
        "plans/Daily/rules/r/lifecycle",
    ),
    (
        BACKUP,
        conditions(31),
        "ELEMENTS_TOO_MANY",
        "'string_equals' exceeds the allowed maximum limit 30",
        "plans/Daily/selections/resources/s/conditions/string_equals",
    ),
    (
        CHAT,
        workspaces(256),
        "ELEMENTS_TOO_MANY",
        "'workspaces' exceeds the allowed maximum limit 255",
        "chatbot/platforms/slack/workspaces",
    ),
    (
        EC2,
        gateway(mode=assign("off")),
        "KEY_REQUIRED",
        "'exclusions_allowed' is missing",
        "ec2_attributes/vpc_block_public_access/internet_gateway_block",
    ),
    (
        GUARDDUTY,
        features(s3_data_events="enabled"),
        "CROSS_ATTRIBUTE_VALIDATION",
        together("foundational(undefined),s3_data_events(enabled)", "default"),
        "guardduty/enablement/default",
    ),
    (
        HUB,
        {"securityhub": {"enable_in_regions": assign([])}},
        "KEY_REQUIRED",
        "'disable_in_regions' is missing",
        "securityhub",
    ),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case[3])
def test_an_error_has_code_message_and_path(case: tuple[ManagementPolicyType, Any, str, str, str]) -> None:
    policy_type, document, code, message, path = case

    (error,) = effective_policy(policy_type, [[document]]).errors

    assert (error.code, error.message, error.path) == (ErrorCode(code), message, path)


def test_the_policies_that_contributed_are_named_root_first() -> None:
    six, six_more = (
        {"plans": {"Daily": {"rules": {f"{name}{number}": RULE for number in range(6)}}}} for name in ("a", "b")
    )
    unrelated = {"plans": {"Weekly": plan()["plans"]["Daily"]}}

    (error,) = effective_policy(BACKUP, [[plan(rules=None), six], [], [unrelated, six_more]]).errors

    assert error.code is ErrorCode.ELEMENTS_TOO_MANY
    assert error.sources == (Source(0, 1), Source(2, 1))


def test_who_was_overridden_contributed_nothing() -> None:
    many = {"plans": {"Daily": {"regions": assign([])}}}

    (error,) = effective_policy(BACKUP, [[plan()], [plan()], [many]]).errors

    assert error.sources == (Source(2, 0),)


def hub(*regions: dict[str, list[str]]) -> list[Any]:
    """Levels of one policy each, without the list that every merged policy needs."""
    return [[{"securityhub": {"enable_in_regions": setting}}] for setting in regions]


@pytest.mark.parametrize(
    ("levels", "sources"),
    [
        (hub({"@@append": ["us-east-1"]}, {"@@append": ["us-west-1"]}, {"@@append": ["us-east-1"]}), [0, 1, 2]),
        (hub({"@@append": ["us-east-1"]}, {"@@append": ["us-west-1"]}, {"@@remove": ["us-east-1"]}), [0, 1, 2]),
        (hub({"@@append": ["us-east-1"]}, {"@@remove": ["us-west-1"]}), [0]),
        (hub({"@@append": ["us-east-1"]}, {"@@assign": ["us-west-1"]}, {"@@append": ["us-west-2"]}), [1, 2]),
        (hub({"@@append": ["us-east-1"], "@@remove": ["us-west-1"]}), [0]),
        (hub(*({"@@append": [f"us-east-{number}"]} for number in range(9))), list(range(9))),
    ],
)
def test_who_assigns_appends_and_removes_contributes(levels: list[Any], sources: list[int]) -> None:
    (error,) = effective_policy(HUB, levels).errors

    assert error.sources == tuple(Source(level, 0) for level in sources)


def test_an_assignment_shares_its_value_with_what_its_level_appends() -> None:
    above, appending, assigning = (
        {"securityhub": {"enable_in_regions": {operator: [f"us-east-{number}"]}}}
        for number, operator in enumerate(["@@append", "@@append", "@@assign"])
    )

    (error,) = effective_policy(HUB, [[above], [appending, assigning, appending]]).errors

    assert error.sources == (Source(1, 0), Source(1, 1), Source(1, 2))


def test_a_list_that_was_emptied_is_missing() -> None:
    (error,) = effective_policy(BACKUP, [[plan()], [plan(regions={"@@remove": ["us-east-1"]})]]).errors

    assert (error.code, error.message) == (ErrorCode.KEY_REQUIRED, "'regions' is missing")


def test_the_rest_of_an_invalid_policy_is_there() -> None:
    effective = effective_policy(BACKUP, [[plan(rules=rules(11)), {"plans": {"Weekly": plan()["plans"]["Daily"]}}]])

    assert len(effective.errors) == 1
    assert set(effective.document["plans"]) == {"Daily", "Weekly"}
