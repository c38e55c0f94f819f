"""Founding: a lab's organization in the store, new for each attempt, and the way in for its learner.

All of it is one transaction. In the management account is a user `learner` who administers it; in every member account
is the role `OrganizationAccountAccessRole`, as AWS makes one in accounts that an organization creates.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec

from remit.compliance.learning.attempts import Attempt
from remit.compliance.learning.labs import ACCESS_ROLE, LEARNER, MANAGEMENT, Founding, Happened, Lab, Written, mark
from remit.compliance.learning.makers import MAKERS
from remit.directory import KINDS
from remit.directory.access_keys import create_access_key
from remit.directory.accounts import create_account
from remit.directory.artifact.agreements import AgreementScope, offered_agreements
from remit.directory.attachments import attach, policy_by_arn
from remit.directory.aws_managed import ADMINISTRATOR_ACCESS
from remit.directory.facts import LIMITS, Quota
from remit.directory.imports import put
from remit.directory.organizations.descriptions import AccountPart, Description, RootPart, UnitPart, accounts_in
from remit.directory.organizations.imports import put_organization
from remit.directory.users import create_user, user
from remit.ids import AccountId, Secret, new_account_id, new_uuid
from remit.request import HttpRequest
from remit.store import Record, Transaction
from remit.trail.identity import name_of, user_identity
from remit.trail.parameters import elements
from remit.trail.record import as_json, write

_SECONDS_OF_DAY = 86_400
_ACCOUNTS_SPARE = 5


class CannotFound(Exception):
    """The store has not what the lab needs; a line for a person."""


class Founded(msgspec.Struct, frozen=True):
    """What was founded: the lab with its parameters, and the learner's key in the management account."""

    lab: Lab
    drawn: Mapping[str, Any]
    key_id: str
    secret: Secret


def begin(written: Written, learner: str, seed: str, at: datetime) -> Attempt:
    """Return a new attempt, with ids for its accounts."""
    return Attempt(
        learner=learner,
        lab=written.id,
        seed=seed,
        accounts={name: new_account_id() for name in written.accounts},
        started_at=at,
    )


def found(tx: Transaction, written: Written, attempt: Attempt) -> Founded:
    """Put the tenant of *attempt* into the store.

    Raises:
        CannotFound: the store has not what the lab needs.
        DirectoryFact: a quota of the store stands against it, or an id is taken.
    """
    at = attempt.started_at
    drawn = written.drawn(attempt.seed, attempt.accounts)
    lab = written.lab_of(drawn)
    if lab.founding.agreements and not _is_agreement_offered(tx):
        raise CannotFound(
            "no agreement is offered for organizations; a new server has sample agreements, and `remit artifact` "
            "offers others"
        )
    management = create_account(
        tx, AccountId(attempt.accounts[MANAGEMENT]), email=_email(attempt, MANAGEMENT), name=MANAGEMENT, at=at
    )
    # What all organizations begin with may be fewer accounts than the lab has.
    quotas = {str(Quota.ACCOUNTS): max(LIMITS[Quota.ACCOUNTS], len(attempt.accounts) + _ACCOUNTS_SPARE)}
    put_organization(tx, _description(lab.founding, attempt), management, at=at, quotas=quotas)
    key_id, secret = _way_in(tx, attempt)
    for name, snapshot in lab.founding.identities.items():
        put(tx, AccountId(attempt.accounts[name]), snapshot, at=at)
    for whose, days in lab.founding.keys.items():
        _key(tx, attempt, whose, at - timedelta(days=days))
    if lab.founding.maker:
        MAKERS[lab.founding.maker](tx, attempt)
    tx.records.extend(_records(tx, lab.founding.trail, attempt))
    return Founded(lab, drawn, key_id, secret)


def end(tx: Transaction, attempt: Attempt) -> int:
    """Remove everything that the accounts of *attempt* hold, and those themselves; return how many things went.

    Accounts that the learner has created in the organization go as well. The trail stays.
    """
    organizations = {
        entity.id
        for kind in KINDS
        if kind.name == "organization"
        for entity in tx.all(kind)
        if entity.account == attempt.accounts[MANAGEMENT]
    }
    accounts = set(attempt.accounts.values()) | {
        entity.id
        for kind in KINDS
        if kind.name == "account"
        for entity in tx.all(kind)
        if entity.organization in organizations
    }
    doomed = [(kind, entity) for kind in KINDS for entity in tx.all(kind) if entity.account in accounts]
    for kind, entity in doomed:
        tx.delete(kind, entity)
    return len(doomed)


def is_there(tx: Transaction, attempt: Attempt) -> bool:
    """Say whether the tenant of *attempt* is in the store."""
    accounts = next(kind for kind in KINDS if kind.name == "account")
    return tx.get(accounts, attempt.accounts[MANAGEMENT]) is not None


