"""Parameters: drawn alike for a seed, put in wherever they are named, and refused where there are none."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.compliance.learning.labs import lab, lab_ids, read_lab
from remit.compliance.learning.parameters import Parameter, ParameterUnknown, draw, fill
from remit.content_files import ContentMistake

SEEDS = st.text("0123456789abcdef", min_size=32, max_size=32)
DRAWN: dict[str, Any] = {"name": "x-1", "list": ["a", {"b": 7}], "number": 3, "on": False, "account": {"shop": "1"}}


def parameters(**written: Any) -> dict[str, Parameter]:
    return msgspec.convert(written, dict[str, Parameter])


@given(SEEDS)
def test_a_seed_draws_the_same_every_time_within_what_is_written(seed: str) -> None:
    written = parameters(
        one={"draw": "choice", "of": ["a", "b"]},
        some={"draw": "sample", "of": [1, 2, 3], "count": 2},
        many={"draw": "number", "least": 3, "most": 5},
        name={"draw": "name", "begins": "bucket-"},
        whole={"draw": "choice", "of": ["{{name}}/a", "{{name}}/b"]},
    )

    drawn = draw(written, seed, {"mark": "m"})

    assert drawn == draw(written, seed, {"mark": "m"})
    assert drawn["one"] in ("a", "b")
    assert len(set(drawn["some"])) == 2
    assert 3 <= drawn["many"] <= 5
    assert drawn["whole"].startswith(drawn["name"] + "/")


FILLED: dict[str, tuple[Any, Any]] = {
    "within a text": ("arn:{{name}}:{{number}}", "arn:x-1:3"),
    "a whole text becomes the value": ("{{list}}", ["a", {"b": 7}]),
    "also one that is false": ("{{on}}", False),
    "a step into a list": ("{{list.0}}", "a"),
    "two steps": ("{{list.1.b}}", 7),
    "an account": ("{{account.shop}}", "1"),
    "names of members": ({"k-{{name}}": ["{{number}}"]}, {"k-x-1": [3]}),
    "a variable of policies stays": ("${aws:username}", "${aws:username}"),
    "other braces stay": ("{{ name }} {name} {{Name}}", "{{ name }} {name} {{Name}}"),
    "a number stays": (5, 5),
}


@pytest.mark.parametrize(("written", "expected"), FILLED.values(), ids=FILLED)
def test_parameters_are_put_in_where_they_are_named(written: Any, expected: Any) -> None:
    assert fill(written, DRAWN) == expected


@pytest.mark.parametrize("named", ["{{other}}", "x {{list.2}}", "{{list.x}}", "{{name.0}}", "{{account.play}}"])
def test_a_parameter_that_there_is_not_is_a_mistake(named: str) -> None:
    with pytest.raises(ParameterUnknown):
        fill(named, DRAWN)


@pytest.mark.parametrize("id_", lab_ids())
@given(seed=SEEDS)
def test_every_seed_makes_a_lab_of_every_file(id_: str, seed: str) -> None:
    written = lab(id_)

    made = written.for_learner(seed, {name: f"{number:012}" for number, name in enumerate(written.accounts, start=1)})

    assert made.id == id_
    assert "{{" not in msgspec.json.encode(made).decode()


MISTAKES = {
    "no YAML": ("id: [", "write it as YAML"),
    "no id": ("title: x\nminutes: 1\n", "id"),
    "a strange id": ("id: B1-1\ntitle: x\nminutes: 1\n", "regex"),
    "no criteria": ("id: A1-1\ntitle: x\nminutes: 1\ntask: x\ncriteria: []\n", "length >= 1"),
    "a kind of criterion that there is not": (
        "id: A1-1\ntitle: x\nminutes: 1\ntask: x\ncriteria: [{kind: luck, says: x}]\n",
        "luck",
    ),
    "a member that there is not": (
        "id: A1-1\ntitle: x\nminutes: 1\ntask: x\ncriteria: [{kind: no-root, says: x, sometimes: true}]\n",
        "sometimes",
    ),
    "a parameter that there is not": (
        "id: A1-1\ntitle: x\nminutes: 1\ntask: '{{x}}'\ncriteria: [{kind: no-root, says: x}]\n",
        "parameter that there is not",
    ),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_lab_is_told_with_its_file(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "lab.yaml"
    path.write_text(text)

    with pytest.raises(ContentMistake, match=said) as raised:
        read_lab(path).for_learner("0" * 32, {"management": "1" * 12})

    assert str(raised.value).startswith("lab.yaml:")
