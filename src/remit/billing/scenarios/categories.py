"""Cost categories as scenarios write them."""

from collections.abc import Iterator, Sequence

from remit.billing.categories.expressions import AllOf, AnyOf, Expression, Match, Not, Values
from remit.billing.categories.rules import Category, Rule, SplitCharge, SplitMethod
from remit.billing.money import exact
from remit.billing.scenarios.form import CategoryForm, ConditionForm, RuleForm
from remit.billing.scenarios.times import ScenarioMistake, moment

_KEYS = {
    "account": "LINKED_ACCOUNT",
    "account_name": "LINKED_ACCOUNT_NAME",
    "service": "SERVICE_CODE",
    "line_type": "RECORD_TYPE",
    "region": "REGION",
    "usage_type": "USAGE_TYPE",
}


def category(form: CategoryForm, in_month: str) -> Category:
    """Return the category that *form* writes.

    Raises:
        ScenarioMistake: a rule says too little.
    """
    return Category(
        form.name,
        tuple(map(_rule, form.rules)),
        form.default,
        tuple(
            SplitCharge(one.source, tuple(one.targets), SplitMethod(one.method), tuple(map(exact, one.percentages)))
            for one in form.splits
        ),
        moment(form.since, in_month) if form.since else None,
    )


def _rule(form: RuleForm) -> Rule:
    if form.inherit_account_name:
        return Rule("", None, "LINKED_ACCOUNT_NAME")
    if form.inherit_tag:
        return Rule("", None, form.inherit_tag, from_tag=True)
    if form.when is None or not form.value:
        raise ScenarioMistake("a rule of a cost category: write `value` and `when`, or what it inherits")
    return Rule(form.value, _condition(form.when))


def _condition(form: ConditionForm) -> Expression:
    parts = list(_parts(form))
    if not parts:
        raise ScenarioMistake("a condition of a cost category says nothing")
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _parts(form: ConditionForm) -> Iterator[Expression]:
    matches = (Match(form.match),)

    def values(of: str, key: str, wanted: Sequence[str]) -> Values:
        return Values(of, key, tuple(wanted), matches)

    for name, key in _KEYS.items():
        wanted: list[str] = getattr(form, name)
        if wanted:
            yield values("DIMENSION", key, wanted)
    for key, wanted in form.tags.items():
        yield values("TAG", key, wanted)
    for key, wanted in form.categories.items():
        yield values("COST_CATEGORY", key, wanted)
    yield from map(_condition, form.all_of)
    if form.any_of:
        yield AnyOf(tuple(map(_condition, form.any_of)))
    for one in form.none_of:
        yield Not(_condition(one))
