"""Tags on budgets and their actions. Source: AWS Budgets API reference, TagResource."""

from typing import Any

import msgspec

from remit.directory.billing.budgets import BUDGET_ACTIONS, BUDGETS
from remit.directory.billing.facts import Missing, Thing
from remit.errors import ServiceError
from remit.request import Call
from remit.services.budgets import shapes
from remit.services.budgets.errors import wrong
from remit.services.budgets.registry import operation
from remit.services.tags import TagRules, shown_tags, without
from remit.store import Kind, Transaction

_MOST = 50
RULES = TagRules(
    most=_MOST,
    wrong=wrong,
    too_many=lambda _: ServiceError("ServiceQuotaExceededException", f"A budget or action has at most {_MOST} tags."),
    is_repeatable=True,
)


def _tagged(call: Call[Any], tx: Transaction) -> tuple[Kind[Any], Any]:
    arn: str = call.input["ResourceARN"]
    budget, mark, action = arn.partition(":budget/")[2].partition("/action/")
    owner = arn.split(":")[4] if arn.count(":") >= 5 else ""  # noqa: PLR2004  # parts of an ARN
    kind: Kind[Any] = BUDGET_ACTIONS if mark else BUDGETS
    found: Any = tx.get(kind, action if mark else f"{owner}:{budget}")
    if found is None or owner != call.account or found.account != call.account:
        raise Missing(Thing.BUDGET, arn)
    return kind, found


@operation("ListTagsForResource")
def list_tags_for_resource(call: Call[shapes.ListTagsForResourceRequest], tx: Transaction) -> dict[str, Any]:
    """List the tags of a budget or action."""
    _, found = _tagged(call, tx)
    return {"ResourceTags": shown_tags(found.tags)}


@operation("TagResource")
def tag_resource(call: Call[shapes.TagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Give a budget or action tags."""
    kind, found = _tagged(call, tx)
    tags = RULES.added(found.tags, call.input["ResourceTags"], found.id)
    tx.put(kind, msgspec.structs.replace(found, tags=tags))
    return {}


@operation("UntagResource")
def untag_resource(call: Call[shapes.UntagResourceRequest], tx: Transaction) -> dict[str, Any]:
    """Take tags from a budget or action; those that it does not have do not matter."""
    kind, found = _tagged(call, tx)
    tx.put(kind, msgspec.structs.replace(found, tags=without(found.tags, call.input["ResourceTagKeys"])))
    return {}
