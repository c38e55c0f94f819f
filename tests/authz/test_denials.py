"""Refusals stored and read again: as they were, once for each policy, and for the account of who was refused."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from authz.conftest import NOW, OTHER, OWN, World, allow, deny, document, parsed, role_session_of, with_inline
from hypothesis import given
from hypothesis import strategies as st
from strategies import policies, requests

from remit.authn.https import Https
from remit.authz import Denials, Question, Refused, authorization_id, authorize, denials, question_of_refusal
from remit.billing.analysis.bills import LedgerBills
from remit.directory.policies import create_policy
from remit.directory.roles import ROLES
from remit.directory.users import USERS
from remit.ids import AccountId
from remit.policy import Policies, Policy, Request, parse, reference
from remit.request import Caller
from remit.store import Record, RecordQuery, Transaction

ID = "6a9b1c4e-0d3f-4f5b-9f43-0b1f2c3d4e5f"
BOB = {"UserName": "bob"}
OUTSIDE = Https(allows_local=False)
BILLS = LedgerBills(Path("no-such-folder"))


class Kept:
    """A store of records: of two with one name, time and id it keeps the first."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, int, str], Record] = {}

    def add(self, records: Iterable[Record]) -> None:
        for record in records:
            self.records.setdefault((record.account, record.at, record.event_id), record)

    def look_up(self, query: RecordQuery) -> list[Record]:
        assert query.limit == 1
        return [record for record in self.records.values() if record.account == query.account][:1]

    def without(self, name: str) -> "Kept":
        left = Kept()
        left.add(record for record in self.records.values() if not record.account.startswith(name))
        return left

    def names(self) -> list[str]:
        return sorted(record.account.split(":")[0] for record in self.records.values())


@pytest.fixture
def kept() -> Kept:
    return Kept()


def read(kept: Kept, id_: str = ID, account: str = OWN) -> Question | None:
    return question_of_refusal(kept.look_up, AccountId(account), authorization_id(id_))


def refused(
    tx: Transaction, caller: Caller, service: str = "iam", operation: str = "GetUser", **asked: Any
) -> Question:
    with pytest.raises(Refused) as caught:
        authorize(tx, parsed(caller, service, operation, asked or BOB), {}, OUTSIDE, BILLS)
    return caught.value.question


def texts(found: Policies) -> Any:
    """Return policies in a form that compares by value."""

    def one(policy: Policy | None) -> Any:
        return None if policy is None else (policy.name, policy.arn, policy.document.text)

    def levels(of: tuple[tuple[Policy, ...], ...] | None) -> Any:
        return None if of is None else [[one(policy) for policy in level] for level in of]

    return (
        [one(policy) for policy in found.identity],
        one(found.boundary),
        [one(policy) for policy in found.session],
        one(found.resource),
        levels(found.scps),
        levels(found.rcps),
        one(found.vpc_endpoint),
    )


@given(policies(), requests())
def test_what_was_refused_is_read_as_it_was(drawn: Policies, request: Request) -> None:
    decision = reference.decide(drawn, request)
    kept = Kept()
    kept.add(Denials().records(Question(request, "user bob", drawn, decision), ID, NOW))

    found = read(kept, account=request.principal.account)

    assert found is not None
    assert (found.request, found.shown, texts(found.policies)) == (request, "user bob", texts(drawn))
    assert found.decision is not None
    assert (found.decision.verdict, found.decision.causes) == (decision.verdict, decision.causes)
    assert [match.index for match in found.decision.denies] == [match.index for match in decision.denies]


@given(st.lists(st.tuples(policies(), requests()), min_size=1, max_size=6))
def test_one_writer_keeps_many_apart(drawn: list[tuple[Policies, Request]]) -> None:
    writer, kept = Denials(), Kept()
    for number, (of, request) in enumerate([*drawn, *drawn]):
        kept.add(writer.records(Question(request, "", of, reference.decide(of, request)), f"id-{number}", NOW))

    for number, (of, request) in enumerate([*drawn, *drawn]):
        found = read(kept, f"id-{number}", request.principal.account)
        assert found is not None
        assert (found.request, texts(found.policies)) == (request, texts(of))


def test_policies_are_written_once(tx: Transaction, world: World, kept: Kept) -> None:
    with_inline(tx, world.user, allow("s3:*"))
    writer = Denials()

    first = writer.records(refused(tx, world.ana), "1", NOW)
    second = writer.records(refused(tx, world.ana), "2", NOW)
    kept.add([*first, *second])

    # The boundary, the inline policy, the set of both, and the refusals.
    assert kept.names() == ["policies", "policy", "policy", "refused", "refused"]
    assert [record.account for record in second] == [f"refused:{OWN}:2"]


def test_what_another_process_wrote_is_not_there_twice(tx: Transaction, world: World, kept: Kept) -> None:
    for id_ in ("1", "2"):
        kept.add(Denials().records(refused(tx, world.ana), id_, NOW))

    assert kept.names() == ["policies", "policy", "refused", "refused"]


def test_documents_are_those_of_then(tx: Transaction, world: World, kept: Kept) -> None:
    writer = Denials()
    with_inline(tx, world.user, deny("iam:*"))
    kept.add(writer.records(refused(tx, world.ana), "1", NOW))
    with_inline(tx, tx.get(USERS, world.user.id) or world.user, allow("s3:*"))
    kept.add(writer.records(refused(tx, world.ana), "2", NOW))

    then, now = read(kept, "1"), read(kept, "2")

    assert then is not None
    assert now is not None
    assert then.policies.identity[0].document.text == document(deny("iam:*"))
    assert now.policies.identity[0].document.text == document(allow("s3:*"))
    assert then.decision is not None
    assert then.decision.verdict == "explicit-deny"


