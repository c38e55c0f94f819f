"""Transfers of responsibility: one organization pays the bill of another, as both of them see it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from composed import ACCOUNT, Composed
from services.organizations.neighbours import OTHER, THIRD, events, grow_old, neighbour, set_quotas, why

from remit.directory import RESPONSIBILITY_TRANSFERS
from remit.store import Transaction
from remit.testing import Identity

TARGET = {"Id": OTHER, "Type": "ACCOUNT"}
FREE = {"InboundResponsibilityTransfers": 5, "ResponsibilityTransferLevels": 2}
MILLISECOND = timedelta(milliseconds=1)


def month(ahead: int) -> datetime:
    """Return the first instant of the month that is so many months ahead."""
    now = datetime.now(UTC)
    year, index = divmod(now.year * 12 + now.month - 1 + ahead, 12)
    return datetime(year, index + 1, 1, tzinfo=UTC)


START = month(2)


@pytest.fixture
def payer(remit: Composed) -> Any:
    client = remit.client("organizations")
    client.create_organization()
    set_quotas(remit, ACCOUNT, FREE)
    return client


@pytest.fixture
def root(remit: Composed) -> Identity:
    return neighbour(remit)


@pytest.fixture
def source(remit: Composed, root: Identity) -> Any:
    client = remit.client("organizations", root)
    client.create_organization()
    return client


def _ask(payer: Any, **more: Any) -> dict[str, Any]:
    asked = {"Type": "BILLING", "Target": TARGET, "StartTimestamp": START, "SourceName": "customer", **more}
    sent: dict[str, Any] = payer.invite_organization_to_transfer_responsibility(**asked)["Handshake"]
    return sent


def _agree(payer: Any, source: Any) -> str:
    source.accept_handshake(HandshakeId=_ask(payer)["Id"])
    return str(_inbound(payer)[-1]["Id"])


def _inbound(client: Any, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.list_inbound_responsibility_transfers(Type="BILLING", **more)[
        "ResponsibilityTransfers"
    ]
    return found


def _outbound(client: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.list_outbound_responsibility_transfers(Type="BILLING")[
        "ResponsibilityTransfers"
    ]
    return found


def test_a_transfer_is_asked_for_accepted_and_withdrawn(
    remit: Composed, payer: Any, source: Any, root: Identity
) -> None:
    organization = payer.describe_organization()["Organization"]["Id"]
    sent = _ask(payer, Notes="let us", Tags=[{"Key": "team", "Value": "one"}])
    assert (sent["Action"], sent["State"]) == ("TRANSFER_RESPONSIBILITY", "REQUESTED")
    assert sent["Arn"].endswith(f":handshake/{organization}/transfer_responsibility/{sent['Id']}")
    assert sent["ExpirationTimestamp"] == START - timedelta(days=1)
    assert source.list_handshakes_for_account()["Handshakes"] == [sent]

    (waiting,) = _inbound(payer)
    id_ = waiting["Id"]
    assert waiting == {
        "Arn": f"arn:aws:organizations::{ACCOUNT}:transfer/{organization}/billing/inbound/{id_}",
        "Name": "customer",
        "Id": id_,
        "Type": "BILLING",
        "Status": "REQUESTED",
        "Source": {"ManagementAccountId": OTHER, "ManagementAccountEmail": f"root-{OTHER}@example.com"},
        "Target": waiting["Target"],
        "StartTimestamp": START,
        "ActiveHandshakeId": sent["Id"],
    }
    assert waiting["Target"]["ManagementAccountId"] == ACCOUNT

    assert source.accept_handshake(HandshakeId=sent["Id"])["Handshake"]["State"] == "ACCEPTED"
    (theirs,) = _outbound(source)
    own = source.describe_organization()["Organization"]["Id"]
    assert theirs["Arn"] == f"arn:aws:organizations::{OTHER}:transfer/{own}/billing/outbound/{id_}"
    assert (theirs["Status"], "Name" in theirs) == ("ACCEPTED", False)
    assert _inbound(payer, Id=id_)[0]["Status"] == "ACCEPTED"
    assert _outbound(payer) == _inbound(source) == []

    ended = source.terminate_responsibility_transfer(Id=id_)["ResponsibilityTransfer"]

    assert (ended["Status"], ended["EndTimestamp"]) == ("WITHDRAWN", month(1) - MILLISECOND)
    assert payer.describe_responsibility_transfer(Id=id_)["ResponsibilityTransfer"]["Status"] == "WITHDRAWN"
    for identity in (None, root):
        (accepted,) = events(remit, identity, "ResponsibilityTransferAccepted")
        (terminated,) = events(remit, identity, "ResponsibilityTransferTerminated")
        told = terminated["responsibilityTransfer"]
        assert accepted["responsibilityTransfer"]["status"] == "ACCEPTED"
        assert (told["id"], told["status"], told["name"]) == (id_, "WITHDRAWN", "****")
        assert told["source"] == {"managementAccountId": OTHER, "managementAccountEmail": "****"}


def test_everybody_up_the_chain_hears_of_it(remit: Composed, payer: Any, source: Any) -> None:
    third = neighbour(remit, THIRD)
    distributor = remit.client("organizations", third)
    distributor.create_organization()
    set_quotas(remit, THIRD, FREE)
    sent = _ask(distributor, Target={"Id": ACCOUNT, "Type": "ACCOUNT"})
    payer.accept_handshake(HandshakeId=sent["Id"])

    id_ = _agree(payer, source)

    heard = [one["responsibilityTransfer"]["id"] for one in events(remit, third, "ResponsibilityTransferAccepted")]
    assert heard[0] == id_
    assert len(heard) == 2


@pytest.mark.parametrize(
    ("starts", "reason"),
    [
        (START + timedelta(days=1), "START_DATE_NOT_BEGINNING_OF_MONTH"),
        (START + timedelta(hours=1), "START_DATE_NOT_BEGINNING_OF_DAY"),
        (month(0), "START_DATE_TOO_EARLY"),
        (month(13), "START_DATE_TOO_LATE"),
    ],
)
@pytest.mark.usefixtures("source")
def test_a_beginning_can_be_wrong(payer: Any, starts: datetime, reason: str) -> None:
    assert why(lambda: _ask(payer, StartTimestamp=starts)) == ("InvalidInputException", reason)
    _ask(payer, StartTimestamp=month(12))


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        (month(1), "END_DATE_NOT_END_OF_MONTH"),
        (month(0) - MILLISECOND, "END_DATE_TOO_EARLY"),
        (month(3) - MILLISECOND, "END_DATE_TOO_LATE"),
    ],
)
def test_an_end_can_be_wrong(payer: Any, source: Any, ends: datetime, reason: str) -> None:
    id_ = _agree(payer, source)

    assert why(lambda: payer.terminate_responsibility_transfer(Id=id_, EndTimestamp=ends)) == (
        "InvalidInputException",
        reason,
    )
    ended = payer.terminate_responsibility_transfer(Id=id_, EndTimestamp=month(2) - MILLISECOND)
    assert ended["ResponsibilityTransfer"]["EndTimestamp"] == month(2) - MILLISECOND


def test_who_can_be_asked(remit: Composed, payer: Any) -> None:
    violation = "HandshakeConstraintViolationException"
    neighbour(remit)

    assert why(lambda: _ask(payer)) == (violation, "TARGET_ACCOUNT_VALIDATION_FAILURE")
    own = {"Id": ACCOUNT, "Type": "ACCOUNT"}
    assert why(lambda: _ask(payer, Target=own)) == (violation, "SOURCE_AND_TARGET_CANNOT_MATCH")
    nobody = {"Id": THIRD, "Type": "ACCOUNT"}
    assert why(lambda: _ask(payer, Target=nobody)) == ("InvalidInputException", "TARGET_NOT_SUPPORTED")
    wrong = {"Id": "o-abcdefghij", "Type": "ORGANIZATION"}
    assert why(lambda: _ask(payer, Target=wrong)) == ("InvalidInputException", "INVALID_PARTY_TYPE_TARGET")
    assert why(lambda: _ask(payer, SourceName="<script>")) == ("InvalidInputException", "INVALID_PATTERN")
    assert why(lambda: _ask(payer, Type="SUPPORT")) == ("InvalidInputException", "INVALID_ENUM")


def test_who_is_asked_by_email_must_come_to_manage_an_organization(remit: Composed, payer: Any) -> None:
    sent = _ask(payer, Target={"Id": f"root-{OTHER}@example.com", "Type": "EMAIL"})
    assert _inbound(payer)[0]["Source"] == {"ManagementAccountEmail": f"root-{OTHER}@example.com"}
    other = remit.client("organizations", neighbour(remit))

    assert why(lambda: other.accept_handshake(HandshakeId=sent["Id"]))[0] == "AWSOrganizationsNotInUseException"

    other.create_organization()
    other.accept_handshake(HandshakeId=sent["Id"])
    assert _outbound(other)[0]["Source"]["ManagementAccountId"] == OTHER


def test_a_member_does_not_give_its_organizations_bill_away(remit: Composed, payer: Any) -> None:
    sent = _ask(payer, Target={"Id": f"root-{OTHER}@example.com", "Type": "EMAIL"})
    member = remit.client("organizations", neighbour(remit))
    third = remit.client("organizations", neighbour(remit, THIRD))
    third.create_organization()
    invitation = third.invite_account_to_organization(Target=TARGET)["Handshake"]
    member.accept_handshake(HandshakeId=invitation["Id"])

    assert why(lambda: member.accept_handshake(HandshakeId=sent["Id"]))[0] == "AccessDeniedException"
    for ask in (
        lambda: _ask(member),
        lambda: _inbound(member),
        lambda: _outbound(member),
        lambda: member.terminate_responsibility_transfer(Id="rt-12345678"),
    ):
        assert why(ask)[0] == "AccessDeniedException"


@pytest.mark.parametrize(("answer", "status"), [("decline", "DECLINED"), ("cancel", "CANCELED")])
def test_what_is_not_accepted_is_no_transfer(payer: Any, source: Any, answer: str, status: str) -> None:
    sent = _ask(payer)
    (id_,) = [one["Id"] for one in _outbound(source)]
    assert why(lambda: _ask(payer))[0] == "DuplicateHandshakeException"
    assert (
        why(lambda: source.terminate_responsibility_transfer(Id=id_))[0]
        == "InvalidResponsibilityTransferTransitionException"
    )

    {"decline": source.decline_handshake, "cancel": payer.cancel_handshake}[answer](HandshakeId=sent["Id"])

    assert _inbound(payer)[0]["Status"] == _outbound(source)[0]["Status"] == status
    assert why(lambda: payer.update_responsibility_transfer(Id=id_, Name="late")) == (
        "ConstraintViolationException",
        "TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED",
    )
    assert (
        why(lambda: payer.terminate_responsibility_transfer(Id=id_))[0]
        == "InvalidResponsibilityTransferTransitionException"
    )
    _ask(payer)


def test_quotas(remit: Composed, payer: Any, source: Any) -> None:
    set_quotas(remit, ACCOUNT, {})
    broken = "ConstraintViolationException"
    assert why(lambda: _ask(payer)) == (broken, "RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION")
    set_quotas(remit, ACCOUNT, {**FREE, "InboundResponsibilityTransfersInAChain": 0})
    assert why(lambda: _ask(payer)) == (broken, "RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION")
    set_quotas(remit, ACCOUNT, {**FREE, "ResponsibilityTransferLevels": 0})
    assert why(lambda: _ask(payer)) == (broken, "RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION")
    set_quotas(remit, ACCOUNT, FREE)
    sent = _ask(payer)
    set_quotas(remit, OTHER, {"OutboundResponsibilityTransfers": 0})

    assert why(lambda: source.accept_handshake(HandshakeId=sent["Id"])) == (
        broken,
        "RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION",
    )


def test_one_transfer_at_a_time(payer: Any, source: Any) -> None:
    id_ = _agree(payer, source)

    assert why(lambda: _ask(payer)) == (
        "HandshakeConstraintViolationException",
        "RESPONSIBILITY_TRANSFER_ALREADY_EXISTS",
    )

    payer.terminate_responsibility_transfer(Id=id_)
    assert (
        why(lambda: payer.terminate_responsibility_transfer(Id=id_))[0]
        == "ResponsibilityTransferAlreadyInStatusException"
    )
    _ask(payer)


def test_an_organization_in_a_transfer_is_not_deleted(payer: Any, source: Any) -> None:
    sent = _ask(payer)
    active = ("ConstraintViolationException", "ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS")
    assert why(payer.delete_organization) == why(source.delete_organization) == active

    source.decline_handshake(HandshakeId=sent["Id"])

    source.delete_organization()
    payer.delete_organization()


def test_either_side_calls_it_what_it_likes(payer: Any, source: Any) -> None:
    id_ = _agree(payer, source)

    assert (
        source.update_responsibility_transfer(Id=id_, Name="our bill")["ResponsibilityTransfer"]["Name"] == "our bill"
    )

    assert payer.describe_responsibility_transfer(Id=id_)["ResponsibilityTransfer"]["Name"] == "customer"
    assert payer.update_responsibility_transfer(Id=id_, Name="theirs")["ResponsibilityTransfer"]["Name"] == "theirs"


def test_nobody_else_knows_it(remit: Composed, payer: Any, source: Any) -> None:
    id_ = _agree(payer, source)
    third = remit.client("organizations", neighbour(remit, THIRD))
    third.create_organization()
    missing = "ResponsibilityTransferNotFoundException"

    assert why(lambda: third.describe_responsibility_transfer(Id=id_))[0] == missing
    assert why(lambda: third.update_responsibility_transfer(Id=id_, Name="x"))[0] == missing
    assert why(lambda: third.terminate_responsibility_transfer(Id=id_))[0] == missing
    assert why(lambda: _inbound(source, Id=id_))[0] == missing
    assert why(lambda: third.list_tags_for_resource(ResourceId=id_))[0] == "TargetNotFoundException"


def test_each_side_has_its_own_tags_on_it(payer: Any, source: Any) -> None:
    sent = _ask(payer, Tags=[{"Key": "team", "Value": "one"}])
    (id_,) = [one["Id"] for one in _inbound(payer)]
    source.accept_handshake(HandshakeId=sent["Id"])

    source.tag_resource(ResourceId=id_, Tags=[{"Key": "bill", "Value": "ours"}])
    assert source.list_tags_for_resource(ResourceId=id_)["Tags"] == [{"Key": "bill", "Value": "ours"}]
    assert payer.list_tags_for_resource(ResourceId=id_)["Tags"] == [{"Key": "team", "Value": "one"}]

    payer.untag_resource(ResourceId=id_, TagKeys=["team"])
    assert payer.list_tags_for_resource(ResourceId=id_)["Tags"] == []
    assert len(source.list_tags_for_resource(ResourceId=id_)["Tags"]) == 1


def test_time_ends_an_invitation(remit: Composed, payer: Any, source: Any) -> None:
    sent = _ask(payer)
    by = sent["ExpirationTimestamp"] - datetime.now(UTC)

    def change(tx: Transaction) -> None:
        (found,) = tx.all(RESPONSIBILITY_TRANSFERS)
        tx.put(RESPONSIBILITY_TRANSFERS, msgspec.structs.replace(found, expires_at=found.expires_at - by))

    remit.change(change)
    grow_old(remit, sent["Id"], by)

    assert _outbound(source)[0]["Status"] == _inbound(payer)[0]["Status"] == "EXPIRED"
    assert why(lambda: source.accept_handshake(HandshakeId=sent["Id"]))[0] == "InvalidHandshakeTransitionException"
    payer.delete_organization()


def _allowing(action: str, resource: str, **condition: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": f"organizations:{action}", "Resource": resource}
    keys = {f"organizations:{key}": value for key, value in condition.items()}
    return {**statement, "Condition": {"StringEquals": keys}} if keys else statement


def test_policies_tell_transfers_by_direction_type_and_arn(remit: Composed, payer: Any, source: Any) -> None:
    id_ = _agree(payer, source)
    read, arn = "*ResponsibilityTransfer*", f"arn:aws:organizations::*:transfer/*/billing/inbound/{id_}"
    inward, outward, by_arn = (
        remit.client("organizations", remit.user(name, statement))
        for name, statement in (
            ("inward", _allowing(read, "*", TransferDirection="INBOUND", TransferType="BILLING")),
            ("outward", _allowing(read, "*", TransferDirection="OUTBOUND")),
            ("by-arn", _allowing("DescribeResponsibilityTransfer", arn)),
        )
    )

    assert _inbound(inward)[0]["Id"] == id_
    for user in (inward, by_arn):
        assert user.describe_responsibility_transfer(Id=id_)["ResponsibilityTransfer"]["Id"] == id_
    assert _outbound(outward) == []
    for ask in (
        lambda: _outbound(inward),
        lambda: _inbound(outward),
        lambda: outward.describe_responsibility_transfer(Id=id_),
        lambda: by_arn.terminate_responsibility_transfer(Id=id_),
    ):
        assert why(ask)[0] == "AccessDeniedException"


@pytest.mark.usefixtures("payer", "source")
def test_to_ask_is_inbound_and_tags_take_permission(remit: Composed) -> None:
    invite = _allowing("InviteOrganizationToTransferResponsibility", "*", TransferDirection="INBOUND")
    plain = remit.client("organizations", remit.user("plain", invite))
    tags = [{"Key": "team", "Value": "one"}]

    assert why(lambda: _ask(plain, Tags=tags))[0] == "AccessDeniedException"
    tagger = remit.client("organizations", remit.user("tagger", invite, _allowing("TagResource", "*")))

    _ask(tagger, Tags=tags)


def test_transfers_come_in_pages(payer: Any) -> None:
    for number in range(3):
        _ask(payer, Target={"Id": f"a{number}@example.com", "Type": "EMAIL"})

    first = payer.list_inbound_responsibility_transfers(Type="BILLING", MaxResults=2)
    rest = payer.list_inbound_responsibility_transfers(Type="BILLING", MaxResults=2, NextToken=first["NextToken"])

    emails = [
        one["Source"]["ManagementAccountEmail"] for page in (first, rest) for one in page["ResponsibilityTransfers"]
    ]
    assert emails == ["a0@example.com", "a1@example.com", "a2@example.com"]
    assert "NextToken" not in rest
