"""Every scenario holds, and would not if any of its numbers were another."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from remit.billing.scenarios.form import ScenarioForm
from remit.billing.scenarios.outcomes import bill_scenario, differences
from remit.billing.scenarios.reading import read_scenario
from remit.yaml_files import ExactLoader, load_yaml

FILES = sorted((Path(__file__).parents[2] / "cases" / "billing").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_scenario_comes_out_as_it_says(file) -> None:
    assert differences(bill_scenario(read_scenario(file))) == []


def numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("rounded", "tier"):
                yield from numbers(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from numbers(inner, (*path, index))
    elif isinstance(value, int | Decimal | bool):
        yield path


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_another_number_is_noticed(file) -> None:
    said = load_yaml(file.read_text(), ExactLoader)
    billed = bill_scenario(msgspec.convert(said, ScenarioForm))
    found = list(numbers(said["expect"]))
    assert found
    for path in found:
        changed = load_yaml(file.read_text(), ExactLoader)["expect"]
        at = changed
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = not at[path[-1]] if isinstance(at[path[-1]], bool) else at[path[-1]] + 3
        other = msgspec.structs.replace(billed.form, expect=msgspec.convert(changed, type(billed.form.expect)))
        assert differences(billed._replace(form=other)), path
