"""Questions without a request to answer: what people ask, and what the trail remembers.

A record is asked again with the policies of now: it keeps who called what, not which policies there were.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

import msgspec

from remit.arn import partition_of_region
from remit.authz.authorize import Question, ask
from remit.authz.authorize import context as context_for
from remit.authz.facts import Network
from remit.authz.input_keys import input_keys
from remit.authz.operations import Operation, operations
from remit.authz.resources import assumed, find, named
from remit.authz.standing import caller_named
from remit.authz.targets import Asked
from remit.directory.roles import ROLES
from remit.directory.users import USERS
from remit.ids import AccountId
from remit.policy import ContextValue, Policies, folded
from remit.request import Caller
from remit.store import Transaction

_ASSUMING = frozenset({"sts:assumerole", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext"})
_SOURCE_SUFFIX = ".amazonaws.com"


def question_of(
    tx: Transaction,
    caller: Caller,
    action: str,
    resource: str = "*",
    context: Mapping[str, ContextValue | list[str]] | None = None,
    *,
    at: datetime,
    lent: Policies | None = None,
    owner: str = "",
    own: str = "",
) -> Question:
    """Ask whether *caller* may do *action* on the ARN *resource*.

    Args:
        context: condition keys over those that the caller and the time give.
        lent: what the caller has in the place of what is attached to it: for those who do not exist.
        owner: the account of a resource whose ARN names none; the caller's by default.
        own: the policy of the resource, in the place of the one that it has.
    """
    target = (assumed if action.lower() in _ASSUMING else named)(tx, caller, resource)
    if owner and target.resource.account == caller.account:
        target = msgspec.structs.replace(target, resource=msgspec.structs.replace(target.resource, account=owner))
    if own:
        target = msgspec.structs.replace(target, role=None, policy=own)
    said = folded(dict(context or {}))
    service = action.partition(":")[0]
    keys = context_for(tx, caller, target, Network(), said, at=at, service=service, region="us-east-1")
    return ask(tx, caller, action, target, keys, lent)


def question_of_record(tx: Transaction, record: Mapping[str, Any], *, at: datetime) -> Question:
    """Ask again what a record of the trail tells of, with the policies of now.

    Raises:
        LookupError: nobody signed it, it is no operation that Remit answers, or who called is gone.
    """
    service = str(record["eventSource"]).removesuffix(_SOURCE_SUFFIX)
    operation = _operation(service, record["eventName"])
    caller = _caller(tx, record["userIdentity"])
    region = record["awsRegion"]
    given = _members(record.get("requestParameters") or {})
    target = find(Asked(tx, caller, partition_of_region(region), given), operation.resource, operation.shown)
    network = Network(
        source_ip=record.get("sourceIPAddress", ""),
        user_agent=record.get("userAgent") or None,
        secure="tlsDetails" in record,
    )
    said = input_keys(operation.keys, given, target)
    keys = context_for(tx, caller, target, network, said, at=at, service=service, region=region)
    return ask(tx, caller, operation.action, target, keys)


def _operation(service: str, name: str) -> Operation:
    """Find an operation by what a record calls it: several services may sign, and are recorded, under one name."""
    for known in operations().values():
        found = known.get(name)
        if found is not None and found.action.startswith(f"{service}:"):
            return found
    raise LookupError(f"{service}:{name} is no operation that policies are asked about")


def _caller(tx: Transaction, identity: Mapping[str, Any]) -> Caller:
    account = AccountId(identity.get("accountId", ""))
    principal, _, _ = str(identity.get("principalId", "")).partition(":")
    match identity.get("type"):
        case "Root":
            return caller_named(tx, account, "root")
        case "IAMUser" if (user := tx.get(USERS, principal)) is not None:
            return caller_named(tx, account, f"user/{user.name}")
        case "AssumedRole" if (role := tx.get(ROLES, principal)) is not None:
            return caller_named(tx, account, f"role/{role.name}")
        case "Unknown":
            raise LookupError("its signature did not verify, so no policy was asked")
        case kind:
            raise LookupError(f"who called is no longer there: {kind} {identity.get('arn', principal)}")


def _members(value: Any) -> Any:
    """Give a record's parameters the names that the model has: CloudTrail makes the first letter small."""
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        return {f"{name[:1].upper()}{name[1:]}": _members(item) for name, item in entries.items()}
    if isinstance(value, list):
        return [_members(item) for item in cast("Iterable[Any]", value)]
    return value
