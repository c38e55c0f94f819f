"""What holds for every organization's management policies."""

import json
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from policy.management.strategies import levels, policies, settings, values

from remit.policy.management import ManagementPolicyType, acceptance_failure, effective_policy, read
from remit.policy.management.operators import CONTROL

Document = dict[str, Any]
Levels = list[list[Document]]


def effective(organization: Levels) -> Document:
    return effective_policy(ManagementPolicyType.TAG, organization).document


def locked(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    return {
        **{key: locked(below) if not key.startswith("@@") else below for key, below in node.items()},
        "@@operators_allowed_for_child_policies": ["@@none"],
    }


def plain(node: Any) -> Any:
    return {key: below["@@assign"] if "@@assign" in below else plain(below) for key, below in node.items()}


@given(st.lists(st.just([]), max_size=5))
def test_without_policies_there_is_no_effective_policy(organization: Levels) -> None:
    assert effective(organization) == {}


@given(levels)
def test_the_result_has_no_operators_and_no_empty_sections(organization: Levels) -> None:
    document = effective(organization)

    assert "@@" not in json.dumps(document)
    assert document == {} or "{}" not in json.dumps(document)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), values, min_size=1))
def test_a_policy_of_assignments_gives_its_values(assigned: dict[str, list[str]]) -> None:
    policy = {"tags": {key: {"tag_value": {"@@assign": given}} for key, given in assigned.items()}}

    assert effective([[policy]]) == plain(policy)


@given(levels, st.integers(0, 5))
def test_a_level_without_policies_changes_nothing(organization: Levels, at: int) -> None:
    assert effective([*organization[:at], [], *organization[at:]]) == effective(organization)


@given(levels, levels)
def test_a_node_locked_by_none_stays_as_it_is(above: Levels, below: Levels) -> None:
    locks = [{"tags": locked(policy["tags"])} for level in above for policy in level]

    assume(locks)

    assert effective([*above, locks, *below]) == effective([*above, locks])


@given(policies(), levels)
def test_what_the_root_locks_is_the_same_for_every_account(policy: Document, below: Levels) -> None:
    root = [{"tags": locked(policy["tags"])}]

    assert effective([root, *below]) == effective([root])


@given(levels, policies())
def test_what_a_level_does_not_mention_stays_what_the_levels_above_made(above: Levels, policy: Document) -> None:
    other = {"tags": {f"other-{key}": tag for key, tag in policy["tags"].items() if not key.startswith("@@")}}

    tags = effective([*above, [other]]).get("tags", {})

    kept = {key: tag for key, tag in tags.items() if not key.startswith("other-")}
    assert kept == effective(above).get("tags", {})


def of_one_setting(organization: list[list[Document]]) -> list[str] | None:
    """What levels come to at one list, said once more: a level at a time, operator by operator."""
    value: list[str] | None = None
    allowed = {"@@assign", "@@append", "@@remove"}
    for level in organization:
        assigned = [policy["@@assign"] for policy in level if "@@assign" in policy and "@@assign" in allowed]
        appended = [item for policy in level for item in policy.get("@@append", []) if "@@append" in allowed]
        removed = [item for policy in level for item in policy.get("@@remove", []) if "@@remove" in allowed]
        if assigned:
            value = assigned[0]
        if any("@@append" in policy for policy in level) and "@@append" in allowed:
            value = value or []
        if value is not None:
            value = [*value, *(item for item in dict.fromkeys(appended) if item not in value)]
            kept = [item for item in value if item not in removed]
            value = None if value and not kept else kept
        for policy in level:
            listed = policy.get(CONTROL, ["@@all"])
            allowed &= {"@@assign", "@@append", "@@remove"} if listed == ["@@all"] else set(listed)
    return value


@given(st.lists(st.lists(settings(), max_size=3), max_size=4))
def test_a_list_is_what_its_operators_make_of_it(organization: list[list[Document]]) -> None:
    found = effective([[{"tags": {"a": {"tag_value": setting}}} for setting in level] for level in organization])

    expected = of_one_setting(organization)
    assert found == ({} if expected is None else {"tags": {"a": {"tag_value": expected}}})


@given(policies(), policies())
def test_the_spelling_that_came_first_stays(first: Document, second: Document) -> None:
    upper = {"tags": {key.upper() if not key.startswith("@@") else key: tag for key, tag in first["tags"].items()}}

    names = effective([[upper], [second]]).get("tags", {})

    written = {key.lower() for key in first["tags"]}
    assert all(name == name.upper() for name in names if name.lower() in written)


@given(policies())
def test_documents_are_read_as_they_are_written(policy: Document) -> None:
    assert read(json.dumps(policy)) == policy


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["tags", "a", "tag_key", "@@assign", "@@none"]), inner, max_size=3)
        ),
        max_leaves=20,
    )
)
def test_whatever_the_document_the_answer_is_a_reason_or_none(written: Any) -> None:
    for policy_type in ManagementPolicyType:
        failure = acceptance_failure(json.dumps(written), policy_type)

        assert failure is None or failure


@given(st.text(max_size=60))
def test_a_text_that_is_no_policy_is_refused(text: str) -> None:
    assert acceptance_failure(text, ManagementPolicyType.TAG) is not None
