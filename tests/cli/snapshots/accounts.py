"""Accounts that chance makes, and questions of what may be done in them."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from remit.authz.authorize import ask, context
from remit.authz.facts import Network
from remit.authz.resources import assumed, named
from remit.directory import KINDS, ROLES
from remit.directory.accounts import create_account
from remit.directory.attachments import attach, put_boundary, put_inline
from remit.directory.callers import role_caller, user_caller
from remit.directory.groups import add_member, create_group, group
from remit.directory.instance_profiles import create_instance_profile, put_role
from remit.directory.policies import Policy, add_version, create_policy, policies
from remit.directory.principals import bind_principals
from remit.directory.roles import create_role, role, roles
from remit.directory.users import create_user, user, users
from remit.ids import AccountId
from remit.store import Keyring, Transaction
from remit.store.sealing import new_data_key
from remit.store.view import View

OWN = AccountId("111122223333")
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
_KEYRING = Keyring(b"m" * 32, [new_data_key(b"m" * 32)])
_ACTIONS = ("s3:GetObject", "s3:PutObject", "sqs:SendMessage", "iam:GetUser", "iam:CreateUser", "sts:AssumeRole")
_PATTERNS = (*_ACTIONS, "s3:*", "s3:Get*", "*", "iam:*", "sqs:?endMessage")
_BUCKETS = ("arn:aws:s3:::red/key", "arn:aws:s3:::blue/key")
_RESOURCES = (*_BUCKETS, "*", "arn:aws:s3:::*", "arn:aws:s3:::${aws:PrincipalTag/team}/*", "arn:aws:iam::*:user/p/*")
_ADDRESSES = ("10.1.2.3", "10.200.1.1")
_TEAMS = ("red", "blue")


def empty() -> Transaction:
    """Return a transaction on a store that holds an empty account."""
    tx = Transaction(View(KINDS), _KEYRING, lambda _: [])
    create_account(tx, OWN, email="root@example.com", name="own", at=AT)
    return tx


def filled(seed: int) -> Transaction:
    """Return a transaction on a store with an account that *seed* makes."""
    dice, tx = random.Random(seed), empty()
    made = [
        create_policy(tx, OWN, f"P{n}", path=dice.choice(("/", "/p/")), document=_document(dice), at=AT, tags={})
        for n in range(5)
    ]
    for policy in made[:2]:
        add_version(tx, policy, _document(dice), set_as_default=dice.random() < 0.5, at=AT)
    for n in range(2):
        create_group(tx, OWN, f"g{n}", path="/", at=AT)
        _decorate(dice, tx, lambda n=n: group(tx, OWN, f"g{n}"), bounded=False)
    for n in range(5):
        create_user(tx, OWN, f"u{n}", path=dice.choice(("/", "/p/")), at=AT, tags=_tags(dice))
        _decorate(dice, tx, lambda n=n: user(tx, OWN, f"u{n}"))
        if dice.random() < 0.6:
            add_member(tx, group(tx, OWN, f"g{dice.randrange(2)}"), user(tx, OWN, f"u{n}"))
    for n in range(4):
        create_role(tx, OWN, f"r{n}", path=dice.choice(("/", "/p/")), trust="{}", at=AT, tags=_tags(dice))
        _decorate(dice, tx, lambda n=n: role(tx, OWN, f"r{n}"))
    for one in roles(tx, OWN):
        trust = bind_principals(tx, _trust(dice, tx), "aws")
        tx.put(ROLES, msgspec.structs.replace(role(tx, OWN, one.name), trust=trust))
    profile = create_instance_profile(tx, OWN, "web", path="/p/", at=AT, tags={})
    put_role(tx, profile, role(tx, OWN, "r0").id)
    return tx


def _decorate(dice: random.Random, tx: Transaction, held: Callable[[], Any], *, bounded: bool = True) -> None:
    own: list[Policy] = list(policies(tx, OWN))
    for policy in dice.sample(own, dice.randrange(3)):
        attach(tx, held(), policy)
    for n in range(dice.randrange(3)):
        put_inline(tx, held(), f"inline {n}".replace(" ", "-"), _document(dice))
    if bounded and dice.random() < 0.3:
        put_boundary(tx, held(), dice.choice(own).arn)


def _tags(dice: random.Random) -> dict[str, str]:
    return {"team": dice.choice(_TEAMS)} if dice.random() < 0.7 else {}


def _document(dice: random.Random) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [_statement(dice) for _ in range(dice.randint(1, 3))]})


def _statement(dice: random.Random) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": "Deny" if dice.random() < 0.2 else "Allow",
        dice.choice(("Action", "Action", "Action", "NotAction")): dice.sample(_PATTERNS, dice.randint(1, 3)),
        dice.choice(("Resource", "Resource", "NotResource")): dice.sample(_RESOURCES, dice.randint(1, 2)),
    }
    if dice.random() < 0.4:
        statement["Condition"] = _condition(dice)
    return statement


def _condition(dice: random.Random) -> dict[str, Any]:
    return dice.choice(
        (
            {"StringEquals": {"aws:PrincipalTag/team": dice.choice(_TEAMS)}},
            {"StringLike": {"aws:username": ["u0", "u[1-3]", "u4*"]}},
            {"IpAddress": {"aws:SourceIp": "10.0.0.0/9"}},
            {"Bool": {"aws:SecureTransport": "true"}},
            {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}},
        )
    )


def _trust(dice: random.Random, tx: Transaction) -> str:
    arns = [one.arn for one in (*users(tx, OWN), *roles(tx, OWN))]
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": dice.choice(([OWN], dice.sample(arns, 2), ["*"]))},
        "Action": "sts:AssumeRole",
    }
    if dice.random() < 0.3:
        statement["Condition"] = _condition(dice)
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


Question = tuple[str, str, str, bool, str]


def questions(seed: int, count: int) -> list[Question]:
    """Return what may be asked: who, which action, on what, over TLS, from where."""
    dice = random.Random(seed)
    who = [*(f"user/u{n}" for n in range(5)), *(f"role/r{n}" for n in range(4))]
    on = [*_BUCKETS, "arn:aws:sqs:us-east-1:111122223333:jobs", *(f"user/u{n}" for n in range(5)), "role/r1", "role/r2"]
    return [
        (
            dice.choice(who),
            dice.choice(_ACTIONS),
            dice.choice(on),
            dice.random() < 0.5,
            dice.choice(_ADDRESSES),
        )
        for _ in range(count)
    ]


def answer(tx: Transaction, question: Question) -> tuple[str, tuple[str, ...]]:
    """Return the verdict on a question and the layers that are the cause of it."""
    who, action, on, secure, address = question
    kind, _, name = who.partition("/")
    caller = user_caller(user(tx, OWN, name)) if kind == "user" else role_caller(role(tx, OWN, name), "session")
    if on.startswith("user/"):
        target = named(tx, caller, user(tx, OWN, on[5:]).arn)
    elif on.startswith("role/"):
        target = assumed(tx, caller, role(tx, OWN, on[5:]).arn)
    else:
        target = named(tx, caller, on)
    network = Network(source_ip=address, secure=secure)
    keys = context(tx, caller, target, network, {}, at=AT, service=action.partition(":")[0], region="us-east-1")
    decision = ask(tx, caller, action, target, keys).decision
    assert decision is not None
    return decision.verdict.value, tuple(layer.value for layer in decision.causes)
