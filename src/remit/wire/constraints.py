"""The models' constraints, checked, and AWS's words for what breaks them.

All violations of one request are collected into one text:
`2 validation errors detected: Value 'x' at 'maxItems' failed to satisfy constraint: ...; Value ...`.
Members are named with a lower-case first letter; members of list elements are `tags.1.member.key`, of map values
`tags.KEY.key`. A list whose elements break a rule of their own scalar is reported once, with every rule the elements
have.

How a service words it is data (`data/texts.json`): IAM does not show the value, STS and the JSON services do. The value
of a sensitive member is never shown, nor is anything within it. Some IAM patterns have a sentence of their own, which
AWS gives only when nothing else is wrong.
Source: `iam-sts` reference, section 1.3; "Map keys/value must satisfy constraint" as seen in answers of JSON services.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import msgspec

from remit.errors import Rule, ValidationError
from remit.wire import patterns, timestamps
from remit.wire.models import Field, ServiceModel, Shape

_FILE = Path(__file__).parent / "data" / "texts.json"

_PATTERN_TEXT = "Member must satisfy regular expression pattern: "
_SIZED = frozenset(("string", "list", "map", "blob"))


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one service words its violations.

    Attributes:
        echo: whether the value is shown.
        enum_values: whether the values of an enumeration are listed.
        as_schema: whether it is said in the words of a JSON schema (`schema_words`), and the rest does not matter.
        patterns: pattern -> a sentence that stands alone, with `{member}` where the member's name goes.
    """

    reason: str = ""
    echo: bool = True
    enum_values: bool = True
    as_schema: bool = False
    patterns: Mapping[str, str] = {}


class Violations:
    """What was found wrong with one input.

    Attributes:
        found: AWS's sentences, in the order of the model's members.
        alone: sentences that AWS gives by themselves, and only when `found` is empty.
        broken: place and rule of each.
        hidden: how many sensitive members the value lies within that is being checked.
    """

    __slots__ = ("alone", "broken", "found", "hidden")

    def __init__(self) -> None:
        self.hidden = 0
        self.found: list[str] = []
        self.alone: list[str] = []
        self.broken: list[tuple[str, Rule]] = []

    def raise_any(self) -> None:
        """Raise what was found, if anything was.

        Raises:
            ValidationError: the input breaks a constraint.
        """
        if self.found:
            count = len(self.found)
            noun = "error" if count == 1 else "errors"
            raise ValidationError(f"{count} validation {noun} detected: {'; '.join(self.found)}", self.broken)
        if self.alone:
            raise ValidationError(self.alone[0], self.broken)


# Checks a value; the text is the place, `tags.1.member.key`.
Check = Callable[[Any, str, Violations], None]
# Says whether a value breaks the rule; AWS's words for the rule; and which rule it is.
_Constraint = tuple[Callable[[Any], bool], str, Rule]


@cache
def _all_texts() -> Mapping[str, Texts]:
    return msgspec.json.decode(_FILE.read_bytes(), type=dict[str, Texts])


def says_it_as_schemas_do(service: str) -> bool:
    """Whether *service* words its violations as a JSON schema does."""
    return _all_texts().get(service, Texts()).as_schema


def label(member: str) -> str:
    """Name a member as AWS's texts do: the first letter in lower case (`ClientIDList` is `clientIDList`)."""
    return member[:1].lower() + member[1:]


def _as_java(value: Any) -> str:
    """Show a value as the service's own language would."""
    match value:
        case bool():
            return "true" if value else "false"
        case bytes():
            return f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
        case datetime():
            return timestamps.write_iso8601(value)
        case list():
            items = cast("Iterable[Any]", value)
            return f"[{', '.join(map(_as_java, items))}]"
        case dict():
            entries = cast("dict[str, Any]", value)
            return "{" + ", ".join(f"{key}={_as_java(item)}" for key, item in entries.items()) + "}"
        case _:
            return str(value)


