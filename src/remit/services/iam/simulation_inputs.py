"""What the policy simulator is asked, read and refused in its own words.

Source: `iam-sts` reference, "Policy simulator"; `policy-evaluation` reference, S1 and S7. Texts: AWS's answers of
September 2026, as others recorded them; those for wildcards in actions and for policies other than identity policies
are ours.
"""

import re
from collections.abc import Mapping, Sequence

from remit.arn import Arn
from remit.policy import ContextValue, Document, DocumentMalformed, parse
from remit.policy.language.addresses import address
from remit.policy.language.dates import instant
from remit.policy.language.operators import number, octets
from remit.services.iam import shapes
from remit.services.iam.errors import invalid_input

EVERYTHING = "*"
_LIST = "List"
# Type of a context key -> what reads its values (None for what is no such value), and what is said of those.
_VALUES = {
    "numeric": (number, "numeric format"),
    "date": (instant, "DateTime format"),
    "ip": (address, "IP address"),
    "binary": (octets, "base-64 encoded binary format"),
}
_OWNER = re.compile(r"arn:[a-z-]+:iam::([0-9]{12}):.+", re.ASCII)
# The scenarios are those of one action.
_SCENARIO_ACTION = "ec2:runinstances"
_SCENARIOS = frozenset(
    {
        "EC2-Classic-InstanceStore",
        "EC2-Classic-EBS",
        "EC2-VPC-InstanceStore",
        "EC2-VPC-InstanceStore-Subnet",
        "EC2-VPC-EBS",
        "EC2-VPC-EBS-Subnet",
    }
)


def document(text: str, what: str) -> Document:
    """Read a policy; *what* it is called where it is none.

    Raises:
        ServiceError: InvalidInput.
    """
    try:
        return parse(text)
    except DocumentMalformed:
        raise invalid_input(f"{what} has invalid content") from None


def check_actions(actions: Sequence[str]) -> None:
    """Refuse what is no action.

    Raises:
        ServiceError: InvalidInput.
    """
    for action in actions:
        if ":" not in action:
            raise invalid_input("The action is invalid since it is missing names")
        if "*" in action or "?" in action:
            raise invalid_input(f"The action {action} is invalid since it has wildcards")


def resources(asked: Sequence[str]) -> Sequence[str]:
    """Return the resources that are asked about: all of them where none is named.

    Raises:
        ServiceError: InvalidInput, one is no ARN.
    """
    if list(asked) in ([], [EVERYTHING]):
        return [EVERYTHING]
    for text in asked:
        if not _is_arn(text):
            raise invalid_input(f"ResourceNames are not in a valid ARN format: {text}.")
    return asked


def _is_arn(text: str) -> bool:
    try:
        arn = Arn.parse(text)
    except ValueError:
        return False
    return bool(arn.partition and arn.service and arn.resource)


def check_handling(option: str | None, actions: Sequence[str], names: Sequence[str]) -> None:
    """Refuse a scenario that an action does not have.

    Raises:
        ServiceError: InvalidInput.
    """
    if option is None or list(names) == [EVERYTHING]:
        return
    for action in actions:
        if action.lower() != _SCENARIO_ACTION or option not in _SCENARIOS:
            raise invalid_input(
                f"Invalid input resource handling options. Action does not support resource handling options: {action}."
            )


def context(entries: Sequence[shapes.ContextEntry]) -> Mapping[str, ContextValue]:
    """Return the context keys that are given, names in lower case.

    Raises:
        ServiceError: InvalidInput.
    """
    found: dict[str, ContextValue] = {}
    for entry in entries:
        if not any(entry.values()):
            continue
        name, values = entry.get("ContextKeyName", ""), entry.get("ContextKeyValues", ())
        if not name:
            raise invalid_input("ContextKeyName cannot be null or empty.")
        if name.lower() in found:
            raise invalid_input(f"Duplicate context key: {name}.")
        found[name.lower()] = _value(name, entry.get("ContextKeyType"), values)
    return found


def _value(name: str, kind: str | None, values: Sequence[str]) -> ContextValue:
    if kind is None:
        raise invalid_input(f"Context key {name} has invalid type null.")
    if not values:
        raise invalid_input(f"Context values for context key {name} cannot be null or empty.")
    is_list = kind.endswith(_LIST)
    if not is_list and len(values) > 1:
        raise invalid_input(f"Context key {kind} expected a single value, but received {len(values)}.")
    reads, form = _VALUES.get(kind.removesuffix(_LIST), (str, ""))
    if any(reads(value) is None for value in values):
        raise invalid_input(f"Invalid context value for key {name}: expected {form}.")
    return tuple(values) if is_list else values[0]


def owner(asked: str | None) -> str:
    """Return the account that owns resources whose ARN names none; empty for the caller's.

    Raises:
        ServiceError: InvalidInput, it is no IAM ARN; AWS refuses account ids.
    """
    if asked is None:
        return ""
    found = _OWNER.fullmatch(asked)
    if found is None:
        raise invalid_input(f"'{asked}' is not a valid as a Resource Owner.")
    return found[1]


def check_resource_policy(policy: Document, caller: str | None, names: Sequence[str]) -> None:
    """Refuse a resource policy without somebody it may name, or without a resource that it is of.

    Raises:
        ServiceError: InvalidInput.
    """
    if not caller:
        raise invalid_input("Invalid caller - Caller cannot be null or empty.")
    if EVERYTHING in names:
        raise unclear(EVERYTHING)
    for statement in policy.statements:
        if any(pattern.is_everything for pattern in (*statement.resources, *statement.not_resources)):
            raise invalid_input(f"ResourceNames are not in a valid ARN format: {EVERYTHING}.")


def unclear(arn: str) -> Exception:
    """Say that an ARN names no user, group or role."""
    return invalid_input(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
