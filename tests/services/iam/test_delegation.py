"""Temporary delegation, from a partner's request to credentials and what they may do."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError
from composed import ACCOUNT, Composed

from remit.clock import SystemClock
from remit.directory import DELEGATION_REQUESTS, NOTICES
from remit.directory.access_keys import create_access_key
from remit.directory.accounts import create_account
from remit.directory.delegation import DelegationRequest
from remit.ids import AccountId, Secret
from remit.store import Transaction
from remit.testing import Identity

PARTNER = AccountId("444455556666")
TEMPLATE = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["iam:GetUser", "iam:ListUsers"], "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::@{BucketName}/*"]},
    ],
}


@pytest.fixture
def partner(remit: Composed) -> Any:
    """A client of the partner's root user, whose account has a template `T`."""

    def make(tx: Transaction) -> Identity:
        at = SystemClock().now()
        create_account(tx, PARTNER, email="partner@example.com", name="Partner Inc", at=at)
        key, secret = create_access_key(tx, PARTNER, PARTNER, at=at)
        return Identity(f"arn:aws:iam::{PARTNER}:root", key.id, secret, None, remit.admin.endpoint)

    identity = remit.change(make)
    remit.client("iam", identity).create_policy(PolicyName="T", PolicyDocument=json.dumps(TEMPLATE))
    return identity


Ask = Callable[..., str]


@pytest.fixture
def ask(remit: Composed, partner: Identity) -> Ask:
    """Give a function that files a request, and returns its id."""
    client = remit.client("iam", partner)

    def file(workflow: str = "workflow-1", **more: Any) -> str:
        arguments = {
            "Description": "d",
            "Permissions": {
                "PolicyTemplateArn": f"arn:aws:iam::{PARTNER}:policy/T",
                "Parameters": [{"Name": "BucketName", "Values": ["b"], "Type": "string"}],
            },
            "RequestorWorkflowId": workflow,
            "NotificationChannel": f"arn:aws:sns:us-east-1:{PARTNER}:topic",
            "SessionDuration": 3600,
            **more,
        }
        return str(client.create_delegation_request(**arguments)["DelegationRequestId"])

    return file


def _refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


def _aged(remit: Composed, id_: str, **by: float) -> None:
    def change(tx: Transaction) -> None:
        found = tx.get(DELEGATION_REQUESTS, id_)
        assert found is not None
        aged: DelegationRequest = msgspec.structs.replace(found, moved_at=found.moved_at - timedelta(**by))
        tx.put(DELEGATION_REQUESTS, aged)

    remit.change(change)


def _token(remit: Composed) -> str:
    def read(tx: Transaction) -> str:
        (notice,) = tx.all(NOTICES)
        return notice.token(tx.keyring).reveal()

    return str(remit.change(read))