class Checker:
    """Makes the checks of one service's shapes; a shape without any constraint has none."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._texts = _all_texts().get(model.name, Texts())
        self._structures: dict[str, Check | None] = {}

    def structure(self, name: str) -> Check | None:
        """Make the check of a structure; None if it has no constraint. The place that it is given ends with a dot."""
        if name in self._structures:
            return self._structures[name]
        members: list[tuple[str, str, bool, Check | None]] = []

        def check(value: Mapping[str, Any], place: str, violations: Violations) -> None:
            for member, shown, required, check_member in members:
                item = value.get(member)
                if item is None:
                    if required:
                        self._report(violations, None, place + shown, "Member must not be null", Rule.REQUIRED)
                elif check_member is not None:
                    check_member(item, place + shown, violations)

        shape = self._model.shapes[name]
        # Known before its members are, for a shape may hold itself.
        self._structures[name] = check
        for member, field in ({} if shape.document else self._model.members(name)).items():
            check_member = self._of(field)
            if check_member is not None or member in shape.required:
                members.append((member, label(member), member in shape.required, check_member))
        if not members:
            self._structures[name] = None
        return self._structures[name]

    def _of(self, field: Field) -> Check | None:
        shape = field.shape
        match shape.type:
            case "structure":
                check = self._nested(field)
            case "list":
                check = self._both(self._scalar(shape), self._list(shape))
            case "map":
                check = self._both(self._scalar(shape), self._map(shape))
            case _:
                return self._scalar(shape)
        return _hiding(check) if shape.sensitive and check is not None else check

    def _nested(self, field: Field) -> Check | None:
        check = None if field.shape.eventstream else self.structure(field.shape_name)
        if check is None:
            return None
        return lambda value, place, violations: check(value, place + ".", violations)

    @staticmethod
    def _both(first: Check | None, second: Check | None) -> Check | None:
        if first is None or second is None:
            return first or second

        def check(value: Any, place: str, violations: Violations) -> None:
            first(value, place, violations)
            second(value, place, violations)

        return check

    def _list(self, shape: Shape) -> Check | None:
        element = self._model.element(shape)
        if element.shape.type in ("structure", "list", "map"):
            check_element = self._of(element)
            if check_element is None:
                return None

            def check(value: list[Any], place: str, violations: Violations) -> None:
                for number, item in enumerate(value, 1):
                    if item is not None:
                        check_element(item, f"{place}.{number}.member", violations)

            return check
        return self._each(element.shape, "Member", lambda value: value)

    def _map(self, shape: Shape) -> Check | None:
        key, value = self._model.entry(shape)
        of_keys = self._each(key.shape, "Map keys", lambda entries: entries)
        if value.shape.type in ("structure", "list", "map"):
            check_value = self._of(value)
            if check_value is None:
                return of_keys

            def check(entries: Mapping[str, Any], place: str, violations: Violations) -> None:
                for name, item in entries.items():
                    if item is not None:
                        check_value(item, f"{place}.{name}", violations)

            return self._both(of_keys, check)
        return self._both(of_keys, self._each(value.shape, "Map value", lambda entries: entries.values()))

    def _each(self, shape: Shape, subject: str, items: Callable[[Any], Any]) -> Check | None:
        """Check scalars that a list or map holds: one violation for the whole, with every rule they have."""
        # AWS names the lengths before the pattern here, and always adds the last one.
        rules = _size_rules(shape) + self._value_rules(shape)
        if not rules:
            return None
        texts = [*(text for _, text, _ in rules), "Member must not be null"]
        text = f"{subject} must satisfy constraint: [{', '.join(texts)}]"
        sensitive = shape.sensitive
        breaks = [(broken, rule) for broken, _, rule in rules]

        def check(value: Any, place: str, violations: Violations) -> None:
            held = [item for item in items(value) if item is not None]
            found = next((rule for broken, rule in breaks if any(map(broken, held))), None)
            if found is not None:
                self._report(violations, value, place, text, found, sensitive=sensitive)

        return check

    def _scalar(self, shape: Shape) -> Check | None:
        rules = self._value_rules(shape) + _size_rules(shape)
        if not rules:
            return None
        alone = self._texts.patterns.get(shape.pattern)
        sensitive = shape.sensitive

        def check(value: Any, place: str, violations: Violations) -> None:
            for broken, text, rule in rules:
                if broken(value):
                    if alone is not None and rule is Rule.PATTERN:
                        violations.alone.append(alone.format(member=place.rpartition(".")[2]))
                        violations.broken.append((place, rule))
                    else:
                        self._report(violations, value, place, text, rule, sensitive=sensitive)

        return check

    def _value_rules(self, shape: Shape) -> list[_Constraint]:
        """List what the value itself may break: whether it does, and AWS's words."""
        rules: list[_Constraint] = []
        if shape.type == "string":
            if shape.pattern:
                rules.append((_breaks_pattern(shape.pattern), _PATTERN_TEXT + shape.pattern, Rule.PATTERN))
            if shape.enum:
                rules.append((_not_in(frozenset(shape.enum)), self._enum_text(shape), Rule.ENUM))
        return rules

    def _enum_text(self, shape: Shape) -> str:
        if not self._texts.enum_values:
            return "Member must satisfy enum value set"
        return f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"

    def _report(
        self, violations: Violations, value: Any, place: str, text: str, rule: Rule, *, sensitive: bool = False
    ) -> None:
        if sensitive or violations.hidden or not self._texts.echo:
            shown = ""
        elif value is None:
            shown = "null "
        else:
            shown = f"'{_as_java(value)}' "
        violations.broken.append((place, rule))
        violations.found.append(f"Value {shown}at '{place}' failed to satisfy constraint: {text}")


