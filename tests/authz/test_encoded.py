"""Encoded authorization messages: what they say, and to whom."""

import json
import secrets
import string
from typing import Any

import msgspec
import pytest
from authz.conftest import OTHER, OWN, World, allow, deny, document, role_session_of, trust, with_inline

from remit.authz import MessageInvalid, Question, decode, encode
from remit.authz.authorize import ask
from remit.authz.resources import assumed, named
from remit.directory.attachments import put_inline
from remit.directory.roles import ROLES
from remit.request import Caller
from remit.store import Transaction

CONTEXT = {"aws:sourceip": "203.0.113.7", "ec2:instancetype": "t3.micro", "aws:tagkeys": ("a", "b")}
INSTANCE = f"arn:aws:ec2:us-east-1:{OWN}:instance/*"


def asked(tx: Transaction, caller: Caller, context: dict[str, Any] | None = None) -> Question:
    return ask(tx, caller, "ec2:RunInstances", named(tx, caller, INSTANCE), CONTEXT if context is None else context)


def said(tx: Transaction, question: Question) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(decode(tx.keyring, encode(tx.keyring, question), OWN))
    return found


def test_an_implicit_deny_says_who_asked_for_what(tx: Transaction, world: World) -> None:
    assert said(tx, asked(tx, world.ana)) == {
        "allowed": False,
        "explicitDeny": False,
        "matchedStatements": {"items": []},
        "failures": {"items": []},
        "context": {
            "principal": {"id": world.user.id, "name": "ana", "arn": world.user.arn},
            "action": "ec2:RunInstances",
            "resource": INSTANCE,
            "conditions": {
                "items": [
                    {"key": "aws:SourceIp", "values": {"items": [{"value": "203.0.113.7"}]}},
                    {"key": "aws:TagKeys", "values": {"items": [{"value": "a"}, {"value": "b"}]}},
                    {"key": "ec2:instancetype", "values": {"items": [{"value": "t3.micro"}]}},
                ]
            },
        },
    }


def test_an_explicit_deny_says_which_statement(tx: Transaction, world: World) -> None:
    condition = {"StringEquals": {"ec2:InstanceType": ["t3.micro", "t3.small"]}}
    denying = deny(["ec2:RunInstances", "ec2:Stop*"], INSTANCE, Sid="NoSmall", Condition=condition)
    put_inline(tx, world.role, "no", document(allow("*"), denying))

    found = said(tx, asked(tx, role_session_of(world.role)))

    assert (found["allowed"], found["explicitDeny"]) == (False, True)
    assert found["matchedStatements"]["items"] == [
        {
            "statementId": "NoSmall",
            "effect": "DENY",
            "principals": {"items": [{"value": world.role.id}]},
            "principalGroups": {"items": []},
            "actions": {"items": [{"value": "ec2:RunInstances"}, {"value": "ec2:Stop*"}]},
            "resources": {"items": [{"value": INSTANCE}]},
            "conditions": {
                "items": [
                    {"key": "ec2:InstanceType", "values": {"items": [{"value": "t3.micro"}, {"value": "t3.small"}]}}
                ]
            },
        }
    ]
    assert found["context"]["principal"] == {
        "id": f"{world.role.id}:s1",
        "arn": f"arn:aws:sts::{OWN}:assumed-role/Deploy/s1",
    }


def test_a_statement_that_names_principals_shows_them(tx: Transaction, world: World) -> None:
    denied = {"Effect": "Deny", "Principal": {"AWS": [OWN, OTHER]}, "Action": "sts:*"}
    tx.put(ROLES, msgspec.structs.replace(world.role, trust=document(denied)))

    found = said(tx, ask(tx, world.ana, "sts:AssumeRole", assumed(tx, world.ana, world.role.arn), {}))

    assert found["matchedStatements"]["items"][0]["principals"] == {"items": [{"value": OWN}, {"value": OTHER}]}


def test_everyone_is_a_star(tx: Transaction, world: World) -> None:
    tx.put(ROLES, msgspec.structs.replace(world.role, trust=trust("*")))

    found = said(tx, ask(tx, world.ana, "sts:AssumeRole", assumed(tx, world.ana, world.role.arn), {}))

    assert found["allowed"] is True
    assert found["matchedStatements"]["items"][0]["principals"] == {"items": [{"value": "*"}]}


def test_an_unreadable_policy_is_an_implicit_deny(tx: Transaction, world: World) -> None:
    with_inline(tx, world.user, allow("*"))
    put_inline(tx, world.group, "torn", "{")

    found = said(tx, asked(tx, world.ana))

    assert (found["allowed"], found["explicitDeny"], found["matchedStatements"]["items"]) == (False, False, [])


def test_the_text_shows_nothing_and_differs_each_time(tx: Transaction, world: World) -> None:
    question = asked(tx, world.ana)

    first, second = encode(tx.keyring, question), encode(tx.keyring, question)

    assert first != second
    assert set(first) <= set(string.ascii_letters + string.digits + "-_")
    assert "203.0.113.7" not in first


def test_another_account_cannot_read_it(tx: Transaction, world: World) -> None:
    with pytest.raises(MessageInvalid):
        decode(tx.keyring, encode(tx.keyring, asked(tx, world.ana)), OTHER)


def test_a_text_with_one_character_changed_is_none(tx: Transaction, world: World) -> None:
    text = encode(tx.keyring, asked(tx, world.ana))

    for place in range(0, len(text) - 1, 7):
        other = "A" if text[place] != "A" else "B"
        with pytest.raises(MessageInvalid):
            decode(tx.keyring, text[:place] + other + text[place + 1 :], OWN)


@pytest.mark.parametrize("text", ["", "a", "====", "not a message", "\u00e9", "AAAA" * 40, '{"allowed": true}'])
def test_what_is_no_message_is_refused(tx: Transaction, text: str) -> None:
    with pytest.raises(MessageInvalid):
        decode(tx.keyring, text, OWN)


def test_a_message_always_fits_its_operation(tx: Transaction, world: World) -> None:
    context = {f"my:{number}": secrets.token_hex(40) for number in range(300)}

    text = encode(tx.keyring, asked(tx, world.ana, context))

    kept = json.loads(decode(tx.keyring, text, OWN))["context"]["conditions"]["items"]
    assert len(text) <= 10_240
    assert 50 < len(kept) < 300


def test_a_resource_of_any_length_fits(tx: Transaction, world: World) -> None:
    target = named(tx, world.ana, f"arn:aws:s3:::{secrets.token_hex(20_000)}")

    assert len(encode(tx.keyring, ask(tx, world.ana, "s3:GetObject", target, {}))) <= 10_240
