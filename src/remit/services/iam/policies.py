"""Managed policies. Source: `iam-sts` reference, sections 1.2, 4 and 7."""

from collections.abc import Sequence
from typing import Any

from remit.directory import policies as directory
from remit.directory.attachments import attachment_count, boundary_count, delete_policy, policy_by_arn
from remit.directory.aws_managed import OWNER, are_at_hand, aws_managed_policies
from remit.directory.facts import Noun, ReadOnly
from remit.directory.groups import GROUPS
from remit.directory.policies import Policy
from remit.directory.roles import ROLES
from remit.directory.users import USERS
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.documents import accept_managed
from remit.services.iam.entities import name_key, policy_shape, tag_list
from remit.services.iam.pages import page, with_prefix
from remit.services.iam.registry import operation
from remit.services.iam.tag_lists import new_tags
from remit.store import Transaction


def visible_policy(call: Call[Any], tx: Transaction, arn: str, noun: Noun = Noun.POLICY) -> Policy:
    """Find a policy of the caller's account, or of AWS, by its ARN.

    Raises:
        NotFound: there is none.
    """
    return policy_by_arn(tx, call.account, arn, noun)


def own_policy(call: Call[Any], tx: Transaction, arn: str, verb: str, noun: Noun = Noun.POLICY) -> Policy:
    """Find a policy of the caller's account, to *verb* it.

    Raises:
        NotFound: there is none.
        ReadOnly: it is AWS's.
    """
    policy = visible_policy(call, tx, arn, noun)
    if policy.account == OWNER:
        raise ReadOnly(noun, arn, verb)
    return policy


@operation("CreatePolicy")
def create_policy(call: Call[shapes.CreatePolicyRequest], tx: Transaction) -> shapes.CreatePolicyResponse:
    """Create a managed policy; its document is version `v1`."""
    asked = call.input
    accept_managed(asked["PolicyDocument"])
    tags = new_tags(asked.get("Tags", []), fold=False)
    policy = directory.create_policy(
        tx,
        call.account,
        asked["PolicyName"],
        path=asked.get("Path", "/"),
        document=asked["PolicyDocument"],
        description=asked.get("Description"),
        tags=tags,
        partition=call.partition,
        at=call.at,
    )
    shape = policy_shape(tx, call.account, policy)
    if tags:
        shape["Tags"] = tag_list(policy.tags)
    return {"Policy": shape}


@operation("GetPolicy")
def get_policy(call: Call[shapes.GetPolicyRequest], tx: Transaction) -> shapes.GetPolicyResponse:
    """Show a managed policy, with its tags even when there are none."""
    policy = visible_policy(call, tx, call.input["PolicyArn"])
    shape = policy_shape(tx, call.account, policy)
    if policy.description is not None:
        shape["Description"] = policy.description
    shape["Tags"] = tag_list(policy.tags)
    return {"Policy": shape}


@operation("ListPolicies")
def list_policies(call: Call[shapes.ListPoliciesRequest], tx: Transaction) -> shapes.ListPoliciesResponse:
    """List managed policies: the account's, AWS's, or both."""
    asked = call.input
    scope = asked.get("Scope", "All")
    own = () if scope == "AWS" else directory.policies(tx, call.account)
    found = own if scope == "Local" else sorted([*own, *_aws_managed(call)], key=_sort_key)
    shown: Sequence[Policy] = with_prefix(call, found, lambda policy: policy.path)
    if asked.get("OnlyAttached", False) or "PolicyUsageFilter" in asked:
        counted = boundary_count if asked.get("PolicyUsageFilter") == "PermissionsBoundary" else attachment_count
        shown = [policy for policy in shown if counted(tx, call.account, policy.arn)]
    # AWS's names and the account's own may be equal; the ARN tells them apart.
    policies, more = page(call, tx, shown, _sort_key)
    return {"Policies": [policy_shape(tx, call.account, policy) for policy in policies], **more}


def _aws_managed(call: Call[Any]) -> tuple[Policy, ...]:
    partition = call.partition
    if are_at_hand(partition):
        return aws_managed_policies(partition)
    return call.slowly("AWS managed policies", lambda: aws_managed_policies(partition))


def _sort_key(policy: Policy) -> str:
    return f"{name_key(policy)} {policy.arn}"


@operation("DeletePolicy")
def delete_policy_operation(call: Call[shapes.DeletePolicyRequest], tx: Transaction) -> None:
    """Delete a managed policy that is attached to nobody and has one version."""
    delete_policy(tx, own_policy(call, tx, call.input["PolicyArn"], "delete"))


@operation("ListEntitiesForPolicy")
def list_entities_for_policy(
    call: Call[shapes.ListEntitiesForPolicyRequest], tx: Transaction
) -> shapes.ListEntitiesForPolicyResponse:
    """List the users, groups and roles a policy is attached to, or is the boundary of."""
    asked = call.input
    policy = visible_policy(call, tx, asked["PolicyArn"], Noun.ATTACHABLE_POLICY)
    key = (call.account, policy.arn)
    entity, usage = asked.get("EntityFilter"), asked.get("PolicyUsageFilter")
    found: list[tuple[str, str, str]] = []
    for kind, index in (("User", "policy"), ("Group", "policy"), ("Role", "policy"), ("User", "boundary"),
                        ("Role", "boundary")):  # fmt: skip
        if entity not in (None, kind) or usage not in (None, _USAGE[index]):
            continue
        holders: Sequence[Any] = tx.select(_KINDS[kind], index, key)
        found += [(kind, holder.name, holder.id) for holder in holders]
    prefix = asked.get("PathPrefix", "/")
    if prefix != "/":
        found = [row for row in found if _path(tx, row).startswith(prefix)]
    rows, more = page(call, tx, sorted(set(found)), "\0".join)
    return {
        "PolicyUsers": [{"UserName": name, "UserId": id_} for kind, name, id_ in rows if kind == "User"],
        "PolicyGroups": [{"GroupName": name, "GroupId": id_} for kind, name, id_ in rows if kind == "Group"],
        "PolicyRoles": [{"RoleName": name, "RoleId": id_} for kind, name, id_ in rows if kind == "Role"],
        **more,
    }


_USAGE = {"policy": "PermissionsPolicy", "boundary": "PermissionsBoundary"}
_KINDS: dict[str, Any] = {"User": USERS, "Group": GROUPS, "Role": ROLES}


def _path(tx: Transaction, row: tuple[str, str, str]) -> str:
    kind, _, id_ = row
    holder: Any = tx.get(_KINDS[kind], id_)
    path: str = holder.path
    return path
