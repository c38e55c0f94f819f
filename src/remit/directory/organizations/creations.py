"""Accounts that an organization creates: requests, and what becomes of them.

Everything that a new account has is made in one step, so it is there whole or not at all. With the quota
`SecondsToCreateAnAccount` a request takes its time, as AWS's do; it is finished when the organization is next asked
after that.
Source: `organizations` reference, 3.3, CreateAccount, and 4.1.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from remit.directory.accounts import ACCOUNTS, Account, JoinedMethod, create_account
from remit.directory.attachments import attach, policy_by_arn
from remit.directory.aws_managed import ADMINISTRATOR_ACCESS
from remit.directory.billing.access import set_billing_access
from remit.directory.contacts import inherit_primary_contact
from remit.directory.facts import NotFound, Noun, Quota
from remit.directory.govcloud import link_govcloud
from remit.directory.organizations.facts import Constraint, ConstraintBroken
from remit.directory.organizations.members import join_organization
from remit.directory.organizations.organization import FeatureSet, Organization
from remit.directory.roles import create_role
from remit.directory.service_linked_roles import create_service_linked_role
from remit.ids import AccountId, new_account_id, new_create_account_request_id
from remit.store import Kind, Transaction

SERVICE = "organizations.amazonaws.com"
ACCESS_ROLE = "OrganizationAccountAccessRole"


class CreationState(StrEnum):
    """How far a request is."""

    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class CreateAccountRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request to create an account.

    Attributes:
        id: `car-...`.
        account: the management account.
        role_name: of the role that lets the management account in.
        opens_bills: whether the policies of the account say who sees its bills, not its root user alone.
        made, made_in_govcloud: the accounts; empty while there are none.
        failure: why there is none, by the API's words.
    """

    id: str
    account: AccountId
    organization: str
    email: str
    name: str
    role_name: str
    tags: Mapping[str, str]
    requested_at: datetime
    with_govcloud: bool = False
    opens_bills: bool = True
    state: CreationState = CreationState.IN_PROGRESS
    ended_at: datetime | None = None
    made: str = ""
    made_in_govcloud: str = ""
    failure: str = ""


CREATE_ACCOUNT_REQUESTS = Kind(
    "create_account_request",
    CreateAccountRequest,
    groups={
        "organization": lambda request: (request.organization,),
        "open": lambda request: (request.organization,) if request.state is CreationState.IN_PROGRESS else (),
    },
    order=lambda request: f"{request.requested_at}",
)


def request_account(
    tx: Transaction,
    organization: Organization,
    *,
    email: str,
    name: str,
    role_name: str,
    tags: Mapping[str, str],
    at: datetime,
    with_govcloud: bool = False,
    opens_bills: bool = True,
) -> CreateAccountRequest:
    """Ask for an account.

    Raises:
        ConstraintBroken: as many are being created as may be at once.
    """
    if tx.count(CREATE_ACCOUNT_REQUESTS, "open", organization.id) >= organization.limit(Quota.ACCOUNT_CREATIONS):
        raise ConstraintBroken(Constraint.ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED)
    request = CreateAccountRequest(
        id=new_create_account_request_id(),
        account=organization.account,
        organization=organization.id,
        email=email,
        name=name,
        role_name=role_name,
        tags=tags,
        requested_at=at,
        with_govcloud=with_govcloud,
        opens_bills=opens_bills,
    )
    tx.put(CREATE_ACCOUNT_REQUESTS, request)
    return request


def known_request(tx: Transaction, organization: Organization, id_: str) -> CreateAccountRequest:
    """Return the request with an id.

    Raises:
        NotFound: the organization made none with it.
    """
    found = tx.get(CREATE_ACCOUNT_REQUESTS, id_)
    if found is None or found.organization != organization.id:
        raise NotFound(Noun.CREATE_ACCOUNT_REQUEST, id_)
    return found


def due_requests(tx: Transaction, organization: Organization, *, at: datetime) -> list[CreateAccountRequest]:
    """Return the requests that have taken their time, the oldest first."""
    takes = timedelta(seconds=organization.limit(Quota.CREATION_SECONDS))
    found = tx.select(CREATE_ACCOUNT_REQUESTS, "open", organization.id)
    due = [request for request in found if at - request.requested_at >= takes]
    return sorted(due, key=lambda request: (request.requested_at, request.id))


