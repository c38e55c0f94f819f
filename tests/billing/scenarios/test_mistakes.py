"""What is wrong with a scenario is told with file, line and what to do, and nothing is billed."""

import pytest

from remit.billing.scenarios.outcomes import bill_scenario, differences
from remit.billing.scenarios.reading import read_scenario
from remit.billing.scenarios.times import ScenarioMistake

USAGE = "usage: [{account: a, instance: m5.large}]\n"

MISTAKES = {
    "a key nobody knows": ("title: t\nusages: []\n", "Object contains unknown field `usages`"),
    "no title": ("month: 2026-03\n", "missing required field `title`"),
    "a word for a number": ("title: t\nfree: [{service: s, usage_types: [u], quantity: many}]\n", ":2: "),
    "no month": ("title: t\nmonth: 2026-13\n", "month"),
    "no time": (f"title: t\n{USAGE}".replace("m5.large", "m5.large, start: soon"), "'soon' is no time"),
    "ends before it begins": (
        f"title: t\n{USAGE}".replace("m5.large", "m5.large, start: 2026-03-02, end: 2026-03-01"),
        "before it begins",
    ),
    "end and hours": (f"title: t\n{USAGE}".replace("m5.large", "m5.large, end: 2026-03-02, hours: 2"), "not both"),
    "an account that is no member": (f"title: t\norganization: {{management: b}}\n{USAGE}", "account a is not"),
    "usage of nothing": ("title: t\nusage: [{account: a, quantity: 1}]\n", "write `service`, `instance` or `sku`"),
    "usage without a quantity": (
        "title: t\nusage: [{account: a, service: AmazonS3, usage_type: Requests}]\n",
        "write `quantity`",
    ),
    "an sku without a price": ("title: t\nusage: [{account: a, sku: x, quantity: 1}]\n", "no price has the sku x"),
    "a price and tiers": (
        "title: t\nprices: [{instance: m5.large, price: 1, tiers: [{price: 1}]}]\n",
        "write `price` or `tiers`",
    ),
    "a tier with two ends": (
        "title: t\nprices: [{instance: m5.large, tiers: [{up_to: 1, next: 1, price: 1}]}]\n",
        "not both",
    ),
    "a tier without an end before another": (
        "title: t\nprices: [{instance: m5.large, tiers: [{price: 1}, {price: 2}]}]\n",
        "has no end",
    ),
    "two prices at once": (
        "title: t\nprices: [{instance: m5.large, price: 1}, {instance: m5.large, price: 2, since: 2026-03-02}]\n",
        "before the one before it ends",
    ),
    "a reservation of nothing": ("title: t\ncommitments: {reservations: [{owner: a}]}\n", "without `instance`"),
    "hourly and monthly": (
        "title: t\ncommitments: {reservations: [{owner: a, instance: m5.large, hourly: 1, monthly: 1}]}\n",
        "not both",
    ),
    "a term within one clock hour": (
        (
            "title: t\ncommitments:\n  reservations:\n"
            "    - {owner: a, instance: m5.large, start: 2026-03-01T09:15Z, end: 2026-03-01T09:45Z}\n"
        ),
        "has no clock hour",
    ),
    "an expectation of a commitment that is not there": (
        "title: t\nexpect: {commitments: {x: {used: 1}}}\n",
        "no commitment is called x",
    ),
    "of a credit": ("title: t\nexpect: {credits_left: {x: 1}}\n", "no credit is called x"),
    "of an offer": ("title: t\nexpect: {free: {x: 1}}\n", "no offer is called x"),
    "of a category": ("title: t\nexpect: {categories: {x: {y: 1}}}\n", "no cost category is called x"),
    "of a month that is no later one": ("title: t\nexpect: {months: {2026-03: {}}}\n", "write months after 2026-03"),
    "of an exchange": ("title: t\nexpect: {exchanges: {x: {count: 1}}}\n", "no exchange is called x"),
    "of a modification": ("title: t\nexpect: {modifications: {x: {allowed: true}}}\n", "no modification is called x"),
    "categories in a circle": (
        (
            "title: t\ncost_categories:\n"
            "  - {name: A, rules: [{value: v, when: {categories: {B: [v]}}}]}\n"
            "  - {name: B, rules: [{value: v, when: {categories: {A: [v]}}}]}\n"
        ),
        "ask for each other: A > B > A",
    ),
    "a category that is not there": (
        "title: t\ncost_categories: [{name: A, rules: [{value: v, when: {categories: {B: [v]}}}]}]\n",
        "asks for B, which there is not",
    ),
    "a rule that says nothing": ("title: t\ncost_categories: [{name: A, rules: [{value: v}]}]\n", "write `value`"),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told(tmp_path, text, said) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioMistake) as raised:
        differences(bill_scenario(read_scenario(file)))
    assert said in str(raised.value)
