"""What operations on bills act on: views and contracts.

A view may be another account's: then its resource policy must allow the call, too.
Source: service authorization reference, "Actions, resources, and condition keys for AWS Billing".
"""

from collections.abc import Callable

from remit.authz.targets import Asked, Target, nothing
from remit.directory.billing.views import find_view, primary_arn
from remit.policy import Resource


def _view(asked: Asked) -> Target:
    """Find the view that a call names: by default the account's primary one."""
    given = asked.input
    arn: str = given.get("BillingViewArn") or given.get("arn") or given.get("resourceArn") or ""
    arn = arn or primary_arn(asked.caller.account, asked.partition)
    view = find_view(asked.tx, arn)
    if view is None:
        return _own(asked, arn)
    return Target(
        resource=Resource(arn=arn, account=view.account),
        shown=arn,
        tags=view.tags,
        policy=view.policy if view.account != asked.caller.account else "",
    )


def _new_view(asked: Asked) -> Target:
    return _own(asked, f"arn:{asked.partition}:billing::{asked.caller.account}:billingview/*")


def _contract(asked: Asked) -> Target:
    arn: str | None = asked.input.get("contractArn")
    return nothing(asked) if arn is None else _own(asked, arn)


def _own(asked: Asked, arn: str) -> Target:
    return Target(resource=Resource(arn=arn, account=asked.caller.account), shown=arn)


BILLING_FINDERS: dict[str, Callable[[Asked], Target]] = {
    "billingview": _view,
    "new-billingview": _new_view,
    "contract": _contract,
}
