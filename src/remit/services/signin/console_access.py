"""The sign-in policy of an account, statement by statement, and whether it is in force.

Source: AWS Sign-In User Guide, "Controlling console access with resource-based policies and resource control policies";
AWS Sign-In API reference.
"""

import ipaddress
from typing import Any, cast

from remit.directory import console_access as directory
from remit.directory.console_access import CONSOLE_AUTHORIZATIONS, SIGNIN_STATEMENTS, ConsoleAuthorization, Place
from remit.directory.organizations import organization_of
from remit.request import Call
from remit.services.signin import shapes
from remit.services.signin.errors import conflict, denied, invalid, not_found
from remit.services.signin.pages import page
from remit.services.signin.registry import operation
from remit.store import Transaction

_ACCOUNT, _ORGANIZATION = "ACCOUNT", "ORGANIZATION"


# -- statements


def _place(asked: shapes.PutResourcePermissionStatementInput) -> Place:
    """Read where people may come from.

    Raises:
        ServiceError: it says nothing, contradicts itself, or has an address that is none.
    """
    vpces = tuple(filter(None, (asked.get("signinSourceVpce"), asked.get("consoleSourceVpce"))))
    place = Place(
        source_ip=asked.get("sourceIp", ""),
        vpc=asked.get("sourceVpc", ""),
        vpces=vpces,
        vpc_ip=asked.get("vpcSourceIp", ""),
        region=asked.get("requestedRegion", ""),
        excluded=asked.get("excludedPrincipal", ""),
    )
    is_inside = bool(place.vpc or place.vpces)
    if not (is_inside or place.source_ip or place.excluded):
        raise invalid("At least one of sourceVpc, a VPC endpoint, sourceIp and excludedPrincipal is required.")
    if is_inside and not place.region:
        raise invalid("requestedRegion is required with sourceVpc, signinSourceVpce and consoleSourceVpce.")
    if not is_inside and (place.region or place.vpc_ip):
        raise invalid("requestedRegion and vpcSourceIp go with sourceVpc or a VPC endpoint.")
    for name, address in (("sourceIp", place.source_ip), ("vpcSourceIp", place.vpc_ip)):
        if address and not _is_network(address):
            raise invalid(f"{name} must be an address or a range of addresses.")
    return place


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


@operation("PutResourcePermissionStatement")
def put_statement(
    call: Call[shapes.PutResourcePermissionStatementInput], tx: Transaction
) -> shapes.PutResourcePermissionStatementOutput:
    """Make a statement; the same wish with the same token makes no second one.

    Raises:
        QuotaExceeded: there are as many as there may be.
        ServiceError: the wish is none, or its token was used for another one.
    """
    place, token = _place(call.input), call.input.get("clientToken", "")
    known = tx.find(SIGNIN_STATEMENTS, "token", (call.account, token)) if token else None
    if known is None:
        known = directory.create_statement(tx, call.account, place, at=call.at, client_token=token)
    elif known.place != place:
        raise conflict("The client token was used for another statement.")
    return {"statementId": known.id}


@operation("DeleteResourcePermissionStatement")
def delete_statement(
    call: Call[shapes.DeleteResourcePermissionStatementInput], tx: Transaction
) -> shapes.DeleteResourcePermissionStatementOutput:
    """Delete a statement."""
    directory.delete_statement(tx, call.account, call.input["statementId"])
    return {}


@operation("ListResourcePermissionStatements")
def list_statements(
    call: Call[shapes.ListResourcePermissionStatementsInput], tx: Transaction
) -> shapes.ListResourcePermissionStatementsOutput:
    """List the statements, the oldest first."""
    items, more = page(call, tx, directory.statements(tx, call.account), directory.order_of)
    shown = [{"sid": item.id, "condition": item.conditions} for item in items]
    return {"permissionStatements": cast("list[shapes.PermissionStatementSummary]", shown), **more}


@operation("GetResourcePolicy")
def get_policy(call: Call[shapes.GetResourcePolicyInput], tx: Transaction) -> shapes.GetResourcePolicyOutput:
    """Show the policy that all statements make together.

    Raises:
        ServiceError: there is no statement.
    """
    policy = directory.signin_policy(tx, call.account)
    if not policy["Statement"]:
        raise not_found("The account has no sign-in policy.")
    statements = [{element.lower(): value for element, value in one.items()} for one in policy["Statement"]]
    shown = {"version": policy["Version"], "statement": statements}
    return {"signinResourceBasedPolicy": cast("shapes.SigninResourceBasedPolicy", shown)}


# -- whether they are in force


def _target(call: Call[Any], tx: Transaction) -> tuple[str, str]:
    """Return whom the call is about, the account by default, and what that is.

    Raises:
        ServiceError: it is another account, or an organization that the account does not manage.
    """
    target: str = call.input.get("targetId", call.account)
    if target == call.account:
        return target, _ACCOUNT
    organization = organization_of(tx, call.account)
    if organization is None or target not in (organization.id, organization.root):
        raise not_found("The target does not exist.")
    if not organization.is_managed_by(call.account):
        raise denied("INSUFFICIENT_PERMISSIONS", "Only the management account may do this for the organization.")
    return target, _ORGANIZATION


def _shape(target: str, scope: str, *, enabled: bool) -> shapes.GetConsoleAuthorizationConfigurationOutput:
    return {"targetId": target, "scope": scope, "consoleAuthorizationEnabled": enabled}


@operation("GetConsoleAuthorizationConfiguration")
def get_configuration(
    call: Call[shapes.GetConsoleAuthorizationConfigurationInput], tx: Transaction
) -> shapes.GetConsoleAuthorizationConfigurationOutput:
    """Say whether sign-in policies are in force."""
    target, scope = _target(call, tx)
    return _shape(target, scope, enabled=tx.get(CONSOLE_AUTHORIZATIONS, target) is not None)


@operation("PutConsoleAuthorizationConfiguration")
def put_configuration(
    call: Call[shapes.PutConsoleAuthorizationConfigurationInput], tx: Transaction
) -> shapes.GetConsoleAuthorizationConfigurationOutput:
    """Put sign-in policies in force."""
    target, scope = _target(call, tx)
    tx.put(CONSOLE_AUTHORIZATIONS, ConsoleAuthorization(target, call.account))
    return _shape(target, scope, enabled=True)


@operation("DeleteConsoleAuthorizationConfiguration")
def delete_configuration(
    call: Call[shapes.DeleteConsoleAuthorizationConfigurationInput], tx: Transaction
) -> shapes.GetConsoleAuthorizationConfigurationOutput:
    """Put sign-in policies out of force.

    Raises:
        ServiceError: they are not in force.
    """
    target, scope = _target(call, tx)
    found = tx.get(CONSOLE_AUTHORIZATIONS, target)
    if found is None:
        raise not_found("Console authorization is not enabled.")
    tx.delete(CONSOLE_AUTHORIZATIONS, found)
    return _shape(target, scope, enabled=False)
