"""Random schedules: what administrators of an organization may do next, drawn from what is there and what was there.

A schedule is the same for the same seed as long as the answers are.
"""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from remit.directory import ACCOUNTS, ORGANIZATIONS
from remit.directory.facts import Quota
from remit.directory.organizations import ORGANIZATION_POLICIES, UNITS
from remit.store import Transaction

# An operation of a boto3 client, and its input.
Step = tuple[str, dict[str, Any]]

# Small, so that every limit is met.
QUOTAS = {
    Quota.ACCOUNTS: 7,
    Quota.UNITS: 12,
    Quota.SERVICE_CONTROL_POLICIES: 14,
    Quota.ACCOUNT_CREATIONS: 3,
    Quota.ACCOUNT_CLOSURES_A_MONTH: 1_000,
}
_SCP = "SERVICE_CONTROL_POLICY"
_RCP = "RESOURCE_CONTROL_POLICY"
_TAG = "TAG_POLICY"
_AI = "AISERVICES_OPT_OUT_POLICY"
_CONTENTS: dict[str, Any] = {
    _SCP: {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]},
    _RCP: {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}],
    },
    _TAG: {"tags": {"team": {"tag_value": {"@@assign": ["a"]}}}},
    _AI: {"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}},
}
_SERVICES = ("ssm.amazonaws.com", "guardduty.amazonaws.com")
# Half of all policies are service control policies: those have a least number.
_TYPES = (_SCP, _SCP, _SCP, _RCP, _TAG, _AI)


class Known:
    """The ids that an organization has, and a few that it had."""

    def __init__(self, tx: Transaction, organization: str, before: "Known | None") -> None:
        found = tx.get(ORGANIZATIONS, organization)
        assert found is not None
        self.root = found.root
        self.parents = {unit.id: unit.parent for unit in tx.all(UNITS) if unit.organization == organization}
        self.units = sorted(self.parents)
        members = [account for account in tx.all(ACCOUNTS) if account.membership is not None]
        self.parents |= {account.id: account.membership.parent for account in members if account.membership}
        self.accounts = sorted(account.id for account in members)
        self.policies = sorted(one.id for one in tx.all(ORGANIZATION_POLICIES) if one.organization == organization)
        gone: set[str] = set()
        if before is not None:
            now = {*self.units, *self.accounts, *self.policies}
            gone = ({*before.units, *before.accounts, *before.policies} - now) | set(before.gone[-6:])
        self.gone = sorted(gone)

    def unit(self, random: Random) -> str:
        return random.choice([*self.units, *(one for one in self.gone if one.startswith("ou-")), "ou-none-12345678"])

    def parent(self, random: Random) -> str:
        return random.choice([self.root, self.unit(random)])

    def account(self, random: Random) -> str:
        return random.choice([*self.accounts, *(one for one in self.gone if one.isdigit())])

    def policy(self, random: Random) -> str:
        awss = ["p-FullAWSAccess", "p-FullAWSAccess", "p-RCPFullAWSAccess"]
        return random.choice([*self.policies, *(one for one in self.gone if one.startswith("p-")), *awss])

    def target(self, random: Random) -> str:
        return random.choice([self.root, self.unit(random), self.account(random)])


def steps(random: Random, known: Known) -> Iterator[Step]:
    """Draw steps without end, all from the same knowledge: those drawn together contradict each other."""
    while True:
        yield random.choices(_STEPS, _WEIGHTS)[0](random, known)


def _create_unit(random: Random, known: Known) -> Step:
    return "create_organizational_unit", {"ParentId": known.parent(random), "Name": random.choice("abcde")}


def _rename_unit(random: Random, known: Known) -> Step:
    return "update_organizational_unit", {"OrganizationalUnitId": known.unit(random), "Name": random.choice("abcde")}


def _delete_unit(random: Random, known: Known) -> Step:
    return "delete_organizational_unit", {"OrganizationalUnitId": known.unit(random)}


def _move(random: Random, known: Known) -> Step:
    account = known.account(random)
    source = known.parents.get(account, known.root) if random.random() < 0.9 else known.parent(random)
    return "move_account", {
        "AccountId": account,
        "SourceParentId": source,
        "DestinationParentId": known.parent(random),
    }


def _create_account(random: Random, known: Known) -> Step:
    del known
    number = random.randrange(40)
    return "create_account", {"Email": f"a{number}@example.com", "AccountName": f"a{number}"}


def _close_account(random: Random, known: Known) -> Step:
    return "close_account", {"AccountId": known.account(random)}


def _remove_account(random: Random, known: Known) -> Step:
    return "remove_account_from_organization", {"AccountId": known.account(random)}


def _create_policy(random: Random, known: Known) -> Step:
    del known
    type_ = random.choice(_TYPES)
    content = json.dumps(_CONTENTS[type_])
    return "create_policy", {
        "Name": random.choice("abcdefghijklmnop"),
        "Description": "",
        "Content": content,
        "Type": type_,
    }


def _update_policy(random: Random, known: Known) -> Step:
    return "update_policy", {"PolicyId": known.policy(random), "Name": random.choice("abcdefghijklmnop")}


def _delete_policy(random: Random, known: Known) -> Step:
    return "delete_policy", {"PolicyId": known.policy(random)}


def _attach(random: Random, known: Known) -> Step:
    return "attach_policy", {"PolicyId": known.policy(random), "TargetId": known.target(random)}


def _detach(random: Random, known: Known) -> Step:
    return "detach_policy", {"PolicyId": known.policy(random), "TargetId": known.target(random)}


def _enable(random: Random, known: Known) -> Step:
    return "enable_policy_type", {"RootId": known.root, "PolicyType": random.choice(_TYPES)}


def _disable(random: Random, known: Known) -> Step:
    return "disable_policy_type", {"RootId": known.root, "PolicyType": random.choice(_TYPES)}


def _trust(random: Random, known: Known) -> Step:
    del known
    operation = random.choice(["enable_aws_service_access", "enable_aws_service_access", "disable_aws_service_access"])
    return operation, {"ServicePrincipal": random.choice(_SERVICES)}


def _delegate(random: Random, known: Known) -> Step:
    operation = random.choice(["register_delegated_administrator", "deregister_delegated_administrator"])
    return operation, {"AccountId": known.account(random), "ServicePrincipal": random.choice(_SERVICES)}


def _tag(random: Random, known: Known) -> Step:
    return "tag_resource", {"ResourceId": known.target(random), "Tags": [{"Key": "k", "Value": random.choice("ab")}]}


_STEPS: tuple[Callable[[Random, Known], Step], ...]
_STEPS, _WEIGHTS = zip(
    *[
        (_create_unit, 12),
        (_rename_unit, 3),
        (_delete_unit, 8),
        (_move, 14),
        (_create_account, 6),
        (_close_account, 2),
        (_remove_account, 3),
        (_create_policy, 8),
        (_update_policy, 2),
        (_delete_policy, 3),
        (_attach, 20),
        (_detach, 12),
        (_enable, 4),
        (_disable, 2),
        (_trust, 2),
        (_delegate, 4),
        (_tag, 2),
    ],
    strict=True,
)
