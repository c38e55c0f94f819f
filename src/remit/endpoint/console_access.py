"""Whether somebody may sign in to the console, beside what they know: the sign-in policy, where it is in force.

It is asked twice, as AWS does: before anybody is known, by the name that they give, and when they are, together with
what their own policies and the organization's deny. Nothing needs to allow it.
Source: AWS Sign-In User Guide, "How AWS Sign-In evaluates resource-based policies".
"""

from collections.abc import Mapping
from datetime import datetime

from remit.authz.authorize import ask, context, network_of
from remit.authz.targets import Target
from remit.directory.console_access import AFTER, BEFORE, policy_in_force
from remit.endpoint.shown_credentials import REGION
from remit.ids import AccountId
from remit.policy import ContextValue, Layer, Resource, Verdict
from remit.request import Caller, CallerKind, HttpRequest
from remit.store import Transaction

CONSOLE_ARN = "arn:aws:signin:::console/home"
OTHER_NETWORK = (
    "Authentication failed: To access this account, sign in from a different network, or contact your administrator "
    "for more information"
)
_NOBODY = Caller(kind=CallerKind.ANONYMOUS, account=AccountId(""))
_WHY = {
    Layer.RESOURCE: "Authorization denied because of a resource-based policy",
    Layer.RCP: "Authorization denied because of a resource control policy",
}
_WHY_ELSE = "Authorization denied because of a policy"


def denied_before(tx: Transaction, http: HttpRequest, account: AccountId, arn: str, at: datetime) -> str:
    """Say why nobody who gives the name of *arn* may try to sign in; empty when they may."""
    return _denied(tx, http, account, _NOBODY, BEFORE, {"signin:principalarn": arn}, at)


def denied_after(tx: Transaction, http: HttpRequest, caller: Caller, at: datetime) -> str:
    """Say why *caller*, who proved to be who they are, may not sign in; empty when they may."""
    return _denied(tx, http, caller.account, caller, AFTER, {}, at)


def _denied(
    tx: Transaction,
    http: HttpRequest,
    account: AccountId,
    caller: Caller,
    actions: tuple[str, ...],
    said: Mapping[str, ContextValue],
    at: datetime,
) -> str:
    policy = policy_in_force(tx, account)
    if policy is None:
        return ""
    resource = Resource(arn=CONSOLE_ARN, account=account)
    target = Target(resource=resource, shown=CONSOLE_ARN, policy=policy)
    keys = context(tx, caller, target, network_of(http), said, at=at, service="signin", region=REGION)
    for action in actions:
        decision = ask(tx, caller, action, target, keys).decision
        if decision is None:
            return _WHY_ELSE
        if decision.verdict is Verdict.EXPLICIT_DENY:
            return _WHY.get(decision.causes[0], _WHY_ELSE)
    return ""
