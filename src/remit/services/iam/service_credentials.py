"""Service-specific credentials of users. Source: `iam-sts` reference, section 11."""

from datetime import datetime

import msgspec

from remit.clock import whole_second
from remit.directory import service_credentials as directory
from remit.directory.service_credentials import SERVICE_CREDENTIALS, ServiceCredential
from remit.directory.users import USERS, user
from remit.errors import ValidationError
from remit.ids import Secret
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.owners import owner_of
from remit.services.iam.pages import page
from remit.services.iam.registry import operation
from remit.services.iam.statuses import is_active, status
from remit.store import Transaction


def _metadata(credential: ServiceCredential, name: str, at: datetime) -> shapes.ServiceSpecificCredential:
    shape: shapes.ServiceSpecificCredential = {
        "UserName": name,
        "Status": status(active=credential.active, expired=credential.has_expired(at)),
        "CreateDate": whole_second(credential.created_at),
        "ServiceSpecificCredentialId": credential.id,
        "ServiceName": credential.service,
    }
    if credential.is_api_key:
        shape["ServiceCredentialAlias"] = credential.public_name
    else:
        shape["ServiceUserName"] = credential.public_name
    if credential.expires_at is not None:
        shape["ExpirationDate"] = whole_second(credential.expires_at)
    return shape


def _shape(credential: ServiceCredential, name: str, at: datetime, secret: Secret) -> shapes.ServiceSpecificCredential:
    shape: shapes.ServiceSpecificCredential = _metadata(credential, name, at)
    if credential.is_api_key:
        shape["ServiceCredentialSecret"] = secret.reveal()
    else:
        shape["ServicePassword"] = secret.reveal()
    return shape


@operation("CreateServiceSpecificCredential")
def create_service_credential(
    call: Call[shapes.CreateServiceSpecificCredentialRequest], tx: Transaction
) -> shapes.CreateServiceSpecificCredentialResponse:
    """Make a credential; its secret shows in this answer, and in that of a reset.

    Raises:
        NotSupported: the service has no such credentials.
        QuotaExceeded: the user has two for this service.
    """
    owner = user(tx, call.account, call.input["UserName"])
    credential, secret = directory.create_service_credential(
        tx,
        call.account,
        owner.id,
        owner.name,
        call.input["ServiceName"],
        at=call.at,
        days_max=call.input.get("CredentialAgeDays"),
    )
    return {"ServiceSpecificCredential": _shape(credential, owner.name, call.at, secret)}


@operation("ListServiceSpecificCredentials")
def list_service_credentials(
    call: Call[shapes.ListServiceSpecificCredentialsRequest], tx: Transaction
) -> shapes.ListServiceSpecificCredentialsResponse:
    """List the credentials of a user, of who signed, or of all users, without secrets.

    Raises:
        NotSupported: the service they are wanted for has no such credentials.
        ValidationError: one user and all users are asked for.
    """
    asked = call.input
    if asked.get("AllUsers", False):
        if "UserName" in asked:
            raise ValidationError("UserName and AllUsers cannot be specified at the same time.")
        found = directory.service_credentials(tx, "account", call.account)
    else:
        owner, _ = owner_of(call, tx)
        found = directory.service_credentials(tx, "owner", owner)
    service = asked.get("ServiceName")
    if service is not None:
        directory.check_service(service)
        found = [credential for credential in found if credential.service == service]
    credentials, more = page(call, tx, found, lambda credential: credential.id)
    shown = [
        _metadata(credential, holder.name, call.at)
        for credential in credentials
        if (holder := tx.get(USERS, credential.owner)) is not None
    ]
    return {"ServiceSpecificCredentials": shown, **more}


@operation("UpdateServiceSpecificCredential")
def update_service_credential(call: Call[shapes.UpdateServiceSpecificCredentialRequest], tx: Transaction) -> None:
    """Activate or deactivate a credential."""
    owner, _ = owner_of(call, tx)
    credential = directory.service_credential(tx, owner, call.input["ServiceSpecificCredentialId"])
    tx.put(SERVICE_CREDENTIALS, msgspec.structs.replace(credential, active=is_active(call.input["Status"])))


@operation("ResetServiceSpecificCredential")
def reset_service_credential(
    call: Call[shapes.ResetServiceSpecificCredentialRequest], tx: Transaction
) -> shapes.ResetServiceSpecificCredentialResponse:
    """Give a credential another secret, and show it; an inactive one stays inactive (recorded)."""
    owner, name = owner_of(call, tx)
    credential = directory.service_credential(tx, owner, call.input["ServiceSpecificCredentialId"])
    secret = directory.reset_secret(tx, credential)
    return {"ServiceSpecificCredential": _shape(credential, name, call.at, secret)}


@operation("DeleteServiceSpecificCredential")
def delete_service_credential(call: Call[shapes.DeleteServiceSpecificCredentialRequest], tx: Transaction) -> None:
    """Delete a credential."""
    owner, _ = owner_of(call, tx)
    found = directory.service_credential(tx, owner, call.input["ServiceSpecificCredentialId"])
    tx.delete(SERVICE_CREDENTIALS, found)
