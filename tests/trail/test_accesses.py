"""Who last used what, as the trail tells it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from remit.ids import AccountId
from remit.store import Record, RecordQuery
from remit.trail import Accesses, Attempt, accesses

OWN = AccountId("111122223333")
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
USER = {"type": "IAMUser", "principalId": "AIDAANA", "accountId": OWN}
ROLE = {
    "type": "AssumedRole",
    "principalId": "AROARUN:one",
    "accountId": OWN,
    "sessionContext": {"sessionIssuer": {"type": "Role", "principalId": "AROARUN"}},
}


def record(
    minutes: int, identity: dict[str, object], source: str = "iam", name: str = "ListUsers", region: str = "us-east-1"
) -> Record:
    at = int((AT - timedelta(minutes=minutes)).timestamp() * 1000)
    body = msgspec.json.encode({"userIdentity": identity})
    id_ = f"{minutes:08}"
    return Record(id_, OWN, at, name, f"{source}.amazonaws.com", region, id_, True, "", "", "", body)


class Trail:
    """Records to look up, and what was asked of them."""

    def __init__(self, *records: Record) -> None:
        self.records = sorted(records, key=lambda one: (one.at, one.event_id), reverse=True)
        self.asked: list[RecordQuery] = []

    def look_up(self, query: RecordQuery) -> list[Record]:
        self.asked.append(query)
        return [
            one
            for one in self.records
            if query.start <= one.at <= query.end and (query.before is None or (one.at, one.event_id) < query.before)
        ][: query.limit]


def found(trail: Trail) -> Accesses:
    return accesses(trail.look_up, OWN, since=AT - timedelta(days=400), until=AT)


def test_the_newest_attempt_counts() -> None:
    told = found(Trail(record(9, USER), record(1, USER, region="eu-west-1"), record(5, USER, name="GetUser")))

    newest = Attempt(AT - timedelta(minutes=1), "eu-west-1")
    assert told.services == {("AIDAANA", "iam"): newest}
    assert told.actions == {
        ("AIDAANA", "iam", "ListUsers"): newest,
        ("AIDAANA", "iam", "GetUser"): Attempt(AT - timedelta(minutes=5), "us-east-1"),
    }


def test_a_session_is_its_role() -> None:
    assert set(found(Trail(record(1, ROLE, "sts"))).services) == {("AROARUN", "sts")}


def test_root_is_its_account() -> None:
    root = {"type": "Root", "principalId": OWN, "accountId": OWN}

    assert set(found(Trail(record(1, root))).services) == {(OWN, "iam")}


@pytest.mark.parametrize(
    "identity",
    [
        {"type": "Unknown"},
        {"type": "AWSAccount", "principalId": "AIDAEVE", "accountId": "444455556666"},
        {**USER, "accountId": "444455556666"},
    ],
)
def test_strangers_do_not_count(identity: dict[str, object]) -> None:
    assert found(Trail(record(1, identity))) == Accesses({}, {})


def test_what_was_before_the_tracking_period_does_not_count() -> None:
    day = 24 * 60

    assert found(Trail(record(401 * day, USER))).services == {}
    assert found(Trail(record(399 * day, USER))).services


def test_a_long_trail_is_read_in_pieces() -> None:
    trail = Trail(*(record(number, USER) for number in range(2_500)), record(2_600, ROLE))

    assert set(found(trail).services) == {("AIDAANA", "iam"), ("AROARUN", "iam")}
    assert [query.before is None for query in trail.asked] == [True, False, False]