def test_a_request_is_granted_and_traded_for_credentials(remit: Composed, partner: Identity, ask: Ask) -> None:
    id_ = ask(RequestMessage="please", RedirectUrl="https://partner.example/done")
    ana = remit.client("iam", remit.user("ana"))
    admin = remit.client("iam")

    assert ana.get_delegation_request(DelegationRequestId=id_)["DelegationRequest"]["State"] == "UNASSIGNED"
    ana.associate_delegation_request(DelegationRequestId=id_)
    ana.update_delegation_request(DelegationRequestId=id_, Notes="look at this")
    assert _refusal(lambda: ana.accept_delegation_request(DelegationRequestId=id_)) == "AccessDenied"
    admin.accept_delegation_request(DelegationRequestId=id_)
    ana.send_delegation_token(DelegationRequestId=id_)
    request = admin.get_delegation_request(DelegationRequestId=id_)["DelegationRequest"]

    assert request["State"] == "FINALIZED"
    assert (request["OwnerAccountId"], request["OwnerId"]) == (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/ana")
    assert request["ApproverId"] == remit.admin.arn
    assert (request["RequestorId"], request["RequestorName"]) == (PARTNER, "Partner Inc")
    assert (request["Notes"], request["RequestMessage"]) == ("look at this", "please")
    policy = json.loads(request["PermissionPolicy"])
    assert policy["Statement"][1]["Resource"] == ["arn:aws:s3:::b/*"]

    answer = remit.client("sts", partner).get_delegated_access_token(TradeInToken=_token(remit))
    assert answer["AssumedPrincipal"] == remit.admin.arn
    assert "PackedPolicySize" not in answer
    given = answer["Credentials"]
    delegated = Identity(
        remit.admin.arn, given["AccessKeyId"], Secret(given["SecretAccessKey"]), given["SessionToken"], partner.endpoint
    )
    assert remit.client("sts", delegated).get_caller_identity()["Arn"] == remit.admin.arn
    remit.client("iam", delegated).list_users()
    refused = _refusal(lambda: remit.client("iam", delegated).create_user(UserName="eve"))
    assert refused == "AccessDenied"  # the administrator may, and the request's policy does not say so
    assert _refusal(remit.client("sts", delegated).get_session_token) == "AccessDenied"  # it would lose the policy


def test_a_role_and_the_root_user_lend_what_the_policy_says(remit: Composed, partner: Identity, ask: Ask) -> None:
    def root(tx: Transaction) -> Identity:
        key, secret = create_access_key(tx, AccountId(ACCOUNT), ACCOUNT, at=SystemClock().now())
        return Identity(f"arn:aws:iam::{ACCOUNT}:root", key.id, secret, None, partner.endpoint)

    iam = remit.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": remit.admin.arn}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = iam.create_role(RoleName="R", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="R", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    given = remit.client("sts").assume_role(RoleArn=arn, RoleSessionName="one")["Credentials"]
    role = Identity(
        arn, given["AccessKeyId"], Secret(given["SecretAccessKey"]), given["SessionToken"], partner.endpoint
    )

    for number, (who, principal) in enumerate([(role, arn), (remit.change(root), f"arn:aws:iam::{ACCOUNT}:root")]):
        client = remit.client("iam", who)
        id_ = ask(f"workflow-{number}")
        client.associate_delegation_request(DelegationRequestId=id_)
        client.accept_delegation_request(DelegationRequestId=id_)
        client.send_delegation_token(DelegationRequestId=id_)
        token = _token(remit)
        remit.change(lambda tx: [tx.delete(NOTICES, notice) for notice in tx.all(NOTICES)])
        answer = remit.client("sts", partner).get_delegated_access_token(TradeInToken=token)
        assert answer["AssumedPrincipal"] == principal
        keys = answer["Credentials"]
        lent = Identity(
            principal, keys["AccessKeyId"], Secret(keys["SecretAccessKey"]), keys["SessionToken"], partner.endpoint
        )
        remit.client("iam", lent).list_users()
        assert _refusal(lambda lent=lent: remit.client("iam", lent).create_user(UserName="eve")) == "AccessDenied"  # type: ignore[misc]


def test_the_root_user_lends_four_hours_at_most(remit: Composed, partner: Identity, ask: Ask) -> None:
    def root(tx: Transaction) -> Identity:
        key, secret = create_access_key(tx, AccountId(ACCOUNT), ACCOUNT, at=SystemClock().now())
        return Identity(f"arn:aws:iam::{ACCOUNT}:root", key.id, secret, None, partner.endpoint)

    client = remit.client("iam", remit.change(root))
    id_ = ask(SessionDuration=14_401)
    client.associate_delegation_request(DelegationRequestId=id_)

    assert _refusal(lambda: client.accept_delegation_request(DelegationRequestId=id_)) == "AccessDenied"


def test_a_token_is_its_partners_and_ends(remit: Composed, partner: Identity, ask: Ask) -> None:
    iam, id_ = remit.client("iam"), ask()
    iam.associate_delegation_request(DelegationRequestId=id_)
    iam.accept_delegation_request(DelegationRequestId=id_)
    iam.send_delegation_token(DelegationRequestId=id_)
    token = _token(remit)
    trade = lambda who, text: lambda: remit.client("sts", who).get_delegated_access_token(TradeInToken=text)  # noqa: E731

    assert _refusal(trade(remit.admin, token)) == "AccessDenied"
    assert _refusal(trade(partner, "made-up")) == "ValidationError"
    assert _refusal(trade(partner, token[:-8] + "AAAAAAAA")) == "ValidationError"
    assert trade(partner, token)()["Credentials"]
    _aged(remit, id_, hours=1)
    assert _refusal(trade(partner, token)) == "ExpiredTradeInTokenException"


def test_states_follow_each_other(remit: Composed, ask: Ask) -> None:
    iam, id_ = remit.client("iam"), ask()
    act = lambda name: lambda: getattr(iam, f"{name}_delegation_request")(DelegationRequestId=id_)  # noqa: E731
    send = lambda: iam.send_delegation_token(DelegationRequestId=id_)  # noqa: E731

    for early in (act("update"), act("accept"), act("reject"), send):
        assert _refusal(early) == "InvalidInput"
    act("associate")()
    assert _refusal(act("associate")) == "InvalidInput"
    assert _refusal(send) == "InvalidInput"
    act("accept")()
    iam.reject_delegation_request(DelegationRequestId=id_, Notes="no")
    for late in (act("update"), act("accept"), act("reject"), send):
        assert _refusal(late) == "InvalidInput"
    request = iam.get_delegation_request(DelegationRequestId=id_)["DelegationRequest"]
    assert (request["State"], request["RejectionReason"]) == ("REJECTED", "no")


@pytest.mark.parametrize(("owned", "hours"), [(False, 24), (True, 7 * 24)])
def test_a_request_that_is_left_alone_expires(remit: Composed, ask: Ask, *, owned: bool, hours: int) -> None:
    iam, id_ = remit.client("iam"), ask()
    if owned:
        iam.associate_delegation_request(DelegationRequestId=id_)
    state = lambda: iam.get_delegation_request(DelegationRequestId=id_)["DelegationRequest"]["State"]  # noqa: E731

    _aged(remit, id_, hours=hours - 1)
    assert state() != "EXPIRED"
    _aged(remit, id_, hours=1)
    assert state() == "EXPIRED"
    assert _refusal(lambda: iam.accept_delegation_request(DelegationRequestId=id_)) == "InvalidInput"


def test_who_may_see_a_request(remit: Composed, partner: Identity, ask: Ask) -> None:
    for_us, for_all = ask("for-us", OwnerAccountId=ACCOUNT), ask("for-all")
    ana, bob = remit.client("iam", remit.user("ana")), remit.client("iam", remit.user("bob"))
    stranger = remit.client("iam", partner)
    see = lambda client, id_: lambda: client.get_delegation_request(DelegationRequestId=id_)  # noqa: E731

    for id_ in (for_us, for_all):
        see(ana, id_)()
    see(stranger, for_all)()
    assert _refusal(see(stranger, for_us)) == "NoSuchEntity"
    for id_ in (for_us, for_all):
        ana.associate_delegation_request(DelegationRequestId=id_)
        see(ana, id_)()
        assert _refusal(see(bob, id_)) == "AccessDenied"
        assert _refusal(see(stranger, id_)) == "NoSuchEntity"
    owner = {"StringEquals": {"iam:DelegationRequestOwner": f"arn:aws:iam::{ACCOUNT}:user/ana"}}
    document = {"Effect": "Allow", "Action": "iam:*DelegationRequest*", "Resource": "*", "Condition": owner}
    eve = remit.client("iam", remit.user("eve", document))
    see(eve, for_us)()
    arn = f"arn:aws:iam::{ACCOUNT}:user/ana"
    assert len(eve.list_delegation_requests(OwnerId=arn)["DelegationRequests"]) == 2
    assert _refusal(eve.list_delegation_requests) == "AccessDenied"
    assert remit.client("iam").list_delegation_requests(OwnerId=remit.admin.arn)["DelegationRequests"] == []


def test_a_deny_keeps_a_request_from_being_seen(remit: Composed, ask: Ask) -> None:
    id_ = ask()
    ana = remit.client("iam", remit.user("ana", {"Effect": "Deny", "Action": "iam:Get*", "Resource": "*"}))

    assert _refusal(lambda: ana.get_delegation_request(DelegationRequestId=id_)) == "AccessDenied"


def test_pages_of_requests(remit: Composed, ask: Ask) -> None:
    iam = remit.client("iam")
    ids = [ask(f"workflow-{number}") for number in range(3)]
    for id_ in ids:
        iam.associate_delegation_request(DelegationRequestId=id_)

    first = iam.list_delegation_requests(MaxItems=2)
    second = iam.list_delegation_requests(MaxItems=2, Marker=first["Marker"])

    assert (first["isTruncated"], second["isTruncated"]) == (True, False)
    shown = [one["DelegationRequestId"] for page in (first, second) for one in page["DelegationRequests"]]
    assert sorted(shown) == sorted(ids)


def test_the_owner_may_be_the_only_one_who_sends(remit: Composed, ask: Ask) -> None:
    id_ = ask(OnlySendByOwner=True)
    ana, admin = remit.client("iam", remit.user("ana")), remit.client("iam")
    ana.associate_delegation_request(DelegationRequestId=id_)
    admin.accept_delegation_request(DelegationRequestId=id_)

    assert _refusal(lambda: admin.send_delegation_token(DelegationRequestId=id_)) == "AccessDenied"
    ana.send_delegation_token(DelegationRequestId=id_)


def test_what_cannot_be_asked(remit: Composed, ask: Ask) -> None:
    ask()

    assert _refusal(ask) == "EntityAlreadyExists"
    missing = {"PolicyTemplateArn": f"arn:aws:iam::{PARTNER}:policy/T"}
    assert _refusal(lambda: ask("workflow-2", Permissions=missing)) == "InvalidInput"
    absent = {"PolicyTemplateArn": f"arn:aws:iam::{PARTNER}:policy/Absent"}
    assert _refusal(lambda: ask("workflow-2", Permissions=absent)) == "NoSuchEntity"
    nothing = remit.client("iam", remit.user("ana"))
    assert _refusal(lambda: nothing.get_delegation_request(DelegationRequestId="0" * 16)) == "AccessDenied"
    assert _refusal(lambda: remit.client("iam").get_delegation_request(DelegationRequestId="0" * 16)) == "NoSuchEntity"


@pytest.mark.parametrize(
    ("statements", "result"),
    [
        ([], "DENIED"),
        ([{"Effect": "Allow", "Action": "*", "Resource": "*"}], "UNSURE"),
        ([{"Effect": "Allow", "Action": ["iam:*"], "Resource": "*"}], "DENIED"),
    ],
)
def test_the_caller_is_told_whether_it_may_do_so_much(
    remit: Composed, ask: Ask, statements: list[dict[str, Any]], result: str
) -> None:
    id_ = ask()
    ana = remit.client("iam", remit.user("ana", *statements))

    answer = ana.get_delegation_request(DelegationRequestId=id_, DelegationPermissionCheck=True)

    assert (answer["PermissionCheckStatus"], answer["PermissionCheckResult"]) == ("COMPLETE", result)


def test_a_request_is_told_in_sentences(remit: Composed, ask: Ask) -> None:
    id_ = ask(RequestMessage="to count users", OwnerAccountId=ACCOUNT)
    arn = f"arn:aws:iam::{ACCOUNT}:delegation-request/{id_}"
    iam = remit.client("iam")

    told = iam.get_human_readable_summary(EntityArn=arn, Locale="en-US")

    assert (told["SummaryState"], told["Locale"]) == ("AVAILABLE", "en-US")
    assert told["SummaryContent"].splitlines() == [
        f"Partner Inc (account {PARTNER}) asks for temporary access of 1 hour.",
        "Its reason: to count users",
        "It may call iam:GetUser and iam:ListUsers on any resource.",
        "It may call s3:GetObject on arn:aws:s3:::b/*.",
        "The access never goes beyond what the person who approves it may do.",
    ]
    other = iam.get_human_readable_summary(EntityArn=arn, Locale="de-DE")
    assert (other["SummaryState"], other.get("SummaryContent", "")) == ("NOT_SUPPORTED", "")
    assert (
        _refusal(lambda: iam.get_human_readable_summary(EntityArn=f"arn:aws:iam::{ACCOUNT}:user/ana")) == "InvalidInput"
    )
    absent = f"arn:aws:iam::{ACCOUNT}:delegation-request/{'0' * 16}"
    assert _refusal(lambda: iam.get_human_readable_summary(EntityArn=absent)) == "NoSuchEntity"


def test_no_token_is_in_the_trail(remit: Composed, partner: Identity, ask: Ask) -> None:
    iam, id_ = remit.client("iam"), ask()
    for step in ("associate", "accept"):
        getattr(iam, f"{step}_delegation_request")(DelegationRequestId=id_)
    iam.send_delegation_token(DelegationRequestId=id_)
    token = _token(remit)
    remit.client("sts", partner).get_delegated_access_token(TradeInToken=token)

    ours = remit.client("cloudtrail").lookup_events()["Events"]
    theirs = remit.client("cloudtrail", partner).lookup_events()["Events"]

    assert {"SendDelegationToken", "AcceptDelegationRequest"} <= {event["EventName"] for event in ours}
    assert "GetDelegatedAccessToken" in {event["EventName"] for event in theirs}
    assert all(token not in event["CloudTrailEvent"] for event in (*ours, *theirs))
