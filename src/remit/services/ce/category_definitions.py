"""Cost categories: defined, described, listed, changed, ended.

Source: Cost Explorer API reference, CreateCostCategoryDefinition and the operations beside it; user guide, "Creating
cost categories".
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from remit.directory.billing import cost_categories as directory
from remit.directory.billing.cost_categories import CostCategory, Rules, known_cost_category, month_of
from remit.directory.billing.payers import payer_of
from remit.directory.billing.preferences import SHARING, Feature, preferences
from remit.errors import AccessDenied
from remit.ids import AccountId
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.errors import invalid
from remit.services.ce.pages import page
from remit.services.ce.registry import operation
from remit.services.ce.rule_checks import check_rules
from remit.services.ce.tags import RULES
from remit.store import Transaction

_PAGE = 100
_HUNDRED = Decimal(100)


def payer_only(call: Call[Any], tx: Transaction) -> AccountId:
    """Return the caller's account, if it pays for itself.

    Raises:
        AccessDenied: a management account pays for it.
    """
    if payer_of(tx, call.account) != call.account:
        raise AccessDenied("Only the management account or a standalone account can perform this operation.")
    return call.account


def instant(text: str, name: str) -> datetime:
    """Return the moment that a `ZonedDateTime` writes.

    Raises:
        ServiceError: ValidationException, there is none such.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"{name} {text} is invalid.") from None
    return found.astimezone(UTC)