def finish_request(
    tx: Transaction, organization: Organization, request: CreateAccountRequest, *, at: datetime
) -> CreateAccountRequest:
    """Make the account that was asked for, or say why there is none; return the request as it is now."""
    failure = _failure(tx, organization, request)
    if failure:
        ended = msgspec.structs.replace(request, state=CreationState.FAILED, failure=failure, ended_at=at)
    else:
        made = create_member(
            tx,
            organization,
            free_account_id(tx),
            email=request.email,
            name=request.name,
            role_name=request.role_name,
            tags=request.tags,
            at=at,
        )
        set_billing_access(tx, made.id, is_open=request.opens_bills)
        govcloud = _make_in_govcloud(tx, request, at=at) if request.with_govcloud else ""
        if govcloud:
            link_govcloud(tx, made.id, AccountId(govcloud))
        ended = msgspec.structs.replace(
            request, state=CreationState.SUCCEEDED, made=made.id, made_in_govcloud=govcloud, ended_at=at
        )
    tx.put(CREATE_ACCOUNT_REQUESTS, ended)
    return ended


def _failure(tx: Transaction, organization: Organization, request: CreateAccountRequest) -> str:
    if tx.count(ACCOUNTS, "organization", organization.id) >= organization.limit(Quota.ACCOUNTS):
        return "ACCOUNT_LIMIT_EXCEEDED"
    if tx.find(ACCOUNTS, "email", request.email.lower()) is not None:
        return "EMAIL_ALREADY_EXISTS"
    return ""


def free_account_id(tx: Transaction) -> AccountId:
    """Invent an account id that no account has."""
    id_ = new_account_id()
    while tx.get(ACCOUNTS, id_) is not None:
        id_ = new_account_id()
    return id_


def create_member(
    tx: Transaction,
    organization: Organization,
    id_: AccountId,
    *,
    email: str,
    name: str,
    role_name: str,
    tags: Mapping[str, str],
    at: datetime,
) -> Account:
    """Make an account in the root, with everything that a new one has.

    Raises:
        AlreadyExists: the id or the e-mail address is taken.
    """
    account = create_account(tx, id_, email=email, name=name, at=at)
    joined = join_organization(tx, organization, account, at=at, method=JoinedMethod.CREATED, tags=tags)
    inherit_primary_contact(tx, joined.id, organization.account, name)
    _make_access_role(tx, joined.id, organization.account, role_name, organization.partition, at=at)
    if organization.feature_set is FeatureSet.ALL:
        create_service_linked_role(tx, joined.id, SERVICE, at=at, partition=organization.partition)
    return joined


def _make_access_role(
    tx: Transaction, account: AccountId, trusted: AccountId, name: str, partition: str, *, at: datetime
) -> None:
    """Make the role with which the management account's principals come into the new one."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{trusted}:root"},
        "Action": "sts:AssumeRole",
    }
    trust = msgspec.json.encode({"Version": "2012-10-17", "Statement": [statement]}).decode()
    role = create_role(tx, account, name, path="/", trust=trust, at=at, tags={}, partition=partition)
    attach(tx, role, policy_by_arn(tx, account, ADMINISTRATOR_ACCESS.replace("arn:aws:", f"arn:{partition}:")))


def _make_in_govcloud(tx: Transaction, request: CreateAccountRequest, *, at: datetime) -> AccountId:
    """Make the account's other half in GovCloud, which stands alone and trusts the management account's other half."""
    local, _, domain = request.email.rpartition("@")
    email = f"{local}+govcloud@{domain}"
    if tx.find(ACCOUNTS, "email", email.lower()) is not None:
        email = f"{local}+{request.id}@{domain}"
    account = create_account(tx, free_account_id(tx), email=email, name=request.name, at=at)
    _make_access_role(tx, account.id, request.account, request.role_name, "aws-us-gov", at=at)
    return account.id
