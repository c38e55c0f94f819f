"""Judges of the first three labs of course A5: the plan, the sample, and the test of everybody."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from remit.compliance.learning.audit.faults import FAULTS, WAY_IN
from remit.compliance.learning.grading.answers import answered
from remit.compliance.learning.grading.criteria import Answered
from remit.compliance.learning.grading.tenant import Tenant
from remit.directory.access_keys import access_keys
from remit.directory.login_profiles import LOGIN_PROFILES
from remit.directory.roles import roles
from remit.directory.users import User, users


def population(tenant: Tenant) -> Iterator[tuple[str, User]]:
    """Give every user of the tenant but the learner, with the name of the account."""
    for account in tenant.attempt.accounts:
        for one in users(tenant.tx, tenant.account(account)):
            if one.name not in WAY_IN:
                yield account, one


def census(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Compare one number of the plan, or the accounts in scope."""
    key: str = given["key"]
    people = [one for _, one in population(tenant)]
    right: Any
    match key:
        case "accounts":
            right = list(tenant.attempt.accounts.values())
        case "users":
            right = len(people)
        case "roles":
            right = sum(
                one.name not in WAY_IN and not one.is_service_linked
                for account in tenant.attempt.accounts
                for one in roles(tenant.tx, tenant.account(account))
            )
        case "passwords":
            right = sum(tenant.tx.get(LOGIN_PROFILES, one.id) is not None for one in people)
        case "active_keys":
            right = sum(key.active for one in people for key in access_keys(tenant.tx, one.id))
        case _:
            raise KeyError(key)
    return answered(tenant.answers, Answered(says="", key=key, right=right))


def sample(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Compare the sample with the one that the rule draws."""
    arns = sorted(
        (one.arn for _, one in population(tenant)),
        key=lambda arn: hashlib.sha256(f"{given['salt']}:{arn}".encode()).hexdigest(),
    )
    return answered(tenant.answers, Answered(says="", key=given["key"], right=arns[: int(given["size"])]))


def exceptions(tenant: Tenant, given: Mapping[str, Any]) -> str | None:
    """Compare the users who fail an attribute, of the whole population."""
    fault = FAULTS[given["fault"]]
    failing = [one.name for account, one in population(tenant) if fault.holds(tenant, account, one.name)]
    answers = {**(tenant.answers or {})}
    key: str = given["key"]
    if not failing and answers.get(key) == []:
        return None
    return answered(answers, Answered(says="", key=key, right=failing))