def test_after_a_reset_policies_are_written_again(tx: Transaction, world: World, kept: Kept) -> None:
    """A reset, by whatever process, puts new users in the place of the old ones."""
    writer = Denials()
    writer.records(refused(tx, world.ana), "1", NOW)  # the store forgets them
    tx.put(USERS, msgspec.structs.replace(world.user, path="/team/"))
    kept.add(writer.records(refused(tx, world.ana), "2", NOW))

    assert read(kept, "2") is not None


@pytest.mark.parametrize("name", ["refused", "policies", "policy"])
def test_what_is_not_all_there_is_not_there(tx: Transaction, world: World, kept: Kept, name: str) -> None:
    kept.add(Denials().records(refused(tx, world.ana), ID, NOW))
    assert read(kept) is not None

    assert read(kept.without(f"{name}:")) is None


def test_a_refusal_belongs_to_the_account_of_who_was_refused(tx: Transaction, world: World, kept: Kept) -> None:
    question = refused(tx, world.ana, "sts", "AssumeRole", RoleArn=world.outside.arn, RoleSessionName="s1")
    kept.add(Denials().records(question, ID, NOW))

    found = read(kept)
    assert found is not None
    assert found.policies.resource is not None
    assert read(kept, account=OTHER) is None
    assert read(kept, "another") is None


def test_session_policies_are_in_the_refusal(tx: Transaction, world: World, kept: Kept) -> None:
    tx.put(ROLES, msgspec.structs.replace(world.role, boundary=""))
    reports = create_policy(tx, OWN, "Only", path="/", document=document(allow("s3:*")), at=NOW, tags={})
    session = role_session_of(world.role, policies=(document(allow("sqs:*")),), policy_arns=(reports.arn,))

    kept.add(Denials().records(refused(tx, session), ID, NOW))

    found = read(kept)
    assert found is not None
    assert kept.names() == ["refused"]
    assert [(policy.arn, policy.document.text) for policy in found.policies.session] == [
        ("", document(allow("sqs:*"))),
        (reports.arn, document(allow("s3:*"))),
    ]


def test_a_policy_that_cannot_be_read_is_not_kept(tx: Transaction, world: World, kept: Kept) -> None:
    tx.put(USERS, msgspec.structs.replace(world.user, inline={"torn": "{"}))

    kept.add(Denials().records(refused(tx, world.ana), ID, NOW))

    found = read(kept)
    assert found is not None
    assert (found.decision, found.policies) == (None, Policies())


def test_no_trail_shows_a_refusal(tx: Transaction, world: World) -> None:
    accounts = {record.account for record in Denials().records(refused(tx, world.ana), ID, NOW)}

    assert accounts.isdisjoint({OWN, OTHER, ""})


@pytest.fixture
def make(world: World, tx: Transaction) -> Callable[[int], Question]:
    asked = refused(tx, world.ana)
    made = [Policies(identity=(Policy(parse(document(allow(f"s3:Get{number}"))), "p"),)) for number in range(3)]
    return lambda number: msgspec.structs.replace(asked, policies=made[number])


def test_a_writer_knows_only_so_many_sets(monkeypatch: pytest.MonkeyPatch, make: Callable[[int], Question]) -> None:
    monkeypatch.setattr(denials, "_SETS_KNOWN", 2)
    writer = Denials()

    written = [len(writer.records(make(number), ID, NOW)) for number in (0, 1, 0, 1, 2, 0)]

    assert written == [3, 3, 1, 1, 3, 3]


def test_the_form_in_which_refusals_lie_is_read_for_good(kept: Kept) -> None:
    """Stores hold refusals for years: what was written once stays readable."""
    policy = document(allow("s3:*"))
    denial = {
        "request": {
            "principal": {"kind": "user", "arn": f"arn:aws:iam::{OWN}:user/ana", "account": OWN, "id": "AIDAANA"},
            "action": "iam:GetUser",
            "resource": {"arn": f"arn:aws:iam::{OWN}:user/bob", "account": OWN},
            "context": {"aws:username": "ana", "aws:tagkeys": ["a", "b"]},
        },
        "shown": "user bob",
        "set": "abc",
        "session": [["session policy", "", policy]],
        "resource": ["trust policy", "", policy],
    }
    named = ["p", f"arn:aws:iam::{OWN}:policy/p", "def"]
    several = {"identity": [named], "boundary": named, "scps": [[named], [named]], "rcps": [], "vpc_endpoint": named}
    for name, body in (
        (f"refused:{OWN}:{authorization_id(ID)}", json.dumps(denial)),
        ("policies:abc", json.dumps(several)),
        ("policy:def", policy),
    ):
        kept.add([Record("", name, 0, "", "", "", "", False, "", "", "", body.encode())])

    found = read(kept)

    assert found is not None
    assert found.request.context == {"aws:username": "ana", "aws:tagkeys": ("a", "b")}
    one = ("p", f"arn:aws:iam::{OWN}:policy/p", policy)
    assert texts(found.policies) == (
        [one],
        one,
        [("session policy", "", policy)],
        ("trust policy", "", policy),
        [[one], [one]],
        [],
        one,
    )