def _hiding(check: Check) -> Check:
    """Check a sensitive value: nothing that lies within it is shown."""

    def hidden(value: Any, place: str, violations: Violations) -> None:
        violations.hidden += 1
        check(value, place, violations)
        violations.hidden -= 1

    return hidden


def _not_in(values: frozenset[str]) -> Callable[[str], bool]:
    return lambda value: value not in values


def _breaks_pattern(pattern: str) -> Callable[[str], bool]:
    matches: Callable[[str], object] | None = None

    def broken(value: str) -> bool:
        nonlocal matches
        found = matches
        if found is None:
            # Compiled when first needed: most patterns of a service never are.
            try:
                found = patterns.matcher(pattern)
            except patterns.PatternUnreadable:
                # What is no regular expression cannot be checked by anyone; a test lists the patterns that are none.
                found = _anything
            matches = found
        return not found(value)

    return broken


def _anything(_: str) -> bool:
    return True


def _number(limit: float) -> str:
    return str(int(limit)) if limit == int(limit) else str(limit)


def _size_rules(shape: Shape) -> list[_Constraint]:
    """List the limits of a value: of its length, or of the number itself."""
    if shape.type in _SIZED:
        return _limits(shape, "length", len, (Rule.MAX_LENGTH, Rule.MIN_LENGTH))
    if shape.type in ("integer", "long", "float", "double"):
        return _limits(shape, "value", lambda value: value, (Rule.MAX_VALUE, Rule.MIN_VALUE))
    return []


def _limits(shape: Shape, noun: str, measure: Callable[[Any], float], kinds: tuple[Rule, Rule]) -> list[_Constraint]:
    rules: list[_Constraint] = []
    too_much, too_little = kinds
    if shape.max is not None:
        most = shape.max
        rules.append(
            (
                lambda value: measure(value) > most,
                f"Member must have {noun} less than or equal to {_number(most)}",
                too_much,
            )
        )
    if shape.min is not None and (noun == "value" or shape.min > 0):
        least = shape.min
        rules.append(
            (
                lambda value: measure(value) < least,
                f"Member must have {noun} greater than or equal to {_number(least)}",
                too_little,
            )
        )
    return rules
