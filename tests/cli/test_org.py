"""`remit org test`: what it says of cases that hold, fail, and are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from remit.cli import main

CASES = Path(__file__).parents[1] / "cases" / "organizations"
FULL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
NO_S3 = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}


def effective(**more: Any) -> dict[str, Any]:
    policy = {"tags": {"team": {"tag_key": {"@@assign": "Team"}}}}
    return {
        "id": "e-1",
        "title": "a team",
        "policy_type": "TAG_POLICY",
        "levels_root_first": [{"target": "root", "policies": [policy]}],
        "effective": {"tags": {"TEAM": {"tag_key": "Team"}}},
        **more,
    }


def control(**more: Any) -> dict[str, Any]:
    account = {"scps": [FULL]}
    return {
        "id": "c-1",
        "title": "no S3",
        "tree": {"root": {"scps": [FULL], "ous": {"O": {"scps": [FULL, NO_S3], "accounts": {"A": account}}}}},
        "expect_allowed": {"A": {"s3:ListAllMyBuckets": False, "ec2:DescribeInstances": True}},
        **more,
    }


def run(folder: Path, *cases: Any, options: tuple[str, ...] = ()) -> int:
    for number, case in enumerate(cases):
        text = case if isinstance(case, str) else json.dumps(case)
        (folder / f"{number}.json").write_text(text, encoding="utf-8")
    return main(["org", "test", str(folder), *options])


def test_the_cases_of_the_project_hold(capsys) -> None:
    assert main(["org", "test", str(CASES)]) == 0
    assert capsys.readouterr().out == f"{len(list(CASES.rglob('*.json')))} passed, 0 failed\n"


def test_a_file_of_either_form_is_one_case(tmp_path, capsys) -> None:
    assert run(tmp_path, effective(), control()) == 0
    assert main(["org", "test", str(tmp_path / "0.json"), str(tmp_path / "1.json")]) == 0
    assert capsys.readouterr().out == "2 passed, 0 failed\n" * 2


def test_a_failed_merge_says_what_and_where(tmp_path, capsys) -> None:
    wrong = effective(effective={"tags": {"team": {"tag_key": "team"}}})

    assert run(tmp_path, wrong, effective()) == 1
    assert capsys.readouterr().out.splitlines() == [
        "FAILED e-1: a team",
        '    expected  {"tags": {"team": {"tag_key": "team"}}}',
        '    got       {"tags": {"team": {"tag_key": "Team"}}}',
        "    they differ at tags/team/tag_key",
        "1 passed, 1 failed",
    ]


def test_a_failed_decision_says_who_may_what(tmp_path, capsys) -> None:
    wrong = control(expect_allowed={"A": {"s3:ListAllMyBuckets": True, "ec2:DescribeInstances": True}})

    assert run(tmp_path, wrong) == 1
    assert capsys.readouterr().out.splitlines() == [
        "FAILED c-1: no S3",
        "    expected  A may s3:ListAllMyBuckets",
        "    got       A may not s3:ListAllMyBuckets",
        "0 passed, 1 failed",
    ]


@pytest.mark.parametrize(
    ("wrong", "got"),
    [
        (control(expect_allowed={"B": {"s3:ListAllMyBuckets": True}}), "none of that name in the tree"),
        (control(tree={"root": {"scps": [{"Statement": 1}], "accounts": {"A": {}}}}), "a policy cannot be read"),
    ],
)
def test_a_case_that_makes_no_sense_fails(tmp_path, capsys, wrong: dict[str, Any], got: str) -> None:
    assert run(tmp_path, wrong) == 1
    assert got in capsys.readouterr().out


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"tags": []},
        {"tags": {"team": {"tag_key": ["Team"]}}},
        {"tags": {"team": {"tag_key": "Team", "tag_value": []}}},
        {"tags": {"team": {}}},
    ],
)
def test_a_difference_anywhere_fails(tmp_path, expected: dict[str, Any]) -> None:
    assert run(tmp_path, effective(effective=expected)) == 1


def test_no_policy_comes_to_nothing(tmp_path) -> None:
    nothing = effective(levels_root_first=[{"target": "root", "policies": []}], effective=None)

    assert run(tmp_path, nothing, {**nothing, "effective": {}}) == 0


def test_a_list_in_another_order_fails(tmp_path) -> None:
    policy = {"tags": {"team": {"tag_value": {"@@assign": ["a", "b"]}}}}
    levels = [{"policies": [policy]}]
    right, wrong = ({"tags": {"team": {"tag_value": values}}} for values in (["a", "b"], ["b", "a"]))

    assert run(tmp_path, effective(levels_root_first=levels, effective=right)) == 0
    assert run(tmp_path, effective(levels_root_first=levels, effective=wrong)) == 1


def test_programs_are_told_in_json(tmp_path, capsys) -> None:
    assert run(tmp_path, effective(effective={}), control(), options=("--json",)) == 1

    said = json.loads(capsys.readouterr().out)
    assert (said["passed"], said["failed"]) == (1, 1)
    assert said["failures"] == [
        {
            "id": "e-1",
            "file": str(tmp_path / "0.json"),
            "title": "a team",
            "expected": "{}",
            "got": '{"tags": {"team": {"tag_key": "Team"}}}',
            "why": "they differ at tags",
        }
    ]


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[]",
        "{}",
        json.dumps({"id": "x", "cases": []}),
        json.dumps(effective(policy_type="SERVICE_CONTROL_POLICY")),
        json.dumps(effective(levels_root_first=[["no level"]])),
        json.dumps({**control(), "tree": {}}),
        '{"id": "\\ud800"}',
    ],
)
def test_a_file_that_is_no_case_is_named(tmp_path, capsys, text: str) -> None:
    assert run(tmp_path, effective(), text) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"{tmp_path / '1.json'}: no case of an organization" in captured.err


def test_a_file_that_cannot_be_read_is_named(tmp_path, capsys) -> None:
    (tmp_path / "a.json").mkdir()

    assert main(["org", "test", str(tmp_path)]) == 2
    assert f"cannot read {tmp_path / 'a.json'}" in capsys.readouterr().err


def test_a_folder_without_cases_is_no_success(tmp_path, capsys) -> None:
    assert main(["org", "test", str(tmp_path)]) == 2
    assert "no cases to run" in capsys.readouterr().err


def test_a_path_that_is_not_there_is_used_wrongly(tmp_path, capsys) -> None:
    assert main(["org", "test", str(tmp_path / "nowhere")]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_the_management_account_may_do_what_its_role_may(tmp_path) -> None:
    tree = {"root": {"management_account": "M", "scps": [], "accounts": {"M": {"scps": []}, "A": {"scps": []}}}}

    assert run(tmp_path, control(tree=tree, expect_allowed={"M": {"s3:x": True}, "A": {"s3:x": False}})) == 0


def test_a_management_account_need_not_be_in_the_tree(tmp_path) -> None:
    tree = {"root": {"management_account": "M", "scps": [NO_S3]}}

    assert run(tmp_path, control(tree=tree, expect_allowed={"M": {"s3:x": True}})) == 0