def zoned(at: datetime) -> str:
    """Write a moment as answers have it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _rules(call: Call[Any]) -> Rules:
    asked = call.input
    start = asked.get("EffectiveStart")
    rules: Sequence[Mapping[str, Any]] = asked["Rules"]
    check_rules(rules)
    splits: Sequence[Mapping[str, Any]] = asked.get("SplitChargeRules") or ()
    check_splits(splits)
    return Rules(
        starts_at=month_of(call.at) if start is None else instant(start, "EffectiveStart"),
        rules=tuple(rules),
        splits=tuple(splits),
        default=asked.get("DefaultValue") or "",
    )


def check_splits(splits: Sequence[Mapping[str, Any]]) -> None:
    """Refuse split charge rules that cannot be: a value is a source once, and never a target as well.

    Raises:
        ServiceError: ValidationException.
    """
    sources = [split["Source"] for split in splits]
    targets = {target for split in splits for target in split["Targets"]}
    if len(set(sources)) != len(sources):
        raise invalid("A value can be the source of one split charge rule only.")
    for source in sources:
        if source in targets:
            raise invalid(f"{source} cannot be the source and a target of split charge rules.")
    for split in splits:
        parameters = [one for parameter in split.get("Parameters") or () for one in parameter["Values"]]
        if split["Method"] != "FIXED":
            if parameters:
                raise invalid("Parameters are for the method FIXED only.")
            continue
        try:
            parts = [Decimal(one) for one in parameters]
        except InvalidOperation:
            raise invalid("Allocation percentages must be numbers.") from None
        if len(parts) != len(split["Targets"]) or sum(parts) != _HUNDRED or any(part < 0 for part in parts):
            raise invalid("There must be an allocation percentage for each target, and they must add up to 100.")


@operation("CreateCostCategoryDefinition")
def create_cost_category_definition(
    call: Call[shapes.CreateCostCategoryDefinitionRequest], tx: Transaction
) -> dict[str, Any]:
    """Define a cost category, from the current month on or from an earlier one."""
    payer = payer_only(call, tx)
    made = directory.create_cost_category(
        tx,
        payer,
        call.input["Name"],
        _rules(call),
        at=call.at,
        tags=RULES.read(call.input.get("ResourceTags", ())),
        partition=call.partition,
    )
    return {"CostCategoryArn": made.id, "EffectiveStart": zoned(made.newest.starts_at)}


@operation("UpdateCostCategoryDefinition")
def update_cost_category_definition(
    call: Call[shapes.UpdateCostCategoryDefinitionRequest], tx: Transaction
) -> dict[str, Any]:
    """Give a cost category other rules, from the current month on or from an earlier one."""
    made = known_cost_category(tx, payer_only(call, tx), call.input["CostCategoryArn"])
    changed = directory.update_cost_category(tx, made, _rules(call), at=call.at)
    return {"CostCategoryArn": changed.id, "EffectiveStart": zoned(changed.newest.starts_at)}


@operation("DeleteCostCategoryDefinition")
def delete_cost_category_definition(
    call: Call[shapes.DeleteCostCategoryDefinitionRequest], tx: Transaction
) -> dict[str, Any]:
    """End a cost category with the current month."""
    made = known_cost_category(tx, payer_only(call, tx), call.input["CostCategoryArn"])
    ended = directory.delete_cost_category(tx, made, at=call.at)
    return {"CostCategoryArn": ended.id, "EffectiveEnd": zoned(ended.ends_at or call.at)}


@operation("DescribeCostCategoryDefinition")
def describe_cost_category_definition(
    call: Call[shapes.DescribeCostCategoryDefinitionRequest], tx: Transaction
) -> dict[str, Any]:
    """Show a cost category with the rules in force on a day; by default the last that were given."""
    made = known_cost_category(tx, payer_only(call, tx), call.input["CostCategoryArn"])
    on = call.input.get("EffectiveOn")
    rules = made.newest if on is None else made.rules_at(instant(on, "EffectiveOn"))
    if rules is None:
        raise invalid(f"The cost category {made.name} has no rules on {on}.")
    shown: dict[str, Any] = {
        "CostCategoryArn": made.id,
        "Name": made.name,
        "EffectiveStart": zoned(rules.starts_at),
        "RuleVersion": "CostCategoryExpression.v1",
        "Rules": list(rules.rules),
        "ProcessingStatus": _STATUS,
    }
    if rules.splits:
        shown["SplitChargeRules"] = list(rules.splits)
    if rules.default:
        shown["DefaultValue"] = rules.default
    later = next((one.starts_at for one in made.history if one.starts_at > rules.starts_at), None)
    if later is not None:
        shown["EffectiveEnd"] = zoned(later)
    return {"CostCategory": shown}


# Rules count as soon as they are given: values are worked out when somebody asks.
_STATUS = [{"Component": "COST_EXPLORER", "Status": "APPLIED"}]


@operation("ListCostCategoryDefinitions")
def list_cost_category_definitions(
    call: Call[shapes.ListCostCategoryDefinitionsRequest], tx: Transaction
) -> dict[str, Any]:
    """List the cost categories; those in force on a day if one is given."""
    payer = payer_only(call, tx)
    on = call.input.get("EffectiveOn")
    at = None if on is None else instant(on, "EffectiveOn")
    wanted = frozenset(call.input.get("SupportedResourceTypes") or ())
    found = [
        made for made in directory.cost_categories(tx, payer, on=at) if not wanted or wanted & frozenset(_types(made))
    ]
    shown, following = page(call, tx, found, member="NextToken", most=_PAGE)
    return {"CostCategoryReferences": [_reference(made, at) for made in shown], **following}


def _types(made: CostCategory) -> tuple[str, ...]:
    return directory.SHARING_TYPES if directory.is_by_account(made.newest) else ()


def _reference(made: CostCategory, at: datetime | None) -> dict[str, Any]:
    rules = made.newest if at is None else made.rules_at(at) or made.newest
    values = list(dict.fromkeys(rule["Value"] for rule in rules.rules if rule.get("Value")))
    shown: dict[str, Any] = {
        "CostCategoryArn": made.id,
        "Name": made.name,
        "EffectiveStart": zoned(rules.starts_at),
        "NumberOfRules": len(rules.rules),
        "ProcessingStatus": _STATUS,
        "Values": values,
        "SupportedResourceTypes": list(_types(made)),
    }
    if rules.default:
        shown["DefaultValue"] = rules.default
    if made.ends_at is not None:
        shown["EffectiveEnd"] = zoned(made.ends_at)
    return shown


@operation("ListCostCategoryResourceAssociations")
def list_cost_category_resource_associations(
    call: Call[shapes.ListCostCategoryResourceAssociationsRequest], tx: Transaction
) -> dict[str, Any]:
    """List what uses cost categories: the sharing of reservations and credits by groups, and of single benefits."""
    payer = payer_only(call, tx)
    arn = call.input.get("CostCategoryArn")
    if arn is not None:
        known_cost_category(tx, payer, arn)
    names = {made.id: made.name for made in directory.cost_categories(tx, payer)}
    found = sorted((category, resource) for category, resource in _uses(tx, payer, call.partition) if category in names)
    kept = [(category, resource) for category, resource in found if arn in (None, category)]
    shown, following = page(call, tx, kept, member="NextToken", most=_PAGE)
    associations = [
        {"CostCategoryArn": category, "CostCategoryName": names[category], "ResourceArn": resource}
        for category, resource in shown
    ]
    return {"CostCategoryResourceAssociations": associations, **following}


def _uses(tx: Transaction, payer: AccountId, partition: str) -> set[tuple[str, str]]:
    features = [*SHARING, Feature.CREDIT_PREFERENCE_OPTIONS]
    found: set[tuple[str, str]] = set()
    for feature in features:
        for held in preferences(tx, payer, feature):
            before, mark, arn = held.key.partition("/arn:")
            if held.is_on and mark:
                kind = before.split("/")[1] if before.startswith(("benefit/", "credit/")) else str(feature)
                found.add((f"arn:{arn}", f"arn:{partition}:billing::{payer}:preference/{kind.replace('_', '-')}"))
    return found
