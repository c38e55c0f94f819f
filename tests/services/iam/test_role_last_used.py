"""When a role was last used, and until when that is told."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from remit.directory.roles import Role
from remit.ids import AccountId
from remit.services.iam.entities import last_used_shape

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROLE = Role(id="AROA", account=AccountId("111122223333"), name="R", path="/", created_at=AT, trust="{}")


@pytest.mark.parametrize(("days", "told"), [(0, True), (400, True), (401, False)])
def test_a_use_is_told_for_four_hundred_days(days: int, *, told: bool) -> None:
    at = AT - timedelta(days=days)
    used = msgspec.structs.replace(ROLE, last_used_at=at, last_used_region="eu-west-1")

    assert last_used_shape(used, AT) == ({"LastUsedDate": at, "Region": "eu-west-1"} if told else {})


def test_a_role_that_nobody_used_says_nothing() -> None:
    assert last_used_shape(ROLE, AT) == {}
