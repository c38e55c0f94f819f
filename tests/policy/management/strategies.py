"""Policies of few keys and values, so that levels often say something about the same setting."""

from typing import Any

from hypothesis import strategies as st

from remit.policy.management.operators import CONTROL

KEYS = ("costcenter", "CostCenter", "Project")
VALUES = ("A", "B", "b", "C")
CONTROLS = (["@@all"], ["@@none"], ["@@assign"], ["@@append"], ["@@append", "@@remove"])

values = st.lists(st.sampled_from(VALUES), max_size=3, unique=True)
controls = st.dictionaries(st.just(CONTROL), st.sampled_from(CONTROLS))


@st.composite
def settings(draw: st.DrawFn) -> dict[str, Any]:
    """A list with any of the operators."""
    written = draw(st.dictionaries(st.sampled_from(["@@assign", "@@append", "@@remove"]), values))
    return {**written, **draw(controls)}


@st.composite
def tags(draw: st.DrawFn) -> dict[str, Any]:
    """A tag with a key, values and enforcement, or less."""
    tag: dict[str, Any] = draw(st.dictionaries(st.sampled_from(["tag_value", "enforced_for"]), settings()))
    if draw(st.booleans()):
        tag["tag_key"] = {"@@assign": draw(st.sampled_from(KEYS)), **draw(controls)}
    return {**tag, **draw(controls)}


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """A tag policy; never a key in two cases."""
    written = draw(st.dictionaries(st.sampled_from(KEYS), tags(), max_size=2))
    once = {key.lower(): (key, tag) for key, tag in written.items()}
    return {"tags": {**dict(once.values()), **draw(controls)}}


levels = st.lists(st.lists(policies(), max_size=3), max_size=4)
