"""A cost category gives every line the value that its definition gives it, asked of SQL and asked of rules."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bills import MEMBER, PAYER, STRANGER, at, line, written
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.analysis.bills import LedgerBills
from remit.billing.analysis.categories import Dated, with_categories
from remit.billing.analysis.dimensions import Known, category, dimension
from remit.billing.analysis.fragments import TRUE
from remit.billing.analysis.questions import Bucket, Part, grouped
from remit.billing.categories.api import rule_of
from remit.billing.categories.rules import Category, in_order, values
from remit.billing.lines import LineType

NAMES = {MEMBER: "Research", PAYER: "Head", STRANGER: "Stranger"}
SINCE = at("2026-01-01")
LINES = [
    line(number, "2026-02-03", "1", resource=f"r{number}", **members)
    for number, members in enumerate(
        [
            {},
            {"account": PAYER, "region": "eu-west-1", "tags": {"team": "red"}},
            {
                "account": STRANGER,
                "service": "AmazonS3",
                "usage_type": "TimedStorage-ByteHrs",
                "tags": {"team": "Blue"},
            },
            {"region": "", "line_type": LineType.CREDIT, "tags": {"team": ""}},
            {"account": PAYER, "tags": {"team": "red", "stage": "test"}},
        ]
    )
]
_LEAVES = [
    ("Dimensions", "LINKED_ACCOUNT", [MEMBER, PAYER]),
    ("Dimensions", "SERVICE_CODE", ["AmazonS3", "AmazonEC2"]),
    ("Dimensions", "USAGE_TYPE", ["BoxUsage:m5.large", "Box"]),
    ("Dimensions", "LINKED_ACCOUNT_NAME", ["Research", "Head"]),
    ("Tags", "team", ["red", "blue", ""]),
    ("Tags", "stage", ["test"]),
]
_WAYS = ["EQUALS", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "ABSENT", "CASE_INSENSITIVE"]


@st.composite
def leaves(draw: Any, categories: tuple[str, ...] = ()) -> dict[str, Any]:
    every = [*_LEAVES, *(("CostCategories", name, ["a", "b", ""]) for name in categories)]
    kind, key, words = draw(st.sampled_from(every))
    found = draw(st.lists(st.sampled_from(words), min_size=1, max_size=2, unique=True))
    ways = draw(st.lists(st.sampled_from(_WAYS), max_size=2, unique=True))
    return {kind: {"Key": key, "Values": found, **({"MatchOptions": ways} if ways else {})}}


def expressions(categories: tuple[str, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        leaves(categories),
        lambda inner: st.one_of(
            inner.map(lambda one: {"Not": one}),
            st.lists(inner, min_size=2, max_size=3).map(lambda many: {"And": many}),
            st.lists(inner, min_size=2, max_size=3).map(lambda many: {"Or": many}),
        ),
        max_leaves=5,
    )


def rules(categories: tuple[str, ...] = ()) -> st.SearchStrategy[list[dict[str, Any]]]:
    regular = st.builds(
        lambda value, rule: {"Value": value, "Rule": rule}, st.sampled_from(["a", "b"]), expressions(categories)
    )
    inherited = st.sampled_from(
        [
            {"InheritedValue": {"DimensionName": "LINKED_ACCOUNT_NAME"}},
            {"InheritedValue": {"DimensionName": "TAG", "DimensionKey": "team"}},
        ]
    )
    return st.lists(st.one_of(regular, regular, inherited), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LedgerBills]:
    folder: Path = tmp_path_factory.mktemp("bills")
    written(folder, LINES)
    return LedgerBills(folder)


@given(
    first=rules(), second=rules(("First",)), defaults=st.tuples(st.sampled_from(["", "z"]), st.sampled_from(["", "y"]))
)
def test_both_give_every_line_the_same_value(
    bills: LedgerBills, first: list[Any], second: list[Any], defaults: tuple[str, str]
) -> None:
    known = Known(names=NAMES, tags={"team": SINCE, "stage": SINCE})
    histories = {
        name: [Dated(SINCE, given_rules, default)]
        for name, given_rules, default in zip(("First", "Second"), (first, second), defaults, strict=True)
    }
    known = with_categories(known, histories)
    wanted = [
        Category(name, tuple(map(rule_of, given_rules)), default)
        for name, given_rules, default in zip(("First", "Second"), (first, second), defaults, strict=True)
    ]

    part, time = Part(PAYER, known, TRUE), Bucket(at("2026-02-01"), at("2026-03-01"))
    keys = [category("First", known), category("Second", known)]
    names = [*keys, dimension("RESOURCE_ID", known)]
    found = {
        one.keys[2]: one.keys[:2]
        for one in grouped(bills, part, time, TRUE, names, ["BlendedCost"], None, is_detailed=True)
    }

    for one in LINES:
        expected = values(one, in_order(wanted), NAMES)
        assert found[one.resource] == (expected.get("First", ""), expected.get("Second", ""))


def test_rules_count_from_their_month_on(tmp_path: Path) -> None:
    written(tmp_path, [line(1, "2026-01-15", "1"), line(2, "2026-02-15", "2"), line(3, "2026-03-15", "4")])
    always = {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [MEMBER]}}
    history = [
        Dated(at("2026-02-01"), [{"Value": "old", "Rule": always}], ""),
        Dated(at("2026-03-01"), [{"Value": "new", "Rule": always}], ""),
    ]
    known = with_categories(Known(), {"Teams": history})

    time = Bucket(at("2026-01-01"), at("2026-04-01"))
    found = grouped(
        LedgerBills(tmp_path), Part(PAYER, known, TRUE), time, TRUE, [category("Teams", known)], ["BlendedCost"], None
    )

    assert {one.keys[0]: one.amounts[0] for one in found} == {"": 1, "old": 2, "new": 4}
