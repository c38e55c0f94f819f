"""`remit bill test`: what it says of scenarios that hold, differ, and are none."""

import json
from pathlib import Path

from remit.cli import main

CASES = Path(__file__).parents[1] / "cases" / "billing"
RIGHT = (
    "title: an hour\nprices: [{instance: m5.large, price: 0.10}]\nusage: [{account: a, instance: m5.large}]\n"
    "expect: {totals: {unblended: 0.10}}\n"
)


def test_the_scenarios_of_the_project_hold(capsys) -> None:
    assert main(["bill", "test", str(CASES)]) == 0
    assert capsys.readouterr().out == f"{len(list(CASES.glob('*.yaml')))} passed, 0 failed\n"


def test_a_difference_says_what_where_and_how_much(tmp_path, capsys) -> None:
    (tmp_path / "a.yaml").write_text(RIGHT)
    (tmp_path / "b.yaml").write_text(RIGHT.replace("unblended: 0.10", "unblended: 0.11"))

    assert main(["bill", "test", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert out == (
        f"FAILED {tmp_path / 'b.yaml'}: an hour\n    total unblended: expected 0.11, found 0.1\n1 passed, 1 failed\n"
    )

    assert main(["bill", "test", str(tmp_path), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["passed"], said["failed"]) == (1, 1)
    assert said["failures"][0]["differences"] == [{"what": "total unblended", "expected": "0.11", "found": "0.1"}]


def test_what_is_no_scenario_is_told_with_its_line(tmp_path, capsys) -> None:
    (tmp_path / "a.yaml").write_text(RIGHT.replace("expect", "expected"))
    assert main(["bill", "test", str(tmp_path)]) == 2
    assert "a.yaml:" in capsys.readouterr().err


def test_a_folder_without_scenarios_is_told(tmp_path, capsys) -> None:
    assert main(["bill", "test", str(tmp_path)]) == 2
    assert "no scenarios" in capsys.readouterr().err


def test_numbers_keep_all_their_places(tmp_path) -> None:
    exact = RIGHT.replace("0.10", "0.123456789012345678")
    (tmp_path / "a.yaml").write_text(exact)
    assert main(["bill", "test", str(tmp_path)]) == 0
    (tmp_path / "a.yaml").write_text(exact.replace("678}}", "679}}"))
    assert main(["bill", "test", str(tmp_path)]) == 1
