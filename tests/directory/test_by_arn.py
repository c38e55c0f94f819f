"""Users, groups and roles by their ARN, in case and with their path."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from remit.directory import KINDS
from remit.directory.attachments import Holder
from remit.directory.by_arn import holder_by_arn
from remit.directory.groups import create_group
from remit.directory.roles import create_role
from remit.directory.users import create_user
from remit.ids import AccountId
from remit.store import Answer, Database, Transaction, open_backend

OWN = AccountId("111122223333")
AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Transaction]:
    database = Database(open_backend(str(tmp_path / "store.db")), KINDS)
    database.open(b"m" * 32)
    yield database.run(Answer)
    database.close_now()


def test_each_is_found_under_its_own_arn(tx: Transaction) -> None:
    made: list[Holder] = [
        create_user(tx, OWN, "ana", path="/team/", at=AT, tags={}),
        create_group(tx, OWN, "ana", path="/", at=AT),
        create_role(tx, OWN, "ana", path="/ci/", trust="{}", at=AT, tags={}),
    ]

    assert [holder_by_arn(tx, one.arn) for one in made] == made


@pytest.mark.parametrize(
    "text",
    [
        f"arn:aws:iam::{OWN}:user/ana",
        f"arn:aws:iam::{OWN}:user/team/Ana",
        f"arn:aws:iam::{OWN}:group/team/ana",
        f"arn:aws:sts::{OWN}:user/team/ana",
        f"arn:aws-cn:iam::{OWN}:user/team/ana",
        "arn:aws:iam::444455556666:user/team/ana",
        f"arn:aws:iam::{OWN}:root",
        "user/team/ana",
        "*",
        "",
    ],
)
def test_nothing_else_is(tx: Transaction, text: str) -> None:
    create_user(tx, OWN, "ana", path="/team/", at=AT, tags={})

    assert holder_by_arn(tx, text) is None
