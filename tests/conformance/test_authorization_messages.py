"""DecodeAuthorizationMessage, through an unchanged boto3: for those who may, of their own account only."""

import json

import pytest

from remit.authz import encode, question_of
from remit.authz.standing import caller_named
from remit.cli.options import open_store
from remit.clock import SystemClock
from remit.ids import AccountId
from remit.store import Answer

pytestmark = pytest.mark.conformance


def message(server, account):
    """Make what a service would append to a refusal, with the keys of the server's store."""
    _, database = open_store(None, server.data)
    try:

        def work(tx):
            caller = caller_named(tx, AccountId(account), "root")
            context = {"ec2:InstanceType": "t3.micro"}
            question = question_of(
                tx, caller, "sts:AssumeRole", f"arn:aws:iam::{account}:role/None", context, at=SystemClock().now()
            )
            return Answer(encode(tx.keyring, question))

        return database.run(work)
    finally:
        database.close_now()


def test_who_may_decode_reads_why(server):
    found = server.client("sts").decode_authorization_message(EncodedMessage=message(server, server.account))

    decoded = json.loads(found["DecodedMessage"])
    assert (decoded["allowed"], decoded["explicitDeny"]) == (False, False)
    assert decoded["context"]["action"] == "sts:AssumeRole"
    assert decoded["context"]["principal"]["id"] == server.account
    assert "errorCode" not in server.events(EventName="DecodeAuthorizationMessage")[0]


def test_who_may_not_decode_is_told_so(server, refused):
    ana = server.user("ana")
    text = message(server, server.account)

    call = lambda: ana.client("sts").decode_authorization_message(EncodedMessage=text)  # noqa: E731
    assert refused(call, "AccessDenied", 403)["Message"].startswith(
        f"User: {ana.arn} is not authorized to perform: sts:DecodeAuthorizationMessage"
    )
    assert server.events(EventName="DecodeAuthorizationMessage")[0]["errorCode"] == "AccessDenied"


@pytest.mark.parametrize("text", ["x", "not a message", "A" * 10_240])
def test_what_is_no_message_is_refused(server, refused, text):
    call = lambda: server.client("sts").decode_authorization_message(EncodedMessage=text)  # noqa: E731

    assert refused(call, "InvalidAuthorizationMessageException", 400)["Message"] == "Message is not valid."


def test_a_message_has_a_length(server, refused):
    call = lambda: server.client("sts").decode_authorization_message(EncodedMessage="A" * 10_241)  # noqa: E731

    refused(call, "ValidationError", 400)
