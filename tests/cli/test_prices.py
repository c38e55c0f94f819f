"""`remit prices`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from remit.cli import main

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main(["prices", *arguments, "--data", str(tmp_path)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return call


def test_the_sample_is_taken_once_and_shown(run: Run) -> None:
    first, again = run("import", "--sample"), run("import", "--sample")

    assert (first[0], again[0]) == (0, 0)
    assert "AmazonEC2 20250101000000: 76 products\n" in first[1]
    assert "AmazonEC2 20250101000000: 76 products, there already\n" in again[1]
    assert [row["service"] for row in json.loads(run("show", "--json")[1])][-1] == "plans"
    transfer = json.loads(run("show", "AWSDataTransfer", "--json")[1])
    assert transfer[-1]["USD"].startswith("0, 0.11 from 100, 0.088 from 10240")


def test_without_prices_a_person_is_told_what_to_do(run: Run) -> None:
    assert "`remit prices import` brings them in" in run("show")[1]
    assert run("import")[0] == 2


def test_a_file_that_is_none_is_refused_with_its_name(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "offer.json"
    path.write_text('{"offerCode":"AmazonEC2"}')

    status, said = run("import", str(path))

    assert status == 1
    assert "offer.json: no offer file" in said
    assert run("show")[1].startswith("No prices")
