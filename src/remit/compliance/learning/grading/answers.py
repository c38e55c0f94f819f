"""What learners answer: compared without regard to case, white space, or the order of lists."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from remit.compliance.learning.grading.criteria import Answered


def answered(answers: Mapping[str, Any] | None, asked: Answered) -> str | None:
    """Say what is wrong with an answer, and not what would be right."""
    if answers is None:
        return "there are no answers yet: fill in answers.yaml, and name it with --answers"
    given = answers.get(asked.key)
    if given in (None, "", [], {}):
        return f"`{asked.key}` is not answered"
    if isinstance(asked.right, dict):
        return _members(asked, cast("dict[str, Any]", asked.right), given)
    if plain(given) == plain(asked.right):
        return None
    if isinstance(asked.right, list) and isinstance(given, list):
        right, said = _plain_set(cast("Sequence[Any]", asked.right)), _plain_set(cast("Sequence[Any]", given))
        return f"`{asked.key}`: {len(said - right)} too many, {len(right - said)} missing"
    return f"`{asked.key}` is not `{given}`"


def _members(asked: Answered, right: Mapping[str, Any], given: Any) -> str | None:
    if not isinstance(given, dict):
        return f"`{asked.key}` is an object: a name and a value on each line"
    said = {str(name): value for name, value in cast("Mapping[Any, Any]", given).items()}
    wrong = [name for name, value in right.items() if plain(said.get(name)) != plain(value)]
    if len(wrong) <= asked.wrong:
        return None
    return f"`{asked.key}`: {len(wrong)} of {len(right)} are wrong or missing, `{wrong[0]}` among them"


def plain(value: Any) -> Any:
    """Return a value as it is compared."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, list):
        return _plain_set(cast("Sequence[Any]", value))
    text = " ".join(str(value).split()).casefold()
    if text in {"true", "false", "yes", "no"}:
        return ("bool", text in {"true", "yes"})
    try:
        return ("number", Decimal(text.replace(",", "")))
    except InvalidOperation:
        return text


def _plain_set(values: Sequence[Any]) -> frozenset[Any]:
    return frozenset(map(plain, values))
