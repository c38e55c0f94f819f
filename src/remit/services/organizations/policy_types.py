"""Which types of policies are enabled in the root.

Source: `organizations` reference, 3.5 and 4.5. A change is in force when it is answered, so no type is ever pending.
"""

from typing import Any

from remit.directory.facts import NotFound, Noun
from remit.directory.organizations import Organization, PolicyType
from remit.directory.organizations.attachments import disable_type, enable_type
from remit.directory.organizations.service_access import check_access_for
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.registry import By, organization_operation
from remit.services.organizations.summaries import root_shape
from remit.store import Transaction


@organization_operation("EnablePolicyType", By.MANAGEMENT)
def enable_policy_type(
    call: Call[shapes.EnablePolicyTypeRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Enable a type: what AWS attaches to everything is attached from now on, and counts."""
    _check_root(organization, call.input["RootId"])
    check_access_for(organization, PolicyType(call.input["PolicyType"]))
    return {"Root": root_shape(enable_type(tx, organization, PolicyType(call.input["PolicyType"])))}


@organization_operation("DisablePolicyType", By.MANAGEMENT)
def disable_policy_type(
    call: Call[shapes.DisablePolicyTypeRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Disable a type, and detach every policy of it from everything."""
    _check_root(organization, call.input["RootId"])
    return {"Root": root_shape(disable_type(tx, organization, PolicyType(call.input["PolicyType"])))}


def _check_root(organization: Organization, id_: str) -> None:
    if id_ != organization.root:
        raise NotFound(Noun.ROOT, id_)
