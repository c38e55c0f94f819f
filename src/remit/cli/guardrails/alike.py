"""Who gets the same answer, so that one is asked for all.

Two accounts are alike for a question when the same control policies are on their levels and nothing in these tells the
accounts apart: no account id that an account's could meet, no path. Two principals are alike when they have the same
name and hold the same policies, and nothing in these tells their accounts apart. It is cautious: what might make a
difference counts as if it did.
"""

import re
from collections.abc import Hashable, Iterable
from functools import lru_cache

from remit.authz.belonging import Belonging, belonging
from remit.authz.documents import PolicyUnreadable, policy_of
from remit.cli.guardrails.people import Person
from remit.directory.attachments import policy_by_arn
from remit.directory.aws_managed import is_aws_managed
from remit.directory.roles import Role
from remit.ids import AccountId
from remit.policy import Document, Policy, Statement
from remit.policy.language.operators import Family
from remit.store import Transaction

# Keys whose values tell one account from another, wherever a policy asks for them.
_BOUND_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:resourceaccount",
        "aws:principalorgpaths",
        "aws:resourceorgpaths",
        "aws:userid",
    }
)
_BOUND_VARIABLES = re.compile(
    r"\$\{\s*aws:(?:principalaccount|resourceaccount|principalorgpaths|resourceorgpaths|userid|principalarn)",
    re.IGNORECASE,
)
# Digits that stand where an ARN has its account, or could: alone between colons, wildcards or the ends.
_DIGITS = re.compile(r"(?:^|:)[0-9]+(?::|$)")
_TEXTS = frozenset({Family.STRING, Family.STRING_IGNORE_CASE, Family.STRING_LIKE, Family.ARN})
_WILDCARDS = re.compile(r"[*?]")
# Services whose resources are in the store: what is known of one is not what is known of another.
_KNOWN_RESOURCES = ("iam", "sts", "organizations", "account")


def place_key(tx: Transaction, account: AccountId) -> Hashable:
    """Return the same for accounts that no control policy tells apart."""
    there = belonging(tx, account)
    if there is None:
        return "alone"
    policies = [policy for levels in (there.scps, there.rcps) for level in levels or () for policy in level]
    if any(is_bound(policy.document) for policy in policies):
        return account
    return there.is_management, _names(there)


def _names(there: Belonging) -> Hashable:
    return tuple(
        None if levels is None else tuple(tuple(policy.arn for policy in level) for level in levels)
        for levels in (there.scps, there.rcps)
    )


def person_key(tx: Transaction, person: Person) -> Hashable | None:
    """Return the same for principals that hold the same; None for one who is like nobody else."""
    role = person.entity
    if role is None:
        return person.name, person.lent is not None
    if not isinstance(role, Role):
        return None  # groups and password policies belong to the account
    arns = (*role.attached, *((role.boundary,) if role.boundary else ()))
    if not all(is_aws_managed(arn) for arn in arns):
        return None
    try:
        policies = [policy_of(text, name) for name, text in role.inline.items()]
        policies += [_managed(tx, role, arn) for arn in arns]
    except PolicyUnreadable:
        return None
    if any(is_bound(policy.document) for policy in policies):
        return None
    tags = tuple(sorted(role.tags.items()))
    return person.name, role.attached, role.boundary, tuple(sorted(role.inline.items())), tags


def _managed(tx: Transaction, role: Role, arn: str) -> Policy:
    policy = policy_by_arn(tx, role.account, arn)
    return policy_of(policy.document, policy.name, arn)


def resource_is_bound(template: str) -> bool:
    """Say whether what is known of a resource may differ from account to account.

    Args:
        template: the ARN, with `${account}` where the account's id is put.
    """
    parts = template.split(":", 5)
    if len(parts) == 6:  # noqa: PLR2004  # an ARN's
        if parts[2] in _KNOWN_RESOURCES or any(one.isdigit() for one in parts[4]):
            return True
        return "${account}" in parts[5]
    return template != "*"


@lru_cache(maxsize=8_192)
def is_bound(document: Document) -> bool:
    """Say whether a document may mean one account and not another."""
    return _BOUND_VARIABLES.search(document.text) is not None or any(map(_statement_is_bound, document.statements))


def _statement_is_bound(statement: Statement) -> bool:
    resources = [resource.text for resource in (*statement.resources, *statement.not_resources)]
    texts = [condition for condition in statement.conditions if condition.operator.family in _TEXTS]
    values = [value.text for condition in texts for value in condition.values]
    if any(condition.key in _BOUND_KEYS for condition in statement.conditions):
        return True
    return _could_be_an_account([*resources, *values])


def _could_be_an_account(texts: Iterable[str]) -> bool:
    return any(_DIGITS.search(piece) for text in texts for piece in _WILDCARDS.split(text))