def credentials_files(founded: Founded, attempt: Attempt, endpoint: str) -> dict[str, bytes]:
    """Return the files for AWS tools: a profile for each account, `management` by its key, the others by their role."""
    credentials = (
        f"[{MANAGEMENT}]\naws_access_key_id = {founded.key_id}\naws_secret_access_key = {founded.secret.reveal()}\n"
    )
    lines: list[str] = []
    for name, account in attempt.accounts.items():
        lines += [f"[profile {name}]", f"endpoint_url = {endpoint}", "region = us-east-1"]
        if name != MANAGEMENT:
            lines += [f"role_arn = arn:aws:iam::{account}:role/{ACCESS_ROLE}", f"source_profile = {MANAGEMENT}"]
        lines.append("")
    for name, whose in founded.lab.founding.profiles.items():
        account, _, role = whose.partition("/")
        lines += [f"[profile {name}]", f"endpoint_url = {endpoint}", "region = us-east-1"]
        lines += [f"role_arn = arn:aws:iam::{attempt.accounts[account]}:{role}", f"source_profile = {MANAGEMENT}", ""]
    return {"credentials": credentials.encode(), "config": "\n".join(lines).encode()}


def _is_agreement_offered(tx: Transaction) -> bool:
    return any(AgreementScope.ORGANIZATION in one.scopes for one in offered_agreements(tx))


def _email(attempt: Attempt, name: str) -> str:
    return f"{name}+{attempt.accounts[name]}@lab.example"


def _description(founding: Founding, attempt: Attempt) -> Description:
    """Return the organization with every account of the lab in it, those that are nowhere in the root."""
    described = founding.organization
    root = described.root
    named = {part.name for part in accounts_in(root)}
    missing = [AccountPart(name=name) for name in attempt.accounts if name not in named]
    whole = msgspec.structs.replace(root, accounts=[*root.accounts, *missing])
    return msgspec.structs.replace(
        described, management_account=attempt.accounts[MANAGEMENT], root=_placed(whole, attempt)
    )


def _placed(part: Any, attempt: Attempt) -> Any:
    """Return a root or a unit whose accounts have ids and addresses."""
    if not isinstance(part, RootPart | UnitPart):
        raise TypeError(f"not a part of a tree: {part!r}")
    accounts = [
        msgspec.structs.replace(one, id=attempt.accounts[one.name], email=_email(attempt, one.name))
        for one in part.accounts
    ]
    return msgspec.structs.replace(part, accounts=accounts, units=[_placed(one, attempt) for one in part.units])


def _way_in(tx: Transaction, attempt: Attempt) -> tuple[str, Secret]:
    at, management = attempt.started_at, AccountId(attempt.accounts[MANAGEMENT])
    learner = create_user(tx, management, LEARNER, path="/", at=at, tags={})
    attach(tx, learner, policy_by_arn(tx, management, ADMINISTRATOR_ACCESS))
    key, secret = create_access_key(tx, management, learner.id, at=at)
    return key.id, secret


def _key(tx: Transaction, attempt: Attempt, whose: str, at: datetime) -> None:
    name, _, owner = whose.partition("/")
    account = AccountId(attempt.accounts[name])
    id_ = account if owner == "root" else user(tx, account, owner.removeprefix("user/")).id
    create_access_key(tx, account, id_, at=at)


# -- what happened before


def _records(tx: Transaction, trail: list[Happened], attempt: Attempt) -> Iterator[Record]:
    dice = Random(f"{mark(attempt.seed)} trail")  # noqa: S311  # reproducible by design
    for one in trail:
        for _ in range(one.times):
            seconds = dice.randint(one.days[0] * _SECONDS_OF_DAY, (one.days[1] + 1) * _SECONDS_OF_DAY - 1)
            yield _record(tx, one, attempt, attempt.started_at - timedelta(seconds=seconds))


def _record(tx: Transaction, one: Happened, attempt: Attempt, at: datetime) -> Record:
    # What decides calls takes longer to load than a lab to found, and most labs have no past.
    from remit.authz.standing import caller_named

    account = AccountId(attempt.accounts[one.account])
    caller = caller_named(tx, account, one.who)
    service, _, operation = one.call.partition(":")
    return write(
        account=account,
        identity=as_json(user_identity(caller)),
        http=HttpRequest("", "", "", {"user-agent": "aws-cli/2.31.0"}, b"", "203.0.113.17"),
        at=at,
        source=f"{service}.amazonaws.com",
        name=operation,
        region="us-east-1",
        request_id=new_uuid(),
        is_read=one.is_read,
        error=(one.error, "") if one.error else None,
        user=name_of(caller),
        access_key_id=caller.access_key_id,
        request=elements(one.request) if one.request else None,
    )
