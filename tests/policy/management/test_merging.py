"""Corners of the merge that no case file has."""

from typing import Any

import pytest

from remit.ids import account_id
from remit.policy.management import ManagementPolicyType, applied, effective_policy, stored

TAG = ManagementPolicyType.TAG


def merged(*levels: list[dict[str, Any]], policy_type: ManagementPolicyType = TAG) -> dict[str, Any]:
    return effective_policy(policy_type, levels).document


def values(setting: dict[str, Any]) -> dict[str, Any]:
    return {"tags": {"a": {"tag_value": setting}}}


def test_an_operator_that_the_type_does_not_know_is_ignored() -> None:
    root = {"services": {"lex": {"opt_out_policy": {"@@assign": "optOut"}}}}
    unit = {"services": {"lex": {"opt_out_policy": {"@@append": ["optIn"]}}}}

    assert merged([root], [unit], policy_type=ManagementPolicyType.AI_OPT_OUT) == {
        "services": {"lex": {"opt_out_policy": "optOut"}}
    }
    assert merged([unit], policy_type=ManagementPolicyType.AI_OPT_OUT) == {}


def test_an_assignment_keeps_only_what_its_own_level_appends() -> None:
    level = [values({"@@append": ["b"]}), values({"@@assign": ["x"]})]

    assert merged([values({"@@append": ["a"]})], level) == {"tags": {"a": {"tag_value": ["x", "b"]}}}


def test_nothing_is_appended_to_a_single_value_nor_removed_from_it() -> None:
    root = {"tags": {"a": {"tag_key": {"@@assign": "A"}}}}
    unit = {"tags": {"a": {"tag_key": {"@@append": ["B"], "@@remove": ["A"]}}}}

    assert merged([root], [unit]) == {"tags": {"a": {"tag_key": "A"}}}


@pytest.mark.parametrize("setting", ["plain", ["plain"], 1, None, {"@@append": "text"}, {"@@remove": "text"}])
def test_what_is_no_setting_is_passed_over(setting: Any) -> None:
    assert merged([values({"@@assign": ["x"]})], [values(setting)]) == {"tags": {"a": {"tag_value": ["x"]}}}


def test_objects_in_lists_are_compared_as_they_are() -> None:
    root, unit = values({"@@assign": [{"k": 1}]}), values({"@@append": [{"k": 1}, {"k": 2}]})

    assert merged([root], [unit]) == {"tags": {"a": {"tag_value": [{"k": 1}, {"k": 2}]}}}


def test_a_merge_leaves_the_policies_as_they_were() -> None:
    root, unit = values({"@@assign": ["x"]}), values({"@@append": ["y"], "@@remove": ["x"]})

    merged([root], [unit])
    again = merged([root], [unit])

    assert (root, unit) == (values({"@@assign": ["x"]}), values({"@@append": ["y"], "@@remove": ["x"]}))
    assert again == {"tags": {"a": {"tag_value": ["y"]}}}


def test_a_list_that_was_emptied_can_be_filled_again() -> None:
    assert merged([values({"@@assign": ["x"]})], [values({"@@remove": ["x"]})], [values({"@@append": ["y"]})]) == {
        "tags": {"a": {"tag_value": ["y"]}}
    }


def test_the_account_stands_for_its_placeholder_where_a_policy_is_applied() -> None:
    arn = "arn:aws:iam::{}:role/R"
    document = {"plans": {"P": {"selections": {"tags": {"s": {"iam_role_arn": arn.format("$account")}}}}}}

    there = applied(document, account_id("012345678901"))

    assert there["plans"]["P"]["selections"]["tags"]["s"]["iam_role_arn"] == arn.format("012345678901")
    assert "$account" in str(document)


def test_a_stored_document_is_read_as_it_is() -> None:
    assert stored('{"tags": {"a": {}}}') == {"tags": {"a": {}}}
