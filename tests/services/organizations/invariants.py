"""What is true of an organization at every moment, whoever changes what at once.

`check` reads the store, `check_answers` asks the API.
Source: `organizations` reference, 2.3, 3 and 5.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from remit.authz import belonging as belongings
from remit.directory import ACCOUNTS, ORGANIZATIONS
from remit.directory.accounts import Account
from remit.directory.facts import Quota
from remit.directory.organizations import ORGANIZATION_POLICIES, UNITS, Organization, OrganizationalUnit, PolicyType
from remit.directory.organizations.attachments import Target, attached_to, held, targets_of
from remit.directory.organizations.creations import CREATE_ACCOUNT_REQUESTS, CreationState
from remit.directory.organizations.members import membership_of
from remit.directory.organizations.policies import AWS_MANAGED, RCP_FULL_ACCESS, known_policy
from remit.directory.organizations.tree import path_to
from remit.directory.roles import ROLES
from remit.store import Transaction

# How many policies of a type may be attached to one target.
_MOST = {
    PolicyType.SERVICE_CONTROL: 10,
    PolicyType.RESOURCE_CONTROL: 5,
    PolicyType.TAG: 10,
    PolicyType.AI_OPT_OUT: 5,
}


def check(tx: Transaction, id_: str) -> None:
    """Look whether the organization with an id is as it must be."""
    organization = tx.get(ORGANIZATIONS, id_)
    assert organization is not None
    units = {unit.id: unit for unit in tx.all(UNITS) if unit.organization == id_}
    accounts = {account.id: account for account in tx.all(ACCOUNTS) if account.organization == id_}
    _check_tree(tx, organization, units, accounts)
    _check_quotas(tx, organization, units, accounts)
    _check_attachments(tx, organization, [organization, *units.values(), *accounts.values()])
    _check_delegations(organization, accounts)
    _check_creations(tx, organization, accounts)
    for account in accounts.values():
        _check_belonging(tx, organization, account)


def _check_tree(
    tx: Transaction,
    organization: Organization,
    units: Mapping[str, OrganizationalUnit],
    accounts: Mapping[str, Account],
) -> None:
    """Everything has one parent, from which the root is reached; lists of children say the same."""
    parents = {id_: unit.parent for id_, unit in units.items()}
    parents |= {id_: membership_of(account).parent for id_, account in accounts.items()}
    for id_ in parents:
        above: list[str] = []
        parent = parents[id_]
        while parent != organization.root:
            assert parent in units, f"{id_} is in {parent}, which is not there"
            assert parent not in above, f"{id_} is in a cycle"
            above.insert(0, parent)
            parent = parents[parent]
        assert len(above) + (id_ in units) <= organization.limit(Quota.UNIT_LEVELS)
        assert path_to(tx, organization, parents[id_]) == "/".join((organization.id, organization.root, *above, ""))
    for parent in (organization.root, *units):
        below = [unit.id for unit in tx.in_order(UNITS, "parent", parent)]
        below += [account.id for account in tx.in_order(ACCOUNTS, "parent", parent)]
        assert sorted(below) == sorted(id_ for id_, held_by in parents.items() if held_by == parent)
    names = Counter((unit.parent, unit.name) for unit in units.values())
    assert all(times == 1 for times in names.values())
    assert organization.account in accounts


def _check_quotas(
    tx: Transaction, organization: Organization, units: Mapping[str, Any], accounts: Mapping[str, Any]
) -> None:
    """There are no more than there may be, and the counts are right."""
    assert tx.count(UNITS, "organization", organization.id) == len(units) <= organization.limit(Quota.UNITS)
    assert tx.count(ACCOUNTS, "organization", organization.id) == len(accounts) <= organization.limit(Quota.ACCOUNTS)
    for type_ in PolicyType:
        every = [one for one in tx.all(ORGANIZATION_POLICIES) if one.organization == organization.id]
        of_type = [one.id for one in every if one.type is type_]
        assert sorted(of_type) == sorted(
            one.id for one in tx.select(ORGANIZATION_POLICIES, "type", (organization.id, type_))
        )
        assert len({one.name for one in every if one.type is type_}) == len(of_type)
    of_type = tx.select(ORGANIZATION_POLICIES, "type", (organization.id, PolicyType.SERVICE_CONTROL))
    assert len(of_type) <= organization.limit(Quota.SERVICE_CONTROL_POLICIES)


def _check_attachments(tx: Transaction, organization: Organization, targets: list[Target]) -> None:
    """What is attached is there, is enough and not too much; policies and targets say the same of it."""
    enabled = {PolicyType(type_) for type_ in organization.policy_types}
    assert len(enabled) == len(organization.policy_types)
    seen: dict[str, set[str]] = {}
    for target in targets:
        id_ = target.root if isinstance(target, Organization) else target.id
        assert set(held(target)) <= enabled, f"{id_} has policies of a type that is not enabled"
        for type_ in enabled:
            ids = attached_to(target, type_)
            assert len(set(ids)) == len(ids) <= _MOST[type_]
            for policy in ids:
                assert known_policy(tx, organization, policy).type is type_
                seen.setdefault(policy, set()).add(id_)
        if PolicyType.SERVICE_CONTROL in enabled:
            assert attached_to(target, PolicyType.SERVICE_CONTROL)
        if PolicyType.RESOURCE_CONTROL in enabled:
            assert RCP_FULL_ACCESS.id in attached_to(target, PolicyType.RESOURCE_CONTROL)
    own = [policy for policy in tx.all(ORGANIZATION_POLICIES) if policy.organization == organization.id]
    for policy in (*own, *AWS_MANAGED.values()):
        found = [
            target.root if isinstance(target, Organization) else target.id
            for target in targets_of(tx, organization, policy)
        ]
        assert len(found) == len(set(found))
        assert set(found) == seen.get(policy.id, set()), f"{policy.id} is attached to something else than it says"


def _check_delegations(organization: Organization, accounts: Mapping[str, Any]) -> None:
    """Who administers a service is a member, and the service is trusted."""
    for service, named in organization.delegated_administrators.items():
        assert named
        assert service in organization.trusted_services
        assert set(named) <= set(accounts) - {organization.account}


def _check_creations(tx: Transaction, organization: Organization, accounts: Mapping[str, Account]) -> None:
    """An account that was created is whole; one that was not is not there at all."""
    requests = tx.select(CREATE_ACCOUNT_REQUESTS, "organization", organization.id)
    pending = [request for request in requests if request.state is CreationState.IN_PROGRESS]
    assert tx.count(CREATE_ACCOUNT_REQUESTS, "open", organization.id) == len(pending)
    assert len(pending) <= organization.limit(Quota.ACCOUNT_CREATIONS)
    for request in requests:
        is_made = request.state is CreationState.SUCCEEDED
        assert bool(request.made) is is_made
        assert (request.ended_at is None) is (request.state is CreationState.IN_PROGRESS)
        if is_made:
            assert tx.get(ACCOUNTS, request.made) is not None
            roles = {role.name for role in tx.select(ROLES, "account", request.made)}
            assert roles >= {request.role_name, "AWSServiceRoleForOrganizations"}
    made = {request.made for request in requests}
    assert set(accounts) <= made | {organization.account}
    emails = Counter(account.email.lower() for account in tx.all(ACCOUNTS))
    assert all(times == 1 for times in emails.values())


def _check_belonging(tx: Transaction, organization: Organization, account: Account) -> None:
    """What is kept of an account's place, and of what binds it there, is what it would be worked out as now."""
    parent = membership_of(account).parent
    assert belongings.belonging(tx, account.id) == belongings._worked_out(tx, organization, account, parent)


