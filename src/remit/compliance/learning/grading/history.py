"""Criteria about what was done: the trail since the lab began, of every account of the tenant."""

from typing import Any

from remit.compliance.learning.grading.criteria import Did, Never, NoRoot
from remit.compliance.learning.grading.tenant import Tenant


def no_root(tenant: Tenant, asked: NoRoot) -> str | None:
    """Say what a root user did."""
    del asked
    for account in tenant.attempt.accounts:
        for record in tenant.records(account):
            identity = record["userIdentity"]
            if identity.get("type") == "Root" and not _is_assumed(identity):
                return f"the root user of {account} called {record['eventName']} at {record['eventTime']}"
    return None


def _is_assumed(identity: dict[str, Any]) -> bool:
    """Say whether it is a session of AssumeRoot."""
    return "sessionContext" in identity and str(identity.get("accessKeyId", "")).startswith("ASIA")


def never(tenant: Tenant, asked: Never) -> str | None:
    """Say which forbidden call was made."""
    for account in tenant.attempt.accounts:
        for call in asked.calls:
            found = made(tenant, account, call)
            if found is not None:
                return f"{call} was called in {account} at {found['eventTime']}"
    return None


def did(tenant: Tenant, asked: Did) -> str | None:
    """Say that a call was not made."""
    if made(tenant, asked.account, asked.call) is not None:
        return None
    return f"nobody has called {asked.call} in {asked.account} with success since the lab began"


def made(tenant: Tenant, account: str, call: str) -> dict[str, Any] | None:
    """Return the newest record of a call that was made with success since the lab began."""
    service, _, name = call.partition(":")
    for record in tenant.records(account, name=name):
        if not record.get("errorCode") and record["eventSource"] == f"{service}.amazonaws.com":
            return record
    return None
