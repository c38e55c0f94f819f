"""Who pays for an account, from when until when."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from composed import Composed, composed
from hypothesis import given
from hypothesis import strategies as st

from remit.directory.accounts import ACCOUNTS, create_account, known_account
from remit.directory.billing.payers import family_of, paid_between, payer_of, payers_over_time
from remit.directory.organizations import ORGANIZATIONS, create_organization, join_organization, organization_of
from remit.directory.organizations.members import leave_organization
from remit.ids import AccountId

PAYER, OTHER, MEMBER = AccountId("123456789012"), AccountId("210987654321"), AccountId("444455556666")


def day(number: int) -> datetime:
    return datetime(2026, 3, number, 6, tzinfo=UTC)


@pytest.fixture
def remit(tmp_path: Path) -> Iterator[Composed]:
    with composed(tmp_path) as whole:
        whole.change(_founded)
        yield whole


def _founded(tx: Any) -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    payer = msgspec.structs.replace(known_account(tx, PAYER), created_at=first)
    tx.put(ACCOUNTS, payer)
    other = create_account(tx, OTHER, email="other@example.com", name="Other", at=first)
    create_account(tx, MEMBER, email="member@example.com", name="Member", at=first)
    for account in (payer, other):
        create_organization(tx, account, at=first)


def joins(remit: Composed, payer: AccountId, at: datetime) -> None:
    def work(tx: Any) -> None:
        organization = organization_of(tx, payer)
        assert organization is not None
        join_organization(tx, organization, known_account(tx, MEMBER), at=at)

    remit.change(work)


def leaves(remit: Composed, at: datetime) -> None:
    remit.change(lambda tx: leave_organization(tx, known_account(tx, MEMBER), at=at))


def over_time(remit: Composed) -> list[tuple[str, datetime | None, datetime | None]]:
    found = remit.change(lambda tx: payers_over_time(tx, MEMBER))
    return [(paid.payer, paid.since, paid.until) for paid in found]


def test_an_account_without_an_organization_pays_for_itself(remit: Composed) -> None:
    assert over_time(remit) == [(MEMBER, None, None)]
    assert remit.change(lambda tx: payer_of(tx, MEMBER)) == MEMBER
    assert remit.change(lambda tx: family_of(tx, MEMBER)) == [MEMBER]


def test_a_member_is_paid_for_from_the_moment_it_joins(remit: Composed) -> None:
    joins(remit, PAYER, day(5))

    assert over_time(remit) == [(MEMBER, None, day(5)), (PAYER, day(5), None)]
    assert remit.change(lambda tx: payer_of(tx, MEMBER)) == PAYER
    assert remit.change(lambda tx: family_of(tx, PAYER)) == [PAYER, MEMBER]
    assert remit.change(lambda tx: family_of(tx, MEMBER)) == [MEMBER]


def test_who_paid_is_known_after_the_account_moved_and_the_organization_is_gone(remit: Composed) -> None:
    joins(remit, PAYER, day(5))
    leaves(remit, day(10))
    joins(remit, OTHER, day(12))

    def gone(tx: Any) -> None:
        organization = organization_of(tx, PAYER)
        assert organization is not None
        leave_organization(tx, known_account(tx, PAYER), at=day(20))
        tx.delete(ORGANIZATIONS, organization)

    remit.change(gone)

    assert over_time(remit) == [
        (MEMBER, None, day(5)),
        (PAYER, day(5), day(10)),
        (MEMBER, day(10), day(12)),
        (OTHER, day(12), None),
    ]


@pytest.mark.parametrize(
    ("start", "end", "payers"),
    [(1, 5, set()), (1, 6, {MEMBER}), (9, 11, {MEMBER}), (10, 12, set())],
)
def test_a_time_is_paid_when_a_moment_of_it_is(remit: Composed, start: int, end: int, payers: set[str]) -> None:
    joins(remit, PAYER, day(5))
    leaves(remit, day(10))

    found = remit.change(lambda tx: paid_between(tx, PAYER, day(start), day(end)))

    assert {paid.account for paid in found} - {PAYER} == payers


@given(moves=st.lists(st.sampled_from([PAYER, OTHER]), max_size=5))
def test_every_moment_has_one_payer(tmp_path_factory: Any, moves: list[AccountId]) -> None:
    with composed(tmp_path_factory.mktemp("remit")) as remit:
        remit.change(_founded)
        for number, payer in enumerate(moves):
            joins(remit, payer, day(2 * number + 1))
            leaves(remit, day(2 * number + 2))

        times = over_time(remit)

    assert times[0][1] is None
    assert times[-1][2] is None
    assert all(before[2] == after[1] is not None for before, after in itertools.pairwise(times))