def check_answers(api: Any, id_: str) -> None:
    """Look whether the API tells the same tree and the same attachments from whichever side it is asked."""
    (root,) = api.list_roots()["Roots"]
    places = {root["Id"]: f"{id_}/{root['Id']}/"}
    waiting = [root["Id"]]
    found: set[str] = set()
    while waiting:
        parent = waiting.pop()
        type_ = "ROOT" if parent == root["Id"] else "ORGANIZATIONAL_UNIT"
        for unit in _every(api, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=parent):
            assert unit["Path"] == f"{places[parent]}{unit['Id']}/"
            places[unit["Id"]] = unit["Path"]
            waiting.append(unit["Id"])
        for account in _every(api, "list_accounts_for_parent", "Accounts", ParentId=parent):
            assert account["Paths"] == [f"{places[parent]}{account['Id']}/"]
            found.add(account["Id"])
        for kind in ("ACCOUNT", "ORGANIZATIONAL_UNIT"):
            for child in _every(api, "list_children", "Children", ParentId=parent, ChildType=kind):
                assert api.list_parents(ChildId=child["Id"])["Parents"] == [{"Id": parent, "Type": type_}]
    assert found == {account["Id"] for account in _every(api, "list_accounts", "Accounts")}
    for enabled in (one["Type"] for one in root["PolicyTypes"]):
        on = {
            (policy["Id"], target)
            for target in (*places, *found)
            for policy in _every(api, "list_policies_for_target", "Policies", TargetId=target, Filter=enabled)
        }
        of = {
            (policy["Id"], target["TargetId"])
            for policy in _every(api, "list_policies", "Policies", Filter=enabled)
            for target in _every(api, "list_targets_for_policy", "Targets", PolicyId=policy["Id"])
        }
        assert on == of


def _every(api: Any, operation: str, members: str, **asked: str) -> list[Any]:
    pages = api.get_paginator(operation).paginate(**asked, PaginationConfig={"PageSize": 20})
    return [one for page in pages for one in page[members]]
